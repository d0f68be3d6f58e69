"""Backup vaults and plans: rules, copies and selections, each added, changed and removed; locks and policies of vaults."""

import copy
import json

from core import Done, mutates
from expected import OSAKA, TOKYO

PARTNER = "444444444444"


def vault_anew(world, vault, name=None, key=None):
    backup = world.client("backup", vault.region)
    labels = backup.list_tags(ResourceArn=vault.found["BackupVaultArn"])["Tags"]

    def replace(gone, name, key):
        backup.delete_backup_vault(BackupVaultName=gone)
        backup.create_backup_vault(BackupVaultName=name, EncryptionKeyArn=key, BackupVaultTags=labels)

    before = (vault.name, vault.found["EncryptionKeyArn"])
    after = (name or before[0], key or before[1])
    replace(vault.name, *after)
    return lambda: replace(after[0], *before)


@mutates("backup-vault", "name", "made anew", by_hand=True, alone=True)
def name(world, rng, vault):
    """The plan still names the old one, which is not there any more."""
    other = f"by-hand-{rng.randrange(10**6)}"
    undo = vault_anew(world, vault, name=other)
    return Done(f"{vault.name} → {other}", {}, undo, missing=(vault.id,), copies={vault.id: other})


@mutates("backup-vault", "kms_key", "made anew", by_hand=True)
def key(world, rng, vault):
    kms, rotated = world.client("kms", vault.region), rng.choice([True, False])
    made = kms.create_key(Description="theirs")["KeyMetadata"]
    if rotated:
        kms.enable_key_rotation(KeyId=made["KeyId"])
    back = vault_anew(world, vault, key=made["Arn"])

    def undo():
        back()
        kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)

    return Done(f"→ a key of another team, rotated: {rotated}", {vault.id: {"kms_key"}}, undo, {"rotated": rotated})


@mutates("backup-vault", "lock", "set", by_hand=True)
def lock(world, rng, vault):
    backup = world.client("backup", vault.region)
    limits = rng.choice([{"MinRetentionDays": 30}, {"MaxRetentionDays": 7}, {"MinRetentionDays": 1, "MaxRetentionDays": 400}, {"MinRetentionDays": 8}])
    backup.put_backup_vault_lock_configuration(BackupVaultName=vault.name, **limits)
    undo = lambda: backup.delete_backup_vault_lock_configuration(BackupVaultName=vault.name)  # noqa: E731
    return Done(f"{limits}", {}, undo, {"least": limits.get("MinRetentionDays", 1), "most": limits.get("MaxRetentionDays", 10**6)})


