"""Roles: what IAM fixes at creation by making them anew, and every policy added, changed and removed."""

import json

from core import Done, mutates

BACKUP = "iam-role.backup@global"
PARTNER = "arn:aws:iam::444444444444:root"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
# A role that nothing else names: one that is made anew is another one.
UNNAMED = {"objects": lambda one: one != BACKUP}


def content(iam, name):
    attached = [one["PolicyArn"] for one in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]]
    inline = {one: iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"] for one in iam.list_role_policies(RoleName=name)["PolicyNames"]}
    return attached, inline, iam.list_role_tags(RoleName=name)["Tags"]


def anew(world, role, name, path):
    """The same role under another name or path: IAM changes neither."""
    iam, old = world.client("iam"), role.found
    attached, inline, labels = content(iam, role.name)

    def take(one):
        for arn in attached:
            iam.detach_role_policy(RoleName=one, PolicyArn=arn)
        for policy in inline:
            iam.delete_role_policy(RoleName=one, PolicyName=policy)
        iam.delete_role(RoleName=one)

    def make(one, at):
        trust = json.dumps(old["AssumeRolePolicyDocument"])
        iam.create_role(RoleName=one, Path=at, AssumeRolePolicyDocument=trust, Description=old["Description"], Tags=labels)
        for arn in attached:
            iam.attach_role_policy(RoleName=one, PolicyArn=arn)
        for policy, document in inline.items():
            iam.put_role_policy(RoleName=one, PolicyName=policy, PolicyDocument=json.dumps(document))

    take(role.name)
    make(name, path)

    def undo():
        take(name)
        make(role.name, old["Path"])

    return undo


@mutates("iam-role", "name", "made anew", by_hand=True, **UNNAMED)
def name(world, rng, role):
    other = f"dev-by-hand-{rng.randrange(10**6)}"
    undo = anew(world, role, other, role.found["Path"])
    # A role of another name is another role, with another ARN.
    return Done(f"{role.name} → {other}", {}, undo, missing=(role.id,), copies={role.id: other})


@mutates("iam-role", "path", "made anew", by_hand=True, **UNNAMED)
def path(world, rng, role):
    other = rng.choice(["/tokaido/by-hand/", "/", "/by-hand/"])
    undo = anew(world, role, role.name, other)
    return Done(f"{role.found['Path']} → {other}", {role.id: {"path"}}, undo)


@mutates("iam-role", "description")
def description(world, rng, role):
    iam, words = world.client("iam"), rng.choice(["by hand", "another"])
    iam.update_role(RoleName=role.name, Description=words)
    undo = lambda: iam.update_role(RoleName=role.name, Description=role.found["Description"])  # noqa: E731
    return Done(words, {role.id: {"description"}}, undo)


def with_trust(world, role, change, words, paths, **facts):
    iam = world.client("iam")
    put = lambda document: iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=json.dumps(document))  # noqa: E731
    before = role.found["AssumeRolePolicyDocument"]
    after = json.loads(json.dumps(before))
    change(after["Statement"])
    put(after)
    return Done(words, {role.id: paths} if paths else {}, lambda: put(before), facts)


@mutates("iam-role", "trust", "statement added")
def trust_added(world, rng, role):
    statement = {"Sid": "ByHand", "Effect": "Allow", "Principal": {"AWS": PARTNER}, "Action": "sts:AssumeRole"}
    return with_trust(world, role, lambda all: all.append(statement), f"+ {PARTNER}", {"trust[ByHand]"})


@mutates("iam-role", "trust", "statement changed")
def trust_changed(world, rng, role):
    sid = role.found["AssumeRolePolicyDocument"]["Statement"][0]["Sid"]
    change = lambda all: all[0].update(Principal={"AWS": PARTNER})  # noqa: E731
    return with_trust(world, role, change, f"Principal → {PARTNER}", {f"trust[{sid}]"}, stops=True)


@mutates("iam-role", "trust", "statement removed")
def trust_removed(world, rng, role):
    sid = role.found["AssumeRolePolicyDocument"]["Statement"][0]["Sid"]
    deny = {"Sid": "Nobody", "Effect": "Deny", "Principal": {"AWS": PARTNER}, "Action": "sts:AssumeRole"}

    def change(statements):
        statements[:] = [deny]

    return with_trust(world, role, change, f"- {sid}", {f"trust[{sid}]", "trust[Nobody]"}, stops=True)


