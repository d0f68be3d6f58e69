"""Which promises of the white paper a mutation touches, attribute by attribute, and for whom. Nothing here is taken from an answer of the
product: each row follows from a clause of the paper and from what AWS does.

A row is called with the id and the facts of the mutation, and returns each promise that is not kept with who breaks it. An id alone
is the mutated object; `NOTHING` is a promise of its own: no verdict may move.
"""

import ipaddress

from expected import TIME_SYNC

DATABASES = ("db-instance.catalog@tokyo", "db-instance.initech-db@tokyo")
AT_REST = ("encryption-at-rest", "cryptographic-controls")
IN_TRANSIT = ("encryption-in-transit", "cryptographic-controls")
COPIES = ("recovery-copies",)
# What dev's divergence says; what a copy must live there, without the day to arrive that production demands; how long copies do live.
RETENTION, LEAST_COPY, COPY_DAYS, RECORD_DAYS = 7, 7, 8, 400
TIME_SYNC_6 = "fd00:ec2::123"


def breaks(promises, subjects, state="broken"):
    return {promise: dict.fromkeys(subjects, state) for promise in promises}


def NOTHING(one, facts):
    return {}


def always(*promises):
    return lambda one, facts: breaks(promises, [one])


def when(fact, *promises):
    """Broken where the fact holds."""
    return lambda one, facts: breaks(promises, [one]) if facts[fact] else {}


def key_off(one, facts):
    # Nothing under it can be read, and no copy arrives under Osaka's (clause 12).
    return breaks(AT_REST, [one]) | (breaks(COPIES, DATABASES) if one.endswith("@osaka") else {})


def rotation(one, facts):
    # At least once a year (clause 8).
    return breaks(AT_REST, [one]) if facts["days"] is None or facts["days"] > 366 else {}


def key_policy(one, facts):
    broken = breaks(AT_REST, [one]) if facts.get("opened") else {}
    # What admitted AWS Backup is not there any more as it was; whether something else does is not evaluated (clause 12). A statement
    # that allows more takes nothing away.
    return broken | (breaks(COPIES, DATABASES, "unknown") if facts.get("changed") and one.endswith("@osaka") else {})


def replica_of_key(one, facts):
    return {} if facts["region"].startswith("ap-northeast-") else breaks(["data-residency"], [one])


def role(one, facts):
    """The role of AWS Backup makes the copies (clause 12); the others take no part in a promise that is judged. What is allowed beyond the
    declared takes nothing away; the effect of a policy or boundary of AWS's is not evaluated, as docs/promises.md says."""
    if one != "iam-role.backup@global" or not (facts.get("stops") or facts.get("unsure")):
        return {}
    return breaks(COPIES, DATABASES, "broken" if facts.get("stops") else "unknown")


def clock(one, facts):
    synchronised = facts["servers"] and set(facts["servers"]) <= {TIME_SYNC, TIME_SYNC_6}
    return {} if synchronised else breaks(["clock"], facts["networks"])


def rules(one, facts):
    if facts.get("direction") != "ingress":
        return {}
    # A customer comes in from the addresses that it named, at the port for which it named them, and nobody from anywhere else
    # (clause 6).
    peer = ipaddress.ip_network(facts["peer"])

    def named(protocol, port, block):
        block = ipaddress.ip_network(block)
        return (protocol, port) == (facts["protocol"], facts["port"]) and peer.version == block.version and peer.subnet_of(block)

    return {} if any(named(*one) for one in facts["known"]) else breaks(["tenant-ingress"], [one])


def parameters(one, facts):
    if one.endswith("@osaka"):
        return {}
    broken = {}
    if facts.get("rds.force_ssl", "1") != "1":
        broken |= breaks(IN_TRANSIT, DATABASES)
    if "Asia/Tokyo" in (facts.get("timezone"), facts.get("log_timezone")):
        broken |= breaks(["clock"], DATABASES)
    return broken


def used_group(one, facts):
    if facts.get("unread"):
        # RDS's own groups are not read: docs/promises.md.
        return breaks([*IN_TRANSIT, "clock"], [one], "unknown")
    broken = breaks(IN_TRANSIT, [one]) if facts["values"]["rds.force_ssl"] == "0" else {}
    return broken | (breaks(["clock"], [one]) if facts["values"]["timezone"] != "UTC" else {})


