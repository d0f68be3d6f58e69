"""Random mutations of what is owned, every attribute of every kind: drift names exactly them, audit moves exactly the verdicts concerned, and
they are mended by hand or by `apply`. The same of what is not owned makes no difference that does not concern it.

usage: mutations [--seed N] [--all [SEEDS]] [--only TEXT] [--theirs]

Objects, values, order, company and how each is mended come from the seed, which is printed; `WIRE_SEED` sets it too.
"""

import argparse
import contextlib
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import buckets  # noqa: E402, F401
import databases  # noqa: E402, F401
import groups  # noqa: E402, F401
import keys  # noqa: E402, F401
import labels_of_all  # noqa: E402, F401
import legal  # noqa: E402
import look  # noqa: E402
import networks  # noqa: E402, F401
import place  # noqa: E402
import plans  # noqa: E402, F401
import promised  # noqa: E402
import roles  # noqa: E402, F401
import schema  # noqa: E402
import strangers  # noqa: E402
import subnets  # noqa: E402, F401
from batches import batches  # noqa: E402
from core import CELLS, REASONS, gaps  # noqa: E402
from emulators import Account, ministack, moto  # noqa: E402
from expected import APPLY, BOOTSTRAP, ENVIRONMENTS, EXIT_DONE  # noqa: E402
from product import BINARY, ROOT, Product, Suite, accept_closed_regions, unexpected, variables, whole  # noqa: E402
from proxy import Proxy  # noqa: E402
from world import ENVIRONMENT, World  # noqa: E402

# Of the mutations beside the first of each attribute, how many a run without `--all` does.
SHARE = 0.2


def differs(found, wanted):
    """What two answers say differently."""
    names = sorted(found.keys() | wanted.keys())
    return {name: (found.get(name), wanted.get(name)) for name in names if found.get(name) != wanted.get(name)}


def told(done, verdicts):
    """What must be said of one mutation, in one line."""
    named = [f"{one} {' '.join(sorted(paths))}" for one, paths in sorted(done.drift.items())]
    named += [f"{one} accepted: {' '.join(sorted(paths))}" for one, paths in sorted(done.managed.items())]
    named += [f"{one} missing" for one in sorted(done.missing)] + [f"copy of {one}" for one in sorted(done.copies)]
    return f"{'; '.join(named) or 'no drift'} | {', '.join(sorted(verdicts)) or 'no verdict'}"


def part(found, done, verdicts, wanted):
    """What is wrong about one of several mutations: its own objects, and the members whose verdicts it moves."""
    own = {*done.drift, *done.managed, *done.missing, *done.copies}
    mine = {name: {one: paths for one, paths in found.get(name, {}).items() if one in own} for name in ("drifted", "managed", "copies")}
    alone = look.wanted(done)
    wrong = differs(mine | {"missing": found.get("missing", set()) & own}, {name: alone[name] for name in (*mine, "missing")})
    moved = {promise: {one for one in members if one not in verdicts.get(promise, {})} for promise, members in wanted.items()}
    unmoved = {promise: members for promise, members in moved.items() if members}
    return wrong | ({"not moved": unmoved} if unmoved else {})


def all_together(each):
    """The verdicts of several mutations. What is broken by one and unknown by another is broken."""
    found = {}
    for verdicts in each:
        for promise, members in verdicts.items():
            for one, state in members.items():
                before = found.setdefault(promise, {}).get(one)
                found[promise][one] = "broken" if "broken" in (before, state) else state
    return found


def mended(suite, rng, product, done, what):
    """By hand or by `apply`; of several some may be mended by hand before. An apply mends nothing that drift does not name."""
    appliable = [one for mutation, one in done if one.appliable and not mutation.by_hand and (one.drift or one.missing)]
    by_apply = appliable if rng.random() < 0.5 else []
    for _, one in reversed(done):
        if not any(one is other for other in by_apply):
            one.undo()
    if by_apply:
        suite.check(f"{what}: apply mends {len(by_apply)}", unexpected(product.run(APPLY), EXIT_DONE))
        for one in by_apply:
            one.left()
    else:
        print(f"       mended by hand: {what}")