@mutates("iam-role", "trust", "the same in another spelling")
def trust_spelled(world, rng, role):
    change = lambda all: all[0].update(Action=["sts:AssumeRole"])  # noqa: E731
    return with_trust(world, role, change, "Action as a list of one", set())


@mutates("iam-role", "managed_policies", "added")
def managed_added(world, rng, role):
    iam = world.client("iam")
    iam.attach_role_policy(RoleName=role.name, PolicyArn=READ_ONLY)
    undo = lambda: iam.detach_role_policy(RoleName=role.name, PolicyArn=READ_ONLY)  # noqa: E731
    return Done(f"+ {READ_ONLY}", {role.id: {f"managed_policies[{READ_ONLY}]"}}, undo, {"unsure": True})


@mutates("iam-role", "managed_policies", "removed", objects=lambda one: one == BACKUP)
@mutates("iam-role", "managed_policies", "replaced", objects=lambda one: one == BACKUP)
def managed_removed(world, rng, role, label):
    iam, (attached, _, _) = world.client("iam"), content(world.client("iam"), role.name)
    arn = rng.choice(attached)
    iam.detach_role_policy(RoleName=role.name, PolicyArn=arn)
    paths = {f"managed_policies[{arn}]"}
    if label == "replaced":
        iam.attach_role_policy(RoleName=role.name, PolicyArn=READ_ONLY)
        paths.add(f"managed_policies[{READ_ONLY}]")

    def undo():
        iam.attach_role_policy(RoleName=role.name, PolicyArn=arn)
        if label == "replaced":
            iam.detach_role_policy(RoleName=role.name, PolicyArn=READ_ONLY)

    return Done(f"- {arn.split('/')[-1]}", {role.id: paths}, undo, {"stops": arn.endswith("ForBackup"), "unsure": label == "replaced"})


@mutates("iam-role", "inline_policies", "added")
def inline_added(world, rng, role):
    iam, effect = world.client("iam"), rng.choice(["Allow", "Deny"])
    document = {"Version": "2012-10-17", "Statement": [{"Sid": "ByHand", "Effect": effect, "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName=role.name, PolicyName="by-hand", PolicyDocument=json.dumps(document))
    undo = lambda: iam.delete_role_policy(RoleName=role.name, PolicyName="by-hand")  # noqa: E731
    return Done(f"+ {effect} *", {role.id: {f"inline_policies[by-hand {one}]" for one in ("ByHand", "Version")}}, undo, {"stops": effect == "Deny"})


@mutates("iam-role", "inline_policies", "changed", **UNNAMED)
def inline_changed(world, rng, role):
    iam = world.client("iam")
    put = lambda document: iam.put_role_policy(RoleName=role.name, PolicyName="tokaido", PolicyDocument=json.dumps(document))  # noqa: E731
    before = iam.get_role_policy(RoleName=role.name, PolicyName="tokaido")["PolicyDocument"]
    after = json.loads(json.dumps(before))
    statement = rng.choice(after["Statement"])
    statement["Resource"] = ["arn:aws:s3:::by-hand"]
    put(after)
    return Done(f"{statement['Sid']}.Resource", {role.id: {f"inline_policies[tokaido {statement['Sid']}]"}}, lambda: put(before))


@mutates("iam-role", "inline_policies", "removed", **UNNAMED)
def inline_removed(world, rng, role):
    iam = world.client("iam")
    before = iam.get_role_policy(RoleName=role.name, PolicyName="tokaido")["PolicyDocument"]
    iam.delete_role_policy(RoleName=role.name, PolicyName="tokaido")
    put = lambda: iam.put_role_policy(RoleName=role.name, PolicyName="tokaido", PolicyDocument=json.dumps(before))  # noqa: E731
    named = {f"inline_policies[tokaido {one}]" for one in ("Version", *(each["Sid"] for each in before["Statement"]))}
    return Done("- tokaido", {role.id: named}, put)


@mutates("iam-role", "permissions_boundary", "added")
def boundary(world, rng, role):
    iam = world.client("iam")
    iam.put_role_permissions_boundary(RoleName=role.name, PermissionsBoundary=READ_ONLY)
    undo = lambda: iam.delete_role_permissions_boundary(RoleName=role.name)  # noqa: E731
    return Done(f"+ {READ_ONLY}", {role.id: {f"permissions_boundary[{READ_ONLY}]"}}, undo, {"unsure": True})