def another_engine(one, facts):
    # With RDS's own group of that engine, which is not read; the logs of the declared engine are not there.
    return breaks([*IN_TRANSIT, "clock"], [one], "unknown") | breaks(["event-logs"], [one])


def used_key(one, facts):
    broken = {} if facts["rotated"] else breaks(AT_REST, [one])
    foreign = facts["tenant"] not in ("shared", facts["own"])
    return broken | (breaks(["virtual-separation"], [one]) if foreign else {})


def moved(one, facts):
    # Into the shared network, where the groups of other tenants' hosts reach it; or the database of two tenants to the hosts of a third,
    # which meets their rows there (clauses 16 and 30).
    tenants = ["tenant initech"] if "initech" in one else ["tenant acme", "tenant globex", "tenant initech"]
    return breaks(["tenant-isolation", "virtual-separation"], tenants)


def renamed(one, facts):
    """To RDS it is the same database, to tokaido another one that carries the tags: the declared one is gone, with its backups, and no
    plan selects the other."""
    found = breaks(["point-in-time-recovery", *COPIES], [one])
    found["recovery-copies"][f"{one} ({facts['name']})"] = "broken"
    return found


def retention(one, facts):
    return breaks(["point-in-time-recovery"], [one]) if facts["value"] < RETENTION else {}


def room(one, facts):
    # A tenth more than it has, at least (clause 11).
    return breaks(["capacity-growth"], [one]) if facts["most"] * 10 < facts["value"] * 11 else {}


def elsewhere(one, facts):
    return {} if "ap-northeast-" in facts["other"] else breaks(["data-residency"], [one])


def plan(one, facts):
    broken = {}
    if not facts.get("daily", True) or facts.get("left_out") or facts.get("days", COPY_DAYS) not in (None, *range(LEAST_COPY, 36)):
        broken |= breaks(COPIES, facts.get("left_out") or DATABASES)
    if facts.get("away"):
        broken |= breaks(["data-residency"], [one])
    return broken


def locked(one, facts):
    return {} if facts["least"] <= COPY_DAYS <= facts["most"] else breaks(COPIES, DATABASES)


def vault_key(one, facts):
    # The policy that KMS gives a key admits the account, and with it the role of AWS Backup (clause 12).
    return {} if facts["rotated"] else breaks(AT_REST, [one])


def vault_policy(one, facts):
    if facts["what"] == "shared":
        return breaks(["data-residency"], [one])
    into = facts["what"] == "copies denied" and one.endswith("@osaka")
    return breaks(COPIES, DATABASES) if into else {}


def record_days(one, facts):
    return breaks(["evidence-protection"], [one]) if facts["days"] < RECORD_DAYS else {}


def bucket_policy(one, facts):
    if facts.get("weaker"):
        return breaks(["evidence-protection"], [one])
    # What a statement beside the declared ones does to them is not evaluated; one that shares the data is enough (clause 2).
    shared = breaks(["data-residency"], [f"arn:aws:s3:::{facts['name']} (data-store@global)"]) if facts["shared"] else {}
    return breaks(["evidence-protection"], [one], "unknown") | shared


EVIDENCE = always("evidence-protection")

