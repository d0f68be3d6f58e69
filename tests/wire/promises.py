"""The headline promises and the bucket of the records: how boto3 alone judges each, and how a careless hand breaks it.

A check returns the list of what is wrong. Nothing here reads what tokaido says.
"""

import ipaddress
import json

import store
from botocore.exceptions import ClientError
from expected import OSAKA, OSAKA_DAYS, TIME_SYNC, TOKYO


def tags(resource, key="Tags"):
    return {tag["Key"]: tag["Value"] for tag in resource.get(key, [])}


def databases(account, environment):
    found = account.client("rds", TOKYO).describe_db_instances()["DBInstances"]
    return [database for database in found if database["DBInstanceIdentifier"].startswith(f"{environment}-")]


def customer_key(account, region, arn):
    metadata = account.client("kms", region).describe_key(KeyId=arn)["KeyMetadata"]
    return metadata["KeyManager"] == "CUSTOMER" and metadata["Enabled"] and metadata["Arn"].split(":")[3] == region


def encrypted_and_private(account, environment, _):
    wrong = [] if databases(account, environment) else ["there is no database"]
    for database in databases(account, environment):
        name = database["DBInstanceIdentifier"]
        if not database["StorageEncrypted"]:
            wrong.append(f"{name} is not encrypted")
        elif not customer_key(account, TOKYO, database["KmsKeyId"]):
            wrong.append(f"{name} is not encrypted with a customer-managed key of Tokyo")
        if database["PubliclyAccessible"]:
            wrong.append(f"{name} is public")
    return wrong


def make_public(account, environment):
    rds = account.client("rds", TOKYO)
    rds.modify_db_instance(DBInstanceIdentifier=f"{environment}-catalog", PubliclyAccessible=True, ApplyImmediately=True)


def recovery(account, environment, expected):
    days = expected["retention"]
    found = {database["DBInstanceIdentifier"]: database["BackupRetentionPeriod"] for database in databases(account, environment)}
    wrong = [] if found else ["there is no database"]
    return wrong + [f"{name} keeps {kept} days, not {days}" for name, kept in found.items() if kept != days]


def shorten_retention(account, environment):
    rds = account.client("rds", TOKYO)
    rds.modify_db_instance(DBInstanceIdentifier=f"{environment}-catalog", BackupRetentionPeriod=1, ApplyImmediately=True)


def backup_plan(account, environment):
    backup = account.client("backup", TOKYO)
    plans = backup.list_backup_plans()["BackupPlansList"]
    found = [plan["BackupPlanId"] for plan in plans if plan["BackupPlanName"] == f"{environment}-main"]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} backup plans are called {environment}-main")
    return found[0]


def copies_in_osaka(account, environment, _):
    backup, wrong = account.client("backup", TOKYO), []
    plan_id = backup_plan(account, environment)
    for rule in backup.get_backup_plan(BackupPlanId=plan_id)["BackupPlan"]["Rules"]:
        copies = {copy["DestinationBackupVaultArn"]: copy.get("Lifecycle", {}) for copy in rule.get("CopyActions", [])}
        osaka = {arn: lifecycle for arn, lifecycle in copies.items() if arn.split(":")[3] == OSAKA}
        if not osaka:
            wrong.append(f"rule {rule['RuleName']} makes no copy in Osaka")
        for arn, lifecycle in osaka.items():
            if lifecycle.get("DeleteAfterDays") != OSAKA_DAYS:
                wrong.append(f"the copy in {arn} has the lifecycle {lifecycle}")
            vault = account.client("backup", OSAKA).describe_backup_vault(BackupVaultName=arn.split(":")[-1])
            if not customer_key(account, OSAKA, vault["EncryptionKeyArn"]):
                wrong.append(f"{arn} has no customer-managed key of Osaka")
    selected = set()
    for member in backup.list_backup_selections(BackupPlanId=plan_id)["BackupSelectionsList"]:
        selection = backup.get_backup_selection(BackupPlanId=plan_id, SelectionId=member["SelectionId"])
        selected.update(selection["BackupSelection"]["Resources"])
    every = {database["DBInstanceArn"] for database in databases(account, environment)}
    return wrong + [f"{arn} is in no selection" for arn in sorted(every - selected)]


