"""Failures that heal themselves, on the wire: throttles at random, AWS's own buckets, and lost, failed and spoiled replies.

Each case begins with an account in which nothing is. What AWS holds in the end is what boto3 finds.
"""

import collections
import contextlib
import os
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import legal  # noqa: E402
from emulators import Account, ministack, moto  # noqa: E402
from expected import APPLY, BOOTSTRAP, DRIFT, ENVIRONMENTS, EXIT_CHANGES, EXIT_DONE, OSAKA, PLAN, TOKYO  # noqa: E402
from product import BINARY, ROOT, Product, Suite, accept_closed_regions, unexpected, variables  # noqa: E402
from promises import PROMISES, tags  # noqa: E402
from proxy import Buckets, FirstOfEach, Proxy, Throttles, Well  # noqa: E402

NAME = "dev"
ACCOUNT = ENVIRONMENTS[NAME]["account"]

# AWS's own buckets: so many calls at once, and so many more each second (EC2 Developer Guide, "Request throttling for the Amazon
# EC2 API"; AWS KMS Developer Guide, "Request quotas").
PUBLISHED = {
    "ec2:CreateVpc": (50, 5),
    "ec2:CreateSubnet": (50, 5),
    "ec2:CreateSecurityGroup": (50, 5),
    "ec2:AuthorizeSecurityGroupIngress": (50, 5),
    "ec2:ModifyVpcAttribute": (50, 5),
    "ec2:DescribeVpcs": (100, 20),
    "ec2:DescribeVpcAttribute": (100, 20),
    "kms:CreateKey": (5, 5),
    "kms:CreateAlias": (5, 5),
}

# Narrower ones, so that an apply of one environment runs into them.
BUCKETS = {
    "ec2:CreateVpc": (1, 0.5),
    "ec2:CreateSubnet": (1, 1),
    "ec2:CreateSecurityGroup": (1, 1),
    "kms:CreateKey": (1, 1),
    "ec2:DescribeVpcs": (2, 2),
}


# Every proxy that there was.
ALL = []


class World:
    """Two emulators with a proxy before each, and the product in a project of its own."""

    def __init__(self, folder, stack):
        self.folder = folder
        everything, backup = moto(folder), ministack(folder, NAME, ACCOUNT)
        stack.callback(everything.stop)
        stack.callback(backup.stop)
        everything.wait()
        backup.wait()
        self.account = Account(ACCOUNT, everything.url, backup.url)
        self.proxies = [Proxy(everything.url), Proxy(backup.url)]
        ALL.extend(self.proxies)
        for proxy in self.proxies:
            stack.callback(proxy.stop)
        project = folder / "project"
        for part in ("environments", "policies"):
            shutil.copytree(ROOT / part, project / part)
        accept_closed_regions(project)
        self.product = Product(os.path.abspath(BINARY), project, NAME, variables(folder, *self.proxies))

    def behaves(self, behave):
        for proxy in self.proxies:
            proxy.behave = behave
        return behave

    def bootstrap(self):
        mine = {
            "AWS_ACCESS_KEY_ID": self.account.credentials["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.account.credentials["aws_secret_access_key"],
            "AWS_SESSION_TOKEN": self.account.credentials["aws_session_token"],
        }
        return self.product.run(BOOTSTRAP, **mine)

    def timed(self, command):
        begun = time.monotonic()
        result = self.product.run(command)
        return result, time.monotonic() - begun

    def twice(self):
        """Ids of tokaido that more than one object carries, as boto3 finds them."""
        found = collections.Counter()
        for region in (TOKYO, OSAKA):
            ec2, kms = self.account.client("ec2", region), self.account.client("kms", region)
            objects = ec2.describe_vpcs()["Vpcs"] + ec2.describe_subnets()["Subnets"] + ec2.describe_security_groups()["SecurityGroups"]
            objects += ec2.describe_dhcp_options()["DhcpOptions"]
            found.update((region, tags(one)["tokaido:id"]) for one in objects if "tokaido:id" in tags(one))
            for key in kms.list_keys()["Keys"]:
                held = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]}
                found.update([(region, held["tokaido:id"])] if "tokaido:id" in held else [])
            backup = self.account.client("backup", region)
            found.update((region, plan["BackupPlanName"]) for plan in backup.list_backup_plans()["BackupPlansList"])
        return {where: count for where, count in found.items() if count > 1} or (None if len(found) > 10 else f"only {found}")


