"""What is not ours, one object of each kind: its attributes are mutated in the same ways. Drift and plan never say a word about it, and
only verdicts about everybody's data move."""

import json

import look
from core import CELLS
from expected import APPLY, EXIT_DONE, PLAN, TOKYO
from product import unexpected
from world import LISTS, Ours

# Ways that need what only ours have: an id that others name, or a network with room for it.
OWN = {
    ("kms-key", "regions"), ("iam-role", "name"), ("subnet", "cidr"), ("subnet", "vpc"), ("subnet", "zone"), ("subnet", "ipv6_blocks"),
    ("subnet", "ipv6_addresses"), ("security-group", "vpc"), ("security-group", "name"), ("db-subnet-group", "name"),
    ("db-subnet-group", "subnets"), ("db-parameter-group", "name"), ("db-instance", "name"), ("db-instance", "vpc"),
    ("db-instance", "security_groups"), ("db-instance", "subnet_group"), ("db-instance", "kms_key"), ("db-instance", "allocated_storage"),
    ("backup-vault", "name"), ("dhcp-options", "domain_name_servers"), ("dhcp-options", "ntp_servers"), ("bucket", "object_lock"),
    ("bucket", "default_retention"), ("bucket", "policy"), ("bucket", "lifecycle"), ("bucket", "versioning"),
}
# Ways of an attribute that need what theirs has not.
WAYS = {("iam-role", "inline_policies", "changed"), ("iam-role", "inline_policies", "removed")}

NAME = "theirs"
AT_ONCE = 5
# Kinds by which the same member is judged are changed one after the other.
BESIDE = {"kms-key": ("backup-vault", "db-instance"), "backup-vault": ("kms-key",), "db-instance": ("kms-key", "db-parameter-group"), "db-parameter-group": ("db-instance",)}


def made(world):
    """One object of each kind, as another team makes it, and how all of it goes away."""
    ec2, rds, kms, iam = (world.client(service) for service in ("ec2", "rds", "kms", "iam"))
    backup, s3 = world.client("backup"), world.client("s3")
    key = kms.create_key(Description=NAME)["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key)
    kms.create_alias(AliasName=f"alias/{NAME}", TargetKeyId=key)
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    trust = {"Version": "2012-10-17", "Statement": [{"Sid": "Theirs", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{world.number}:root"}, "Action": "sts:AssumeRole"}]}
    iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(trust), Description=NAME)
    ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["10.0.0.2"]}])
    vpc = ec2.create_vpc(CidrBlock="172.16.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"172.16.{number}.0/24", AvailabilityZone=f"{TOKYO}{zone}")["Subnet"]["SubnetId"] for number, zone in enumerate("ac")]
    group = ec2.create_security_group(GroupName=NAME, Description=NAME, VpcId=vpc)["GroupId"]
    rds.create_db_subnet_group(DBSubnetGroupName=NAME, DBSubnetGroupDescription=NAME, SubnetIds=subnets)
    rds.create_db_parameter_group(DBParameterGroupName=NAME, DBParameterGroupFamily="postgres16", Description=NAME)
    values = {"rds.force_ssl": "1", "timezone": "UTC", "log_timezone": "UTC"}
    form = [{"ParameterName": name, "ParameterValue": value, "ApplyMethod": "immediate"} for name, value in values.items()]
    rds.modify_db_parameter_group(DBParameterGroupName=NAME, Parameters=form)
    rds.create_db_instance(
        DBInstanceIdentifier=NAME, Engine="postgres", EngineVersion="16.6", DBInstanceClass="db.t4g.micro", AllocatedStorage=400,
        MaxAllocatedStorage=1000, StorageType="gp3", Iops=12000, StorageThroughput=500, StorageEncrypted=True, KmsKeyId=arn, MultiAZ=False,
        PubliclyAccessible=False, DeletionProtection=True, BackupRetentionPeriod=7, PreferredBackupWindow="15:00-15:30",
        PreferredMaintenanceWindow="sat:21:00-sat:21:30", AutoMinorVersionUpgrade=True, CopyTagsToSnapshot=True, MasterUsername="owner",
        ManageMasterUserPassword=True, CACertificateIdentifier="rds-ca-rsa2048-g1", DBSubnetGroupName=NAME, VpcSecurityGroupIds=[group],
        DBParameterGroupName=NAME, EnableCloudwatchLogsExports=["postgresql", "upgrade"], Port=5432,
    )  # fmt: skip
    backup.create_backup_vault(BackupVaultName=NAME, EncryptionKeyArn=arn)
    rule = {
        "RuleName": "daily", "TargetBackupVaultName": NAME, "ScheduleExpression": "cron(0 5 ? * * *)", "ScheduleExpressionTimezone": "UTC",
        "Lifecycle": {"DeleteAfterDays": 8},
        "CopyActions": [{"DestinationBackupVaultArn": f"arn:aws:backup:ap-northeast-3:{world.number}:backup-vault:dev-main", "Lifecycle": {"DeleteAfterDays": 8}}],
    }  # fmt: skip
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": NAME, "Rules": [rule]})["BackupPlanId"]
    role = f"arn:aws:iam::{world.number}:role/{NAME}"
    table = f"arn:aws:dynamodb:{TOKYO}:{world.number}:table/theirs"
    backup.create_backup_selection(BackupPlanId=plan, BackupSelection={"SelectionName": "databases-1", "IamRoleArn": role, "Resources": [table]})
    bucket = f"{NAME}-{world.number}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": TOKYO})
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]})
    walls = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=walls)
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})