def stop_copying(account, environment):
    backup, plan_id = account.client("backup", TOKYO), backup_plan(account, environment)
    plan = backup.get_backup_plan(BackupPlanId=plan_id)["BackupPlan"]
    rules = [{key: value for key, value in rule.items() if key not in ("RuleId", "CopyActions")} for rule in plan["Rules"]]
    backup.update_backup_plan(BackupPlanId=plan_id, BackupPlan={"BackupPlanName": plan["BackupPlanName"], "Rules": rules})


def our_vpcs(account):
    """The network that tenants share, and that of every tenant with one of its own."""
    vpcs = account.client("ec2", TOKYO).describe_vpcs()["Vpcs"]
    return [vpc for vpc in vpcs if tags(vpc).get("tokaido:id", "").startswith("vpc.")]


def main_vpc(account):
    found = [vpc for vpc in our_vpcs(account) if tags(vpc)["tokaido:id"] == "vpc.main@tokyo"]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} VPCs claim to be vpc.main@tokyo")
    return found[0]


def tenants(account):
    """Tenant to the blocks of its subnets."""
    found = {}
    for subnet in account.client("ec2", TOKYO).describe_subnets()["Subnets"]:
        tenant = tags(subnet).get("tokaido:tenant")
        if tenant and tenant != "shared":
            found.setdefault(tenant, []).append(ipaddress.ip_network(subnet["CidrBlock"]))
    return found


def networks_are_apart(account):
    """A tenant's own VPC holds nothing of another tenant, no address of another network, and no way out."""
    ec2, wrong, blocks = account.client("ec2", TOKYO), [], {}
    for vpc in our_vpcs(account):
        owner, name = tags(vpc)["tokaido:tenant"], tags(vpc)["tokaido:id"]
        blocks[name] = ipaddress.ip_network(vpc["CidrBlock"])
        here = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
        groups = [group for group in ec2.describe_security_groups(Filters=here)["SecurityGroups"] if group["GroupName"] != "default"]
        for resource in ec2.describe_subnets(Filters=here)["Subnets"] + groups:
            found = tags(resource).get("tokaido:tenant")
            if owner != "shared" and found != owner:
                wrong.append(f"{name} of {owner} holds {resource.get('SubnetId') or resource['GroupName']} of {found}")
        for table in ec2.describe_route_tables(Filters=here)["RouteTables"]:
            wrong += [f"{name} has the route {route}" for route in table["Routes"] if route.get("GatewayId") != "local"]
    names = sorted(blocks)
    pairs = [(one, other) for index, one in enumerate(names) for other in names[index + 1 :]]
    wrong += [f"{one} and {other} overlap" for one, other in pairs if blocks[one].overlaps(blocks[other])]
    ours = {vpc["VpcId"] for vpc in our_vpcs(account)}
    for peering in ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]:
        # One that was deleted is still listed.
        over = peering["Status"]["Code"] == "deleted"
        if {peering["RequesterVpcInfo"]["VpcId"], peering["AccepterVpcInfo"]["VpcId"]} & ours and not over:
            wrong.append(f"{peering['VpcPeeringConnectionId']} connects a network of ours")
    for group in account.client("rds", TOKYO).describe_db_subnet_groups()["DBSubnetGroups"]:
        home = next((vpc for vpc in our_vpcs(account) if vpc["VpcId"] == group["VpcId"]), None)
        owner = home and tags(home)["tokaido:tenant"]
        if home and owner != "shared" and not group["DBSubnetGroupName"].endswith(f"-{owner}"):
            wrong.append(f"databases of {group['DBSubnetGroupName']} live in the network of {owner}")
    return wrong


