"""The bucket of the records."""

import json

from core import Done, because, mutates

because(
    "bucket", "name",
    "the environment file names the bucket and the records are read from it: without it there is no record to compare with, and a "
    "bucket of another name is another bucket (ADR 0034)",
)


def calls(world, bucket):
    return world.client("s3"), {"Bucket": bucket.name}


@mutates("bucket", "versioning", "suspended", by_hand=True)
def versioning(world, rng, bucket):
    """S3 refuses it while Object Lock is on; moto takes it."""
    s3, where = calls(world, bucket)
    put = lambda to: s3.put_bucket_versioning(VersioningConfiguration={"Status": to}, **where)  # noqa: E731
    put("Suspended")
    return Done("on → suspended", {bucket.id: {"versioning"}}, lambda: put("Enabled"))


@mutates("bucket", "object_lock", "written", by_hand=True)
def object_lock(world, rng, bucket):
    put = lambda field, to: world.field("s3", bucket.region, ["buckets", bucket.name, field], to)  # noqa: E731
    put("object_lock_enabled", False)
    return Done("true → false", {bucket.id: {"object_lock", "default_retention[mode]", "default_retention[days]"}}, lambda: put("object_lock_enabled", True))


def with_retention(world, bucket, after, words, paths, **facts):
    s3, where = calls(world, bucket)
    before = s3.get_object_lock_configuration(**where)["ObjectLockConfiguration"]
    put = lambda to: s3.put_object_lock_configuration(ObjectLockConfiguration=to, **where)  # noqa: E731
    rule = {"Rule": {"DefaultRetention": after}} if after else {}
    put({"ObjectLockEnabled": "Enabled"} | rule)
    return Done(words, {bucket.id: set(paths)}, lambda: put(before), facts)


@mutates("bucket", "default_retention", "changed: days")
def days(world, rng, bucket):
    days = rng.choice([1, 399, 401, 3650])
    return with_retention(world, bucket, {"Mode": "GOVERNANCE", "Days": days}, f"400 → {days}", ["default_retention[days]"], days=days)


@mutates("bucket", "default_retention", "changed: years")
def years(world, rng, bucket):
    """S3 counts 365 days a year, and so is it compared."""
    years = rng.choice([1, 2])
    paths = ["default_retention[days]"]
    return with_retention(world, bucket, {"Mode": "GOVERNANCE", "Years": years}, f"→ {years} years", paths, days=365 * years)


@mutates("bucket", "default_retention", "changed: mode")
def mode(world, rng, bucket):
    return with_retention(world, bucket, {"Mode": "COMPLIANCE", "Days": 400}, "→ COMPLIANCE", ["default_retention[mode]"], days=400)


@mutates("bucket", "default_retention", "removed")
def no_retention(world, rng, bucket):
    return with_retention(world, bucket, None, "400 → none", ["default_retention[days]", "default_retention[mode]"], days=0)


@mutates("bucket", "encryption")
def encryption(world, rng, bucket):
    s3, where = calls(world, bucket)
    before = s3.get_bucket_encryption(**where)["ServerSideEncryptionConfiguration"]
    kms = rng.choice(["aws:kms", "aws:kms:dsse"])
    put = lambda to: s3.put_bucket_encryption(ServerSideEncryptionConfiguration=to, **where)  # noqa: E731
    put({"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": kms}}]})
    return Done(f"AES256 → {kms}", {bucket.id: {"encryption"}}, lambda: put(before))


BLOCKS = {
    "block_public_acls": "BlockPublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "ignore_public_acls": "IgnorePublicAcls",
    "restrict_public_buckets": "RestrictPublicBuckets",
}


@mutates("bucket", "public_access_block", "changed")
@mutates("bucket", "public_access_block", "removed")
def walls(world, rng, bucket, label):
    s3, where = calls(world, bucket)
    put = lambda to: s3.put_public_access_block(PublicAccessBlockConfiguration=to, **where)  # noqa: E731
    before = s3.get_public_access_block(**where)["PublicAccessBlockConfiguration"]
    gone = sorted(BLOCKS) if label == "removed" else [rng.choice(sorted(BLOCKS))]
    if label == "removed":
        s3.delete_public_access_block(**where)
    else:
        put(before | {BLOCKS[gone[0]]: False})
    return Done(" ".join(gone), {bucket.id: {f"public_access_block[{one}]" for one in gone}}, lambda: put(before))


@mutates("bucket", "object_ownership")
def ownership(world, rng, bucket):
    s3, where = calls(world, bucket)
    put = lambda to: s3.put_bucket_ownership_controls(OwnershipControls={"Rules": [{"ObjectOwnership": to}]}, **where)  # noqa: E731
    other = rng.choice(["ObjectWriter", "BucketOwnerPreferred"])
    put(other)
    return Done(f"→ {other}", {bucket.id: {"object_ownership"}}, lambda: put("BucketOwnerEnforced"))


