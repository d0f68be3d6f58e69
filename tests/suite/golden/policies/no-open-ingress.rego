# METADATA
# title: Nothing but HTTPS is open to everybody
# description: >-
#   A rule that lets the whole internet in, or a large part of it, is for port 443 alone. Who needs another port names the
#   addresses.
# custom:
#   title_ja: 全世界に開くのは HTTPS だけにする
#   code: no-open-ingress
#   about: security-group
#   effect: deny
package tokaido.no_open_ingress

checked contains group.id if {
	some group in input.planned["security-group"]
	looked_at(group)
}

# Groups of others are not ours to refuse.
looked_at(group) if group.standing == "foreign"

# One of ours was, when each of its rules says what is asked of it below.
looked_at(group) if {
	rules := group.attributes.rules
	every rule in rules {
		rule.direction
		rule.protocol
		rule.peer
	}
}

broken contains {
	"id": group.id,
	"en": sprintf("open to %s for %s; name the addresses, or use port 443", [peer, what]),
	"ja": sprintf("%s に対して %s を許可しています。相手のアドレスを指定するか、443 番を使ってください", [peer, what]),
} if {
	some group in input.planned["security-group"]
	group.standing != "foreign"
	some rule in group.attributes.rules
	rule.direction == "ingress"
	peer := rule.peer
	is_string(peer) # a group that is not made yet is a reference
	wide(peer)
	not https(rule)
	what := traffic(rule)
}

# Everybody may be written in pieces: 0.0.0.0/1 and 128.0.0.0/1.
wide(peer) if regex.match(`^[0-9.]+/[0-7]$`, peer)

wide(peer) if regex.match(`^[0-9a-f:]+/([0-9]|1[0-5])$`, peer)

https(rule) if {
	rule.protocol == "tcp"
	rule.from == 443
	rule.to == 443
}

traffic(rule) := sprintf("%s %d-%d", [rule.protocol, from, to]) if {
	from := rule.from
	to := rule.to
}

traffic(rule) := rule.protocol if not rule.from

traffic(rule) := rule.protocol if not rule.to
