"""What boto3 finds of ours in dev, by the tags, and one field of one of moto's objects."""

import json
import urllib.request
from dataclasses import dataclass

from botocore.exceptions import ClientError
from expected import OSAKA, TOKYO
from promises import tags

REGIONS = {"tokyo": TOKYO, "osaka": OSAKA, "global": TOKYO}
ENVIRONMENT = "dev"


@dataclass(frozen=True)
class Ours:
    """One object: its id, its region, what AWS calls it, and AWS's whole answer about it."""

    id: str
    region: str
    name: str
    found: dict

    @property
    def kind(self):
        return self.id.split(".")[0]


class World:
    def __init__(self, account, product):
        self.account, self.product, self.number = account, product, account.account

    def client(self, service, region=TOKYO):
        return self.account.client(service, region)

    def field(self, service, region, path, value):
        """Writes a field of moto's own object; returns the value before."""
        where = "aws" if service in ("iam", "s3") else region
        asked = {"service": service, "account": self.number, "region": where, "path": path, "value": value}
        request = urllib.request.Request(f"{self.account.moto_url}/wire/field", json.dumps(asked).encode(), method="PUT")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)["before"]

    def ids(self, kind):
        return self.all(kind).keys()

    def one(self, resource):
        return self.all(resource.split(".")[0])[resource]

    def all(self, kind):
        return {one.id: one for region in (TOKYO, OSAKA) for one in self.listed(kind, region)}

    def listed(self, kind, region):
        for labels, name, found in LISTS[kind](self, region):
            if labels.get("tokaido:environment") == ENVIRONMENT and "tokaido:id" in labels:
                yield Ours(labels["tokaido:id"], region, name, found)


def ec2(call, member, key):
    def listed(world, region):
        answer = getattr(world.client("ec2", region), call)()[member]
        return [(tags(one), one[key], one) for one in answer]

    return listed


def rds(call, member, key, arn):
    def listed(world, region):
        client = world.client("rds", region)
        answer = getattr(client, call)()[member]
        return [(tags(client.list_tags_for_resource(ResourceName=one[arn]), "TagList"), one[key], one) for one in answer]

    return listed


def keys(world, region):
    kms = world.client("kms", region)
    for one in kms.list_keys(Limit=1000)["Keys"]:
        found = kms.describe_key(KeyId=one["KeyId"])["KeyMetadata"]
        if found["KeyState"] != "PendingDeletion":
            labels = kms.list_resource_tags(KeyId=one["KeyId"])["Tags"]
            yield {tag["TagKey"]: tag["TagValue"] for tag in labels}, one["KeyId"], found


def roles(world, region):
    iam = world.client("iam")
    for one in iam.list_roles()["Roles"] if region == TOKYO else []:
        yield tags({"Tags": iam.list_role_tags(RoleName=one["RoleName"])["Tags"]}), one["RoleName"], one


def vaults(world, region):
    backup = world.client("backup", region)
    for one in backup.list_backup_vaults()["BackupVaultList"]:
        yield backup.list_tags(ResourceArn=one["BackupVaultArn"])["Tags"], one["BackupVaultName"], one


def plans(world, region):
    backup = world.client("backup", region)
    for one in backup.list_backup_plans()["BackupPlansList"]:
        yield backup.list_tags(ResourceArn=one["BackupPlanArn"])["Tags"], one["BackupPlanId"], one


def buckets(world, region):
    s3 = world.client("s3")
    for one in s3.list_buckets()["Buckets"] if region == TOKYO else []:
        try:
            labels = tags(s3.get_bucket_tagging(Bucket=one["Name"]), "TagSet")
        except ClientError:
            # One without tags.
            labels = {}
        yield labels, one["Name"], one


LISTS = {
    "kms-key": keys,
    "iam-role": roles,
    "dhcp-options": ec2("describe_dhcp_options", "DhcpOptions", "DhcpOptionsId"),
    "vpc": ec2("describe_vpcs", "Vpcs", "VpcId"),
    "subnet": ec2("describe_subnets", "Subnets", "SubnetId"),
    "security-group": ec2("describe_security_groups", "SecurityGroups", "GroupId"),
    "db-subnet-group": rds("describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName", "DBSubnetGroupArn"),
    "db-parameter-group": rds("describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName", "DBParameterGroupArn"),
    "db-instance": rds("describe_db_instances", "DBInstances", "DBInstanceIdentifier", "DBInstanceArn"),
    "backup-vault": vaults,
    "backup-plan": plans,
    "bucket": buckets,
}
