"""Whose is it? What was renamed, relabelled or lost a tag is found by the tags that are left; what AWS made is judged as well."""

import json
import shlex

from expected import APPLY, AUDIT, DRIFT, EXIT_BROKEN, EXIT_DONE, EXIT_DRIFT, OSAKA, PLAN, TOKYO, broken
from product import unexpected
from promises import main_vpc, tags

EVERYBODY = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


def report(result):
    return json.loads(result.stdout)


def plans(account, environment):
    backup = account.client("backup", TOKYO)
    found = backup.list_backup_plans()["BackupPlansList"]
    return {plan["BackupPlanId"]: plan["BackupPlanName"] for plan in found}


def renamed(suite, product, account, environment):
    """A backup plan under another name is the same plan: it gets its name back, and no second one runs beside it."""
    backup, before = account.client("backup", TOKYO), plans(account, environment)
    [plan] = [plan for plan, name in before.items() if name == f"{environment}-main"]
    whole = backup.get_backup_plan(BackupPlanId=plan)["BackupPlan"]
    rules = [{key: value for key, value in rule.items() if key != "RuleId"} for rule in whole["Rules"]]
    backup.update_backup_plan(BackupPlanId=plan, BackupPlan={"BackupPlanName": "nightly", "Rules": rules})
    result = product.run(DRIFT)
    if suite.check(f"{environment}: drift sees a renamed backup plan", unexpected(result, EXIT_DRIFT)):
        found = report(result)
        named = [(note["id"], [diff["path"] for diff in note["diffs"]]) for note in found["drifted"]]
        wrong = named != [("backup-plan.main@tokyo", ["name"])] or found["missing"]
        suite.check(f"{environment}: it is named as renamed, not as missing", (named, found["missing"]) if wrong else None)
    suite.check(f"{environment}: apply gives it its name back", unexpected(product.run(APPLY), EXIT_DONE))
    after = plans(account, environment)
    suite.check(f"{environment}: it is the same plan, and the only one", None if after == before else f"{after}, not {before}")


def arguments(command):
    """The options of a command of the AWS CLI, as a shell splits it."""
    words = shlex.split(command)
    return words[:3], dict(zip(words[3::2], words[4::2]))


# What loses a tag, how boto3 takes it away, and how boto3 sends what the printed command says.
def network(account, environment):
    vpc = main_vpc(account)["VpcId"]
    ec2 = account.client("ec2", TOKYO)
    return (
        "vpc.main@tokyo",
        lambda key: ec2.delete_tags(Resources=[vpc], Tags=[{"Key": key}]),
        lambda given: ec2.create_tags(Resources=[given["--resources"]], Tags=json.loads(given["--tags"])),
    )


def database(account, environment):
    rds = account.client("rds", TOKYO)
    arn = rds.describe_db_instances(DBInstanceIdentifier=f"{environment}-catalog")["DBInstances"][0]["DBInstanceArn"]
    return (
        "db-instance.catalog@tokyo",
        lambda key: rds.remove_tags_from_resource(ResourceName=arn, TagKeys=[key]),
        lambda given: rds.add_tags_to_resource(ResourceName=given["--resource-name"], Tags=json.loads(given["--tags"])),
    )


def key(account, environment):
    kms = account.client("kms", TOKYO)
    [alias] = [alias for alias in kms.list_aliases()["Aliases"] if alias["AliasName"] == f"alias/{environment}-main"]
    return (
        "kms-key.main@tokyo",
        lambda name: kms.untag_resource(KeyId=alias["TargetKeyId"], TagKeys=[name]),
        lambda given: kms.tag_resource(KeyId=given["--key-id"], Tags=json.loads(given["--tags"])),
    )


def vault(account, environment):
    backup = account.client("backup", OSAKA)
    found = backup.list_backup_vaults()["BackupVaultList"]
    [arn] = [vault["BackupVaultArn"] for vault in found if vault["BackupVaultName"] == f"{environment}-main"]
    return (
        "backup-vault.main@osaka",
        lambda name: backup.untag_resource(ResourceArn=arn, TagKeyList=[name]),
        lambda given: backup.tag_resource(ResourceArn=given["--resource-arn"], Tags=json.loads(given["--tags"])),
    )


