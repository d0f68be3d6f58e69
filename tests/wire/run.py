"""The real wire: the built binary against two emulators, judged by boto3.

For each environment: plan, apply, an empty plan, a second apply that changes nothing, eight promises; then each promise
is broken by hand, drift must name exactly that, and apply must mend it. Ends with a line that counts.
"""

import argparse
import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import boto3
from botocore.exceptions import ClientError

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import backups  # noqa: E402
import elsewhere  # noqa: E402
import foreign  # noqa: E402
import labels  # noqa: E402
import legal  # noqa: E402
from emulators import CREDENTIALS, Account, ministack, moto  # noqa: E402
from expected import (  # noqa: E402
    APPLY,
    AUDIT,
    BOOTSTRAP,
    CALLS,
    COUNTED,
    DRIFT,
    DRIFTED,
    ENVIRONMENTS,
    EXIT_BROKEN,
    EXIT_CHANGES,
    EXIT_DONE,
    EXIT_DRIFT,
    EXIT_REFUSED,
    MUTATING,
    OSAKA,
    PLAN,
    TOKYO,
    WATCH,
    broken,
)
from product import BINARY, ROOT, Product, Suite, accept_closed_regions, number, unexpected, variables, whole  # noqa: E402
from promises import PROMISES, main_vpc, tags  # noqa: E402
from proxy import Proxy  # noqa: E402
from store import judged, sightings, weaken  # noqa: E402

def drifted(result):
    """Resource ids with their differing attributes, as the report names them."""
    report = json.loads(result.stdout)
    named = {entry["id"]: {diff["path"].split("[")[0] for diff in entry["diffs"]} for entry in report["drifted"]}
    return named | {entry["id"]: {"(missing)"} for entry in report["missing"]}


def promises(suite, account, environment, when):
    for name, (check, _) in PROMISES.items():
        suite.check(f"{environment}: {name} {when}", check(account, environment, ENVIRONMENTS[environment]))


def audited(suite, product, environment, exit_code, named):
    """The verdicts of the product's own audit, beside what boto3 thinks: what is named is broken, and nothing else is unknown."""
    result = product.run(AUDIT)
    when = f"finds exactly {', '.join(sorted(named))} broken" if named else "finds every promise kept"
    if suite.check(f"{environment}: audit ends with {exit_code}", unexpected(result, exit_code)):
        verdicts = json.loads(result.stdout)["environments"][0]["verdicts"]
        states = {verdict["promise"]: verdict["state"] for verdict in verdicts}
        doubted = {promise: state for promise, state in states.items() if state in ("broken", "unknown", "pending")}
        wrong = doubted if doubted != dict.fromkeys(named, "broken") else None if "kept" in states.values() else "nothing is kept"
        suite.check(f"{environment}: audit {when}", wrong)


def broken_and_mended(suite, product, account, environment):
    for name, (check, break_it) in PROMISES.items():
        break_it(account, environment)
        suite.check(f"{environment}: {name} is broken by hand", None if check(account, environment, ENVIRONMENTS[environment]) else "still kept")
        result = product.run(DRIFT)
        if suite.check(f"{environment}: drift says so", unexpected(result, EXIT_DRIFT)):
            resource, attributes = DRIFTED[name]
            found, wanted = drifted(result), {resource: attributes}
            suite.check(f"{environment}: drift names exactly {resource}", None if found == wanted else f"{found}, not {wanted}")
        audited(suite, product, environment, EXIT_BROKEN, broken(environment, name))
        suite.check(f"{environment}: apply mends it", unexpected(product.run(APPLY), EXIT_DONE))
        result = product.run(DRIFT)
        suite.check(f"{environment}: no drift is left", unexpected(result, EXIT_DONE) or drifted(result))
        suite.check(f"{environment}: {name} is kept again", check(account, environment, ENVIRONMENTS[environment]))


