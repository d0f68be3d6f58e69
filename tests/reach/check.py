#!/usr/bin/env python3
"""Checks a proof of isolation without tokaido: an auditor's second opinion (docs/adr/0032-reachability.md).

usage: check.py FILE…

    tokaido prove isolation production --export production.json
    python3 tests/reach/check.py production.json

FILE is the export, or many of them, one JSON object a line: {"facts": …, "proof": …}. Read from `facts` alone, and compared with
`proof`:

- a leak: its packets walk, hop by hop, though all that was not read lets nothing pass; and so does one of each other pair it names;
- a pair in no list: nothing passes, though all that was not read lets everything pass;
- an undecided pair: something passes in the second way, nothing in the first;
- an assumed pair: something passes through the forwarders that it names, and nothing without them;
- an entry: the Internet can send this packet, and it is not allowed.

Exit 0: all of it holds. Exit 1: the first that does not hold is named. Exit 2: a file that cannot be read.

How: the borders of all blocks cut the addresses into atoms, and each set of protocols and ports is an integer with one bit for
each kind of traffic that the rules tell apart. A walk carries all kinds of traffic at once and loses bits at each wall.
"""
import bisect
import ipaddress
import json
import sys

ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58
OUTSIDE = ("outside",)


class Wrong(Exception):
    """The proof and the facts disagree."""


def read(part):
    """The value of a part, and whether it was read."""
    return (part["read"], True) if "read" in part else (None, False)


class World:
    """The facts, as atoms and bits."""

    def __init__(self, facts):
        self.facts, self.seen = facts, {}
        blocks, traffic = set(PRIVATE), {}
        self.gather(facts, blocks, traffic)
        self.cuts = {4: {0}, 6: {0}}
        for text in blocks:
            net = ipaddress.ip_network(text, strict=False)
            first, last = int(net.network_address), int(net.broadcast_address)
            self.cuts[net.version] |= {first, last + 1}
        # Behind the last address nothing is.
        self.cuts = {version: sorted(cuts - {2 ** bits}) for (version, cuts), bits in zip(self.cuts.items(), (32, 128))}
        self.span = {text: self.atoms(text) for text in blocks}
        self.kinds, self.bits = self.traffic(list(traffic.values()))
        self.points, self.subnets = facts["points"], facts["subnets"]
        self.homes = [[atom for text in point["blocks"] for atom in self.each(text)] for point in self.points]
        self.bare = [point["kind"] == "bare" for point in self.points]
        self.named = {network for one in facts["unread"] for network in one["networks"]}

    def gather(self, value, blocks, traffic):
        """Every block and every set of traffic that the facts name, wherever it stands."""
        if isinstance(value, dict):
            if set(value) == {"protocol", "port"}:
                traffic[json.dumps(value)] = value
            for key, inner in value.items():
                if key not in ("name", "words", "what", "zone", "region"):
                    self.gather(inner, blocks, traffic)
        elif isinstance(value, list):
            for inner in value:
                self.gather(inner, blocks, traffic)
        elif isinstance(value, str) and "/" in value:
            blocks.add(value)

    def atom(self, address):
        address = ipaddress.ip_address(address)
        return address.version, bisect.bisect_right(self.cuts[address.version], int(address)) - 1

    def atoms(self, text):
        net = ipaddress.ip_network(text, strict=False)
        version, first = self.atom(net.network_address)
        return version, first, self.atom(net.broadcast_address)[1], net.prefixlen

    def each(self, text):
        version, first, last, _ = self.span[text]
        return [(version, at) for at in range(first, last + 1)]

    def holds(self, text, atom):
        version, first, last, _ = self.span[text]
        return version == atom[0] and first <= atom[1] <= last

    def everywhere(self, version):
        return [(version, at) for at in range(len(self.cuts[version]))]

    @staticmethod
    def has(one, protocol, port):
        return one["protocol"][0] <= protocol <= one["protocol"][1] and one["port"][0] <= port <= one["port"][1]

    def traffic(self, sets):
        """Which sets each kind of traffic is in: the position of a kind is its bit; and the bits of each set."""
        protocols = {bound + more for one in sets for bound in one["protocol"] for more in (0, 1)} | {0}
        ports = {bound + more for one in sets for bound in one["port"] for more in (0, 1)} | {0}
        kinds = {}
        for protocol in sorted(protocols | {ICMP, TCP, UDP}):
            for port in sorted(ports) if protocol in (ICMP, TCP, UDP, ICMP6) else [0]:
                if protocol < 256 and port < 65536:
                    kinds.setdefault(tuple(self.has(one, protocol, port) for one in sets), len(kinds))
        bits = [sum(1 << bit for kind, bit in kinds.items() if kind[at]) for at in range(len(sets))]
        self.sets, self.all = sets, (1 << len(kinds)) - 1
        return kinds, {json.dumps(one): found for one, found in zip(sets, bits)}

    def kind(self, packet):
        """The bit of a packet."""
        key = tuple(self.has(one, packet["protocol"], packet["port"]) for one in self.sets)
        return 1 << self.kinds[key] if key in self.kinds else 0

    def bits_of(self, traffic):
        return self.bits[json.dumps(traffic)]

    def obscure(self, point):
        return isinstance(self.points[point]["role"], dict) and "obscure" in self.points[point]["role"]

    def network_of(self, point):
        return self.subnets[self.points[point]["subnet"]]["network"]


