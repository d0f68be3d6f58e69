"""The settings that AWS has for each kind, from AWS's own service models, which botocore carries.

Writes `settings.txt` into the folder of each kind, or compares what is committed there (without arguments). tokaido compares a
setting when a row of the kind names it; `src/kinds/settings.rs` tells the others, and `tokaido explain KIND` shows them.

A *setting* is what an operation that creates or changes an object of the kind accepts, followed down to its last members:
`IpPermissions.IpRanges.CidrIp`. The operations are

- those that the kind's driver calls, from `#[calls(…)]` in its `mod.rs`: each member is a setting;
- those that change the same object and that no driver calls (`OTHERS`): the operation as a whole is one setting, under its own
  name. Every operation that demands the kind's identifier must be listed in `OTHERS` or in `ELSEWHERE`, so that a new version of
  botocore cannot bring one that nobody has looked at.

Not found are operations that name the object by its ARN, such as `rds:StartActivityStream`, and settings of other services.

No file declares an observed kind (`#[kind(…, observed)]`), and no driver sets anything of it. Its settings are what AWS tells of one
object: the members of the list of the operation that looks, without the object's own identifier, and those of the lists of the
driver's other operations, below the name of the list. An observed kind of several services has none.

usage: settings.py [--write]
"""

import functools
import pathlib
import re
import sys

import botocore
from botocore.loaders import Loader

ROOT = pathlib.Path(__file__).resolve().parents[2]
# `src/kinds/requests` is no kind.
KINDS = sorted(path.parent for path in (ROOT / "src/kinds").glob("*/mod.rs") if "#[kind(" in path.read_text())
FOLDERS = [*KINDS, ROOT / "tests/thirteenth/kind"]

# An operation that begins so sets something. Others read, delete, take away, use, or make a copy.
SETS = re.compile("Add|Associate|Attach|Authorize|Create|Enable|Import|Modify|Move|Put|Register|Replace|Replicate|Set|Update")

# IAM's names of S3's operations, where the operation has another.
OPERATIONS = {
    "s3:PutBucketObjectLockConfiguration": "PutObjectLockConfiguration",
    "s3:PutBucketPublicAccessBlock": "PutPublicAccessBlock",
    "s3:PutEncryptionConfiguration": "PutBucketEncryption",
    "s3:PutLifecycleConfiguration": "PutBucketLifecycleConfiguration",
}

# Operations on the object of a kind that no driver calls: what they set is not read.
OTHERS = {
    "backup-vault": {
        "AssociateBackupVaultMpaApprovalTeam",
        "PutBackupVaultAccessPolicy",
        "PutBackupVaultLockConfiguration",
        "PutBackupVaultNotifications",
    },
    "bucket": {
        "CreateBucketMetadataConfiguration",
        "CreateBucketMetadataTableConfiguration",
        "PutBucketAbac",
        "PutBucketAccelerateConfiguration",
        "PutBucketAcl",
        "PutBucketAnalyticsConfiguration",
        "PutBucketCors",
        "PutBucketIntelligentTieringConfiguration",
        "PutBucketInventoryConfiguration",
        "PutBucketLogging",
        "PutBucketMetricsConfiguration",
        "PutBucketNotificationConfiguration",
        "PutBucketReplication",
        "PutBucketRequestPayment",
        "PutBucketWebsite",
    },
    "db-instance": {"AddRoleToDBInstance"},
    "kms-key": {"CreateGrant", "ImportKeyMaterial", "UpdatePrimaryRegion"},
    "security-group": {"AssociateSecurityGroupVpc"},
    "subnet": {
        "AssociateRouteTable",
        "AssociateSubnetCidrBlock",
        "CreateSubnetCidrReservation",
        "CreateVpcBlockPublicAccessExclusion",
        "ReplaceNetworkAclAssociation",
    },
    "vpc": {
        "AssociateVpcCidrBlock",
        "AttachInternetGateway",
        "AttachVpnGateway",
        "CreateVpcBlockPublicAccessExclusion",
    },
}

