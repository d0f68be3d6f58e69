"""Backup plans, selections and parameter groups that another hand made or changed: what they do to a promise is found, and what is
not ours stays as it is. Locks and policies of vaults: `mutations/plans.py`, and `suite/aws_foreign.rs` replays them."""

import json

from expected import APPLY, AUDIT, DRIFT, ENVIRONMENTS, EXIT_BROKEN, EXIT_DONE, EXIT_DRIFT, EXIT_UNKNOWN, OSAKA, PLAN, TOKYO
from product import unexpected
from promises import backup_plan

VIRGINIA = "us-east-1"

# The role that AWS's console makes for backups.
ROLE = "AWSBackupDefaultServiceRole"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
POLICIES = [f"arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor{what}" for what in ("Backup", "Restores")]


def verdicts(result, state):
    """The promises in this state, each with the members that are, and the text of the whole verdict."""
    found = {}
    for verdict in json.loads(result.stdout)["environments"][0]["verdicts"]:
        if verdict["state"] == state:
            members = {member["subject"] for member in verdict["population"] if member["state"] == state}
            found[verdict["promise"]] = (members, json.dumps(verdict))
    return found


def judged(suite, product, environment, what, exit_code, state, wanted):
    """An audit ends so, with exactly these promises in this state for exactly these members. Returns the verdicts' texts."""
    result = product.run(AUDIT)
    if not suite.check(f"{environment}: audit of {what} ends with {exit_code}", unexpected(result, exit_code)):
        return {}
    found = verdicts(result, state)
    members = {promise: members for promise, (members, _) in found.items()}
    suite.check(f"{environment}: exactly {', '.join(sorted(wanted)) or 'nothing'} is {state}", None if members == wanted else members)
    return {promise: text for promise, (_, text) in found.items()}


def vault(account, environment, region):
    return f"arn:aws:backup:{region}:{account.account}:backup-vault:{environment}-main"


def make_plan(account, environment, copies, selection):
    """A daily plan of another team, and what it selects."""
    backup = account.client("backup", TOKYO)
    rule = {
        "RuleName": "nightly",
        "TargetBackupVaultName": f"{environment}-main",
        "ScheduleExpression": "cron(0 5 ? * * *)",
        "Lifecycle": {"DeleteAfterDays": 35},
        "CopyActions": [{"DestinationBackupVaultArn": arn, "Lifecycle": {"DeleteAfterDays": 35}} for arn in copies],
    }
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "nightly", "Rules": [rule]})["BackupPlanId"]
    role = f"arn:aws:iam::{account.account}:role/service-role/{ROLE}"
    backup.create_backup_selection(BackupPlanId=plan, BackupSelection={"SelectionName": "all", "IamRoleArn": role, **selection})
    return plan


def drop_plan(account, plan):
    backup = account.client("backup", TOKYO)
    for selection in backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]:
        backup.delete_backup_selection(BackupPlanId=plan, SelectionId=selection["SelectionId"])
    backup.delete_backup_plan(BackupPlanId=plan)


def catalog(account, environment):
    rds = account.client("rds", TOKYO)
    return rds.describe_db_instances(DBInstanceIdentifier=f"{environment}-catalog")["DBInstances"][0]["DBInstanceArn"]


def elsewhere(suite, product, account, environment):
    """A2: another team's plan takes our database out of the two regions, or out of the account."""
    ours = catalog(account, environment)
    at_home = vault(account, environment, OSAKA)
    rows = [
        ("a plan that sends nothing elsewhere", [at_home], {"Resources": [ours]}, False),
        ("a plan that copies to Virginia", [at_home, vault(account, environment, VIRGINIA)], {"Resources": [ours]}, True),
        ("a plan that copies everything to Virginia", [vault(account, environment, VIRGINIA)], {"Resources": ["arn:aws:rds:*:*:db:*"]}, True),
        ("a plan that copies to another account", [f"arn:aws:backup:{OSAKA}:444444444444:backup-vault:theirs"], {"Resources": [ours]}, True),
    ]
    for what, copies, selection, away in rows:
        plan = make_plan(account, environment, copies, selection)
        wanted = {"data-residency": {f"{plan} (backup-plan@tokyo)"}} if away else {}
        judged(suite, product, environment, what, EXIT_BROKEN if away else EXIT_DONE, "broken", wanted)
        suite.check(f"{environment}: {what} is no drift", unexpected(product.run(DRIFT), EXIT_DONE))
        suite.check(f"{environment}: no plan undoes {what}", unexpected(product.run(PLAN), EXIT_DONE))
        drop_plan(account, plan)
    judged(suite, product, environment, "an account without that plan", EXIT_DONE, "broken", {})


def selection_of(account, environment):
    backup, plan = account.client("backup", TOKYO), backup_plan(account, environment)
    [member] = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    return plan, member["SelectionId"], backup.get_backup_selection(BackupPlanId=plan, SelectionId=member["SelectionId"])["BackupSelection"]


