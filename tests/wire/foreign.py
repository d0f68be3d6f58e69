"""What other teams do beside tokaido: a key that is opened or granted, a cluster, a host between two tenants. Judged, never touched."""

import json

from expected import AUDIT, DRIFT, EXIT_BROKEN, EXIT_DONE, EXIT_DRIFT, TOKYO
from product import unexpected
from promises import main_vpc, tags

KEYS = {"encryption-at-rest", "cryptographic-controls"}
PARTNER = "arn:aws:iam::444444444444:root"


def verdicts(result):
    return {verdict["promise"]: verdict for verdict in json.loads(result.stdout)["environments"][0]["verdicts"]}


def broken(found):
    return {name for name, verdict in found.items() if verdict["state"] == "broken"}


def members(found, promise):
    return {member["subject"].split(" ")[0]: member["state"] for member in found[promise]["population"]}


def judged(suite, product, what, promises, subject):
    """An audit calls exactly these promises broken, for exactly this resource."""
    result = product.run(AUDIT)
    if not suite.check(f"{what} breaks promises", unexpected(result, EXIT_BROKEN)):
        return
    found = verdicts(result)
    suite.check(f"{what}: exactly {', '.join(sorted(promises))}", None if broken(found) == promises else broken(found))
    named = {name for promise in promises for name, state in members(found, promise).items() if state == "broken"}
    suite.check(f"{what}: for {subject} alone", None if named == {subject} else named)


def keys(suite, product, account, environment):
    """Our key is opened by its policy, then granted: the first is drift, the second is not, and both break clauses 8 and 26."""
    kms = account.client("kms", TOKYO)
    [alias] = [alias for alias in kms.list_aliases()["Aliases"] if alias["AliasName"] == f"alias/{environment}-main"]
    key = alias["TargetKeyId"]
    before = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    for principal in ("*", {"AWS": PARTNER}):
        policy = json.loads(before)
        policy["Statement"].append({"Sid": "ByHand", "Effect": "Allow", "Principal": principal, "Action": "kms:Decrypt", "Resource": "*"})
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
        what = f"{environment}: a policy that admits {'everybody' if principal == '*' else 'another account'}"
        judged(suite, product, what, KEYS, "kms-key.main@tokyo")
        suite.check(f"{what} is drift", unexpected(product.run(DRIFT), EXIT_DRIFT))
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=before)
    grant = kms.create_grant(KeyId=key, GranteePrincipal=PARTNER, Operations=["Decrypt"])["GrantId"]
    judged(suite, product, f"{environment}: a grant to another account", KEYS, "kms-key.main@tokyo")
    suite.check(f"{environment}: a grant is no drift", unexpected(product.run(DRIFT), EXIT_DONE))
    kms.revoke_grant(KeyId=key, GrantId=grant)


def cluster(suite, product, account, environment):
    """A member of a cluster has no backups of its own: the cluster is judged, and the member by it."""
    rds, kms = account.client("rds", TOKYO), account.client("kms", TOKYO)
    [alias] = [alias for alias in kms.list_aliases()["Aliases"] if alias["AliasName"] == f"alias/{environment}-main"]
    key = kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]["Arn"]
    engine = {"Engine": "aurora-postgresql"}
    master = {"MasterUsername": "ledger", "MasterUserPassword": "not-a-secret-1"}
    safe = {"BackupRetentionPeriod": 35, "StorageEncrypted": True, "KmsKeyId": key, "DeletionProtection": True}
    rds.create_db_cluster(DBClusterIdentifier="ledger", **engine, **master, **safe)
    rds.create_db_instance(DBInstanceIdentifier="ledger-1", DBClusterIdentifier="ledger", DBInstanceClass="db.r6g.large", **engine)
    found = verdicts(product.run(AUDIT))
    for promise in ("point-in-time-recovery", "encryption-at-rest"):
        states = {name: state for name, state in members(found, promise).items() if name.startswith("ledger")}
        wrong = sorted(states) != ["ledger", "ledger-1"] or "broken" in states.values()
        suite.check(f"{environment}: {promise} of a protected cluster and its member is not broken", states if wrong else None)
    tls = members(found, "encryption-in-transit").get("ledger-1")
    suite.check(f"{environment}: the TLS of a member is unknown", None if tls in ("unknown", "broken") else tls)
    suite.check(f"{environment}: a cluster is no drift", unexpected(product.run(DRIFT), EXIT_DONE))
    rds.modify_db_cluster(DBClusterIdentifier="ledger", DeletionProtection=False, BackupRetentionPeriod=1)
    found = members(verdicts(product.run(AUDIT)), "point-in-time-recovery")
    right = (found.get("ledger"), found.get("ledger-1")) == ("broken", "kept")
    suite.check(f"{environment}: an unprotected cluster is broken, and its member not", None if right else found)
    rds.delete_db_instance(DBInstanceIdentifier="ledger-1", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier="ledger", SkipFinalSnapshot=True)


