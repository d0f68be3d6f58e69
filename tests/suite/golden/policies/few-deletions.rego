# METADATA
# title: A plan deletes few resources
# description: >-
#   Many deletions in one plan are more often a mistake in a file than a wish. A tenant that leaves takes more than one
#   plan, or an emergency with its reason.
# custom:
#   title_ja: 一つの計画で削除する資源は少数にする
#   code: few-deletions
#   about: changes
#   effect: { production: deny, staging: warn, dev: "off" }
package tokaido.few_deletions

most := 10

checked contains change.id if some change in input.plan.changes

broken contains {
	"id": change.id,
	"en": sprintf("one of %d deletions; at most %d in one plan", [input.plan.summary.delete, most]),
	"ja": sprintf("%d 件の削除の一つです。一つの計画では %d 件までです", [input.plan.summary.delete, most]),
} if {
	input.plan.summary.delete > most
	some change in input.plan.changes
	change.action == "delete"
}