@contextlib.contextmanager
def fresh(behave=None):
    with tempfile.TemporaryDirectory(prefix="tokaido-healing-") as scratch, contextlib.ExitStack() as stack:
        world = World(pathlib.Path(scratch), stack)
        world.behaves(behave or Well())
        result = world.bootstrap()
        if result.returncode:
            raise SystemExit(f"bootstrap: {result.stdout}\n{result.stderr}")
        yield world


def whole(suite, world, what):
    """Everything is there, once, and the next plan is empty."""
    world.behaves(Well())
    suite.check(f"{what}: the next plan is empty", unexpected(world.product.run(PLAN), EXIT_DONE))
    suite.check(f"{what}: nothing is there twice", world.twice())


def throttled(suite):
    """Three pairs of an undisturbed apply and a throttled one, one after the other. Emulators and proxies share two cores with the
    product, and their noise only adds to a ratio: the smallest counts, and all are printed."""
    seed, ratios = int(os.environ.get("TOKAIDO_WIRE_SEED", "20261130")), []
    for pair in range(seed, seed + 3):
        times = []
        for behave in (Well(), Throttles(0.3, pair)):
            what = "undisturbed" if isinstance(behave, Well) else "30 % throttled"
            with fresh() as world:
                world.behaves(behave)
                result, took = world.timed(APPLY)
                times.append(took)
                suite.check(f"{what}: apply makes everything", unexpected(result, EXIT_DONE))
                if pair == seed:
                    whole(suite, world, what)
        ratios.append(times[1] / times[0])
        print(f"  an apply from empty: {times[0]:.1f} s; with {behave.refused} of {behave.calls} calls throttled (seed {pair}): {times[1]:.1f} s, {ratios[-1]:.2f} times")
    ratio = min(ratios)
    suite.check(f"30 % throttled: at most twice as long ({ratio:.2f} times)", None if ratio <= 2 else ratios)


def limited(suite):
    """AWS's own buckets throttle nothing; narrower ones are learned."""
    with fresh() as world:
        buckets = world.behaves(Buckets(PUBLISHED))
        suite.check("AWS's buckets: apply makes everything", unexpected(world.product.run(APPLY), EXIT_DONE))
        suite.check("AWS's buckets: nothing was throttled", dict(+buckets.refused))
        print(f"  with AWS's buckets: {dict(buckets.calls)}")
    with fresh() as world:
        buckets = world.behaves(Buckets(BUCKETS))
        result, took = world.timed(APPLY)
        suite.check("narrow buckets: apply makes everything", unexpected(result, EXIT_DONE))
        told = [line for line in result.stderr.splitlines() if "waits" in line]
        print(f"  with narrow buckets: {took:.1f} s; throttled: {dict(+buckets.refused)}; {len(told)} waits told")
        whole(suite, world, "narrow buckets")


def lost(suite, *ways):
    """The first reply of each operation in each region is lost or spoiled: the same run finishes, without a second object."""
    what = f"each first reply {' or '.join(ways)}"
    behave = FirstOfEach(*ways)
    with fresh(behave) as world:
        result = world.product.run(APPLY)
        suite.check(f"{what}: one apply makes everything", unexpected(result, EXIT_DONE))
        made = set(behave.seen)
        suite.check(f"{what}: it says what it found", None if "Read back" in result.stdout else result.stdout + result.stderr)
        whole(suite, world, what)
        for name, (check, break_it) in PROMISES.items():
            break_it(world.account, NAME)
        world.behaves(Well())
        suite.check(f"{what}: much is broken by hand", unexpected(world.product.run(PLAN), EXIT_CHANGES))
        behave = world.behaves(FirstOfEach(*ways))
        suite.check(f"{what}: one apply mends it", unexpected(world.product.run(APPLY), EXIT_DONE))
        made |= set(behave.seen)
        whole(suite, world, f"{what}, after the repair")
        suite.check(f"{what}: no drift is left", unexpected(world.product.run(DRIFT), EXIT_DONE))
        for name, (check, _) in PROMISES.items():
            suite.check(f"{what}: {name} is kept", check(world.account, NAME, ENVIRONMENTS[NAME]))
        named = sorted({f"{service}:{operation}" for service, _, operation in made})
        print(f"  {len(made)} replies of {len(named)} operations: {', '.join(named)}")


def main():
    suite, begun = Suite(), time.monotonic()
    print("throttled:")
    throttled(suite)
    print("limited:")
    limited(suite)
    for ways in (["lost"], ["500", "garbage"]):
        print(f"{' and '.join(ways)}:")
        lost(suite, *ways)
    legal.check(suite, "all of it", ALL, planted=False)
    print(f"took {time.monotonic() - begun:.0f} s")
    print(f"healing: {suite.passed} passed, {suite.failed} failed")
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