class Walker:
    """One run: `most` says whether what was not read lets everything pass, or nothing."""

    def __init__(self, world, most):
        self.w, self.f, self.most, self.memory = world, world.facts, most, {}
        self.unknown = world.all if most else 0

    def wears(self, point, group):
        groups, known = read(self.w.points[point]["groups"])
        return group in groups if known else self.most

    def admits(self, point, ingress, far, other):
        """Steps 1 and 5: the traffic that the groups of a point let pass from or to an atom, where `other` shows its groups."""
        key = (point, ingress, far, other)
        if key not in self.memory:
            self.memory[key] = self.asked(*key)
        return self.memory[key]

    def asked(self, point, ingress, far, other):
        groups, known = read(self.w.points[point]["groups"])
        found = 0 if known else self.unknown
        for group in groups or []:
            rules, known = read(self.f["groups"][group]["rules"])
            found |= 0 if known else self.unknown
            for rule in rules or []:
                (how, what), = rule["peer"].items()
                if rule["ingress"] != ingress:
                    passes = False
                elif how == "blocks":
                    passes = any(self.w.holds(text, far) for text in what)
                elif how == "group":
                    passes = other is not None and self.wears(other, what) and not (self.w.bare[point] and what == group)
                else:
                    passes = self.most
                found |= self.w.bits_of(rule["traffic"]) if passes else 0
        return found

    def wall(self, subnet, ingress, atom):
        """What the ACL of a subnet lets in or out."""
        key = ("wall", subnet, ingress, atom)
        if key not in self.memory:
            self.memory[key] = self.first_match(subnet, ingress, atom)
        return self.memory[key]

    def first_match(self, subnet, ingress, atom):
        acl, known = read(self.w.subnets[subnet]["acl"])
        entries, known = read(self.f["acls"][acl]["entries"]) if known else (None, False)
        if not known:
            return self.unknown
        allowed, open_bits = 0, self.w.all
        for entry in entries:
            if entry["ingress"] == ingress and self.w.holds(entry["block"], atom):
                bits = self.w.bits_of(entry["traffic"])
                allowed |= open_bits & bits if entry["allow"] else 0
                open_bits &= ~bits
        return allowed

    def longest(self, rows, atom):
        """Rows of (blocks as a part, value): the value with the longest prefix, and those that are not known."""
        dark = [value for part, value in rows if "unread" in part]
        if dark and not self.most:
            return []
        lit = [(self.w.span[text][3], -at, value) for at, (part, value) in enumerate(rows) if "read" in part
               for text in (part["read"] if isinstance(part["read"], list) else [part["read"]]) if self.w.holds(text, atom)]
        return [row[2] for row in sorted(lit, key=lambda row: row[:2])[-1:]] + dark

    def targets(self, subnet, atom):
        table, known = read(self.w.subnets[subnet]["table"])
        routes, known = read(self.f["tables"][table]["routes"]) if known else (None, False)
        if not known:
            return ["local", {"outside": 0}] if self.most else []
        return self.longest([(route["blocks"], route["target"]) for route in routes], atom)

    def switched(self, near, atom):
        """Where a transit gateway sends it: attachments, and whether outside."""
        table, known = read(near["table"])
        if known and table is None:
            return [], False
        routes, known = read(self.f["gateway_tables"][table]["routes"]) if known else (None, False)
        if not known:
            return [one for one in self.f["attachments"] if one["gateway"] == near["gateway"]] if self.most else [], self.most
        taken = self.longest([(route["block"], route) for route in routes], atom)
        return [self.f["attachments"][at] for one in taken for at in one["attachments"]], any(one["outside"] for one in taken)

    def flow(self, sender, own, source, destination, to, bits):
        """What may arrive of these packets: {(point, source) or OUTSIDE: bits}."""
        found = {}
        bits &= self.admits(sender, False, destination, to)
        if bits:
            self.onward(self.w.points[sender]["subnet"], source, destination, to, sender if own else None, bits, self.w.bare[sender], False, found)
        return found

    def onward(self, subnet, source, destination, to, worn, bits, bare, translated, found):
        def arrive(point, shown, rest):
            rest &= self.admits(point, True, source, shown)
            if rest:
                found[(point, source)] = found.get((point, source), 0) | rest

        def outside(rest):
            if self.most and rest:
                found[OUTSIDE] = found.get(OUTSIDE, 0) | rest

        stands = None if to is None else self.w.points[to]["subnet"]
        if stands == subnet:
            arrive(to, worn, bits)
            return
        bits &= self.wall(subnet, False, destination)
        if not bits:
            return
        network = self.w.subnets[subnet]["network"]
        region = [one["region"] for one in self.f["networks"]]
        there = None if to is None else self.w.network_of(to)
        for target in self.targets(subnet, destination):
            how, at = (target, None) if isinstance(target, str) else next(iter(target.items()))
            landed = 0 if to is None else bits & self.wall(stands, True, source)
            if how == "local" and there == network:
                arrive(to, worn, landed)
            elif how == "peering":
                sides = self.f["peerings"][at]["sides"]
                if network in sides and there == sides[1 - sides.index(network)]:
                    arrive(to, worn if region[network] == region[there] else None, landed)
            elif how == "gateway":
                near = self.f["attachments"][at]
                reached, leaves = self.switched(near, destination)
                outside(bits if leaves else 0)
                for far in reached:
                    beyond, known = read(far["network"])
                    if not known:
                        outside(bits)
                    elif beyond == there and self.most:
                        arrive(to, worn if region[network] == region[there] else None, landed)
                    elif beyond == there and any(self.w.subnets[one]["zone"] == self.w.subnets[subnet]["zone"] for one in near["subnets"]):
                        doors = [one for one in far["subnets"] if one == stands or "local" in self.targets(one, destination)]
                        for door in doors:
                            arrive(to, None, landed if door == stands else landed & self.wall(door, False, destination))
            elif how == "translator" and not translated:
                place, known = read(self.f["translators"][at]["subnet"])
                if not known:
                    outside(bits)
                    continue
                rest = bits if place == subnet else bits & self.wall(place, True, source)
                for text in self.f["translators"][at]["blocks"]:
                    for other in self.w.each(text):
                        if other[0] == destination[0] and rest:
                            self.onward(place, other, destination, to, None, rest, bare, True, found)
            elif how == "point" and to is not None and self.w.points[at]["role"] == "router" and self.w.bare[at] == bare:
                door = self.w.points[at]["subnet"]
                arrive(at, worn, bits if door == subnet else bits & self.wall(door, True, source))
            elif how == "outside":
                outside(bits)

    def open(self, point):
        network = self.w.network_of(point)
        return self.most and (self.f["networks"][network]["open"] or network in self.w.named)

    def comes_in(self, point, source):
        return self.wall(self.w.points[point]["subnet"], True, source) & self.admits(point, True, source, None)

    def unknown_way(self, point, ingress):
        """In a network of which nothing is known, any rule of this direction is enough."""
        if not self.most or self.w.network_of(point) not in self.w.named:
            return False
        groups, known = read(self.w.points[point]["groups"])
        for group in groups or []:
            rules, read_too = read(self.f["groups"][group]["rules"])
            if not read_too or any(rule["ingress"] == ingress and not (self.w.bare[point] and rule["peer"] == {"group": group}) for rule in rules):
                return True
        return not known