def tenants_are_apart(account, environment, _):
    ec2, wrong = account.client("ec2", TOKYO), networks_are_apart(account)
    inside = [ipaddress.ip_network(vpc["CidrBlock"]) for vpc in our_vpcs(account)]
    groups = ec2.describe_security_groups()["SecurityGroups"]
    owner = {group["GroupId"]: tags(group).get("tokaido:tenant") for group in groups}
    blocks = tenants(account)
    if not blocks:
        wrong.append("there is no tenant")
    for group in groups:
        tenant = owner[group["GroupId"]]
        if tenant not in blocks:
            continue
        for rule in group["IpPermissions"]:
            for entry in rule["IpRanges"]:
                peer = ipaddress.ip_network(entry["CidrIp"], strict=False)
                own = any(peer.subnet_of(block) for block in blocks[tenant])
                if any(peer.overlaps(network) for network in inside) and not own:
                    wrong.append(f"{group['GroupName']} admits {peer}, which is not {tenant}'s")
            for pair in rule["UserIdGroupPairs"]:
                if owner.get(pair["GroupId"]) not in (tenant, "shared"):
                    wrong.append(f"{group['GroupName']} admits the group {pair['GroupId']} of {owner.get(pair['GroupId'])}")
    return wrong


def open_a_tenant(account, environment):
    """To another tenant where there is one, else to the whole network."""
    ec2 = account.client("ec2", TOKYO)
    others = [block for tenant, found in sorted(tenants(account).items()) if tenant != "acme" for block in found]
    peer = str(others[0]) if others else main_vpc(account)["CidrBlock"]
    groups = ec2.describe_security_groups()["SecurityGroups"]
    group = next(group["GroupId"] for group in groups if tags(group).get("tokaido:id") == "security-group.acme@tokyo")
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": peer}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])


def one_clock(account, environment, _):
    ec2, wrong = account.client("ec2", TOKYO), []
    vpcs = our_vpcs(account)
    for vpc in vpcs:
        name = tags(vpc)["tokaido:id"]
        if vpc["DhcpOptionsId"] == "default":
            wrong.append(f"{name} uses no option set")
            continue
        options = ec2.describe_dhcp_options(DhcpOptionsIds=[vpc["DhcpOptionsId"]])["DhcpOptions"][0]
        values = {entry["Key"]: [value["Value"] for value in entry["Values"]] for entry in options["DhcpConfigurations"]}
        if values.get("ntp-servers", []) != [TIME_SYNC]:
            wrong.append(f"ntp-servers of {name} is {values.get('ntp-servers')}")
    return wrong if vpcs else ["there is no VPC"]


def drop_the_clock(account, environment):
    account.client("ec2", TOKYO).associate_dhcp_options(VpcId=main_vpc(account)["VpcId"], DhcpOptionsId="default")


def records_are_protected(account, environment, _):
    """What S3 says is missing of the bucket, when one of its settings is gone."""
    try:
        wrong = [text for text, good in store.bucket(account, environment).items() if not good]
        s3, where = account.client("s3", TOKYO), {"Bucket": store.name(account, environment)}
        rules = s3.get_bucket_lifecycle_configuration(**where)["Rules"]
    except ClientError as error:
        return [error.response["Error"]["Code"]]
    return wrong + [f"{rule['ID']} lets records expire" for rule in rules if "Expiration" in rule]


def open_the_records(account, environment):
    account.client("s3", TOKYO).delete_public_access_block(Bucket=store.name(account, environment))


def permit_deletions(account, environment):
    s3, where = account.client("s3", TOKYO), {"Bucket": store.name(account, environment)}
    policy = json.loads(s3.get_bucket_policy(**where)["Policy"])
    policy["Statement"] = [statement for statement in policy["Statement"] if statement["Sid"] != "NothingIsDeleted"]
    s3.put_bucket_policy(Policy=json.dumps(policy), **where)


def let_records_expire(account, environment):
    s3, where = account.client("s3", TOKYO), {"Bucket": store.name(account, environment)}
    rules = s3.get_bucket_lifecycle_configuration(**where)["Rules"]
    rules.append({"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}})
    s3.put_bucket_lifecycle_configuration(LifecycleConfiguration={"Rules": rules}, **where)


PROMISES = {
    "encrypted and private": (encrypted_and_private, make_public),
    "point-in-time recovery": (recovery, shorten_retention),
    "copies in Osaka": (copies_in_osaka, stop_copying),
    "tenants are apart": (tenants_are_apart, open_a_tenant),
    "one clock": (one_clock, drop_the_clock),
    "records are private": (records_are_protected, open_the_records),
    "records stay": (records_are_protected, permit_deletions),
    "records do not expire": (records_are_protected, let_records_expire),
}
