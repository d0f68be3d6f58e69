"""Tags, an attribute of every kind. Only those that begin with `tokaido:` are ours, and of those the intent is never compared."""

from core import Done, mutates
from networks import also_networks
from promises import tags
from world import LISTS

OURS = {"tokaido:tenant": ["nobody", "acme", "initech"], "tokaido:classification": ["public", "secret"]}


def kms(world, one):
    client = world.client("kms", one.region)
    labels = {tag["TagKey"]: tag["TagValue"] for tag in client.list_resource_tags(KeyId=one.name)["Tags"]}
    put = lambda key, value: client.tag_resource(KeyId=one.name, Tags=[{"TagKey": key, "TagValue": value}])  # noqa: E731
    return labels, put, lambda key: client.untag_resource(KeyId=one.name, TagKeys=[key])


def iam(world, one):
    client = world.client("iam")
    labels = tags({"Tags": client.list_role_tags(RoleName=one.name)["Tags"]})
    put = lambda key, value: client.tag_role(RoleName=one.name, Tags=[{"Key": key, "Value": value}])  # noqa: E731
    return labels, put, lambda key: client.untag_role(RoleName=one.name, TagKeys=[key])


def ec2(world, one):
    client = world.client("ec2", one.region)
    put = lambda key, value: client.create_tags(Resources=[one.name], Tags=[{"Key": key, "Value": value}])  # noqa: E731
    return tags(one.found), put, lambda key: client.delete_tags(Resources=[one.name], Tags=[{"Key": key}])


def rds(world, one):
    client = world.client("rds", one.region)
    arn = next(one.found[name] for name in ("DBInstanceArn", "DBSubnetGroupArn", "DBParameterGroupArn") if name in one.found)
    labels = tags(client.list_tags_for_resource(ResourceName=arn), "TagList")
    put = lambda key, value: client.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": key, "Value": value}])  # noqa: E731
    return labels, put, lambda key: client.remove_tags_from_resource(ResourceName=arn, TagKeys=[key])


def backup(world, one):
    client = world.client("backup", one.region)
    arn = next(one.found[name] for name in ("BackupVaultArn", "BackupPlanArn") if name in one.found)
    put = lambda key, value: client.tag_resource(ResourceArn=arn, Tags={key: value})  # noqa: E731
    return client.list_tags(ResourceArn=arn)["Tags"], put, lambda key: client.untag_resource(ResourceArn=arn, TagKeyList=[key])


def s3(world, one):
    client = world.client("s3")
    read = lambda: tags(client.get_bucket_tagging(Bucket=one.name), "TagSet")  # noqa: E731

    def write(labels):
        form = [{"Key": key, "Value": value} for key, value in labels.items()]
        client.put_bucket_tagging(Bucket=one.name, Tagging={"TagSet": form})

    take = lambda gone: write({key: value for key, value in read().items() if key != gone})  # noqa: E731
    return read(), lambda key, value: write(read() | {key: value}), take


SERVICE = {
    "kms-key": kms, "iam-role": iam, "dhcp-options": ec2, "vpc": ec2, "subnet": ec2, "security-group": ec2, "db-subnet-group": rds,
    "db-parameter-group": rds, "db-instance": rds, "backup-vault": backup, "backup-plan": backup, "bucket": s3,
}


def theirs(world, rng, one):
    _, put, take = SERVICE[one.kind](world, one)
    put("team", "payments")
    return Done("+ team", {}, lambda: take("team"))


def uncompared(world, rng, one):
    labels, put, _ = SERVICE[one.kind](world, one)
    key = rng.choice(sorted({"Name", "tokaido:intent"} & labels.keys()))
    put(key, "by-hand")
    return Done(f"{key} → by-hand", {}, lambda: put(key, labels[key]))


def changed(world, rng, one):
    labels, put, _ = SERVICE[one.kind](world, one)
    key = rng.choice(sorted(OURS))
    value = rng.choice([other for other in OURS[key] if other != labels[key]])
    put(key, value)
    return Done(f"{key}: {labels[key]} → {value}", {one.id: {f"tags[{key}]"}}, lambda: put(key, labels[key]), {"lost": True})


def added(world, rng, one):
    _, put, take = SERVICE[one.kind](world, one)
    put("tokaido:by-hand", "yes")
    return Done("+ tokaido:by-hand", {one.id: {"tags[tokaido:by-hand]"}}, lambda: take("tokaido:by-hand"))


def removed(world, rng, one):
    labels, put, take = SERVICE[one.kind](world, one)
    key = rng.choice(sorted(OURS))
    take(key)
    return Done(f"- {key}", {one.id: {f"tags[{key}]"}}, lambda: put(key, labels[key]), {"lost": True})


def unnamed(world, rng, one):
    """Without its id it is not known which one it is: drift calls it missing, and says what may be it. A set of options has nothing else by
    which it is recognised, so networks that use it cannot be compared with it either."""
    labels, put, take = SERVICE[one.kind](world, one)
    take("tokaido:id")
    unsure = one.kind == "dhcp-options"
    drift = {network: {"dhcp_options"} for network in also_networks(one.id)} if unsure else {}
    facts = {"lost": True, "unsure": unsure}
    return Done("- tokaido:id", drift, lambda: put("tokaido:id", labels["tokaido:id"]), facts, missing=(one.id,), appliable=False)


for kind in LISTS:
    mutates(kind, "tags", "added: another team's")(theirs)
    mutates(kind, "tags", "changed: not compared")(uncompared)
    mutates(kind, "tags", "changed")(changed)
    mutates(kind, "tags", "added: ours")(added)
    mutates(kind, "tags", "removed")(removed)
    mutates(kind, "tags", "removed: the id", by_hand=True, alone=True)(unnamed)
