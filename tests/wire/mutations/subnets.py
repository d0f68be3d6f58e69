"""Subnets and security groups."""

import ipaddress

from core import Done, mutates
from networks import labelled
from promises import tags

# In the shared network, where no subnet is.
FREE = ["10.10.48.0/22", "10.10.200.0/24", "10.10.224.0/20"]
# No group of databases names them, so one that is made anew is the same to everybody else.
TENANTS = ("subnet.acme-", "subnet.globex-")


def subnet_anew(world, subnet, **other):
    ec2, old = world.client("ec2", subnet.region), subnet.found

    def replace(gone, **values):
        ec2.delete_subnet(SubnetId=gone)
        made = ec2.create_subnet(TagSpecifications=labelled("subnet", old), **values)["Subnet"]["SubnetId"]
        ec2.modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": False})
        return made

    before = {"VpcId": old["VpcId"], "CidrBlock": old["CidrBlock"], "AvailabilityZoneId": old["AvailabilityZoneId"]}
    made = replace(subnet.name, **before | other)
    return lambda: replace(made, **before)


def of_tenants(one):
    return one.startswith(TENANTS)


@mutates("subnet", "cidr", "made anew", objects=of_tenants, also=lambda _: ["a free block"], by_hand=True)
def cidr(world, rng, subnet):
    other = rng.choice(FREE)
    return Done(f"{subnet.found['CidrBlock']} → {other}", {subnet.id: {"cidr"}}, subnet_anew(world, subnet, CidrBlock=other))


@mutates("subnet", "zone", "made anew", objects=of_tenants, by_hand=True)
def zone(world, rng, subnet):
    before = subnet.found["AvailabilityZoneId"]
    other = rng.choice([one for one in ("apne1-az1", "apne1-az2", "apne1-az4") if one != before])
    return Done(f"{before} → {other}", {subnet.id: {"zone"}}, subnet_anew(world, subnet, AvailabilityZoneId=other))


@mutates("subnet", "vpc", "made anew", objects=of_tenants, also=lambda _: ["vpc.initech@tokyo"], by_hand=True)
def vpc(world, rng, subnet):
    """Into a network that has room for its block only when it gets that block as well, which is drift of its own."""
    ec2 = world.client("ec2", subnet.region)
    other = world.one("vpc.initech@tokyo")
    block = subnet.found["CidrBlock"]
    made = ec2.associate_vpc_cidr_block(VpcId=other.name, CidrBlock=block)["CidrBlockAssociation"]["AssociationId"]
    back = subnet_anew(world, subnet, VpcId=other.name)

    def undo():
        back()
        ec2.disassociate_vpc_cidr_block(AssociationId=made)

    return Done("→ vpc.initech", {subnet.id: {"vpc"}, other.id: {f"blocks[{block}]"}}, undo, {"tenant": tags(subnet.found)["tokaido:tenant"]})


@mutates("subnet", "public_addresses", "on")
def public(world, rng, subnet):
    ec2 = world.client("ec2", subnet.region)
    put = lambda to: ec2.modify_subnet_attribute(SubnetId=subnet.name, MapPublicIpOnLaunch={"Value": to})  # noqa: E731
    put(True)
    return Done("false → true", {subnet.id: {"public_addresses"}}, lambda: put(False))


def network_of(resource):
    return ["vpc.main@osaka" if resource.endswith("@osaka") else "vpc.initech@tokyo" if "initech" in resource else "vpc.main@tokyo"]