class Search:
    """Chains: everything that a point reaches."""

    def __init__(self, walker):
        self.walker, self.w, self.edges = walker, walker.w, {}

    def steps(self, sender):
        if sender not in self.edges:
            self.edges[sender] = self.found(sender)
        return self.edges[sender]

    def found(self, sender):
        walker, w = self.walker, self.w
        if sender[0] == "outside":
            return {(point, source) for point in range(len(w.points)) if w.bare[point] == sender[1] and walker.open(point)
                    for source in w.everywhere(4) + w.everywhere(6) if any(home[0] == source[0] for home in w.homes[point]) and (walker.unknown_way(point, True) or walker.comes_in(point, source))}
        _, point, source = sender
        if not walker.most and self.w.obscure(point):
            return set()
        ends = {OUTSIDE} if walker.unknown_way(point, False) else set()
        for start in w.homes[point] if source is None else [source]:
            for to in range(len(w.points)):
                if to != point and w.bare[to] == w.bare[point]:
                    for home in w.homes[to]:
                        if home[0] == start[0]:
                            ends.update(walker.flow(point, source is None, start, home, to, w.all))
            if walker.most and OUTSIDE not in ends:
                for anywhere in w.everywhere(start[0]):
                    ends.update(walker.flow(point, source is None, start, anywhere, None, w.all))
        return ends

    def senders(self, point, source, through):
        """Who goes on after an arrival at a point. `through`: the declared forwarders that pass something on."""
        role = self.w.points[point]["role"]
        if role == "router":
            return [("point", point, None), ("point", point, source)]
        if isinstance(role, dict) and "obscure" in role:
            return [("point", point, None), ("outside", self.w.bare[point])] if self.walker.most else []
        if isinstance(role, dict):
            of = role["forwarder"]["of"]
            if role["forwarder"]["shared"] is None or of in through:
                return [("point", at, None) for at, one in enumerate(self.w.points) if isinstance(one["role"], dict) and one["role"].get("forwarder", {}).get("of") == of]
        return []

    def reached(self, start, through):
        todo, seen, points = [("point", start, None)], {("point", start, None)}, set()
        while todo:
            for arrival in self.steps(todo.pop()):
                if arrival == OUTSIDE:
                    following = [("outside", self.w.bare[start])]
                else:
                    points.add(arrival[0])
                    following = self.senders(*arrival, through)
                todo += [one for one in following if one not in seen]
                seen.update(following)
        return points

    def passing(self, through=frozenset()):
        """The ordered pairs between which something passes."""
        pairs, meets = {(one, other) for point in self.w.points for one in point["tenants"] for other in point["tenants"]}, {}
        for start, point in enumerate(self.w.points):
            for end in self.reached(start, through) if point["tenants"] else ():
                if self.w.points[end]["role"] == "meeting" or self.walker.most and self.w.obscure(end):
                    meets.setdefault(end, set()).update(point["tenants"])
                if end != start:
                    pairs |= {(one, other) for one in point["tenants"] for other in self.w.points[end]["tenants"]}
        for at, point in enumerate(self.w.points):
            if point["role"] == "meeting":
                meets.setdefault(at, set()).update(point.get("users", []))
        for at, tenants in meets.items():
            users = self.w.points[at].get("users", [])
            pairs |= {(one, other) for one in tenants for other in tenants if one not in users or other not in users}
        return {pair for pair in pairs if pair[0] != pair[1]}