def with_policy(world, bucket, change, words, paths, **facts):
    s3, where = calls(world, bucket)
    before = s3.get_bucket_policy(**where)["Policy"]
    after = json.loads(before)
    change(after["Statement"])
    put = lambda to: s3.put_bucket_policy(Policy=to, **where)  # noqa: E731
    put(json.dumps(after))
    return Done(words, {bucket.id: set(paths)}, lambda: put(before), facts)


@mutates("bucket", "policy", "statement added")
def policy_added(world, rng, bucket):
    effect, account = rng.choice(["Deny", "Allow"]), rng.choice([world.number, "444444444444"])
    # A denial of what tokaido itself needs would keep `apply` from its records: then only a person can mend it.
    action = "s3:GetObject" if effect == "Allow" else "s3:GetObjectTorrent"
    statement = {
        "Sid": "ByHand", "Effect": effect, "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": action,
        "Resource": f"arn:aws:s3:::{bucket.name}/*",
    }
    facts = {"allows": effect == "Allow", "shared": effect == "Allow" and account != world.number, "name": bucket.name}
    return with_policy(world, bucket, lambda all: all.append(statement), f"+ {effect} {account}", ["policy[ByHand]"], **facts)


@mutates("bucket", "policy", "statement changed")
def policy_changed(world, rng, bucket):
    action = rng.choice(["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"])
    [which] = [which for which, one in enumerate(statements(world, bucket)) if one["Sid"] == "NothingIsDeleted"]
    change = lambda all: all[which]["Action"].remove(action)  # noqa: E731
    return with_policy(world, bucket, change, f"NothingIsDeleted without {action}", ["policy[NothingIsDeleted]"], weaker=True)


def statements(world, bucket):
    s3, where = calls(world, bucket)
    return json.loads(s3.get_bucket_policy(**where)["Policy"])["Statement"]


@mutates("bucket", "policy", "statement removed")
def policy_removed(world, rng, bucket):
    gone = rng.choice([one["Sid"] for one in statements(world, bucket)])

    def change(all):
        all[:] = [one for one in all if one["Sid"] != gone]

    return with_policy(world, bucket, change, f"- {gone}", [f"policy[{gone}]"], weaker=True)


@mutates("bucket", "policy", "removed")
def no_policy(world, rng, bucket):
    s3, where = calls(world, bucket)
    before = s3.get_bucket_policy(**where)["Policy"]
    s3.delete_bucket_policy(**where)
    named = {f"policy[{one}]" for one in ("Version", *(each["Sid"] for each in json.loads(before)["Statement"]))}
    return Done("none", {bucket.id: named}, lambda: s3.put_bucket_policy(Policy=before, **where), {"weaker": True})


def with_lifecycle(world, bucket, change, words, paths, **facts):
    s3, where = calls(world, bucket)
    before = s3.get_bucket_lifecycle_configuration(**where)["Rules"]
    put = lambda to: s3.put_bucket_lifecycle_configuration(LifecycleConfiguration={"Rules": to}, **where)  # noqa: E731
    put(change([dict(one) for one in before]))
    return Done(words, {bucket.id: set(paths)}, lambda: put(before), facts)


@mutates("bucket", "lifecycle", "added")
def lifecycle_added(world, rng, bucket):
    what, loses = rng.choice([
        ({"Expiration": {"Days": rng.randint(1, 4000)}}, True),
        ({"NoncurrentVersionExpiration": {"NoncurrentDays": rng.randint(1, 300)}}, True),
        ({"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3}}, False),
    ])
    rule = {"ID": "tidy", "Status": rng.choice(["Enabled", "Disabled"]), "Filter": {"Prefix": ""}, **what}
    loses = loses and rule["Status"] == "Enabled"
    return with_lifecycle(world, bucket, lambda all: [*all, rule], f"+ {what} {rule['Status']}", ["lifecycle[tidy]"], loses=loses)


@mutates("bucket", "lifecycle", "changed")
def lifecycle_changed(world, rng, bucket):
    member, field, value, loses = rng.choice([
        ("NoncurrentVersionExpiration", "noncurrent_days", {"NoncurrentDays": 30}, False),
        ("Filter", "prefix", {"Prefix": ""}, True),
        ("Status", "enabled", "Disabled", False),
    ])
    change = lambda all: [one | {member: value} if one["ID"] == "replaced-leases" else one for one in all]  # noqa: E731
    return with_lifecycle(world, bucket, change, f"{field} → {value}", [f"lifecycle[replaced-leases].{field}"], loses=loses)


@mutates("bucket", "lifecycle", "removed")
def lifecycle_removed(world, rng, bucket):
    gone = rng.choice(["replaced-leases", "unfinished-uploads"])
    change = lambda all: [one for one in all if one["ID"] != gone]  # noqa: E731
    return with_lifecycle(world, bucket, change, f"- {gone}", [f"lifecycle[{gone}]"], loses=False)