def apart(found):
    """The tenants that packets of others reach."""
    population = found["tenant-isolation"]["population"]
    return {member["subject"] for member in population if member["state"] == "broken"}


def hosts(suite, product, account, environment):
    """A group that admits one tenant, on a host of another, and a host that sends there; and one host with the groups of both."""
    ec2, vpc = account.client("ec2", TOKYO), main_vpc(account)["VpcId"]
    here = [{"Name": "vpc-id", "Values": [vpc]}]
    subnets = {tags(subnet).get("tokaido:tenant", "shared"): subnet for subnet in ec2.describe_subnets(Filters=here)["Subnets"]}
    both = sorted(tenant for tenant in subnets if tenant != "shared")[:2]
    if len(both) < 2:
        return
    groups = {tags(group).get("tokaido:tenant"): group["GroupId"] for group in ec2.describe_security_groups(Filters=here)["SecurityGroups"]}
    one, other = both

    def reached(what, wanted):
        found = apart(verdicts(product.run(AUDIT)))
        suite.check(f"{environment}: {what}", None if found == wanted else found)

    def host(tenant, group):
        subnet = subnets[tenant]["SubnetId"]
        return ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]["NetworkInterfaceId"]

    # EC2 lets a new group send everywhere.
    group = ec2.create_security_group(GroupName="partner", Description="by hand", VpcId=vpc)["GroupId"]
    sender = ec2.create_security_group(GroupName="sender", Description="by hand", VpcId=vpc)["GroupId"]
    ranges = [{"CidrIp": subnets[one]["CidrBlock"]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": ranges}])
    reached(f"a group that admits {one}, and nobody wears it", set())
    made = host(other, group)
    reached(f"a host of {other} wears it, and nobody sends", set())
    sends = host(one, sender)
    reached(f"a host of {one} sends", {f"tenant {other}"})
    suite.check(f"{environment}: hosts are no drift", unexpected(product.run(DRIFT), EXIT_DONE))
    [acl] = [acl["NetworkAclId"] for acl in ec2.describe_network_acls(Filters=here)["NetworkAcls"] if acl["IsDefault"]]
    entry = {"NetworkAclId": acl, "RuleNumber": 50, "Egress": False}
    ec2.create_network_acl_entry(CidrBlock=subnets[one]["CidrBlock"], Protocol="-1", RuleAction="deny", **entry)
    reached("an ACL denies it first", set())
    ec2.delete_network_acl_entry(**entry)
    ec2.delete_network_interface(NetworkInterfaceId=sends)
    ec2.modify_network_interface_attribute(NetworkInterfaceId=made, Groups=[groups[one], groups[other]])
    reached("a host with the groups of both joins them", {f"tenant {one}", f"tenant {other}"})
    ec2.delete_network_interface(NetworkInterfaceId=made)
    for gone in (group, sender):
        ec2.delete_security_group(GroupId=gone)


def all_of_it(suite, product, account, environment):
    keys(suite, product, account, environment)
    cluster(suite, product, account, environment)
    hosts(suite, product, account, environment)
    suite.check(f"{environment}: without them every promise is kept", unexpected(product.run(AUDIT), EXIT_DONE))