def left_out(suite, product, account, environment):
    """A5: our selection is replaced by hand with one that leaves a database out."""
    backup, ours = account.client("backup", TOKYO), catalog(account, environment)
    condition = {"ConditionKey": "aws:ResourceTag/tokaido:id", "ConditionValue": "db-instance.catalog@tokyo"}
    for what, more in [
        ("an exclusion by ARN", {"NotResources": [ours]}),
        ("an exclusion by wildcard", {"NotResources": ["arn:aws:rds:*:*:db:*-catalog"]}),
        ("a condition", {"Conditions": {"StringNotEquals": [condition]}}),
    ]:
        plan, selection, content = selection_of(account, environment)
        backup.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
        kept = {name: content[name] for name in ("SelectionName", "IamRoleArn", "Resources")}
        backup.create_backup_selection(BackupPlanId=plan, BackupSelection=kept | more)
        wanted = {"recovery-copies": {"db-instance.catalog@tokyo"}}
        judged(suite, product, environment, what, EXIT_BROKEN, "broken", wanted)
        result = product.run(DRIFT)
        if suite.check(f"{environment}: {what} is drift", unexpected(result, EXIT_DRIFT)):
            named = {entry["id"]: {diff["path"].split("[")[0] for diff in entry["diffs"]} for entry in json.loads(result.stdout)["drifted"]}
            suite.check(f"{environment}: of the selections alone", None if named == {"backup-plan.main@tokyo": {"selections"}} else named)
        suite.check(f"{environment}: apply takes it back", unexpected(product.run(APPLY), EXIT_DONE))
        _, _, after = selection_of(account, environment)
        left = {name: after[name] for name in ("NotResources", "Conditions") if after.get(name)}
        same = sorted(after["Resources"]) == sorted(kept["Resources"])
        suite.check(f"{environment}: boto3 sees no exclusion any more", None if same and not left else after)
    judged(suite, product, environment, "the repaired selection", EXIT_DONE, "broken", {})


def grown(suite, product, account, environment):
    """B14: a database that grew by hand, with a parameter group and a backup plan of its own."""
    rds = account.client("rds", TOKYO)
    ours = rds.describe_db_instances(DBInstanceIdentifier=f"{environment}-catalog")["DBInstances"][0]
    group = {"DBParameterGroupName": "grown-postgres16"}
    rds.create_db_parameter_group(DBParameterGroupFamily="postgres16", Description="by hand", **group)

    def force_ssl(value):
        parameter = {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}
        rds.modify_db_parameter_group(Parameters=[parameter], **group)

    force_ssl("1")
    rds.create_db_instance(
        DBInstanceIdentifier="grown",
        Engine="postgres",
        EngineVersion=ours["EngineVersion"],
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="postgres",
        MasterUserPassword="not-a-secret",
        StorageEncrypted=True,
        KmsKeyId=ours["KmsKeyId"],
        PubliclyAccessible=False,
        BackupRetentionPeriod=ENVIRONMENTS[environment]["retention"],
        DeletionProtection=True,
        Tags=[{"Key": "backup", "Value": "daily"}],
        **group,
    )
    member = {"grown (db-instance@tokyo)"}
    texts = judged(suite, product, environment, "a database without a plan", EXIT_BROKEN, "broken", {"recovery-copies": member})
    suite.check(f"{environment}: no plan selects it", None if "no backup plan selects it" in texts.get("recovery-copies", "") else texts)
    tag = {"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}
    arn = rds.describe_db_instances(DBInstanceIdentifier="grown")["DBInstances"][0]["DBInstanceArn"]
    plan = make_plan(account, environment, [vault(account, environment, OSAKA)], {"Resources": [arn]})
    texts = judged(suite, product, environment, "a plan without its role", EXIT_BROKEN, "broken", {"recovery-copies": member})
    suite.check(f"{environment}: the role is named", None if ROLE in texts.get("recovery-copies", "") else texts)
    iam = account.client("iam", TOKYO)
    iam.create_role(RoleName=ROLE, Path="/service-role/", AssumeRolePolicyDocument=json.dumps(TRUST))
    for policy in POLICIES:
        iam.attach_role_policy(RoleName=ROLE, PolicyArn=policy)
    judged(suite, product, environment, "a database that a plan selects by its ARN", EXIT_DONE, "unknown", {})
    drop_plan(account, plan)
    plan = make_plan(account, environment, [vault(account, environment, OSAKA)], {"ListOfTags": [tag]})
    what = "a database that a plan selects by a tag"
    texts = judged(suite, product, environment, what, EXIT_UNKNOWN, "unknown", {"recovery-copies": member})
    suite.check(f"{environment}: it is selected where RDS is opted in", None if "opted in" in texts.get("recovery-copies", "") else texts)
    drop_plan(account, plan)
    plan = make_plan(account, environment, [vault(account, environment, OSAKA)], {"Resources": [arn]})
    force_ssl("0")
    texts = judged(
        suite, product, environment, "a parameter group without TLS", EXIT_BROKEN, "broken",
        {"encryption-in-transit": member, "cryptographic-controls": member},
    )
    said = "rds.force_ssl is 0 in grown-postgres16" in texts.get("encryption-in-transit", "")
    suite.check(f"{environment}: the value of its own group is named", None if said else texts)
    suite.check(f"{environment}: nothing of it is drift", unexpected(product.run(DRIFT), EXIT_DONE))
    drop_plan(account, plan)
    rds.modify_db_instance(DBInstanceIdentifier="grown", DeletionProtection=False, ApplyImmediately=True)
    rds.delete_db_instance(DBInstanceIdentifier="grown", SkipFinalSnapshot=True)
    rds.delete_db_parameter_group(**group)
    for policy in POLICIES:
        iam.detach_role_policy(RoleName=ROLE, PolicyArn=policy)
    iam.delete_role(RoleName=ROLE)
    judged(suite, product, environment, "the account without it", EXIT_DONE, "broken", {})


def all_of_it(suite, product, account, environment):
    elsewhere(suite, product, account, environment)
    left_out(suite, product, account, environment)
    grown(suite, product, account, environment)
