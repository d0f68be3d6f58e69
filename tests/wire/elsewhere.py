"""What holds data and is no kind of its own: boto3 makes it by hand, and the product's own audit finds exactly that (case A10).

No plan and no drift has anything to do with it.
"""

import json
import re

from expected import AUDIT, CALLS, DRIFT, EXIT_BROKEN, EXIT_DONE, OSAKA, PLAN, TOKYO
from product import unexpected

VIRGINIA, SEOUL = "us-east-1", "ap-northeast-2"
PARTNER = "210987654321"

# One list call in each region that is listed: of the services that are kinds of their own, none in Tokyo and Osaka.
EVERYWHERE = (
    *("ec2:DescribeVolumes", "ec2:DescribeSnapshots", "ec2:DescribeImages", "dynamodb:ListTables"),
    *("elasticfilesystem:DescribeFileSystems", "redshift:DescribeClusters", "redshift:DescribeClusterSnapshots"),
    *("rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterAutomatedBackups"),
)


def database(rds, name, **more):
    form = {"DBInstanceClass": "db.t3.micro", "Engine": "postgres", "MasterUsername": "owner", "MasterUserPassword": "made-by-hand", "AllocatedStorage": 20}
    return rds.create_db_instance(DBInstanceIdentifier=name, StorageEncrypted=True, **form, **more)["DBInstance"]["DBInstanceArn"]


def made(account, environment):
    """What a person makes: of each promise the subjects that must be named, and how all of it is taken away again."""
    residency, at_rest, undo = set(), set(), []
    ec2, s3 = account.client("ec2", TOKYO), account.client("s3", TOKYO)

    volume = ec2.create_volume(AvailabilityZone=f"{TOKYO}a", Size=1, Encrypted=False)["VolumeId"]
    at_rest.add(f"{volume} (data-store@tokyo)")
    closed = ec2.create_volume(AvailabilityZone=f"{TOKYO}a", Size=1, Encrypted=True)["VolumeId"]
    # moto takes the older form of the call alone.
    for who in ({"GroupNames": ["all"]}, {"UserIds": [PARTNER]}):
        snapshot = ec2.create_snapshot(VolumeId=closed)["SnapshotId"]
        ec2.modify_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", **who)
        residency.add(f"{snapshot} (data-store@tokyo)")
        undo.append(lambda snapshot=snapshot: ec2.delete_snapshot(SnapshotId=snapshot))
    undo += [lambda: ec2.delete_volume(VolumeId=volume), lambda: ec2.delete_volume(VolumeId=closed)]

    rds = account.client("rds", TOKYO)
    shared = rds.create_db_snapshot(DBInstanceIdentifier=f"{environment}-catalog", DBSnapshotIdentifier="by-hand")["DBSnapshot"]
    rds.modify_db_snapshot_attribute(DBSnapshotIdentifier="by-hand", AttributeName="restore", ValuesToAdd=[PARTNER])
    residency.add(f"{shared['DBSnapshotArn']} (data-store@tokyo)")
    undo.append(lambda: rds.delete_db_snapshot(DBSnapshotIdentifier="by-hand"))

    for region, tags in ((VIRGINIA, []), (SEOUL, [{"Key": "tokaido:environment", "Value": environment}])):
        far = account.client("rds", region)
        residency.add(f"{database(far, 'far', Tags=tags)} (data-store@global)")
        undo.append(lambda far=far: far.delete_db_instance(DBInstanceIdentifier="far", SkipFinalSnapshot=True))

    bucket = f"{environment}-images-{account.account}"
    account.client("s3", VIRGINIA).create_bucket(Bucket=bucket)
    residency.add(f"arn:aws:s3:::{bucket} (data-store@global)")
    undo.append(lambda: s3.delete_bucket(Bucket=bucket))

    backup = account.client("backup", VIRGINIA)
    vault = backup.create_backup_vault(BackupVaultName="far")["BackupVaultArn"]
    residency.add(f"{vault} (data-store@global)")
    undo.append(lambda: backup.delete_backup_vault(BackupVaultName="far"))

    tables = account.client("dynamodb", VIRGINIA)
    key = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
    tables.create_table(TableName="orders", BillingMode="PAY_PER_REQUEST", **key)
    residency.add("us-east-1/dynamodb-table/orders (data-store@global)")
    undo.append(lambda: tables.delete_table(TableName="orders"))

    files = account.client("efs", OSAKA)
    system = files.create_file_system(CreationToken="by-hand", Encrypted=False)
    at_rest.add(f"{system['FileSystemArn']} (data-store@osaka)")
    undo.append(lambda: files.delete_file_system(FileSystemId=system["FileSystemId"]))
    return {"data-residency": residency, "encryption-at-rest": at_rest, "cryptographic-controls": at_rest}, undo


def named(verdicts):
    states = {verdict["promise"]: verdict for verdict in verdicts}
    subjects = {
        promise: {member["subject"] for member in verdict["population"] if member["state"] == "broken"}
        for promise, verdict in states.items()
    }
    return {promise: found for promise, found in subjects.items() if found}


def calls_of(account, result):
    """An audit asks each enabled region once for each kind of store, and Tokyo and Osaka only for what is no kind of its own."""
    made = {operation: int(count) for operation, count, _ in re.findall(CALLS, result.stderr, re.MULTILINE)}
    regions = account.client("ec2", TOKYO).describe_regions()["Regions"]
    regions = [region for region in regions if region["OptInStatus"] != "not-opted-in"]
    wrong = {call: made.get(call) for call in EVERYWHERE if made.get(call) != len(regions)}
    return f"{wrong} in {len(regions)} regions" if wrong else None


def all_of_it(suite, product, account, environment):
    wanted, undo = made(account, environment)
    result = product.run(AUDIT)
    if suite.check(f"{environment}: audit of data elsewhere ends with {EXIT_BROKEN}", unexpected(result, EXIT_BROKEN)):
        found = named(json.loads(result.stdout)["environments"][0]["verdicts"])
        for promise in wanted.keys() | found.keys():
            # RDS takes backups of the databases there, which are found as well.
            own = {subject for subject in found.get(promise, ()) if "/db-automated-backup/far " not in subject and ":snapshot:rds:far-" not in subject}
            wrong = {"named": sorted(own), "not": sorted(wanted.get(promise, ()))}
            right = own == wanted.get(promise, set())
            suite.check(f"{environment}: {promise} names exactly what was made by hand", None if right else wrong)
        suite.check(f"{environment}: each region is asked once for each kind of store", calls_of(account, result))
    suite.check(f"{environment}: none of it is drift", unexpected(product.run(DRIFT), EXIT_DONE))
    suite.check(f"{environment}: no plan has anything to do with it", unexpected(product.run(PLAN), EXIT_DONE))
    for step in undo:
        step()
