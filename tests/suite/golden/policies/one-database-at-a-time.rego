# METADATA
# title: One plan interrupts one database
# description: >-
#   Two databases that restart in the same plan are two incidents at once. Plan them one after the other.
# custom:
#   title_ja: 一つの計画で停止を伴う変更をするデータベースは一つまでにする
#   code: one-database-at-a-time
#   about: changes
#   effect: { production: deny, staging: warn, dev: "off" }
package tokaido.one_database_at_a_time

checked contains change.id if some change in input.plan.changes

broken contains {
	"id": change.id,
	"en": sprintf("one of %d databases that this plan interrupts; plan them one after the other", [count(interrupted)]),
	"ja": sprintf("この計画で停止するデータベース %d 件の一つです。一件ずつ計画してください", [count(interrupted)]),
} if {
	count(interrupted) > 1
	some change in input.plan.changes
	change.id in interrupted
}

interrupted contains change.id if {
	some change in input.plan.changes
	change.kind == "db-instance"
	change.impact in {"interruption", "destructive"}
}
