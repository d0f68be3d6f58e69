"""What a complete reply to each operation holds, from AWS's own service models, which botocore carries.

Writes `src/aws/replies/operations.txt`, or compares what is committed there (without arguments). Every operation that tokaido
calls has a line: those of `#[calls(…)]` in the kinds, of `src/kinds/tagging.rs` and of `src/kinds/session.rs`. A line has

- the operation, as the service model spells it;
- what the document is: the name of its root element, `json` for an object, `policy` for JSON that a member carries as text, `any`
  for a reply of which tokaido reads nothing, `stream` for an object that is read as it comes;
- the members that must be there. A member inside a list must be there in each item. These are

  1. what the model calls required,
  2. the list of an operation that lists: AWS sends an empty one where there is nothing. A list without an element of its own
     (S3's `Contents`) cannot be told from nothing, and is not demanded,
  3. the member that says whether more pages follow,
  4. what `ALWAYS` below lists, without what `OTHER_ATTRIBUTES` does;

- `token=` the member that leads to the next page, and `more=` the one that says whether there is one.

Nothing else is demanded: AWS leaves out what it has nothing to say about.

usage: replies.py [--write]
"""

import pathlib
import re
import sys

import botocore
from botocore.loaders import Loader
from settings import BOTOCORE, ROOT, model

PLACE = ROOT / "src/aws/replies/operations.txt"

# The names of S3's documents, which the model does not have.
ROOTS = {
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketPolicyStatus": "PolicyStatus",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjectsV2": "ListBucketResult",
}