@mutates("subnet", "ipv6_blocks", "added", also=network_of)
@mutates("subnet", "ipv6_addresses", "on, with the block that it needs", also=network_of)
def six(world, rng, subnet, label):
    ec2, own = world.client("ec2", subnet.region), network_of(subnet.id)[0]
    network = subnet.found["VpcId"]
    made = ec2.associate_vpc_cidr_block(VpcId=network, AmazonProvidedIpv6CidrBlock=True)["Ipv6CidrBlockAssociation"]["AssociationId"]
    [found] = ec2.describe_vpcs(VpcIds=[network])["Vpcs"]
    [whole] = [one["Ipv6CidrBlock"] for one in found["Ipv6CidrBlockAssociationSet"] if one["AssociationId"] == made]
    whole = ipaddress.ip_network(whole)
    block = str(list(whole.subnets(new_prefix=64))[rng.randrange(256)])
    inside = ec2.associate_subnet_cidr_block(SubnetId=subnet.name, Ipv6CidrBlock=block)["Ipv6CidrBlockAssociation"]["AssociationId"]
    put = lambda to: ec2.modify_subnet_attribute(SubnetId=subnet.name, AssignIpv6AddressOnCreation={"Value": to})  # noqa: E731
    paths = {f"ipv6_blocks[{block}]"}
    if label != "added":
        put(True)
        paths.add("ipv6_addresses")

    def undo():
        if label != "added":
            put(False)
        ec2.disassociate_subnet_cidr_block(AssociationId=inside)
        ec2.disassociate_vpc_cidr_block(AssociationId=made)

    return Done(f"+ {block}", {subnet.id: paths, own: {f"blocks[{whole}]"}}, undo)


def rule_path(direction, protocol, start, end, peer):
    ports = [] if start is None else [str(start)] if start == end else [str(start), str(end)]
    return f"rules[{' '.join([direction, protocol, *ports, peer])}]"


def permission(protocol, start, end, peer):
    ports = {} if start is None else {"FromPort": start, "ToPort": end}
    ranges = {"Ipv6Ranges": [{"CidrIpv6": peer}]} if ":" in peer else {"IpRanges": [{"CidrIp": peer}]}
    return {"IpProtocol": protocol, **ports, **ranges}


def calls(ec2, direction):
    which = "ingress" if direction == "ingress" else "egress"
    return getattr(ec2, f"authorize_security_group_{which}"), getattr(ec2, f"revoke_security_group_{which}")


def rules_of(group):
    """The rules that a block decides, as boto3 tells them."""
    for direction, member in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
        for rule in group.found[member]:
            for one in rule["IpRanges"]:
                yield direction, rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort"), one["CidrIp"]


def entrances(group):
    """Where a customer may come in: protocol, port, addresses."""
    return [(protocol, start, peer) for way, protocol, start, _, peer in rules_of(group) if way == "ingress"]


@mutates("security-group", "rules", "added: ingress", also=lambda _: ["who reaches whom"])
@mutates("security-group", "rules", "added: egress", also=lambda _: ["who reaches whom"])
def rule_added(world, rng, group, label):
    ec2, direction = world.client("ec2", group.region), label.split(": ")[1]
    known = entrances(group)
    inside = [f"{next(ipaddress.ip_network(peer).hosts())}/32" for *_, peer in known] if direction == "ingress" else []
    peer = rng.choice(["0.0.0.0/0", "192.0.2.200/32", "10.10.16.0/20", "10.10.32.0/22", "8.0.0.0/8", "2001:db8::/64", *inside])
    protocol, start = rng.choice([("tcp", 443), ("tcp", 22), ("udp", 53), ("-1", None)])
    form = {"GroupId": group.name, "IpPermissions": [permission(protocol, start, start, peer)]}
    add, take = calls(ec2, direction)
    add(**form)
    path = rule_path(direction, "all" if protocol == "-1" else protocol, start, start, peer)
    facts = {"direction": direction, "protocol": protocol, "port": start, "peer": peer, "known": known}
    return Done(path, {group.id: {path}}, lambda: take(**form), facts)


WITH_RULES = {"objects": lambda one: one.split("@")[0] in ("security-group.acme", "security-group.globex", "security-group.initech", "security-group.catalog-clients")}


