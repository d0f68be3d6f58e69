"""Databases. What RDS fixes at creation is made anew under the same name and tags."""

from core import Done, because, mutates
from expected import TOKYO
from promises import tags

because("db-instance", "engine_lifecycle_support", "written at creation and never read back: no program can see a change of it, RDS itself asks for a new database")

# What `ModifyDBInstance` changes: attribute, member of the answer, member of the call, and other legal values.
IN_PLACE = {
    "class": ("DBInstanceClass", ["db.t4g.small", "db.t4g.medium", "db.m7g.large"]),
    "storage_type": ("StorageType", ["gp2", "io1", "io2"]),
    "multi_az": ("MultiAZ", [True]),
    "publicly_accessible": ("PubliclyAccessible", [True]),
    "deletion_protection": ("DeletionProtection", [False]),
    "backup_retention_days": ("BackupRetentionPeriod", [0, 1, 6, 8, 35]),
    "backup_window": ("PreferredBackupWindow", ["12:00-12:30", "08:15-09:00"]),
    "maintenance_window": ("PreferredMaintenanceWindow", ["mon:10:00-mon:10:30", "thu:07:00-thu:08:00"]),
    "auto_minor_version_upgrade": ("AutoMinorVersionUpgrade", [False]),
    "copy_tags_to_snapshot": ("CopyTagsToSnapshot", [False]),
    "ca_certificate": ("CACertificateIdentifier", ["rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"]),
    "engine_version": ("EngineVersion", ["15.4", "16.6", "17.2"]),
}
# Values that are more than declared, which is accepted: the least is declared.
ACCEPTED = {("engine_version", "16.6")}


def modify(world, database, **values):
    world.client("rds", database.region).modify_db_instance(DBInstanceIdentifier=database.name, ApplyImmediately=True, **values)


def in_place(attribute, member, values):
    # RDS has no way back to an older version.
    @mutates("db-instance", attribute, by_hand=attribute == "engine_version")
    def act(world, rng, database):
        value, before = rng.choice(values), database.found[member]
        modify(world, database, **{member: value})
        named = {} if (attribute, value) in ACCEPTED else {database.id: {attribute}}
        return Done(f"{before} → {value}", named, lambda: modify(world, database, **{member: before}), {"value": value})


for attribute, (member, values) in IN_PLACE.items():
    in_place(attribute, member, values)


