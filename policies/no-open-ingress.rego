# METADATA
# title: Nothing but HTTPS is open to everybody
# description: >-
#   A rule that lets the whole internet in is for port 443 alone. Who needs another port names the addresses.
# custom:
#   title_ja: 全世界に開くのは HTTPS だけにする
#   code: no-open-ingress
#   about: security-group
#   effect: deny
package tokaido.no_open_ingress

# Groups of others are not ours to refuse.
checked contains group.id if some group in input.planned["security-group"]

broken contains {
	"id": group.id,
	"en": sprintf("open to %s for %s; name the addresses, or use port 443", [rule.peer, traffic(rule)]),
	"ja": sprintf("%s に対して %s を許可しています。相手のアドレスを指定するか、443 番を使ってください", [rule.peer, traffic(rule)]),
} if {
	some group in input.planned["security-group"]
	group.standing != "foreign"
	some rule in group.attributes.rules
	rule.direction == "ingress"
	rule.peer in {"0.0.0.0/0", "::/0"}
	not https(rule)
}

https(rule) if {
	rule.protocol == "tcp"
	rule.from == 443
	rule.to == 443
}

traffic(rule) := sprintf("%s %d-%d", [rule.protocol, rule.from, rule.to])

traffic(rule) := rule.protocol if not rule.from
