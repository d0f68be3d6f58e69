"""Everything of an account that a deployment could change, as boto3 sees it: two looks are equal when nothing happened."""

import concurrent.futures
import hashlib
import json

from expected import OSAKA, TOKYO

# What an emulator answers anew each time it is asked.
MOVES = ("ResponseMetadata", "LatestRestorableTime")


def still(answer):
    if isinstance(answer, dict):
        return {name: still(value) for name, value in answer.items() if name not in MOVES}
    return [still(value) for value in answer] if isinstance(answer, list) else answer


def networks(account, region):
    ec2 = account.client("ec2", region)
    calls = ("vpcs", "subnets", "security_groups", "route_tables", "dhcp_options", "vpc_peering_connections")
    return [getattr(ec2, f"describe_{name}")() for name in calls]


def databases(account, region):
    rds = account.client("rds", region)
    groups = rds.describe_db_parameter_groups()
    names = [group["DBParameterGroupName"] for group in groups["DBParameterGroups"]]
    parameters = [rds.describe_db_parameters(DBParameterGroupName=name) for name in names]
    return [rds.describe_db_instances(), rds.describe_db_subnet_groups(), groups, parameters]


def keys(account, region):
    kms, found = account.client("kms", region), []
    for key in kms.list_keys()["Keys"]:
        where = {"KeyId": key["KeyId"]}
        found += [kms.describe_key(**where), kms.get_key_rotation_status(**where), kms.list_resource_tags(**where)]
    return [found, kms.list_aliases()]


def backups(account, region):
    backup = account.client("backup", region)
    plans = backup.list_backup_plans()
    found = [backup.list_backup_vaults(), plans]
    for plan in plans["BackupPlansList"]:
        where = {"BackupPlanId": plan["BackupPlanId"]}
        found += [backup.get_backup_plan(**where), backup.list_backup_selections(**where)]
    return found


def roles(account, region):
    iam, found = account.client("iam", region), []
    for role in iam.list_roles(PathPrefix="/tokaido/")["Roles"]:
        where = {"RoleName": role["RoleName"]}
        names = iam.list_role_policies(**where)["PolicyNames"]
        found += [iam.get_role(**where), iam.list_attached_role_policies(**where)]
        found += [iam.get_role_policy(PolicyName=name, **where) for name in names]
    return found


def buckets(account, region):
    """Every version of every object: not even a lease that was taken and given back goes unseen."""
    s3, found = account.client("s3", region), []
    for bucket in s3.list_buckets()["Buckets"]:
        where = {"Bucket": bucket["Name"]}
        found += [bucket, s3.list_object_versions(**where)]
        if bucket["Name"].startswith("tokaido-"):
            found += [s3.get_bucket_policy(**where), s3.get_public_access_block(**where), s3.get_bucket_tagging(**where)]
    return found


REGIONAL, GLOBAL = (networks, databases, keys, backups), (roles, buckets)


def look(accounts):
    """The state of these accounts, as digests with names that a person understands."""
    sights = [(see, account, region) for account in accounts for region in (TOKYO, OSAKA) for see in REGIONAL]
    sights += [(see, account, TOKYO) for account in accounts for see in GLOBAL]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        running = [(f"{see.__name__} of {account.account} in {region}", pool.submit(see, account, region)) for see, account, region in sights]
    return {name: digest(still(future.result())) for name, future in running}


def digest(answer):
    return hashlib.sha256(json.dumps(answer, sort_keys=True, default=str).encode()).hexdigest()


def files(folder):
    """What lies in the project; of what tokaido keeps for itself everything but copies of records."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.endswith(".lock") and not name.startswith(".tokaido/cache/"):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