TABLE = {
    ("kms-key", "alias"): NOTHING,
    ("kms-key", "more_aliases"): NOTHING,
    ("kms-key", "description"): NOTHING,
    ("kms-key", "enabled"): key_off,
    ("kms-key", "policy"): key_policy,
    ("kms-key", "rotation_days"): rotation,
    ("kms-key", "origin"): lambda one, facts: breaks(AT_REST, [one], "unknown"),
    ("kms-key", "regions"): replica_of_key,
    ("iam-role", "name"): NOTHING,
    ("iam-role", "path"): NOTHING,
    ("iam-role", "description"): NOTHING,
    ("iam-role", "trust"): role,
    ("iam-role", "managed_policies"): role,
    ("iam-role", "inline_policies"): role,
    ("iam-role", "permissions_boundary"): role,
    ("dhcp-options", "domain_name_servers"): NOTHING,
    ("dhcp-options", "ntp_servers"): clock,
    ("vpc", "cidr"): NOTHING,
    ("vpc", "blocks"): NOTHING,
    ("vpc", "dns_support"): NOTHING,
    ("vpc", "dns_hostnames"): NOTHING,
    ("vpc", "dhcp_options"): clock,
    ("subnet", "vpc"): NOTHING,
    ("subnet", "cidr"): NOTHING,
    ("subnet", "zone"): NOTHING,
    ("subnet", "public_addresses"): always("tenant-isolation"),
    ("subnet", "ipv6_blocks"): NOTHING,
    ("subnet", "ipv6_addresses"): NOTHING,
    ("security-group", "name"): NOTHING,
    ("security-group", "description"): NOTHING,
    ("security-group", "vpc"): NOTHING,
    ("security-group", "rules"): rules,
    ("db-subnet-group", "name"): NOTHING,
    ("db-subnet-group", "description"): NOTHING,
    ("db-subnet-group", "subnets"): NOTHING,
    ("db-parameter-group", "name"): NOTHING,
    ("db-parameter-group", "family"): NOTHING,
    ("db-parameter-group", "description"): NOTHING,
    ("db-parameter-group", "parameters"): parameters,
    ("db-parameter-group", "unmodifiable"): NOTHING,
    # A plan selects by ARN, and the name is part of it.
    ("db-instance", "name"): renamed,
    ("db-instance", "engine"): another_engine,
    ("db-instance", "engine_version"): NOTHING,
    ("db-instance", "class"): NOTHING,
    ("db-instance", "storage_type"): NOTHING,
    ("db-instance", "allocated_storage"): room,
    ("db-instance", "iops"): NOTHING,
    ("db-instance", "storage_throughput"): NOTHING,
    ("db-instance", "max_allocated_storage"): room,
    ("db-instance", "storage_encrypted"): lambda one, facts: breaks(AT_REST, [one, *facts["snapshots"]]),
    ("db-instance", "kms_key"): used_key,
    ("db-instance", "multi_az"): NOTHING,
    ("db-instance", "port"): NOTHING,
    ("db-instance", "vpc"): moved,
    ("db-instance", "subnet_group"): NOTHING,
    ("db-instance", "security_groups"): NOTHING,
    ("db-instance", "parameter_group"): used_group,
    ("db-instance", "publicly_accessible"): always(*IN_TRANSIT),
    ("db-instance", "deletion_protection"): always("point-in-time-recovery"),
    ("db-instance", "backup_retention_days"): retention,
    ("db-instance", "backup_window"): NOTHING,
    ("db-instance", "maintenance_window"): NOTHING,
    ("db-instance", "auto_minor_version_upgrade"): NOTHING,
    ("db-instance", "copy_tags_to_snapshot"): always("labelling"),
    ("db-instance", "log_exports"): when("removed", "event-logs"),
    ("db-instance", "master_username"): NOTHING,
    ("db-instance", "managed_master_password"): NOTHING,
    ("db-instance", "ca_certificate"): NOTHING,
    # The group with which a member runs is its cluster's, which is not read: docs/promises.md.
    ("db-instance", "cluster"): lambda one, facts: breaks(IN_TRANSIT, [one], "unknown"),
    ("db-instance", "replica_of"): elsewhere,
    ("db-instance", "replicas"): elsewhere,
    ("backup-vault", "name"): lambda one, facts: breaks(COPIES, DATABASES),
    ("backup-vault", "kms_key"): vault_key,
    ("backup-vault", "lock"): locked,
    ("backup-vault", "policy"): vault_policy,
    ("backup-plan", "name"): NOTHING,
    ("backup-plan", "rules"): plan,
    ("backup-plan", "copies"): plan,
    ("backup-plan", "selections"): plan,
    ("bucket", "versioning"): EVIDENCE,
    ("bucket", "object_lock"): EVIDENCE,
    ("bucket", "default_retention"): record_days,
    ("bucket", "encryption"): NOTHING,
    ("bucket", "public_access_block"): EVIDENCE,
    ("bucket", "object_ownership"): EVIDENCE,
    ("bucket", "policy"): bucket_policy,
    ("bucket", "lifecycle"): when("loses", "evidence-protection"),
}


def expected(mutation, one, facts):
    if mutation.attribute == "tags":
        # Four tags, as declared (clause 3).
        return breaks(["labelling"], [one], "unknown" if facts.get("unsure") else "broken") if facts.get("lost") else {}
    return TABLE[mutation.kind, mutation.attribute](one, facts)