def role(account, environment):
    iam = account.client("iam", TOKYO)
    roles = sorted(role["RoleName"] for role in iam.list_roles(PathPrefix="/tokaido/")["Roles"])
    name = next(role for role in roles if role.startswith(f"{environment}-"))
    own = {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=name)["Tags"]}
    return (
        own["tokaido:id"],
        lambda key: iam.untag_role(RoleName=name, TagKeys=[key]),
        lambda given: iam.tag_role(RoleName=given["--role-name"], Tags=json.loads(given["--tags"])),
    )


def unlabelled(suite, product, account, environment):
    """One tag of four is lost. Plan makes nothing, drift says which, and the command that it prints heals it."""
    for which in (network, database, key, vault, role):
        resource, take_away, send = which(account, environment)
        take_away("tokaido:id")
        result = product.run([*(word for word in PLAN if word != "--detailed-exitcode"), "--format", "json"])
        if suite.check(f"{environment}: {resource} without its id is planned", None if result.stdout.startswith("{") else unexpected(result, EXIT_DONE)):
            body = report(result)["body"]
            made = [change["id"] for change in body["changes"] if change["action"] == "create"]
            suite.check(f"{environment}: nothing is made in its place", made or None)
            said = [blocked["reason"]["en"] for blocked in body["blocked"] if blocked["id"] == resource]
            lacks = f"tokaido:environment={environment}" in "".join(said) and f"not tokaido:id={resource}" in "".join(said)
            suite.check(f"{environment}: the refusal names the tags that are left", None if lacks else said)
        result = product.run(DRIFT)
        missing = {entry["id"]: entry.get("mislabelled") for entry in report(result)["missing"]} if result.stdout else {}
        found = missing.get(resource)
        if suite.check(f"{environment}: drift names what may be it", None if found else (result.returncode, missing)):
            _, given = arguments(found["command"])
            send(given)
        suite.check(f"{environment}: the printed command heals {resource}", unexpected(product.run(DRIFT), EXIT_DONE))


def default_group(suite, product, account, environment):
    """The group that AWS made with our network admits everybody: no listing of ours has it, and the audit does."""
    ec2, vpc = account.client("ec2", TOKYO), main_vpc(account)["VpcId"]
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    [group] = [found["GroupId"] for found in ec2.describe_security_groups(Filters=filters)["SecurityGroups"]]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=EVERYBODY)
    result = product.run(AUDIT)
    if suite.check(f"{environment}: an open default group breaks promises", unexpected(result, EXIT_BROKEN)):
        verdicts = report(result)["environments"][0]["verdicts"]
        named = {verdict["promise"] for verdict in verdicts if verdict["state"] == "broken"}
        subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
        here = sorted({tags(subnet).get("tokaido:tenant", "shared") for subnet in subnets} - {"shared"})
        # Hosts of two tenants that are started without a group reach each other; one tenant reaches nobody.
        met = {f"tenant {tenant}" for tenant in here} if len(here) > 1 else set()
        wanted = {"tenant-ingress"} | ({"tenant-isolation", "virtual-separation"} if met else set())
        suite.check(f"{environment}: exactly {', '.join(sorted(wanted))}", None if named == wanted else named)
        members = {member["subject"] for verdict in verdicts for member in verdict["population"] if member["state"] == "broken"}
        suite.check(f"{environment}: and nothing but that group and whom it joins", None if members == {f"{group} (security-group@tokyo)"} | met else members)
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=EVERYBODY)
    suite.check(f"{environment}: closed again, every promise is kept", unexpected(product.run(AUDIT), EXIT_DONE))


def all_of_it(suite, product, account, environment):
    renamed(suite, product, account, environment)
    unlabelled(suite, product, account, environment)
    default_group(suite, product, account, environment)