def walks(search, leak):
    """Walks the packets of a leak. Answers with the tenants at both ends."""
    walker, points = search.walker, search.w.points
    arrived, first, meeting, second = None, None, None, None
    for flow in leak["path"]:
        sender, to, packet = flow["from"], flow["to"], flow["packet"]
        source, destination = search.w.atom(packet["source"]), search.w.atom(packet["destination"])
        own = source in search.w.homes[sender]
        following = None if arrived is None else search.senders(*arrived, frozenset())
        if following is not None and ("point", sender, None) not in following and ("point", sender, source) not in following:
            if points[arrived[0]]["role"] != "meeting" or meeting is not None:
                raise Wrong(f"{points[sender]['name']} does not pass on what {points[arrived[0]]['name']} got")
            # The other one's chain to the same meeting.
            meeting, second, following = arrived[0], sender, None
        if arrived is None:
            first = sender
        if not own and (following is None or ("point", sender, source) not in following):
            raise Wrong(f"{points[sender]['name']} has no address {packet['source']}")
        holders = [at for at, homes in enumerate(search.w.homes) if destination in homes and at != sender and search.w.bare[at] == search.w.bare[sender]]
        ends = {}
        for held in holders:
            for ways in (True, False) if own else (False,):
                ends.update(walker.flow(sender, ways, source, destination, held, search.w.kind(packet)))
        arrivals = [end for end in ends if end != OUTSIDE and end[0] == to]
        if not arrivals:
            raise Wrong(f"the packet {packet} of {points[sender]['name']} does not arrive at {points[to]['name']}")
        arrived = arrivals[0]
    if arrived is None and leak["joined"] is not None:
        return [(points[leak["joined"]]["tenants"], points[leak["joined"]]["tenants"])]
    if arrived is None:
        raise Wrong("a leak without a packet")
    if meeting is not None and arrived[0] != meeting:
        raise Wrong(f"one comes to {points[meeting]['name']} and the other to {points[arrived[0]]['name']}")
    # Whose rows lie at a meeting is there without a packet.
    users = points[arrived[0]].get("users") if meeting is None and points[arrived[0]]["role"] == "meeting" else None
    if users:
        return [(points[first]["tenants"], users), (users, points[first]["tenants"])]
    return [(points[first]["tenants"], points[arrived[0] if second is None else second]["tenants"])]