IDENTIFIED = {
    "dhcp-options": lambda one: one["DhcpConfigurations"][0]["Values"][0]["Value"] == "10.0.0.2",
    "vpc": lambda one: one["CidrBlock"] == "172.16.0.0/16",
    "subnet": lambda one: one["CidrBlock"] == "172.16.0.0/24",
    "security-group": lambda one: one["GroupName"] == NAME,
}


def theirs(world, kind):
    """The object as it is now; one that is made anew has another name."""
    for _, name, found in LISTS[kind](world, TOKYO):
        mine = IDENTIFIED.get(kind, lambda one: NAME in (name, one.get("Description"), one.get("BackupPlanName")) or name.startswith(f"{NAME}-"))
        if mine(found):
            return Ours(f"{kind}.theirs@tokyo", TOKYO, name, found)
    raise AssertionError(f"the {kind} of another team is gone")


KEYS = ("encryption-at-rest", "cryptographic-controls")
TLS = ("encryption-in-transit", "cryptographic-controls")


def key_rotation(one, facts):
    return KEYS if facts["days"] is None or facts["days"] > 366 else ()


def parameters(one, facts):
    return TLS if facts.get("rds.force_ssl", "1") != "1" else ()


def vault_key(one, facts):
    return () if facts["rotated"] else KEYS


# What is everybody's: data that is encrypted, in its place, and recoverable. Each row names the promises and whose member breaks.
CONCERNED = {
    # A key of others is judged by what it encrypts: their database and their vault.
    ("kms-key", "enabled"): (("db-instance", "backup-vault"), lambda one, facts: KEYS),
    ("kms-key", "rotation_days"): (("db-instance", "backup-vault"), key_rotation),
    ("kms-key", "policy"): (("db-instance", "backup-vault"), lambda one, facts: KEYS if facts.get("opened") else ()),
    ("db-instance", "publicly_accessible"): (("db-instance",), lambda one, facts: TLS),
    ("db-instance", "deletion_protection"): (("db-instance",), lambda one, facts: ("point-in-time-recovery",)),
    ("db-instance", "backup_retention_days"): (("db-instance",), lambda one, facts: ("point-in-time-recovery",) if facts["value"] < 7 else ()),
    ("db-parameter-group", "parameters"): (("db-instance",), parameters),
    # Data is kept in Tokyo and Osaka and in this account, whoever sends it (clause 2); their plan has a selection.
    ("backup-plan", "copies"): (("backup-plan",), lambda one, facts: ("data-residency",) if facts.get("away") else ()),
    ("backup-vault", "kms_key"): (("backup-vault",), vault_key),
    ("backup-vault", "policy"): (("backup-vault",), lambda one, facts: ("data-residency",) if facts["what"] == "shared" else ()),
}


def used_group(one, facts):
    return TLS if facts.get("unread") or facts["values"]["rds.force_ssl"] == "0" else ()


def elsewhere(one, facts):
    return () if "ap-northeast-" in facts["other"] else ("data-residency",)