def watched(suite, product, account, environment):
    """Two looks at an environment that is well: what is written down of them lies in its bucket, one object for each."""
    for look, news in enumerate(("transition", "heartbeat"), 1):
        result = product.run(WATCH)
        if not suite.check(f"{environment}: look {look} of watch finds nothing open", unexpected(result, EXIT_DONE)):
            return
        events = [json.loads(line) for line in result.stdout.splitlines()]
        named = [(event["environment"], event["event"]) for event in events]
        suite.check(f"{environment}: it says so in one line", None if named == [(environment, news)] else named)
        found = sightings(account, environment)
        wrong = [record["record"] for record in found] != ["transition", "heartbeat"][:look]
        suite.check(f"{environment}: it is written down once", found if wrong else None)


def inventory(account, environment):
    """Objects that cost a read of their own, as boto3 counts them: those of ours, and all of which the tags are asked."""
    found, prefix = dict.fromkeys(COUNTED, 0), f"{environment}-"

    def count(what, names):
        found[what] += sum(name.startswith(prefix) for name in names)
        if f"all {what}" in found:
            found[f"all {what}"] += sum(not name.startswith(("aws/", "default")) for name in names)

    for region in (TOKYO, OSAKA):
        ec2, rds, kms, backup = (account.client(service, region) for service in ("ec2", "rds", "kms", "backup"))
        count("keys", [alias["AliasName"].removeprefix("alias/") for alias in kms.list_aliases()["Aliases"]])
        count("vpcs", [tags(vpc).get("Name", "") for vpc in ec2.describe_vpcs()["Vpcs"]])
        count("subnet groups", [group["DBSubnetGroupName"] for group in rds.describe_db_subnet_groups()["DBSubnetGroups"]])
        groups = rds.describe_db_parameter_groups()["DBParameterGroups"]
        count("parameter groups", [group["DBParameterGroupName"] for group in groups])
        count("vaults", [vault["BackupVaultName"] for vault in backup.list_backup_vaults()["BackupVaultList"]])
        lists = ec2.describe_managed_prefix_lists()["PrefixLists"]
        found["prefix lists"] += sum(one["OwnerId"] != "AWS" for one in lists)
        attached = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
        found["regions with an attached network"] += any(one["ResourceType"] == "vpc" for one in attached)
        found["transit gateway tables"] += len(ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"])
        plans = backup.list_backup_plans()["BackupPlansList"]
        count("plans", [plan["BackupPlanName"] for plan in plans])
        for plan in plans:
            found["all selections"] += len(backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"])
    iam = account.client("iam", TOKYO)
    count("roles", [role["RoleName"] for role in iam.list_roles(PathPrefix="/tokaido/")["Roles"]])
    buckets = account.client("s3", TOKYO).list_buckets()["Buckets"]
    found["all buckets"] = len(buckets)
    found["buckets"] = sum(bucket["Name"].startswith("tokaido-") for bucket in buckets)
    return found


def budget(found):
    """The table "Per operation" of docs/read-budget.md, with its words replaced by what boto3 counted."""
    text = (ROOT / "docs/read-budget.md").read_text().split("## Per operation")[1].split("\n## ")[0]
    calls = {}
    for operation, terms in re.findall(r"^\| `(\w+:\w+)` \| (.+) \|$", text, re.MULTILINE):
        total = 0
        for term in terms.split(" + "):
            times, _, what = term.rpartition("·")
            total += int(times or 1) * (int(what) if what.isdigit() else found[what])
        calls[operation] = total
    return calls


def over_budget(product, account, environment):
    result = product.run(PLAN)
    calls = {operation: int(count) for operation, count, _ in re.findall(CALLS, result.stderr, re.MULTILINE)}
    allowed = budget(inventory(account, environment))
    different = {name: (calls.get(name), allowed.get(name)) for name in calls.keys() | allowed.keys() if calls.get(name, 0) != allowed.get(name, 0)}
    return f"(made, allowed) differ: {different}" if different or not calls else None


def stranger(account):
    """A VPC of another owner, made before tokaido first looks."""
    return account.client("ec2", TOKYO).create_vpc(CidrBlock="172.16.0.0/16")["Vpc"]["VpcId"]


def untouched(account, vpc):
    found = account.client("ec2", TOKYO).describe_vpcs(VpcIds=[vpc])["Vpcs"]
    if len(found) != 1 or tags(found[0]):
        return f"the VPC of another owner is now {found}"
    return None


def bootstrapped(suite, product, account, name):
    """As an administrator of the account, without the role of the file; once, and a second time for nothing."""
    administrator = {
        "AWS_ACCESS_KEY_ID": account.credentials["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": account.credentials["aws_secret_access_key"],
        "AWS_SESSION_TOKEN": account.credentials["aws_session_token"],
    }
    refused = product.run(BOOTSTRAP)
    suite.check(f"{name}: bootstrap refuses credentials of another account", unexpected(refused, EXIT_REFUSED))
    suite.check(f"{name}: bootstrap makes the bucket and the roles", unexpected(product.run(BOOTSTRAP, **administrator), EXIT_DONE))
    for what, wrong in judged(account, name).items():
        suite.check(f"{name}: {what}", wrong)
    again = product.run(BOOTSTRAP, **administrator)
    calls = number(MUTATING, again)
    suite.check(f"{name}: a second bootstrap does nothing", unexpected(again, EXIT_DONE) or (f"{calls} mutating calls" if calls else None))
    weaken(account, name)
    suite.check(f"{name}: bootstrap refuses to repair", unexpected(product.run(BOOTSTRAP, **administrator), EXIT_REFUSED))


def environment(suite, product, account, name):
    print(f"{name}:")
    theirs = stranger(account)
    bootstrapped(suite, product, account, name)
    suite.check(f"{name}: the first plan has changes", unexpected(product.run(PLAN), EXIT_CHANGES))
    if not suite.check(f"{name}: apply makes everything", unexpected(product.run(APPLY), EXIT_DONE)):
        return
    for what, wrong in judged(account, name).items():
        suite.check(f"{name}: {what}, after an apply repaired it", wrong)
    suite.check(f"{name}: the next plan is empty", unexpected(product.run(PLAN), EXIT_DONE))
    result = product.run(APPLY)
    suite.check(f"{name}: a second apply is done at once", unexpected(result, EXIT_DONE))
    calls = number(MUTATING, result)
    suite.check(f"{name}: a second apply changes nothing", None if calls == 0 else f"{calls} mutating calls")
    suite.check(f"{name}: reads are within their budget", over_budget(product, account, name))
    promises(suite, account, name, "is kept")
    audited(suite, product, name, EXIT_DONE, set())
    watched(suite, product, account, name)
    broken_and_mended(suite, product, account, name)
    labels.all_of_it(suite, product, account, name)
    backups.all_of_it(suite, product, account, name)
    foreign.all_of_it(suite, product, account, name)
    routed(suite, product, account, name, theirs)
    elsewhere.all_of_it(suite, product, account, name)
    audited(suite, product, name, EXIT_DONE, set())
    promises(suite, account, name, "is kept at the end")
    suite.check(f"{name}: what is not ours is untouched", untouched(account, theirs))


def routed(suite, product, account, environment, other):
    """A person connects our network with another one, and no tenant's rules let it send there: the promises stay kept."""
    ec2, ours = account.client("ec2", TOKYO), main_vpc(account)["VpcId"]
    created = ec2.create_vpc_peering_connection(VpcId=ours, PeerVpcId=other)["VpcPeeringConnection"]
    peering = created["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    main = [{"Name": "vpc-id", "Values": [ours]}, {"Name": "association.main", "Values": ["true"]}]
    table = ec2.describe_route_tables(Filters=main)["RouteTables"][0]["RouteTableId"]
    where = {"RouteTableId": table, "DestinationCidrBlock": "172.16.0.0/16"}
    ec2.create_route(VpcPeeringConnectionId=peering, **where)
    suite.check(f"{environment}: a peering that no tenant uses breaks nothing", unexpected(product.run(AUDIT), EXIT_DONE))
    proof = product.run(["prove", "isolation", environment, "--format", "json"])
    if suite.check(f"{environment}: isolation is proved", unexpected(proof, EXIT_DONE)):
        said = json.loads(proof.stdout)
        whole = said["isolated"] == said["pairs"] and not said["leaks"] and not said["undecided"]
        suite.check(f"{environment}: every pair is isolated", None if whole else said)
    suite.check(f"{environment}: a foreign route is no drift", unexpected(product.run(DRIFT), EXIT_DONE))
    suite.check(f"{environment}: no plan undoes it", unexpected(product.run(PLAN), EXIT_DONE))
    ec2.delete_route(**where)
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering)
    audited(suite, product, environment, EXIT_DONE, set())


def refused(call):
    """The HTTP status of a write that must not succeed."""
    try:
        call()
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]
    return 200


def store(suite, url):
    """Records and lease in a bucket: every store's contract against moto, and boto3's view of what came of it."""
    print("store:")
    s3, bucket = boto3.client("s3", region_name=TOKYO, endpoint_url=url, **CREDENTIALS), "tokaido-wire-store"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": TOKYO})
    words = ["cargo", "test", "--quiet", "--test", "suite", "--", "--ignored", "--exact", "aws_store_wire::a_bucket_on_the_wire"]
    mine = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    settings = mine | {"TOKAIDO_WIRE_S3": url, "TOKAIDO_WIRE_BUCKET": bucket}
    ran = subprocess.run(words, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=1800)
    passed = ran.returncode == 0 and "1 passed" in ran.stdout
    suite.check("store: the contract holds", None if passed else f"{ran.stdout}\n{ran.stderr}")
    keys = {listed["Key"] for listed in s3.list_objects_v2(Bucket=bucket).get("Contents", [])}
    wanted = {f"dev/records/{number:08}.json" for number in range(1, 13)} | {"dev/lease.json", "production/records/00000001.json"}
    suite.check("store: each record is an object", None if wanted <= keys else f"{sorted(wanted - keys)} are missing")
    lease = json.loads(s3.get_object(Bucket=bucket, Key="staging/lease.json")["Body"].read())
    given_back = lease["released"] and lease["fence"] == 10
    suite.check("store: ten holders, ten fences, and the lease is given back", None if given_back else lease)
    put = functools.partial(s3.put_object, Bucket=bucket, Body=b"{}")
    status = refused(lambda: put(Key="dev/records/00000001.json", IfNoneMatch="*"))
    suite.check("store: a record cannot be written twice", None if status == 412 else status)
    status = refused(lambda: put(Key="dev/lease.json", IfMatch='"00000000000000000000000000000000"'))
    suite.check("store: a lease that changed cannot be replaced", None if status == 412 else status)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=BINARY, type=whole)
    parser.add_argument("environments", nargs="*", choices=[[], *ENVIRONMENTS], default=[])
    arguments = parser.parse_args()
    names = arguments.environments or list(ENVIRONMENTS)
    suite, begun = Suite(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tokaido-wire-") as scratch, contextlib.ExitStack() as stack:
        folder = pathlib.Path(scratch)
        project = folder / "project"
        for part in ("environments", "policies"):
            shutil.copytree(ROOT / part, project / part)
        accept_closed_regions(project)
        everything = moto(folder)
        stack.callback(everything.stop)
        backups = {}
        for name in names:
            backups[name] = ministack(folder, name, ENVIRONMENTS[name]["account"])
            stack.callback(backups[name].stop)
        everything.wait()
        store(suite, everything.url)
        for name in names:
            backup = backups[name].wait()
            account = Account(ENVIRONMENTS[name]["account"], everything.url, backup.url)
            # What the product sends passes them; boto3 goes to the emulators directly.
            proxies = [Proxy(everything.url), Proxy(backup.url)]
            for proxy in proxies:
                stack.callback(proxy.stop)
            product = Product(arguments.binary, project, name, variables(folder, *proxies))
            environment(suite, product, account, name)
            legal.check(suite, name, proxies)
    print(f"took {time.monotonic() - begun:.0f} s")
    print(f"wire: {suite.passed} passed, {suite.failed} failed")
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