@mutates("db-instance", "max_allocated_storage")
def room(world, rng, database):
    size, before = database.found["AllocatedStorage"], database.found["MaxAllocatedStorage"]
    value = rng.choice([size + 1, size * 11 // 10, size * 2, before - 1, before + 1])
    modify(world, database, MaxAllocatedStorage=value)
    undo = lambda: modify(world, database, MaxAllocatedStorage=before)  # noqa: E731
    return Done(f"{before} → {value}", {database.id: {"max_allocated_storage"}}, undo, {"value": size, "most": value})


@mutates("db-instance", "allocated_storage", "grown", by_hand=True)
def grown(world, rng, database):
    """More than declared is accepted, and never shrinks; room to grow is a promise."""
    before, most = database.found["AllocatedStorage"], database.found["MaxAllocatedStorage"]
    value = rng.choice([before + 1, 2 * before, most * 9 // 10, most * 10 // 11 + 1, most])
    modify(world, database, AllocatedStorage=value)
    undo = lambda: modify(world, database, AllocatedStorage=before)  # noqa: E731
    return Done(f"{before} → {value}", {}, undo, {"value": value, "most": most}, managed={database.id: {"allocated_storage"}})


# Only storage of 400 GiB and more has numbers that a person can raise, and lowering them below the least is refused.
SPREAD = {"objects": lambda one: one == "db-instance.initech-db@tokyo", "by_hand": True}


@mutates("db-instance", "iops", "raised", **SPREAD)
@mutates("db-instance", "storage_throughput", "raised", **SPREAD)
def faster(world, rng, database, attribute):
    member, values = {"iops": ("Iops", [13000, 64000]), "storage_throughput": ("StorageThroughput", [600, 4000])}[attribute]
    before, value = database.found[member], rng.choice(values)
    modify(world, database, **{member: value})
    undo = lambda: modify(world, database, **{member: before})  # noqa: E731
    return Done(f"{before} → {value}", {}, undo, managed={database.id: {attribute}})


@mutates("db-instance", "managed_master_password", "off", by_hand=True)
def password(world, rng, database):
    modify(world, database, ManageMasterUserPassword=False, MasterUserPassword="made-by-hand")
    return Done("true → false", {database.id: {"managed_master_password"}}, lambda: modify(world, database, ManageMasterUserPassword=True))


@mutates("db-instance", "log_exports", "removed")
@mutates("db-instance", "log_exports", "added")
def logs(world, rng, database, label):
    before = database.found["EnabledCloudwatchLogsExports"]
    other = "iam-db-auth-error" if label == "added" else rng.choice(before)
    how, back = ("EnableLogTypes", "DisableLogTypes") if label == "added" else ("DisableLogTypes", "EnableLogTypes")
    put = lambda which: modify(world, database, CloudwatchLogsExportConfiguration={which: [other]})  # noqa: E731
    put(how)
    return Done(other, {database.id: {f"log_exports[{other}]"}}, lambda: put(back), {"removed": label == "removed"})


@mutates("db-instance", "security_groups", "replaced", alone=True)
@mutates("db-instance", "security_groups", "added", alone=True)
def worn(world, rng, database, label):
    """Another group of the same network: that of a tenant, or one that another team made."""
    [own] = [one["VpcSecurityGroupId"] for one in database.found["VpcSecurityGroups"]]
    network = database.found["DBSubnetGroup"]["VpcId"]
    groups = world.all("security-group")
    mine = next(one.id for one in groups.values() if one.name == own)
    others = sorted((one for one in groups.values() if one.found["VpcId"] == network and one.name != own), key=lambda one: one.id)
    other = rng.choice(others)
    modify(world, database, VpcSecurityGroupIds=[other.name] if label == "replaced" else [own, other.name])
    paths = {f"security_groups[{other.id}]"} | ({f"security_groups[{mine}]"} if label == "replaced" else set())
    undo = lambda: modify(world, database, VpcSecurityGroupIds=[own])  # noqa: E731
    return Done(f"{label}: {other.id}", {database.id: paths}, undo, {"tenant": tags(other.found)["tokaido:tenant"]})


def GROUP(_):
    return ["db-parameter-group.postgres16@tokyo"]


@mutates("db-instance", "parameter_group", "that of another team", also=GROUP)
def theirs(world, rng, database):
    rds, before = world.client("rds", database.region), database.found["DBParameterGroups"][0]["DBParameterGroupName"]
    name, values = f"theirs-{rng.randrange(10**6)}", {"rds.force_ssl": rng.choice(["0", "1"]), "timezone": rng.choice(["UTC", "Asia/Tokyo"])}
    rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description="theirs")
    # RDS lists the default as well; moto lists what was put.
    form = [{"ParameterName": key, "ParameterValue": value, "ApplyMethod": "immediate"} for key, value in (values | {"log_timezone": "UTC"}).items()]
    rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=form)
    modify(world, database, DBParameterGroupName=name)

    def left():
        rds.delete_db_parameter_group(DBParameterGroupName=name)

    def undo():
        modify(world, database, DBParameterGroupName=before)
        left()

    return Done(f"{before} → {name} {values}", {database.id: {"parameter_group"}}, undo, {"values": values}, left)


@mutates("db-instance", "parameter_group", "RDS's own", also=GROUP, by_hand=True)
def by_default(world, rng, database):
    undo = written(world, database, "db_parameter_group_name", "default.postgres16")
    return Done("→ default.postgres16", {database.id: {"parameter_group"}}, undo, {"unread": True})


def form_of(found):
    """The call that makes a database as this answer describes it."""
    same = (
        "DBInstanceIdentifier DBInstanceClass Engine EngineVersion AllocatedStorage MaxAllocatedStorage StorageType StorageEncrypted KmsKeyId "
        "MultiAZ PubliclyAccessible DeletionProtection BackupRetentionPeriod PreferredBackupWindow PreferredMaintenanceWindow "
        "AutoMinorVersionUpgrade CopyTagsToSnapshot MasterUsername CACertificateIdentifier"
    )
    return {name: found[name] for name in same.split()} | {
        "Port": found["DbInstancePort"],
        "DBSubnetGroupName": found["DBSubnetGroup"]["DBSubnetGroupName"],
        "VpcSecurityGroupIds": [one["VpcSecurityGroupId"] for one in found["VpcSecurityGroups"]],
        "DBParameterGroupName": found["DBParameterGroups"][0]["DBParameterGroupName"],
        "EnableCloudwatchLogsExports": found["EnabledCloudwatchLogsExports"],
        "ManageMasterUserPassword": True,
        "Iops": found.get("Iops"),
        "StorageThroughput": found.get("StorageThroughput"),
    }


def anew(world, database, **other):
    rds = world.client("rds", database.region)
    labels = rds.list_tags_for_resource(ResourceName=database.found["DBInstanceArn"])["TagList"]

    def replace(gone, form):
        rds.modify_db_instance(DBInstanceIdentifier=gone, DeletionProtection=False, ApplyImmediately=True)
        rds.delete_db_instance(DBInstanceIdentifier=gone, SkipFinalSnapshot=True, DeleteAutomatedBackups=True)
        rds.create_db_instance(Tags=labels, **{name: value for name, value in form.items() if value is not None})
        # A snapshot that the old one made is none of the new one's.
        for one in rds.describe_db_snapshots()["DBSnapshots"]:
            if one["DBSnapshotIdentifier"].startswith("rds:final"):
                rds.delete_db_snapshot(DBSnapshotIdentifier=one["DBSnapshotIdentifier"])

    before = form_of(database.found)
    replace(database.name, before | other)
    return lambda: replace(other.get("DBInstanceIdentifier", database.name), before)


def made_anew(world, database, words, attributes, facts=None, **other):
    undo = anew(world, database, **other)
    return Done(words, {database.id: set(attributes)}, undo, facts or {})


@mutates("db-instance", "engine", "made anew", by_hand=True, alone=True)
def engine(world, rng, database):
    other, version = rng.choice([("mysql", "8.0.39"), ("mariadb", "10.11.9")])
    family = f"default.{other}{version.rsplit('.', 1)[0]}"
    form = {"Engine": other, "EngineVersion": version, "DBParameterGroupName": family, "EnableCloudwatchLogsExports": ["error"]}
    logs = [f"log_exports[{one}]" for one in ("postgresql", "upgrade", "error")]
    return made_anew(world, database, f"postgres → {other}", ["engine", "engine_version", "parameter_group", *logs], **form)


@mutates("db-instance", "storage_encrypted", "made anew", by_hand=True)
def unencrypted(world, rng, database):
    done = made_anew(world, database, "true → false", ["storage_encrypted", "kms_key"], StorageEncrypted=False, KmsKeyId=None)
    # RDS takes a snapshot of the new one at once, and it is as readable.
    found = world.client("rds", database.region).describe_db_snapshots()["DBSnapshots"]
    done.facts["snapshots"] = [f"{one['DBSnapshotArn']} (data-store@tokyo)" for one in found if not one["Encrypted"]]
    return done


def tenant_of(world, database):
    labels = world.client("rds", database.region).list_tags_for_resource(ResourceName=database.found["DBInstanceArn"])
    return tags(labels, "TagList")["tokaido:tenant"]


@mutates("db-instance", "kms_key", "that of another owner", by_hand=True, alone=True)
@mutates("db-instance", "kms_key", "of another team", by_hand=True, alone=True)
def key(world, rng, database, label):
    kms, rotated = world.client("kms", database.region), True
    if label == "of another team":
        rotated = rng.choice([True, False])
        made = kms.create_key(Description="theirs")["KeyMetadata"]
        if rotated:
            kms.enable_key_rotation(KeyId=made["KeyId"])
        arn, tenant = made["Arn"], "shared"
    else:
        other = next(one for one in world.all("kms-key").values() if one.region == TOKYO and one.found["Arn"] != database.found["KmsKeyId"])
        arn, tenant = other.found["Arn"], "initech" if "initech" in other.id else "shared"
    done = made_anew(world, database, f"→ {label}", ["kms_key"], {"rotated": rotated, "tenant": tenant, "own": tenant_of(world, database)}, KmsKeyId=arn)
    back = done.undo

    def undo():
        back()
        if label == "of another team":
            kms.schedule_key_deletion(KeyId=arn.split('/')[-1], PendingWindowInDays=7)

    done.undo = undo
    return done


@mutates("db-instance", "port", "made anew", by_hand=True)
def port(world, rng, database):
    other = rng.choice([5433, 15432])
    return made_anew(world, database, f"5432 → {other}", ["port"], Port=other)


@mutates("db-instance", "master_username", "made anew", by_hand=True)
def username(world, rng, database):
    return made_anew(world, database, "→ postgres", ["master_username"], MasterUsername="postgres")


@mutates("db-instance", "subnet_group", "made anew", by_hand=True)
def subnet_group(world, rng, database):
    """A group of another team over the same subnets."""
    rds, name = world.client("rds", database.region), f"theirs-{rng.randrange(10**6)}"
    subnets = [one["SubnetIdentifier"] for one in database.found["DBSubnetGroup"]["Subnets"]]
    rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription="theirs", SubnetIds=subnets)
    done = made_anew(world, database, f"→ {name}", ["subnet_group"], DBSubnetGroupName=name)
    back = done.undo

    def undo():
        back()
        rds.delete_db_subnet_group(DBSubnetGroupName=name)

    done.undo = undo
    return done


@mutates("db-instance", "vpc", "made anew", by_hand=True, alone=True)
def vpc(world, rng, database):
    """Into the network of the other tenant, with its groups."""
    other = next(one for one in world.all("db-instance").values() if one.id != database.id).found
    group = other["VpcSecurityGroups"][0]["VpcSecurityGroupId"]
    groups = {one.name: one.id for one in world.all("security-group").values()}
    own = database.found["VpcSecurityGroups"][0]["VpcSecurityGroupId"]
    form = {"DBSubnetGroupName": other["DBSubnetGroup"]["DBSubnetGroupName"], "VpcSecurityGroupIds": [group]}
    paths = ["vpc", "subnet_group", f"security_groups[{groups[own]}]", f"security_groups[{groups[group]}]"]
    return made_anew(world, database, f"→ {form['DBSubnetGroupName']}", paths, **form)


@mutates("db-instance", "name", "renamed", by_hand=True, alone=True)
def name(world, rng, database):
    """RDS renames a database, and its ARN with it: a selection by the old ARN does not select it any more."""
    other = f"by-hand-{rng.randrange(10**6)}"
    modify(world, database, NewDBInstanceIdentifier=other)
    rds = world.client("rds", database.region)
    undo = lambda: rds.modify_db_instance(DBInstanceIdentifier=other, NewDBInstanceIdentifier=database.name, ApplyImmediately=True)  # noqa: E731
    return Done(f"{database.name} → {other}", {}, undo, {"name": other}, missing=(database.id,), copies={database.id: other})


def written(world, database, field, value):
    put = lambda to: world.field("rds", database.region, ["databases", database.name, field], to)  # noqa: E731
    before = put(value)
    return lambda: put(before)


@mutates("db-instance", "cluster", "written", by_hand=True)
def cluster(world, rng, database):
    return Done("none → ledger", {}, written(world, database, "db_cluster_identifier", "ledger"))


ELSEWHERE = "arn:aws:rds:us-east-1:111111111111:db:far"


@mutates("db-instance", "replica_of", "written", by_hand=True)
def replica_of(world, rng, database):
    source = rng.choice([ELSEWHERE, "arn:aws:rds:ap-northeast-3:111111111111:db:near"])
    return Done(f"none → {source}", {}, written(world, database, "source_db_instance_identifier", source), {"other": source})


@mutates("db-instance", "replicas", "written", by_hand=True)
def replicas(world, rng, database):
    replica = rng.choice([ELSEWHERE, "arn:aws:rds:ap-northeast-3:111111111111:db:near"])
    return Done(f"+ {replica}", {}, written(world, database, "replicas", [replica]), {"other": replica})