def replica(one, facts):
    """Its source, by which its backups and copies are judged, is in no list."""
    return dict.fromkeys(elsewhere(one, facts), "broken") | {"point-in-time-recovery": "unknown", "recovery-copies": "unknown"}


DATABASE = ("db-instance",)
CONCERNED |= {
    ("kms-key", "origin"): (("db-instance", "backup-vault"), lambda one, facts: KEYS),
    ("db-instance", "storage_encrypted"): (DATABASE, lambda one, facts: KEYS),
    ("db-instance", "engine"): (DATABASE, lambda one, facts: TLS),
    # Everything of a member is judged by its cluster, which no list shows.
    ("db-instance", "cluster"): (DATABASE, lambda one, facts: {*KEYS, *TLS, "point-in-time-recovery", "recovery-copies"}),
    ("db-instance", "parameter_group"): (DATABASE, used_group),
    ("db-instance", "replica_of"): (DATABASE, replica),
    ("db-instance", "replicas"): (DATABASE, elsewhere),
}
# What is not read leaves a promise unknown: imported material, RDS's own groups, the group of a cluster.
UNREAD = {("kms-key", "origin"), ("db-instance", "engine"), ("db-instance", "cluster")}


def member(world, kind):
    return f"{theirs(world, kind).name} ({kind}@tokyo)"


def chosen(rng, everything):
    """Of each attribute of each kind one way, or all of them."""
    cells = list(CELLS.items())
    rng.shuffle(cells)
    for (kind, attribute), mutations in cells:
        if (kind, attribute) in OWN or attribute == "tags":
            continue
        fit = [one for one in mutations if one.objects(f"{kind}.theirs@tokyo") and (kind, attribute, one.label) not in WAYS]
        yield from fit if everything or not fit else [rng.choice(fit)]


def all_of_it(suite, rng, world, product, counted, arguments):
    print("what is not ours:")
    made(world)
    before, why = look.verdicts(product)
    alone = {"recovery-copies": {member(world, "db-instance"): "broken"}}
    suite.check("a database of another team without copies is named, and nothing else of theirs", None if before == alone else (before, why))
    suite.check("nothing of theirs is drift", look.drift(product) != look.nothing() and look.drift(product))
    suite.check("the plan stays empty", unexpected(product.run(PLAN), EXIT_DONE))
    left = [one for one in chosen(rng, arguments.all) if arguments.only in f"{one.kind}.{one.attribute}"]
    counted["foreign"] += len(left)
    while left:
        together = []
        for mutation in list(left):
            if len(together) < AT_ONCE and not {mutation.kind, *BESIDE.get(mutation.kind, ())} & {one.kind for one in together}:
                together.append(mutation)
                left.remove(mutation)
        strange(suite, rng, world, product, together, alone)
    suite.check("after all of it the plan is empty", unexpected(product.run(PLAN), EXIT_DONE))
    suite.check("an apply has nothing to do", unexpected(product.run(APPLY), EXIT_DONE))


def strange(suite, rng, world, product, together, alone):
    done, moved, words = [], {promise: dict(members) for promise, members in alone.items()}, []
    for mutation in together:
        made = mutation.act(world, rng, theirs(world, mutation.kind))
        done.append(made)
        whose, promises = CONCERNED.get((mutation.kind, mutation.attribute), ((), lambda one, facts: ()))
        concerned = promises(None, made.facts)
        state = "unknown" if (mutation.kind, mutation.attribute) in UNREAD or made.facts.get("unread") else "broken"
        for promise in concerned:
            subjects = [member(world, kind) for kind in whose] + made.facts.get("snapshots", [])
            moved.setdefault(promise, {}).update(dict.fromkeys(subjects, concerned[promise] if isinstance(concerned, dict) else state))
        words.append(f"{mutation.kind}.{mutation.attribute} ({mutation.label}): {made.words} → {', '.join(sorted(concerned)) or 'no verdict'}")
    found, verdicts, why = look.both(product)
    wrong = found != look.nothing() and found
    suite.check(f"{len(together)} of another team are no drift", wrong)
    suite.check(f"and move exactly what concerns them: {'; '.join(words)}", verdicts != moved and (verdicts, moved, why))
    for made in reversed(done):
        made.undo()
