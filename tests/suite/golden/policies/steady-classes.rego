# METADATA
# title: Production databases do not run on credits
# description: >-
#   A burstable class (db.t…) slows down when its credits are used up, and nobody sees it coming.
# custom:
#   title_ja: 本番のデータベースにバースト型のクラスを使わない
#   code: steady-classes
#   about: db-instance
#   effect: { production: warn, staging: "off", dev: "off" }
package tokaido.steady_classes

# Said only of a database whose class is known.
checked contains database.id if {
	some database in input.planned["db-instance"]
	database.attributes.class
}

broken contains {
	"id": database.id,
	"en": sprintf("%s is a burstable class; a class such as db.m7g.large keeps its speed", [class]),
	"ja": sprintf("%s はバースト型です。db.m7g.large などのクラスなら性能が一定です", [class]),
} if {
	some database in input.planned["db-instance"]
	class := database.attributes.class
	startswith(class, "db.t")
}