# Operations that demand the identifier of a kind and set nothing of their own, with the reason.
ELSEWHERE = {
    "makes or changes an object of another kind": {
        "ec2:AssociateDhcpOptions",  # the VPC's, where it is read
        "ec2:AssociateRouteServer",
        "ec2:AssociateSecurityGroupVpc",  # the security group's
        "ec2:CreateCarrierGateway",
        "ec2:CreateEgressOnlyInternetGateway",
        "ec2:CreateInstanceConnectEndpoint",
        "ec2:CreateLocalGatewayRouteTableVpcAssociation",
        "ec2:CreateNetworkAcl",
        "ec2:CreateNetworkInterface",
        "ec2:CreateRouteServerEndpoint",
        "ec2:CreateRouteTable",
        "ec2:CreateSubnet",
        "ec2:CreateTransitGatewayVpcAttachment",
        "ec2:CreateVpcEndpoint",
        "ec2:CreateVpcPeeringConnection",
        "iam:AddRoleToInstanceProfile",
        "kms:ReplicateKey",
        "rds:CreateDBInstanceReadReplica",
        "rds:CreateDBSnapshot",
        "rds:CreateTenantDatabase",
        "rds:ModifyTenantDatabase",
        "backup:CreateLogicallyAirGappedBackupVault",
        "backup:UpdateRecoveryPointIndexSettings",
        "backup:UpdateRecoveryPointLifecycle",
        "s3:CreateSession",
    },
    "another way to set what an operation above sets": {
        "ec2:CreateVpcEncryptionControl",
        "ec2:ModifySecurityGroupRules",
        "ec2:ModifyVpcTenancy",
        "iam:UpdateRoleDescription",
        "rds:AddSourceIdentifierToSubscription",
        "s3:PutBucketTagging",
        "s3:UpdateBucketMetadataAnnotationTableConfiguration",
        "s3:UpdateBucketMetadataInventoryTableConfiguration",
        "s3:UpdateBucketMetadataJournalTableConfiguration",
    },
    "of EC2-Classic, which AWS has switched off": {
        "ec2:AttachClassicLinkVpc",
        "ec2:EnableVpcClassicLink",
    },
}

# Members that are no settings, with the reason. A name holds in every operation, or in one: `PutKeyPolicy.PolicyName`.
NONE = {
    "how the call is made, not what it sets": {
        "AllowMajorVersionUpgrade",
        "ApplyImmediately",
        "BypassPolicyLockoutSafetyCheck",
        "CertificateRotationRestart",
        "ChecksumAlgorithm",
        "ConfirmRemoveSelfBucketAccess",
        "ContentMD5",
        "CreatorRequestId",
        "DryRun",
        "ExpectedBucketOwner",
        "MFA",
        "Parameters.ApplyMethod",
        "PutKeyPolicy.PolicyName",  # always "default"
        "RequestPayer",
        "Token",
    },
    "what RDS says of a parameter and takes from nobody": {
        f"Parameters.{member}"
        for member in (
            *("AllowedValues", "ApplyType", "DataType", "Description", "IsModifiable", "MinimumEngineVersion", "Source"),
            "SupportedEngineModes",
        )
    },
    "an order that leaves no setting": {"RotateMasterUserPassword"},
    "a secret that AWS never shows": {"MasterUserPassword", "TdeCredentialPassword"},
    "takes back what another member sets": {"DisableDomain", "DisableLniAtDeviceIndex", "UseDefaultProcessorFeatures"},
    "how AWS chooses a block, which is a setting": {"AmazonProvidedIpv6CidrBlock", "Ipv4NetmaskLength", "Ipv6NetmaskLength"},
    "the place, which is part of a resource's id": {"CreateBucketConfiguration.LocationConstraint"},
    "of directory buckets, which are another kind": {"CreateBucketConfiguration.Bucket", "CreateBucketConfiguration.Location"},
    "of EC2-Classic, which AWS has switched off": {"DBSecurityGroups"},
    "says of the group in GroupId whose it is": {
        f"IpPermissions.UserIdGroupPairs.{member}"
        for member in ("GroupName", "PeeringStatus", "UserId", "VpcId", "VpcPeeringConnectionId")
    },
    "the older form of a rule in IpPermissions": {
        "AuthorizeSecurityGroupIngress.GroupName",
        *(
            f"AuthorizeSecurityGroup{way}.{member}"
            for way in ("Egress", "Ingress")
            for member in ("CidrIp", "FromPort", "IpProtocol", "SourceSecurityGroupName", "SourceSecurityGroupOwnerId", "ToPort")
        ),
    },
    "an access list of a new bucket, which PutBucketAcl sets": {
        f"CreateBucket.{member}"
        for member in ("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")
    },
}