# What AWS always sends, although the model does not say so, and what tokaido cannot do without: identifiers, the one thing that
# an operation is about, and members to which AWS's SDK for Rust gives a value when they are missing (a `bool` without `Option`).
ALWAYS = {
    "backup:GetBackupPlan": {"BackupPlan"},
    "backup:GetBackupSelection": {"BackupSelection"},
    "backup:ListBackupPlans": {"BackupPlansList[].BackupPlanId"},
    "backup:ListBackupSelections": {"BackupSelectionsList[].SelectionId"},
    "backup:GetBackupVaultAccessPolicy": {"Policy"},
    "backup:ListBackupVaults": {"BackupVaultList[].BackupVaultName"},
    "ec2:DescribeDhcpOptions": {"dhcpOptionsSet[].dhcpOptionsId"},
    "ec2:DescribeImages": {"imagesSet[].imageId"},
    "ec2:DescribeNetworkAcls": {
        *(f"networkAclSet[].{name}" for name in ("associationSet", "default", "entrySet", "networkAclId", "vpcId")),
        *(f"networkAclSet[].entrySet[].{name}" for name in ("egress", "protocol", "ruleAction", "ruleNumber")),
        "networkAclSet[].associationSet[].subnetId",
    },
    "ec2:DescribeManagedPrefixLists": {f"prefixListSet[].{name}" for name in ("ownerId", "prefixListId")},
    "ec2:DescribeNatGateways": {f"natGatewaySet[].{name}" for name in ("natGatewayAddressSet", "natGatewayId", "state", "vpcId")},
    "ec2:DescribeTransitGatewayAttachments": {
        f"transitGatewayAttachments[].{name}"
        for name in ("resourceType", "state", "transitGatewayAttachmentId", "transitGatewayId")
    },
    "ec2:DescribeTransitGatewayRouteTables": {
        f"transitGatewayRouteTables[].{name}" for name in ("state", "transitGatewayId", "transitGatewayRouteTableId")
    },
    "ec2:DescribeTransitGatewayVpcAttachments": {"transitGatewayVpcAttachments[].transitGatewayAttachmentId"},
    "ec2:DescribeVpcEndpointServiceConfigurations": {
        f"serviceConfigurationSet[].{name}" for name in ("acceptanceRequired", "serviceId", "serviceName", "serviceState")
    },
    "ec2:DescribeVpcEndpoints": {f"vpcEndpointSet[].{name}" for name in ("state", "vpcEndpointId", "vpcEndpointType", "vpcId")},
    "ec2:DescribeVpcPeeringConnections": {
        f"vpcPeeringConnectionSet[].{name}"
        for name in (
            *("accepterVpcInfo", "accepterVpcInfo.ownerId", "accepterVpcInfo.vpcId", "status", "status.code"),
            *("requesterVpcInfo", "requesterVpcInfo.ownerId", "requesterVpcInfo.vpcId", "vpcPeeringConnectionId"),
        )
    },
    "ec2:DescribeVpnGateways": {
        *(f"vpnGatewaySet[].{name}" for name in ("attachments", "state", "vpnGatewayId")),
        "vpnGatewaySet[].attachments[].vpcId",
    },
    "ec2:GetManagedPrefixListEntries": {"entrySet", "entrySet[].cidr"},
    "ec2:SearchTransitGatewayRoutes": {
        *("additionalRoutesAvailable", "routeSet"),
        *(f"routeSet[].{name}" for name in ("destinationCidrBlock", "state", "type")),
    },
    "ec2:DescribeRegions": {f"regionInfo[].{name}" for name in ("optInStatus", "regionName")},
    "ec2:DescribeNetworkInterfaces": {
        *(f"networkInterfaceSet[].{name}" for name in ("groupSet", "networkInterfaceId", "sourceDestCheck", "subnetId", "vpcId")),
        "networkInterfaceSet[].groupSet[].groupId",
    },
    "ec2:DescribeRouteTables": {
        *(f"routeTableSet[].{name}" for name in ("associationSet", "routeSet", "routeTableId", "vpcId")),
        "routeTableSet[].associationSet[].main",
    },
    "ec2:DescribeSecurityGroupRules": {f"securityGroupRuleSet[].{name}" for name in ("groupId", "securityGroupRuleId")},
    "ec2:DescribeSecurityGroups": {"securityGroupInfo[].groupId"},
    "ec2:DescribeSnapshots": {f"snapshotSet[].{name}" for name in ("encrypted", "snapshotId")},
    "ec2:DescribeSubnets": {"subnetSet[].subnetId"},
    "ec2:DescribeVolumes": {f"volumeSet[].{name}" for name in ("encrypted", "volumeId")},
    "ec2:DescribeVpcs": {"vpcSet[].vpcId"},
    "iam:GetAccountAuthorizationDetails": {
        "RoleDetailList",
        *(f"RoleDetailList[].{name}" for name in ("AttachedManagedPolicies", "RoleName", "RolePolicyList")),
    },
    "kms:DescribeKey": {"KeyMetadata", "KeyMetadata.Enabled"},
    "kms:GetKeyPolicy": {"Policy"},
    "kms:GetKeyRotationStatus": {"KeyRotationEnabled"},
    "kms:ListAliases": {"Aliases[].AliasName"},
    "kms:ListGrants": {"Grants[].Operations"},
    "kms:ListKeys": {"Keys[].KeyId"},
    "rds:DescribeDBClusterAutomatedBackups": {"DBClusterAutomatedBackups[].DbClusterResourceId"},
    "rds:DescribeDBClusterSnapshotAttributes": {
        "DBClusterSnapshotAttributesResult",
        "DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes",
    },
    "rds:DescribeDBClusterSnapshots": {"DBClusterSnapshots[].DBClusterSnapshotIdentifier"},
    "rds:DescribeDBClusters": {"DBClusters[].DBClusterIdentifier"},
    "rds:DescribeDBInstanceAutomatedBackups": {"DBInstanceAutomatedBackups[].DBInstanceIdentifier"},
    "rds:DescribeDBSnapshotAttributes": {"DBSnapshotAttributesResult", "DBSnapshotAttributesResult.DBSnapshotAttributes"},
    "rds:DescribeDBSnapshots": {"DBSnapshots[].DBSnapshotIdentifier"},
    "rds:DescribeDBInstances": {"DBInstances[].DBInstanceIdentifier"},
    "rds:DescribeDBParameterGroups": {"DBParameterGroups[].DBParameterGroupName"},
    "rds:DescribeDBSubnetGroups": {"DBSubnetGroups[].DBSubnetGroupName"},
    "rds:DescribeOrderableDBInstanceOptions": {"OrderableDBInstanceOptions[].EngineVersion", "OrderableDBInstanceOptions[].StorageType"},
    "redshift:DescribeClusterSnapshots": {"Snapshots[].SnapshotIdentifier"},
    "redshift:DescribeClusters": {"Clusters[].ClusterIdentifier"},
    "s3:GetBucketPolicyStatus": {"IsPublic"},
    "s3:ListBuckets": {"Buckets[].Name"},
    "sts:AssumeRole": {"Credentials"},
    "sts:GetCallerIdentity": {"Account", "Arn"},
}

# Operations that may say that there is more than they show, without a token. Their drivers say it.
CUT = {"ec2:SearchTransitGatewayRoutes"}

# What AWS sends only to who asks for another attribute of the object.
OTHER_ATTRIBUTES = {
    "ec2:DescribeImageAttribute": {"blockDeviceMapping", "productCodes"},
    "ec2:DescribeSnapshotAttribute": {"productCodes"},
}


