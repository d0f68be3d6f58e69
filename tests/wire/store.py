"""The bucket of the records and the two roles, as boto3 alone judges them, and how a careless hand weakens them."""

import json

from expected import BUCKET, TOKYO


def name(account, environment):
    return BUCKET.format(env=environment, account=account.account)


def statements(document):
    return {statement["Sid"]: statement for statement in document["Statement"]}


def bucket(account, environment):
    s3, where = account.client("s3", TOKYO), {"Bucket": name(account, environment)}
    block = s3.get_public_access_block(**where)["PublicAccessBlockConfiguration"]
    rules = s3.get_bucket_encryption(**where)["ServerSideEncryptionConfiguration"]["Rules"]
    lock = s3.get_object_lock_configuration(**where)["ObjectLockConfiguration"]
    kept = lock.get("Rule", {}).get("DefaultRetention", {})
    policy = statements(json.loads(s3.get_bucket_policy(**where)["Policy"]))
    lifecycle = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(**where)["Rules"]}
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(**where)["TagSet"]}
    # IAM ignores the case of a condition's key, and takes a value alone for a list of it.
    test = {key.lower(): value for key, value in policy.get("TlsOnly", {}).get("Condition", {}).get("Bool", {}).items()}
    tls = test in ({"aws:securetransport": "false"}, {"aws:securetransport": ["false"]})
    denied = policy.get("NothingIsDeleted", {}).get("Action", [])
    return {
        "is in Tokyo": s3.get_bucket_location(**where)["LocationConstraint"] == TOKYO,
        "is versioned": s3.get_bucket_versioning(**where).get("Status") == "Enabled",
        "is encrypted": [rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules] == ["AES256"],
        "is private": len(block) == 4 and all(block.values()),
        "belongs to its owner": s3.get_bucket_ownership_controls(**where)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}],
        "takes TLS only": policy.get("TlsOnly", {}).get("Effect") == "Deny" and tls,
        "loses nothing": {"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:DeleteBucket"} <= set(denied),
        "is locked": lock["ObjectLockEnabled"] == "Enabled" and (kept.get("Mode"), kept.get("Days")) == ("GOVERNANCE", 400),
        "forgets replaced leases": lifecycle.get("replaced-leases", {}).get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") == 1,
        "carries our tags": tags.get("tokaido:id") == "bucket.store@tokyo" and tags.get("tokaido:environment") == environment,
    }


def role(account, environment, which):
    iam, where = account.client("iam", TOKYO), f"arn:aws:s3:::{name(account, environment)}"
    named = f"{environment}-tokaido-{which}"
    found = iam.get_role(RoleName=named)["Role"]
    policies = iam.list_role_policies(RoleName=named)["PolicyNames"]
    allowed = statements(iam.get_role_policy(RoleName=named, PolicyName="tokaido")["PolicyDocument"])
    trusted = found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]
    writes, sees = allowed.get("AddRecords", {}), allowed.get("AddSightings", {})
    return {
        "lies under our path": found["Path"] == "/tokaido/",
        "trusts its account": trusted in (f"arn:aws:iam::{account.account}:root", [f"arn:aws:iam::{account.account}:root"]),
        "has one policy": policies == ["tokaido"] and not iam.list_attached_role_policies(RoleName=named)["AttachedPolicies"],
        "reads records": allowed.get("ReadRecords", {}).get("Resource") == f"{where}/*",
        "writes as it may": (writes.get("Resource") == f"{where}/*") if which == "applier" else not writes,
        "writes down what it sees": (sees.get("Resource") == f"{where}/*/watch/*") if which == "reader" else not sees,
        "changes as it may": ("CreateOnlyWithOurTag" in allowed) == (which == "applier"),
    }


def judged(account, environment):
    """What was judged, and what is wrong about it."""
    found = {"the bucket": bucket(account, environment)}
    found |= {f"the {which}": role(account, environment, which) for which in ("reader", "applier")}
    return {what: [text for text, good in facts.items() if not good] for what, facts in found.items()}


def weaken(account, environment):
    s3, where = account.client("s3", TOKYO), {"Bucket": name(account, environment)}
    s3.put_public_access_block(PublicAccessBlockConfiguration={"BlockPublicAcls": False}, **where)
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam = account.client("iam", TOKYO)
    iam.put_role_policy(RoleName=f"{environment}-tokaido-reader", PolicyName="by-hand", PolicyDocument=json.dumps(document))


def sightings(account, environment):
    """What watchers wrote down, oldest first."""
    s3, where = account.client("s3", TOKYO), {"Bucket": name(account, environment)}
    listed = s3.list_objects_v2(Prefix=f"{environment}/watch/", **where).get("Contents", [])
    return [json.loads(s3.get_object(Key=key, **where)["Body"].read()) for key in sorted(entry["Key"] for entry in listed)]