PRIVATE = ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3", "2000::/3")


def entered(world, walker):
    """Points of tenants and databases to which a host of the Internet can send more than is allowed."""
    found = set()
    for at, point in enumerate(world.points):
        if not (point["tenants"] or point["kind"] == "database") or not world.facts["networks"][world.network_of(at)]["internet"]:
            continue
        for version in {home[0] for home in world.homes[at] if point["public"] or home[0] == 6}:
            for source in world.everywhere(version):
                if any(world.holds(text, source) for text in PRIVATE) != (version == 6):
                    continue
                rest = walker.comes_in(at, source)
                for one in world.facts["allowed"]:
                    if one["tenant"] in point["tenants"] and world.holds(one["block"], source):
                        rest &= ~world.bits_of(one["traffic"])
                if rest:
                    found.add(at)
    return found


def check(facts, proof):
    """Raises Wrong. Answers with how many pairs have which verdict."""
    world = World(facts)
    name = lambda pair: f"{facts['tenants'][pair[0]]} -> {facts['tenants'][pair[1]]}"
    told = {}
    for verdict in ("leaks", "undecided", "assumed"):
        for one in proof[verdict]:
            for pair in {(a, b) for a in one["from"] for b in one["to"] if a != b}:
                if pair in told:
                    raise Wrong(f"{name(pair)} is in {told[pair]} and in {verdict}")
                told[pair] = verdict
    least, most = Search(Walker(world, False)), Search(Walker(world, True))
    shared = {one["role"]["forwarder"]["of"] for one in world.points if isinstance(one["role"], dict) and one["role"].get("forwarder", {}).get("shared") is not None}
    leaks, possible = least.passing(), most.passing()
    assumed = most.passing(frozenset(shared)) if shared else possible
    everyone = range(len(facts["tenants"]))
    if any(one["hides"] for one in facts["unread"]):
        possible = {(a, b) for a in everyone for b in everyone}
    for pair in [(a, b) for a in everyone for b in everyone if a != b]:
        found = "leaks" if pair in leaks else "undecided" if pair in possible else "assumed" if pair in assumed else "isolated"
        if found != told.get(pair, "isolated"):
            raise Wrong(f"{name(pair)}: the proof says {told.get(pair, 'isolated')}, the packets say {found}")
    for leak in proof["leaks"]:
        ends = walks(least, leak)
        if not any(a in one and b in other and a != b for one, other in ends for a in leak["from"] for b in leak["to"]):
            raise Wrong(f"the packet of {leak['from']} -> {leak['to']} is of {ends}")
    for one in proof["undecided"]:
        # How a transit gateway joins networks is not in the facts alone: then nothing that was not read need be named.
        if not one["unread"] and not facts["attachments"] or not all(at < len(facts["unread"]) for at in one["unread"]):
            raise Wrong(f"undecided {one['from']} -> {one['to']} names nothing that was not read")
    for one in proof["assumed"]:
        named = frozenset(one["forwarders"])
        pairs = {(a, b) for a in one["from"] for b in one["to"] if a != b}
        if not named <= shared or not pairs <= most.passing(named) or pairs & most.passing(shared - named):
            raise Wrong(f"assumed {one['from']} -> {one['to']}: {sorted(named)} are not what it passes through")
    for one in proof["entries"]:
        packet, point = one["packet"], world.points[one["to"]]
        bit = world.kind(packet) & least.walker.comes_in(one["to"], world.atom(packet["source"]))
        if world.atom(packet["destination"]) not in world.homes[one["to"]] or not bit or not facts["networks"][world.network_of(one["to"])]["internet"]:
            raise Wrong(f"the packet {packet} of the Internet does not enter {point['name']}")
    for which, run in (("entries", least.walker), ("unsure_entries", most.walker)):
        known = {one["to"] for one in proof["entries"]} if which == "unsure_entries" else set()
        found, said = entered(world, run) - known, {one["to"] for one in proof[which]}
        if found != said:
            raise Wrong(f"{which}: the proof says {sorted(said)}, the packets say {sorted(found)}")
    return {verdict: sum(value == verdict for value in told.values()) for verdict in ("leaks", "undecided", "assumed")} | {"isolated": len(everyone) * (len(everyone) - 1) - len(told)}


def main(files):
    if not files:
        sys.exit(__doc__)
    total, networks = {}, 0
    for file in files:
        try:
            with open(file, encoding="utf-8") as handle:
                text = handle.read()
            try:
                exports = [json.loads(text)]
            except ValueError:
                exports = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (OSError, ValueError) as error:
            print(f"{file}: {error}", file=sys.stderr)
            sys.exit(2)
        for number, export in enumerate(exports, 1):
            try:
                counts = check(export["facts"], export["proof"])
            except Wrong as error:
                print(f"{file}:{number}: {error}", file=sys.stderr)
                sys.exit(1)
            networks += 1
            total = {verdict: total.get(verdict, 0) + count for verdict, count in counts.items()}
    print(f"{networks} networks: " + ", ".join(f"{count} {verdict}" for verdict, count in total.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