@mutates("security-group", "rules", "removed", also=lambda _: ["who reaches whom"], **WITH_RULES)
@mutates("security-group", "rules", "changed", also=lambda _: ["who reaches whom"], **WITH_RULES)
def rule_changed(world, rng, group, label):
    """EC2 has no change of a rule's ports: the old one goes and another comes."""
    ec2 = world.client("ec2", group.region)
    direction, protocol, start, end, peer = rng.choice(sorted(rules_of(group)))
    add, take = calls(ec2, direction)
    old = {"GroupId": group.name, "IpPermissions": [permission(protocol, start, end, peer)]}
    take(**old)
    paths, new, facts = {rule_path(direction, protocol, start, end, peer)}, None, {}
    if label == "changed":
        other = rng.choice([80, 8443])
        new = {"GroupId": group.name, "IpPermissions": [permission(protocol, other, other, peer)]}
        add(**new)
        paths.add(rule_path(direction, protocol, other, other, peer))
        facts = {"direction": direction, "protocol": protocol, "port": other, "peer": peer, "known": entrances(group)}

    def undo():
        if new:
            take(**new)
        add(**old)

    return Done(" ".join(sorted(paths)), {group.id: paths}, undo, facts)


@mutates("security-group", "rules", "added: a group", also=lambda _: ["who reaches whom"], objects=lambda one: one.split("@")[0] in ("security-group.acme", "security-group.globex"))
def rule_group(world, rng, group):
    ec2 = world.client("ec2", group.region)
    other = world.one(rng.choice([one for one in ("security-group.acme@tokyo", "security-group.globex@tokyo") if one != group.id]))
    form = {"GroupId": group.name, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": other.name}]}]}
    ec2.authorize_security_group_ingress(**form)
    path = rule_path("ingress", "tcp", 443, 443, other.id)
    return Done(path, {group.id: {path}}, lambda: ec2.revoke_security_group_ingress(**form))


def group_anew(world, group, **other):
    ec2, old = world.client("ec2", group.region), group.found

    def replace(gone, **values):
        ec2.delete_security_group(GroupId=gone)
        made = ec2.create_security_group(TagSpecifications=labelled("security-group", old), **values)["GroupId"]
        # A new group may send everywhere, in both families where the network has both.
        [new] = ec2.describe_security_groups(GroupIds=[made])["SecurityGroups"]
        ec2.revoke_security_group_egress(GroupId=made, IpPermissions=new["IpPermissionsEgress"])
        for direction, *rule in rules_of(group):
            calls(ec2, direction)[0](GroupId=made, IpPermissions=[permission(*rule)])
        return made

    before = {"GroupName": old["GroupName"], "Description": old["Description"], "VpcId": old["VpcId"]}
    made = replace(group.name, **before | other)
    return lambda: replace(made, **before)


# Groups that no rule and no database names.
UNNAMED = {"objects": lambda one: one.split("@")[0] in ("security-group.acme", "security-group.globex", "security-group.recovery"), "by_hand": True}


@mutates("security-group", "name", "made anew", **UNNAMED)
def name(world, rng, group):
    other = f"by-hand-{rng.randrange(10**6)}"
    undo = group_anew(world, group, GroupName=other)
    # A group keeps its name, so one of another name is another group.
    made = next(one["GroupId"] for one in world.client("ec2", group.region).describe_security_groups()["SecurityGroups"] if one["GroupName"] == other)
    return Done(f"{group.found['GroupName']} → {other}", {}, undo, missing=(group.id,), copies={group.id: made})


@mutates("security-group", "description", "made anew", **UNNAMED)
def description(world, rng, group):
    return Done("→ by hand", {group.id: {"description"}}, group_anew(world, group, Description="by hand"))


@mutates("security-group", "vpc", "made anew", objects=lambda one: one in ("security-group.acme@tokyo", "security-group.globex@tokyo"), by_hand=True)
def group_vpc(world, rng, group):
    other = world.one("vpc.initech@tokyo")
    return Done("→ vpc.initech", {group.id: {"vpc"}}, group_anew(world, group, VpcId=other.name))
