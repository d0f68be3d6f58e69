"""Keys: alias, description, switch, policy, rotation, and what only AWS's own answer says."""

import json

from core import Done, mutates
from expected import OSAKA, TOKYO

PARTNER = "arn:aws:iam::444444444444:root"


def alias_of(world, key):
    kms = world.client("kms", key.region)
    [alias] = [one["AliasName"] for one in kms.list_aliases()["Aliases"] if one.get("TargetKeyId") == key.name]
    return kms, alias


@mutates("kms-key", "alias", "taken away")
def alias_gone(world, rng, key):
    kms, alias = alias_of(world, key)
    kms.delete_alias(AliasName=alias)
    return Done(f"{alias} → none", {key.id: {"alias"}}, lambda: kms.create_alias(AliasName=alias, TargetKeyId=key.name))


@mutates("kms-key", "alias", "another")
def alias_other(world, rng, key):
    kms, alias = alias_of(world, key)
    other = f"alias/by-hand-{rng.randrange(10**6)}"
    kms.create_alias(AliasName=other, TargetKeyId=key.name)
    kms.delete_alias(AliasName=alias)

    def undo():
        kms.create_alias(AliasName=alias, TargetKeyId=key.name)
        kms.delete_alias(AliasName=other)

    def left():
        """The one that a person made; the product may have taken it away with the repair."""
        if any(one["AliasName"] == other for one in kms.list_aliases()["Aliases"]):
            kms.delete_alias(AliasName=other)

    return Done(f"{alias} → {other}", {key.id: {"alias"}}, undo, left=left)


@mutates("kms-key", "more_aliases", "one more")
def more_aliases(world, rng, key):
    kms, other = world.client("kms", key.region), f"alias/by-hand-{rng.randrange(10**6)}"
    kms.create_alias(AliasName=other, TargetKeyId=key.name)
    return Done(f"+ {other}", {}, lambda: kms.delete_alias(AliasName=other))


@mutates("kms-key", "description")
def description(world, rng, key):
    kms, words = world.client("kms", key.region), rng.choice(["by hand", "鍵", "x" * 200])
    kms.update_key_description(KeyId=key.name, Description=words)
    undo = lambda: kms.update_key_description(KeyId=key.name, Description=key.found["Description"])  # noqa: E731
    return Done(words[:20], {key.id: {"description"}}, undo)


@mutates("kms-key", "enabled", "off")
def enabled(world, rng, key):
    kms = world.client("kms", key.region)
    kms.disable_key(KeyId=key.name)
    return Done("true → false", {key.id: {"enabled"}}, lambda: kms.enable_key(KeyId=key.name))


def with_policy(world, key, change, words, path, **facts):
    kms = world.client("kms", key.region)
    before = kms.get_key_policy(KeyId=key.name, PolicyName="default")["Policy"]
    policy = json.loads(before)
    change(policy["Statement"])
    put = lambda text: kms.put_key_policy(KeyId=key.name, PolicyName="default", Policy=text)  # noqa: E731
    put(json.dumps(policy))
    return Done(words, {key.id: {path}}, lambda: put(before), facts)


@mutates("kms-key", "policy", "statement added: everybody or a partner")
def policy_opened(world, rng, key):
    principal = rng.choice(["*", {"AWS": PARTNER}, {"AWS": "444444444444"}])
    action = rng.choice(["kms:Decrypt", "kms:*", ["kms:Encrypt", "kms:GenerateDataKey"]])
    statement = {"Sid": "ByHand", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return with_policy(world, key, lambda all: all.append(statement), f"+ {principal} {action}", "policy[ByHand]", opened=True)


@mutates("kms-key", "policy", "statement added: our own account")
def policy_added(world, rng, key):
    principal = {"AWS": f"arn:aws:iam::{world.number}:role/{rng.choice(['admin', 'operator'])}"}
    statement = {"Sid": "ByHand", "Effect": "Allow", "Principal": principal, "Action": "kms:DescribeKey", "Resource": "*"}
    return with_policy(world, key, lambda all: all.append(statement), f"+ {principal}", "policy[ByHand]")


@mutates("kms-key", "policy", "statement changed")
def policy_changed(world, rng, key):
    actions = rng.choice([["kms:*", "kms:Decrypt"], ["kms:D*", "kms:G*", "kms:P*"]])
    change = lambda all: all[0].update(Action=actions)  # noqa: E731
    return with_policy(world, key, change, f"Action → {actions}", "policy[AccountAdministration]", changed=True)


@mutates("kms-key", "policy", "statement replaced")
def policy_replaced(world, rng, key):
    def replace(statements):
        statements[:] = [dict(statements[0], Sid="Renamed")]

    done = with_policy(world, key, replace, "Sid → Renamed", "policy[Renamed]", changed=True)
    done.drift = {key.id: {"policy[AccountAdministration]", "policy[Renamed]"}}
    return done


def rotated(kms, key, days):
    if days is None:
        kms.disable_key_rotation(KeyId=key.name)
    else:
        kms.enable_key_rotation(KeyId=key.name, RotationPeriodInDays=days)


@mutates("kms-key", "rotation_days", "off")
@mutates("kms-key", "rotation_days", "shorter")
@mutates("kms-key", "rotation_days", "longer")
def rotation(world, rng, key, label):
    kms = world.client("kms", key.region)
    days = {"off": None, "shorter": rng.randint(90, 364), "longer": rng.randint(367, 2560)}[label]
    rotated(kms, key, days)
    return Done(f"365 → {days}", {key.id: {"rotation_days"}}, lambda: rotated(kms, key, 365), {"days": days})


@mutates("kms-key", "origin", "imported", by_hand=True)
def origin(world, rng, key):
    """AWS rotates no material but its own."""
    kms, value = world.client("kms", key.region), rng.choice(["EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"])
    put = lambda to: world.field("kms", key.region, ["keys", key.name, "origin"], to)  # noqa: E731
    before = put(value)
    rotated(kms, key, None)

    def undo():
        put(before)
        rotated(kms, key, 365)

    return Done(f"{before} → {value}", {key.id: {"rotation_days"}}, undo)


@mutates("kms-key", "regions", "a replica", by_hand=True)
def regions(world, rng, key):
    """moto keeps what replicas there are; only a key that was made for several regions gets one."""
    other = rng.choice([OSAKA if key.region == TOKYO else TOKYO, "us-east-1", "eu-west-1"])
    arn = f"arn:aws:kms:{{}}:{world.number}:key/{key.name}"
    shape = {
        "MultiRegionKeyType": "PRIMARY",
        "PrimaryKey": {"Arn": arn.format(key.region), "Region": key.region},
        "ReplicaKeys": [{"Arn": arn.format(other), "Region": other}],
    }
    world.field("kms", key.region, ["keys", key.name, "multi_region_configuration"], shape)
    put = lambda to: world.field("kms", key.region, ["keys", key.name, "multi_region"], to)  # noqa: E731
    put(True)
    return Done(f"+ {other}", {}, lambda: put(False), {"region": other})