def mutated(suite, rng, world, product, batch):
    done, wanted = [], []
    for mutation, one in batch:
        made = mutation.act(world, rng, world.one(one))
        done.append((mutation, made))
        wanted.append(promised.expected(mutation, one, made.facts))
    found, verdicts, why = look.both(product)
    for (mutation, one), (_, made), moved in zip(batch, done, wanted):
        wrong = part(found, made, verdicts, moved)
        suite.check(f"{mutation.kind}.{mutation.attribute} ({mutation.label}) of {one}: {made.words} → {told(made, moved)}", wrong)
    what = f"{len(batch)} at once" if len(batch) > 1 else "one alone"
    suite.check(f"{what}: drift names nothing else", differs(found, look.wanted(*(made for _, made in done))))
    moved = differs(verdicts, all_together(wanted))
    suite.check(f"{what}: no other verdict moves", moved and (moved, why))
    mended(suite, rng, product, done, what)
    found, verdicts, _ = look.both(product)
    return suite.check(f"{what}: mended, nothing is left", differs(found, look.nothing()) or verdicts)


def started(suite, account, product):
    administrator = {
        "AWS_ACCESS_KEY_ID": account.credentials["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": account.credentials["aws_secret_access_key"],
        "AWS_SESSION_TOKEN": account.credentials["aws_session_token"],
    }
    ready = suite.check("bootstrap", unexpected(product.run(BOOTSTRAP, **administrator), EXIT_DONE))
    ready = ready and suite.check("apply", unexpected(product.run(APPLY), EXIT_DONE))
    found, verdicts, _ = look.both(product)
    return ready and suite.check("no drift, every promise kept", differs(found, look.nothing()) or verdicts)


def tables(suite, attributes):
    suite.check("every attribute has a mutation or a reason, and never both", gaps(attributes))
    rows = {name for name in CELLS if name[1] != "tags"}
    suite.check("every mutated attribute has a row of promises, and no other", rows ^ promised.TABLE.keys())
    for (kind, name), reason in sorted(REASONS.items()):
        print(f"       {kind}.{name}: {reason}")


def run(suite, arguments, seed, account, product, counted):
    rng, world = random.Random(seed), World(account, product)
    print(f"seed {seed}:")
    for batch in [] if arguments.theirs else batches(rng, world, 1.0 if arguments.all else SHARE):
        batch = [one for one in batch if arguments.only in f"{one[0].kind}.{one[0].attribute}"]
        if batch:
            counted.update((mutation.kind, mutation.attribute) for mutation, _ in batch)
            counted["mutations"] += len(batch)
            if not mutated(suite, rng, world, product, batch):
                return


class Counted(dict):
    def update(self, names):
        for name in names:
            self[name] = self.get(name, 0) + 1

    def __missing__(self, name):
        return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=BINARY, type=whole)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("WIRE_SEED", 20261130)))
    parser.add_argument("--all", type=int, nargs="?", const=3, default=0, metavar="SEEDS", help="every mutation, from so many seeds")
    parser.add_argument("--only", default="", help="only attributes whose name has this text")
    parser.add_argument("--theirs", action="store_true", help="only what is not ours")
    arguments = parser.parse_args()
    suite, begun, counted = Suite(), time.monotonic(), Counted()
    attributes = schema.attributes()
    tables(suite, attributes)
    with tempfile.TemporaryDirectory(prefix="tokaido-wire-") as scratch, contextlib.ExitStack() as stack:
        folder = pathlib.Path(scratch)
        project = folder / "project"
        for name in ("environments", "policies"):
            shutil.copytree(ROOT / name, project / name)
        place.grow(project)
        accept_closed_regions(project)
        number = ENVIRONMENTS[ENVIRONMENT]["account"]
        everything, backup = moto(folder), ministack(folder, ENVIRONMENT, number)
        stack.callback(everything.stop)
        stack.callback(backup.stop)
        account = Account(number, everything.wait().url, backup.wait().url)
        # What the product sends passes them; boto3 goes to the emulators directly.
        proxies = [Proxy(everything.url), Proxy(backup.url)]
        for proxy in proxies:
            stack.callback(proxy.stop)
        product = Product(arguments.binary, project, ENVIRONMENT, variables(folder, *proxies))
        if started(suite, account, product):
            for seed in range(arguments.seed, arguments.seed + max(1, arguments.all)):
                run(suite, arguments, seed, account, product, counted)
            strangers.all_of_it(suite, random.Random(arguments.seed), World(account, product), product, counted, arguments)
        legal.check(suite, "mutations", proxies, planted=False)
    done = [name for name in counted if isinstance(name, tuple)]
    if not arguments.only and not arguments.theirs:
        suite.check("every attribute with a mutation was mutated", sorted(CELLS.keys() - set(done)))
    kinds = len({kind for kind, _ in done})
    print(f"{kinds} kinds, {len(done)} of {len(attributes)} attributes, {counted['mutations']} mutations of ours, {counted['foreign']} of others, {len(REASONS)} reasons")
    print(f"took {time.monotonic() - begun:.0f} s")
    print(f"mutations: {suite.passed} passed, {suite.failed} failed")
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