@mutates("backup-vault", "policy", "set", by_hand=True)
def policy(world, rng, vault):
    backup = world.client("backup", vault.region)
    what = rng.choice(["shared", "copies denied", "deletion denied"])
    statement = {
        "shared": {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PARTNER}:root"}, "Action": "backup:CopyFromBackupVault"},
        "copies denied": {"Effect": "Deny", "Principal": "*", "Action": "backup:CopyIntoBackupVault"},
        "deletion denied": {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint"},
    }[what]
    document = {"Version": "2012-10-17", "Statement": [{"Sid": "ByHand", "Resource": "*", **statement}]}
    backup.put_backup_vault_access_policy(BackupVaultName=vault.name, Policy=json.dumps(document))
    undo = lambda: backup.delete_backup_vault_access_policy(BackupVaultName=vault.name)  # noqa: E731
    return Done(what, {}, undo, {"what": what})


def with_plan(world, plan, change, words, paths, **facts):
    backup = world.client("backup", TOKYO)
    whole = backup.get_backup_plan(BackupPlanId=plan.name)["BackupPlan"]
    before = {"BackupPlanName": whole["BackupPlanName"], "Rules": [{key: value for key, value in rule.items() if key != "RuleId"} for rule in whole["Rules"]]}
    after = copy.deepcopy(before)
    change(after)
    put = lambda to: backup.update_backup_plan(BackupPlanId=plan.name, BackupPlan=to)  # noqa: E731
    put(after)
    return Done(words, {plan.id: set(paths)} if paths else {}, lambda: put(before), facts)


@mutates("backup-plan", "name", "renamed")
def renamed(world, rng, plan):
    return with_plan(world, plan, lambda one: one.update(BackupPlanName="nightly"), "→ nightly", ["name"], daily=True)


@mutates("backup-plan", "rules", "added")
def rule_added(world, rng, plan):
    kept = rng.choice([1, 8, 35])
    rule = {"RuleName": "weekly", "TargetBackupVaultName": "dev-main", "ScheduleExpression": "cron(0 6 ? * MON *)", "Lifecycle": {"DeleteAfterDays": kept}}
    return with_plan(world, plan, lambda one: one["Rules"].append(rule), f"+ weekly, {kept} days", ["rules[weekly]"], daily=True)


RULE = {
    "schedule": ("ScheduleExpression", ["cron(0 3 ? * MON *)", "cron(30 3 ? * * *)", "cron(0 3 1 * ? *)"]),
    "timezone": ("ScheduleExpressionTimezone", ["UTC", "Asia/Seoul"]),
    "start_window_minutes": ("StartWindowMinutes", [120, 480]),
    "completion_window_minutes": ("CompletionWindowMinutes", [1440, 10080]),
    "delete_after_days": ("Lifecycle", [{"DeleteAfterDays": days} for days in (1, 7, 9, 35)]),
    "continuous": ("EnableContinuousBackup", [True]),
}


@mutates("backup-plan", "rules", "changed")
def rule_changed(world, rng, plan):
    field, (member, values) = rng.choice(sorted(RULE.items()))
    value = rng.choice(values)
    daily = field != "schedule" or value.endswith("? * * *)")
    return with_plan(world, plan, lambda one: one["Rules"][0].update({member: value}), f"{field} → {value}", [f"rules[daily].{field}"], daily=daily)


@mutates("backup-plan", "rules", "replaced")
def rule_replaced(world, rng, plan):
    """A rule under another name is another rule, and its copies are other copies."""
    paths = ["rules[daily]", "rules[nightly]", "copies[daily backup-vault.main@osaka]", "copies[nightly backup-vault.main@osaka]"]
    return with_plan(world, plan, lambda one: one["Rules"][0].update(RuleName="nightly"), "daily → nightly", paths, daily=True)


@mutates("backup-plan", "rules", "removed")
def rule_removed(world, rng, plan):
    """The last rule cannot go; the daily one goes and a weekly one without copies stays."""
    rule = {"RuleName": "weekly", "TargetBackupVaultName": "dev-main", "ScheduleExpression": "cron(0 6 ? * MON *)", "Lifecycle": {"DeleteAfterDays": 8}}
    paths = ["rules[daily]", "rules[weekly]", "copies[daily backup-vault.main@osaka]"]
    return with_plan(world, plan, lambda one: one.update(Rules=[rule]), "daily → weekly without copies", paths, daily=False)


@mutates("backup-plan", "copies", "added")
def copy_added(world, rng, plan):
    region = rng.choice([TOKYO, OSAKA, "us-east-1"])
    arn = f"arn:aws:backup:{region}:{world.number}:backup-vault:by-hand"
    if region != "us-east-1":
        arn = f"arn:aws:backup:{OSAKA}:{PARTNER}:backup-vault:theirs" if region == OSAKA else f"arn:aws:backup:{TOKYO}:{world.number}:backup-vault:by-hand"
    action = {"DestinationBackupVaultArn": arn, "Lifecycle": {"DeleteAfterDays": 8}}
    change = lambda one: one["Rules"][0]["CopyActions"].append(action)  # noqa: E731
    away = PARTNER in arn or "us-east-1" in arn
    return with_plan(world, plan, change, f"+ {arn}", [f"copies[daily {arn}]"], daily=True, away=away)


@mutates("backup-plan", "copies", "changed")
def copy_changed(world, rng, plan):
    days = rng.choice([1, 6, 7, 9, 35, None])
    lifecycle = {"DeleteAfterDays": days} if days else {}
    change = lambda one: one["Rules"][0]["CopyActions"][0].update(Lifecycle=lifecycle)  # noqa: E731
    path = "copies[daily backup-vault.main@osaka].delete_after_days"
    return with_plan(world, plan, change, f"8 → {days}", [path], daily=True, days=days)


@mutates("backup-plan", "copies", "removed")
def copy_removed(world, rng, plan):
    change = lambda one: one["Rules"][0].update(CopyActions=[])  # noqa: E731
    return with_plan(world, plan, change, "- Osaka", ["copies[daily backup-vault.main@osaka]"], daily=False)


def selection_of(world, plan):
    backup = world.client("backup", TOKYO)
    [member] = backup.list_backup_selections(BackupPlanId=plan.name)["BackupSelectionsList"]
    found = backup.get_backup_selection(BackupPlanId=plan.name, SelectionId=member["SelectionId"])["BackupSelection"]
    return backup, member["SelectionId"], {key: value for key, value in found.items() if value}


def with_selection(world, plan, change, words, paths, **facts):
    """A selection cannot be changed: it goes, and another comes."""
    backup, old, before = selection_of(world, plan)
    after = copy.deepcopy(before)
    change(after)
    backup.delete_backup_selection(BackupPlanId=plan.name, SelectionId=old)
    new = backup.create_backup_selection(BackupPlanId=plan.name, BackupSelection=after)["SelectionId"]

    def undo():
        backup.delete_backup_selection(BackupPlanId=plan.name, SelectionId=new)
        backup.create_backup_selection(BackupPlanId=plan.name, BackupSelection=before)

    return Done(words, {plan.id: set(paths)}, undo, facts)


@mutates("backup-plan", "selections", "added")
def selection_added(world, rng, plan):
    backup, _, before = selection_of(world, plan)
    arns = ["arn:aws:dynamodb:ap-northeast-1:111111111111:table/orders"]
    form = {"SelectionName": "by-hand", "IamRoleArn": before["IamRoleArn"], "Resources": arns}
    made = backup.create_backup_selection(BackupPlanId=plan.name, BackupSelection=form)["SelectionId"]
    undo = lambda: backup.delete_backup_selection(BackupPlanId=plan.name, SelectionId=made)  # noqa: E731
    return Done("+ by-hand", {plan.id: {"selections[by-hand]"}}, undo)


def database_of(arn):
    return f"db-instance.{arn.split(':')[-1].removeprefix('dev-')}@tokyo"


@mutates("backup-plan", "selections", "changed: one database less")
@mutates("backup-plan", "selections", "changed: one database excluded")
@mutates("backup-plan", "selections", "changed: a condition")
@mutates("backup-plan", "selections", "changed: the role")
def selection_changed(world, rng, plan, label):
    _, _, before = selection_of(world, plan)
    what, arn, one = label.split(": ")[1], rng.choice(sorted(before["Resources"])), "selections[databases-1]"
    left_out = [database_of(arn)]
    if what == "one database less":
        change = lambda all: all["Resources"].remove(arn)  # noqa: E731
        path = f"{one}.resources[{database_of(arn)}]"
    elif what == "one database excluded":
        change = lambda all: all.update(NotResources=[arn])  # noqa: E731
        path = f"{one}.not_resources"
    elif what == "a condition":
        test = {"ConditionKey": "aws:ResourceTag/tokaido:id", "ConditionValue": database_of(arn)}
        change = lambda all: all.update(Conditions={"StringNotEquals": [test]})  # noqa: E731
        path = f"{one}.conditions"
    else:
        change = lambda all: all.update(IamRoleArn=f"arn:aws:iam::{world.number}:role/by-hand")  # noqa: E731
        path, left_out = f"{one}.role", [database_of(each) for each in before["Resources"]]
    return with_selection(world, plan, change, f"{what}: {arn}", [path], left_out=left_out)


@mutates("backup-plan", "selections", "removed")
def selection_removed(world, rng, plan):
    backup, old, before = selection_of(world, plan)
    backup.delete_backup_selection(BackupPlanId=plan.name, SelectionId=old)
    undo = lambda: backup.create_backup_selection(BackupPlanId=plan.name, BackupSelection=before)  # noqa: E731
    return Done("- databases-1", {plan.id: {"selections[databases-1]"}}, undo, {"left_out": [database_of(each) for each in before["Resources"]]})
