"""Subnet groups and parameter groups of databases. Those of Osaka have no database, so one that is made anew is the same to all."""

from core import Done, mutates

OSAKA_ONLY = {"objects": lambda one: one.endswith("@osaka"), "by_hand": True}


def labels_of(rds, arn):
    return rds.list_tags_for_resource(ResourceName=arn)["TagList"]


def subnets_anew(world, group, name=None, description=None, subnets=None):
    rds = world.client("rds", group.region)
    labels = labels_of(rds, group.found["DBSubnetGroupArn"])
    own = [one["SubnetIdentifier"] for one in group.found["Subnets"]]

    def replace(gone, name, description, subnets):
        rds.delete_db_subnet_group(DBSubnetGroupName=gone)
        rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription=description, SubnetIds=subnets, Tags=labels)

    before = (group.name, group.found["DBSubnetGroupDescription"], own)
    after = (name or before[0], description or before[1], subnets or before[2])
    replace(group.name, *after)
    return lambda: replace(after[0], *before)


@mutates("db-subnet-group", "name", "made anew", **OSAKA_ONLY)
def name(world, rng, group):
    other = f"by-hand-{rng.randrange(10**6)}"
    undo = subnets_anew(world, group, name=other)
    return Done(f"{group.name} → {other}", {}, undo, missing=(group.id,), copies={group.id: other})


# moto's ModifyDBSubnetGroup loses the group, so these two are made anew as well.
@mutates("db-subnet-group", "description", "made anew", **OSAKA_ONLY)
def description(world, rng, group):
    return Done("→ by hand", {group.id: {"description"}}, subnets_anew(world, group, description="by hand"))


@mutates("db-subnet-group", "subnets", "removed", **OSAKA_ONLY)
@mutates("db-subnet-group", "subnets", "added", **OSAKA_ONLY)
@mutates("db-subnet-group", "subnets", "changed", **OSAKA_ONLY)
def subnets(world, rng, group, label):
    ec2 = world.client("ec2", group.region)
    names = {one.name: one.id for one in world.all("subnet").values()}
    own = sorted(one["SubnetIdentifier"] for one in group.found["Subnets"])
    wanted, paths, made = list(own), set(), None
    if label != "added":
        gone = wanted.pop(rng.randrange(len(wanted)))
        paths.add(f"subnets[{names[gone]}]")
    if label != "removed":
        made = ec2.create_subnet(VpcId=group.found["VpcId"], CidrBlock="10.11.240.0/24", AvailabilityZone=f"{group.region}a")["Subnet"]["SubnetId"]
        wanted.append(made)
        paths.add(f"subnets[{made}]")
    back = subnets_anew(world, group, subnets=wanted)

    def undo():
        back()
        if made:
            ec2.delete_subnet(SubnetId=made)

    return Done(" ".join(sorted(paths)), {group.id: paths}, undo)


def values_of(rds, name):
    found = rds.describe_db_parameters(DBParameterGroupName=name)["Parameters"]
    return {one["ParameterName"]: one["ParameterValue"] for one in found if one.get("ParameterValue")}


def put(rds, name, values):
    form = [{"ParameterName": key, "ParameterValue": value, "ApplyMethod": "immediate"} for key, value in values.items()]
    rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=form)


def parameters_anew(world, group, name=None, family=None, description=None):
    rds = world.client("rds", group.region)
    labels, values = labels_of(rds, group.found["DBParameterGroupArn"]), values_of(rds, group.name)

    def replace(gone, name, family, description):
        rds.delete_db_parameter_group(DBParameterGroupName=gone)
        rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily=family, Description=description, Tags=labels)
        put(rds, name, values)

    before = (group.name, group.found["DBParameterGroupFamily"], group.found["Description"])
    after = (name or before[0], family or before[1], description or before[2])
    replace(group.name, *after)
    return lambda: replace(after[0], *before)


@mutates("db-parameter-group", "name", "made anew", **OSAKA_ONLY)
def group_name(world, rng, group):
    other = f"by-hand-{rng.randrange(10**6)}"
    undo = parameters_anew(world, group, name=other)
    return Done(f"{group.name} → {other}", {}, undo, missing=(group.id,), copies={group.id: other})


@mutates("db-parameter-group", "family", "made anew", **OSAKA_ONLY)
def family(world, rng, group):
    other = rng.choice(["postgres15", "postgres17"])
    return Done(f"postgres16 → {other}", {group.id: {"family"}}, parameters_anew(world, group, family=other))


@mutates("db-parameter-group", "description", "made anew", **OSAKA_ONLY)
def group_description(world, rng, group):
    return Done("→ by hand", {group.id: {"description"}}, parameters_anew(world, group, description="by hand"))


def reset(rds, name, parameter):
    rds.reset_db_parameter_group(DBParameterGroupName=name, Parameters=[{"ParameterName": parameter, "ApplyMethod": "pending-reboot"}])


@mutates("db-parameter-group", "parameters", "changed")
def parameter_changed(world, rng, group):
    rds = world.client("rds", group.region)
    name, value = rng.choice([("rds.force_ssl", "0"), ("timezone", "Asia/Tokyo"), ("log_timezone", "Asia/Tokyo"), ("timezone", "Etc/UTC")])
    before = values_of(rds, group.name)[name]
    put(rds, group.name, {name: value})
    # Two names of one zone are the same.
    named = {} if value == "Etc/UTC" else {group.id: {f"parameters[{name}]"}}
    return Done(f"{name}: {before} → {value}", named, lambda: put(rds, group.name, {name: before}), {name: value})


@mutates("db-parameter-group", "parameters", "added")
def parameter_added(world, rng, group):
    rds = world.client("rds", group.region)
    name, value = rng.choice([("log_connections", "1"), ("work_mem", "8192"), ("max_connections", "200")])
    put(rds, group.name, {name: value})
    return Done(f"+ {name}={value}", {group.id: {f"parameters[{name}]"}}, lambda: reset(rds, group.name, name))


@mutates("db-parameter-group", "parameters", "removed")
def parameter_removed(world, rng, group):
    """RDS goes back to what the family has by itself, which is the same for each of these: nothing differs."""
    rds = world.client("rds", group.region)
    name = rng.choice(["rds.force_ssl", "timezone", "log_timezone"])
    before = values_of(rds, group.name)[name]
    reset(rds, group.name, name)
    return Done(f"- {name}", {}, lambda: put(rds, group.name, {name: before}))


@mutates("db-parameter-group", "unmodifiable", "written", by_hand=True)
def unmodifiable(world, rng, group):
    where = ["db_parameter_groups", group.name, "parameters", "log_timezone", "IsModifiable"]
    before = world.field("rds", group.region, where, False)
    return Done("+ log_timezone", {}, lambda: world.field("rds", group.region, where, before))
