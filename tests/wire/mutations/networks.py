"""Networks, their option sets and subnets. What EC2 fixes at creation is made anew under the same tags; the first block of a network,
in which everything else is, is written into moto's own object."""

import ipaddress

from core import Done, mutates
from expected import TIME_SYNC
from promises import tags

TIME_SYNC_6 = "fd00:ec2::123"


def labelled(kind, found):
    labels = [{"Key": key, "Value": value} for key, value in tags(found).items()]
    return [{"ResourceType": kind, "Tags": labels}]


def options_of(options):
    return {one["Key"]: [value["Value"] for value in one["Values"]] for one in options.found["DhcpConfigurations"]}


def set_anew(world, options, values):
    """A set cannot be changed: another one gets its tags and its networks."""
    ec2 = world.client("ec2", options.region)
    users = [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if vpc["DhcpOptionsId"] == options.name]

    def replace(old, wanted):
        form = [{"Key": key, "Values": value} for key, value in wanted.items() if value]
        made = ec2.create_dhcp_options(DhcpConfigurations=form, TagSpecifications=labelled("dhcp-options", options.found))
        new = made["DhcpOptions"]["DhcpOptionsId"]
        for vpc in users:
            ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=vpc)
            ec2.associate_dhcp_options(DhcpOptionsId=new, VpcId=vpc)
        ec2.delete_dhcp_options(DhcpOptionsId=old)
        return new

    new = replace(options.name, values)
    return lambda: replace(new, options_of(options))


def also_networks(resource):
    """The networks that use a set of options."""
    return [one for one in ("vpc.main@tokyo", "vpc.initech@tokyo", "vpc.main@osaka") if one.split("@")[1] == resource.split("@")[1]]


@mutates("dhcp-options", "domain_name_servers", "made anew", by_hand=True, also=also_networks)
def name_servers(world, rng, options):
    values = options_of(options)
    other = rng.choice([["10.0.0.2"], values["domain-name-servers"] + ["10.0.0.2"], ["10.0.0.2", "10.0.0.3"]])
    paths = {f"domain_name_servers[{one}]" for one in set(other) ^ set(values["domain-name-servers"])}
    undo = set_anew(world, options, values | {"domain-name-servers": other})
    return Done(f"{values['domain-name-servers']} → {other}", {options.id: paths}, undo)


@mutates("dhcp-options", "ntp_servers", "made anew", by_hand=True, also=also_networks)
def ntp_servers(world, rng, options):
    values = options_of(options)
    other = rng.choice([["10.0.0.123"], [TIME_SYNC, "10.0.0.123"], [], [TIME_SYNC, TIME_SYNC_6]])
    gone = [one for one in (TIME_SYNC,) if one not in other]
    paths = {f"ntp_servers[{one}]" for one in [*gone, *(one for one in other if one not in (TIME_SYNC, TIME_SYNC_6))]}
    undo = set_anew(world, options, values | {"ntp-servers": other})
    facts = {"servers": other, "networks": also_networks(options.id)}
    return Done(f"{values['ntp-servers']} → {other}", {options.id: paths} if paths else {}, undo, facts)


@mutates("vpc", "cidr", "written", by_hand=True)
def cidr(world, rng, vpc):
    other = rng.choice(["10.60.0.0/16", "10.61.0.0/20"])
    put = lambda to: world.field("ec2", vpc.region, ["vpcs", vpc.name, "cidr_block"], to)  # noqa: E731
    before = put(other)
    return Done(f"{before} → {other}", {vpc.id: {"cidr"}}, lambda: put(before))


@mutates("vpc", "blocks", "added: IPv4")
def block(world, rng, vpc):
    ec2, other = world.client("ec2", vpc.region), f"100.64.{rng.randrange(256)}.0/24"
    made = ec2.associate_vpc_cidr_block(VpcId=vpc.name, CidrBlock=other)["CidrBlockAssociation"]["AssociationId"]
    undo = lambda: ec2.disassociate_vpc_cidr_block(AssociationId=made)  # noqa: E731
    return Done(f"+ {other}", {vpc.id: {f"blocks[{other}]"}}, undo)


@mutates("vpc", "blocks", "added: IPv6")
def block_6(world, rng, vpc):
    ec2 = world.client("ec2", vpc.region)
    made = ec2.associate_vpc_cidr_block(VpcId=vpc.name, AmazonProvidedIpv6CidrBlock=True)["Ipv6CidrBlockAssociation"]
    undo = lambda: ec2.disassociate_vpc_cidr_block(AssociationId=made["AssociationId"])  # noqa: E731
    [found] = ec2.describe_vpcs(VpcIds=[vpc.name])["Vpcs"]
    [other] = [one["Ipv6CidrBlock"] for one in found["Ipv6CidrBlockAssociationSet"] if one["AssociationId"] == made["AssociationId"]]
    return Done(f"+ {other}", {vpc.id: {f"blocks[{ipaddress.ip_network(other)}]"}}, undo)


@mutates("vpc", "dns_support", "off")
@mutates("vpc", "dns_hostnames", "switched")
def dns(world, rng, vpc, label):
    name = {"off": "EnableDnsSupport", "switched": "EnableDnsHostnames"}[label]
    attribute = {"off": "dns_support", "switched": "dns_hostnames"}[label]
    ec2 = world.client("ec2", vpc.region)
    before = ec2.describe_vpc_attribute(VpcId=vpc.name, Attribute=name[0].lower() + name[1:])[name]["Value"]
    put = lambda to: ec2.modify_vpc_attribute(VpcId=vpc.name, **{name: {"Value": to}})  # noqa: E731
    put(not before)
    return Done(f"{before} → {not before}", {vpc.id: {attribute}}, lambda: put(before))


@mutates("vpc", "dhcp_options", "none")
@mutates("vpc", "dhcp_options", "of another team")
def uses(world, rng, vpc, label):
    ec2, before, servers, made = world.client("ec2", vpc.region), vpc.found["DhcpOptionsId"], [], "default"
    if label != "none":
        servers = rng.choice([[TIME_SYNC], ["10.0.0.123"], [TIME_SYNC_6, TIME_SYNC]])
        form = [{"Key": "ntp-servers", "Values": servers}, {"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}]
        made = ec2.create_dhcp_options(DhcpConfigurations=form)["DhcpOptions"]["DhcpOptionsId"]
    ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=vpc.name)

    def left():
        if made != "default":
            world.field("ec2", vpc.region, ["dhcp_options_sets", made, "vpc"], None)
            ec2.delete_dhcp_options(DhcpOptionsId=made)

    def undo():
        ec2.associate_dhcp_options(DhcpOptionsId=before, VpcId=vpc.name)
        left()

    return Done(f"→ {made} {servers}", {vpc.id: {"dhcp_options"}}, undo, {"servers": servers, "networks": [vpc.id]}, left)