# Members by which two operations set the same: the name that counts.
SPELLED = {
    "CloudwatchLogsExportConfiguration": "EnableCloudwatchLogsExports",
    "CreateAlias.TargetKeyId": None,
    "CreateBackupPlan.BackupPlanTags": "Tags",
    "CreateBackupVault.BackupVaultTags": "Tags",
    "CreateBucket.CreateBucketConfiguration.Tags": "Tags",
    "CreateBucket.ObjectLockEnabledForBucket": "ObjectLockConfiguration.ObjectLockEnabled",
    "CreateBucket.ObjectOwnership": "OwnershipControls.Rules.ObjectOwnership",
    "CreateDBInstance.Port": "DBPortNumber",
    "CreateDhcpOptions.TagSpecifications": "Tags",
    "CreateSecurityGroup.TagSpecifications": "Tags",
    "CreateSubnet.AvailabilityZone": "AvailabilityZoneId",
    "CreateSubnet.TagSpecifications": "Tags",
    "CreateVpc.TagSpecifications": "Tags",
    "NewDBInstanceIdentifier": "DBInstanceIdentifier",
    "UpdateAssumeRolePolicy.PolicyDocument": "AssumeRolePolicyDocument",
}


# Identifiers of observed kinds that are not called as the kind is.
IDENTIFIERS = {
    "endpoint-service": "ServiceId",
    "transit-gateway-table": "TransitGatewayRouteTableId",
    "vpc-peering": "VpcPeeringConnectionId",
}

# Services that botocore calls otherwise than IAM does.
BOTOCORE = {"elasticfilesystem": "efs"}


@functools.cache
def model(service):
    return Loader().load_service_model(BOTOCORE.get(service, service), "service-2")


class Used:
    """A list above, and which of its entries something asked for: an entry that nothing asks for is out of date."""

    def __init__(self, entries):
        self.entries, self.asked = entries, set()

    def find(self, *names):
        """The first of these names that is an entry."""
        found = next((name for name in names if name in self.entries), None)
        self.asked.add(found)
        return found

    def left(self):
        return sorted(set(self.entries) - self.asked)


elsewhere = Used(set().union(*ELSEWHERE.values()))
none = Used(set().union(*NONE.values()))
spelled = Used(SPELLED)


def called(source):
    """The service of a kind and the operations of its `#[calls(…)]`, by role."""
    pairs = re.findall(r'(\w+) = "(\w+):(\w+)"', ", ".join(re.findall(r"#\[calls\((.*?)\)\]", source, re.DOTALL)))
    return pairs[0][1], {role: OPERATIONS.get(f"{service}:{name}", name) for role, service, name in pairs}


def members(service, shape, before=()):
    """The last members of an input, with the path that leads to each."""
    shapes = model(service)["shapes"]
    shape = shapes[shape]
    while shape["type"] == "list":
        shape = shapes[shape["member"]["shape"]]
    inside = {name: member for name, member in shape.get("members", {}).items() if not member.get("deprecated")}
    # `EnableDnsSupport.Value` is EC2's form of a switch.
    if shape["type"] != "structure" or not inside or list(inside) == ["Value"]:
        yield before
        return
    for name, member in inside.items():
        yield from members(service, member["shape"], (*before, name))