def spelled_twice(kind=None):
    """The operations that tokaido calls: the service, the operation as its model spells it, and as IAM does; or those that a kind of
    this source names."""
    count = (ROOT / "src/aws/operation.rs").read_text()
    spelled = {}
    for names, iam in re.findall(r'\("S3", ([^)]*)\) => "(\w+)"', count):
        spelled.setdefault(f"s3:{iam}", []).extend(re.findall(r'"(\w+)"', names))
    # IAM has the same name for both, and the operation itself is called too.
    sources = [path.read_text() for path in sorted((ROOT / "src/kinds").glob("*/mod.rs"))]
    sources = sources if kind is None else [kind]
    texts = [found for source in sources for found in re.findall(r"#\[calls\((.*?)\)\]", source, re.DOTALL)]
    texts += [(ROOT / "src/kinds" / name).read_text() for name in ("tagging.rs", "session.rs") if kind is None]
    for iam in sorted(set(re.findall(r'"(\w+:\w+)"', "\n".join(texts)))):
        service, name = iam.split(":")
        for operation in spelled.get(iam, [name]):
            yield service, operation, name


def called():
    """The same without IAM's name."""
    return ((service, operation) for service, operation, _ in spelled_twice())


def pages(service, operation):
    """The member that leads to the next page, and the one that says whether there is one."""
    found = Loader().load_service_model(BOTOCORE.get(service, service), "paginators-1")["pagination"].get(operation, {})
    return found.get("output_token"), found.get("more_results")


class Reply:
    def __init__(self, service, operation):
        self.service, self.operation, self.needs = service, operation, set()
        self.shapes = model(service)["shapes"]
        described = model(service)["operations"][operation]
        output = described.get("output")
        shape = self.shapes[output["shape"]] if output else {}
        members = {name: member for name, member in shape.get("members", {}).items() if "location" not in member}
        wrapper = (output or {}).get("resultWrapper")
        protocol = model(service)["metadata"]["protocol"]
        self.token, self.more = pages(service, operation)
        self.more = None if f"{service}:{operation}" in CUT else self.more
        if protocol in ("query", "ec2"):
            self.root = f"{operation}Response"
        elif shape.get("payload") and members[shape["payload"]].get("streaming"):
            self.root = "stream"
        elif shape.get("payload"):
            inner = members[shape["payload"]]["shape"]
            if self.shapes[inner]["type"] != "structure":
                self.root, members = "policy", {}
            else:
                self.root, shape = members[shape["payload"]].get("locationName", inner), self.shapes[inner]
                members = shape["members"]
        elif not members:
            self.root = "any"
        else:
            self.root = "json" if "json" in protocol else ROOTS[operation]
        if self.root in ("any", "stream", "policy"):
            return
        self.top = [wrapper] if wrapper else []
        if wrapper:
            self.needs.add(wrapper)
        if re.match("List|Describe", operation):
            for name, member in members.items():
                kind = self.shapes[member["shape"]]
                if kind["type"] in ("list", "map") and not self.flat(member):
                    self.needs.add(self.path([*self.top, self.wire(name, member)]))
        self.token = "NextToken" if not self.token and "NextToken" in members else self.token
        for name in ("token", "more"):
            member = getattr(self, name)
            path = self.path([*self.top, self.wire(member, members[member])]) if member else None
            setattr(self, name, path)
        if self.more:
            self.needs.add(self.more)
        self.needs |= {self.path([*self.top, name]) for name in ALWAYS.get(f"{service}:{operation}", ())}
        self.inside(shape, members, self.top, set())
        self.needs -= OTHER_ATTRIBUTES.get(f"{service}:{operation}", set())

    @staticmethod
    def path(parts):
        return ".".join(parts)

    def flat(self, member):
        return member.get("flattened") or self.shapes[member["shape"]].get("flattened")

    def wire(self, name, member):
        return member.get("locationName", name)

    def inside(self, shape, members, before, seen):
        """What must be in a structure, and in every structure inside it."""
        for name, member in members.items():
            kind = self.shapes[member["shape"]]
            path = [*before, self.wire(name, member)]
            if name in shape.get("required", []):
                self.needs.add(self.path(path))
            if kind["type"] == "list":
                path[-1] += "" if self.flat(member) else "[]"
                kind = self.shapes[kind["member"]["shape"]]
            if kind["type"] == "structure" and member["shape"] not in seen:
                self.inside(kind, kind["members"], path, seen | {member["shape"]})

    def line(self):
        name = f"{self.service}:{self.operation}"
        marks = [f"token={self.token}" if self.token else "", f"more={self.more}" if self.more else ""]
        return " ".join(part for part in (name, self.root, *sorted(self.needs), *marks) if part)


def text():
    head = f"# Made by tests/models/replies.py from botocore {botocore.__version__}: what a complete reply to each operation holds.\n"
    return head + "".join(f"{Reply(*one).line()}\n" for one in sorted(set(called())))


def main():
    made = text()
    if sys.argv[1:] == ["--write"]:
        PLACE.write_text(made)
    right = PLACE.is_file() and PLACE.read_text() == made
    if not right:
        print(f"{PLACE.relative_to(ROOT)} is not what botocore {botocore.__version__} says: run `make settings` and read the diff")
    print(f"replies: {int(right)} passed, {int(not right)} failed")
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