def settings_of(service, operation, identifier):
    """What one operation sets: its members, without the identifier of the object. An operation with nothing else is itself
    the setting, as is `EnableKey`."""
    found, described = set(), model(service)["operations"][operation]
    for path in members(service, described["input"]["shape"]):
        # The longest beginning that a list names decides.
        starts = [".".join(path[:length]) for length in range(len(path), 0, -1)]
        names = [name for start in starts for name in (f"{operation}.{start}", start)]
        if starts[-1] == "DhcpConfigurations":
            # The model has keys and values; the documentation lists the keys.
            found |= set(re.findall(r"<li> <p> <code>([a-z0-9-]+)</code>", described["documentation"]))
            continue
        if none.find(*names) or path == (identifier,):
            continue
        other = spelled.find(*names)
        name = SPELLED[other] if other else "Tags" if path[0] == "Tags" else starts[0]
        found |= {name} if name else set()
    return found or {operation}


def told(service, operation, kind, looks):
    """What the list of an operation tells of each object; of an operation that does not look, below the list's name."""
    shapes = model(service)["shapes"]
    output = shapes[model(service)["operations"][operation]["output"]["shape"]]
    lists = [(name, member["shape"]) for name, member in output["members"].items() if shapes[member["shape"]]["type"] == "list"]
    identifier = IDENTIFIERS.get(kind, "".join(part.capitalize() for part in kind.split("-")) + "Id")
    name, items = lists[0]
    paths = [path for path in members(service, items) if path != (identifier,)]
    if not looks:
        return {".".join((name, *path)) for path in paths}
    return {"Tags" if path[0] == "Tags" else ".".join(path) for path in paths}


def settings(folder):
    """The settings of one kind."""
    kind, source = folder.name.replace("_", "-"), (folder / "mod.rs").read_text()
    service, roles = called(source)
    if re.search(r"#\[kind\([^]]*\bobserved\b", source):
        # Of a kind of which several services tell, no list tells all.
        if len(set(re.findall(r'"(\w+):\w+"', ", ".join(re.findall(r"#\[calls\((.*?)\)\]", source, re.DOTALL))))) > 1:
            return set()
        return set().union(*(told(service, operation, kind, role == "look") for role, operation in roles.items()))
    operations, calls = model(service)["operations"], {name for name in roles.values() if SETS.match(name)}

    def accepted(operation):
        return model(service)["shapes"][operations[operation]["input"]["shape"]]

    deletes = accepted(roles["delete"])
    identifier = (deletes.get("required") or list(deletes["members"]))[0]
    # A name that whoever creates the object chooses is a setting; an identifier that AWS chooses is not.
    chosen = identifier in accepted(roles["create"])["members"]
    found = set()
    for operation in calls:
        found |= settings_of(service, operation, None if chosen else identifier)
    others = OTHERS.get(kind, set())
    wrong = others & calls | others - set(operations)
    if wrong:
        sys.exit(f"{kind}: OTHERS names what the driver calls, or what AWS does not have: {', '.join(sorted(wrong))}")
    found |= others
    for name, operation in operations.items():
        if not SETS.match(name) or "input" not in operation or operation.get("deprecated") or name in calls | others:
            continue
        demanded = accepted(name).get("required", [])
        # What demands a key as well is about an object in a bucket.
        if identifier in demanded and "Key" not in demanded and not elsewhere.find(f"{service}:{name}"):
            sys.exit(f"{kind}: {service}:{name} is new. Does it set something? Say so in OTHERS or ELSEWHERE.")
    return found


def text(folder):
    head = f"# Made by tests/models/settings.py from botocore {botocore.__version__}: the settings that AWS has for this kind.\n"
    return head + "".join(f"{name}\n" for name in sorted(settings(folder)))


def main():
    wrong = []
    for folder in FOLDERS:
        place, made = folder / "settings.txt", text(folder)
        if sys.argv[1:] == ["--write"]:
            place.write_text(made)
        elif not place.is_file() or place.read_text() != made:
            wrong.append(place.relative_to(ROOT))
    for name, used in {"ELSEWHERE": elsewhere, "NONE": none, "SPELLED": spelled}.items():
        if used.left():
            sys.exit(f"{name} names what AWS does not have: {', '.join(used.left())}")
    for place in wrong:
        print(f"{place} is not what botocore {botocore.__version__} says: run `make settings` and read the diff")
    print(f"settings: {len(FOLDERS) - len(wrong)} passed, {len(wrong)} failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
