"""The promotion path of a release on the real wire, with a clock that is moved; then every gate is broken once, and refuses in words.

Three environments in three accounts with a bucket each, one set of credentials, three people with keys. boto3 judges what
came of it, and that nothing came of what was refused. Ends with a line that counts.
"""

import argparse
import contextlib
import datetime
import json
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

import eyes  # noqa: E402
from clock import Clock  # noqa: E402
from emulators import CREDENTIALS, Account, ministack, moto  # noqa: E402
from expected import AUDIT, BUCKET, ENVIRONMENTS, EXIT_DONE, EXIT_DRIFT, EXIT_ERROR, EXIT_REFUSED, MUTATING, TOKYO  # noqa: E402
from product import BINARY, ROOT, Suite, accept_closed_regions, number, unexpected, variables, whole  # noqa: E402
from promises import PROMISES, shorten_retention  # noqa: E402

BEGINS = datetime.datetime(2026, 11, 2, tzinfo=datetime.timezone.utc)
PEOPLE = {"alice": "platform", "bob": "change-management", "carol": "platform", "erin": "support"}
ALICE = ["--author", "alice@example.com"]
RELEASE = "2026.11.0"
PROMOTE = ["promote", RELEASE, "--to"]


class Broken(Exception):
    """A step of the promotion path failed, so what comes after it means nothing."""


class Story:
    def __init__(self, suite, binary, folder, clock, everything, backups):
        self.suite, self.binary, self.folder, self.clock, self.everything = suite, binary, folder, clock, everything
        self.project, self.keys = folder / "project", folder / "keys"
        self.variables = {name: variables(folder, everything, backup) | clock.variables() for name, backup in backups.items()}
        self.accounts = {
            name: Account(ENVIRONMENTS[name]["account"], everything.url, backup.url) for name, backup in backups.items()
        }
        self.known = None

    # The product.

    def run(self, words, environment="production"):
        """AWS Backup of one environment is in an emulator of its own, so a command is about one environment at most."""
        command = [self.binary, *words]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=self.project, env=self.variables[environment], **pipes) as process:
            out, err = process.communicate(timeout=300)
        self.clock.swept(process.pid)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def does(self, exit_code, *words, environment="production", says=()):
        """A step that must succeed."""
        self.known = None
        result = self.run(words, environment)
        wrong = unexpected(result, exit_code) or unsaid(result, says)
        if wrong:
            self.suite.check(f"tokaido {' '.join(words)}", wrong)
            raise Broken
        return result

    def refuses(self, exit_code, says, *words, environment="production"):
        """The words are said, and neither a file nor an account is another than before."""
        before = self.known or self.state()
        result = self.run(words, environment)
        wrong = unexpected(result, exit_code) or unsaid(result, [says])
        self.known = self.state()
        changed = sorted(str(name) for name in before.keys() | self.known.keys() if before.get(name) != self.known.get(name))
        self.suite.check(f"exit {exit_code}: {said(result, says)}", wrong or (changed and f"{' '.join(words)} changed {changed}"))

    def state(self):
        return eyes.look(self.accounts.values()) | eyes.files(self.project)

    # What people do.

    def key(self, person):
        path = self.keys / person
        if not path.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", str(path)], check=True)
        return path

    def plan(self):
        result = self.does(EXIT_DONE, "plan", "production", "--save", *ALICE)
        return re.search(r"saved plans/production/([0-9a-f]{12})\.json", result.stderr).group(1)

    def approve(self, plan, *people):
        for person in people:
            self.does(EXIT_DONE, "approve", plan, "--key", str(self.key(person)), "--yes")

    def edit(self, name, old, new):
        path = self.project / name
        text = path.read_text()
        if not re.search(old, text):
            raise AssertionError(f"{name} does not say {old}")
        path.write_text(re.sub(old, new, text))
        self.known = None

    @contextlib.contextmanager
    def altered(self, *edits):
        """A person edits files, and puts them back."""
        kept = {name: (self.project / name).read_bytes() for name, _, _ in edits}
        for edit in edits:
            self.edit(*edit)
        yield
        for name, body in kept.items():
            (self.project / name).write_bytes(body)
        self.known = None

    # What boto3 knows of it.

    def objects(self, environment):
        account = self.accounts[environment]
        s3, bucket = account.client("s3", TOKYO), BUCKET.format(env=environment, account=account.account)
        return s3, {"Bucket": bucket}

    def records(self, environment):
        s3, where = self.objects(environment)
        listed = s3.list_objects_v2(Prefix=f"{environment}/records/", **where).get("Contents", [])
        return [json.loads(s3.get_object(Key=found["Key"], **where)["Body"].read()) for found in listed]

    def lease(self, environment):
        s3, where = self.objects(environment)
        return json.loads(s3.get_object(Key=f"{environment}/lease.json", **where)["Body"].read())


def unsaid(result, says):
    missing = [words for words in says if words not in result.stdout + result.stderr]
    return f"missing from the output: {missing}\n{result.stdout}\n{result.stderr}" if missing else None


def said(result, words):
    lines = (result.stderr + result.stdout).splitlines()
    return next((line.strip() for line in lines if words in line), words)[:150]


def begin(story):
    """A project with people, and an account for each environment."""
    for part in ("environments", "policies"):
        shutil.copytree(ROOT / part, story.project / part)
    accept_closed_regions(story.project)
    story.keys.mkdir()
    lines = ["schema: tokaido/roles/v1", "people:"]
    for person, group in PEOPLE.items():
        story.key(person)
        public = " ".join((story.keys / f"{person}.pub").read_text().split()[:2])
        lines.append(f'  - {{ id: {person}, groups: [{group}], keys: ["{public}"], also_known_as: [{person}@example.com] }}')
    lines += ["approvals:", "  production: { required: 2, from: [platform, change-management], groups: { change-management: 1 } }"]
    (story.project / "policies/roles.yaml").write_text("\n".join(lines) + "\n")
    story.does(EXIT_DONE, "validate")
    for name, account in story.accounts.items():
        administrator = {
            "AWS_ACCESS_KEY_ID": account.credentials["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": account.credentials["aws_secret_access_key"],
            "AWS_SESSION_TOKEN": account.credentials["aws_session_token"],
        }
        ours = story.variables[name]
        story.variables[name] = ours | administrator
        story.does(EXIT_DONE, "bootstrap", name, "--yes", environment=name)
        story.variables[name] = ours
    first, second = story.state(), story.state()
    story.suite.check("two looks at the accounts are equal when nothing happens", first != second and "they differ")


def kept(story, name, when):
    for promise, (check, _) in PROMISES.items():
        story.suite.check(f"{name}: {promise} {when}", check(story.accounts[name], name, ENVIRONMENTS[name]))


def arrived(story, name, ground):
    """What boto3 sees in an environment after an apply that left nothing to do."""
    suite = story.suite
    kept(story, name, "is kept")
    records = story.records(name)
    begun = [record for record in records if record["record"] == "begun"][-1]
    proven = records[-1]
    suite.check(f"{name}: the apply began on {RELEASE}, {ground}", unlike(begun, {"ground": ground, "release": RELEASE}))
    suite.check(f"{name}: the last record says that nothing is left to do", unlike(proven, {"record": "proven", "release": RELEASE, "unkept": []}))
    began = {(record["step"], record["id"]) for record in records if record["record"] == "intent" and record["plan"] == begun["plan"]}
    ended = {(record["step"], record["id"]) for record in records if record["record"] == "ended" and record["outcome"] == "done"}
    suite.check(f"{name}: each of {len(began)} steps has its two records", None if began and began <= ended else began - ended)
    lease = story.lease(name)
    suite.check(f"{name}: the lease is given back", None if lease["released"] else lease)
    empty = story.does(EXIT_DONE, "plan", name, "--detailed-exitcode", "--stats", environment=name)
    suite.check(f"{name}: the next plan is empty and changes nothing", number(MUTATING, empty))


def unlike(record, wanted):
    found = record | {name: record.get(name, {}).get(key) for name, key in (("ground", "kind"), ("release", "id")) if record.get(name)}
    wrong = {name: found.get(name) for name, value in wanted.items() if found.get(name) != value}
    return f"{wrong} in {record}" if wrong else None


def promotion_path(story):
    print("the promotion path:")
    story.does(EXIT_DONE, "release", "cut", "--note", "the beginning")
    story.refuses(EXIT_REFUSED, "never applied in dev", *PROMOTE, "staging", environment="staging")
    story.refuses(EXIT_REFUSED, "never applied in staging", *PROMOTE, "production")
    story.does(EXIT_DONE, *PROMOTE, "dev", environment="dev")
    story.does(EXIT_DONE, "apply", "dev", "--yes", environment="dev")
    arrived(story, "dev", "open")
    story.refuses(EXIT_REFUSED, "its soak ends", *PROMOTE, "staging", environment="staging")
    story.clock.advance(hours=1)
    story.does(EXIT_DONE, *PROMOTE, "staging", environment="staging")
    story.does(EXIT_DONE, "apply", "staging", "--yes", environment="staging")
    arrived(story, "staging", "promoted")
    story.clock.advance(hours=23)
    story.refuses(EXIT_REFUSED, "its soak ends 2026-11-03", *PROMOTE, "production")
    story.clock.advance(hours=1)
    story.does(EXIT_DONE, *PROMOTE, "production", says=["The same change as in staging"])
    plan = story.plan()
    story.suite.check(f"plan {plan} of production, as in staging, saved by alice", None)
    return plan


def approval_evidence(story, plan):
    print("no apply without approval evidence:")
    sign = ["approve", plan, "--yes", "--key"]
    apply = ["apply", plan, "--yes"]
    story.refuses(EXIT_REFUSED, "0 of 2 approvals", *apply)
    story.refuses(EXIT_REFUSED, "an author may not approve their own plan", *sign, str(story.key("alice")))
    story.refuses(EXIT_REFUSED, "in none of the groups", *sign, str(story.key("erin")))
    story.refuses(EXIT_REFUSED, "policies/roles.yaml does not have this key", *sign, str(story.key("mallory")))
    story.refuses(EXIT_REFUSED, "is a key of bob, not of carol", *sign, str(story.key("bob")), "--as", "carol")
    story.approve(plan, "bob")
    story.refuses(EXIT_REFUSED, "1 of 2 approvals", *apply)
    story.approve(plan, "carol")
    story.does(EXIT_DONE, "approve", plan, "--key", str(story.key("carol")), "--withdraw", "--yes")
    story.refuses(EXIT_REFUSED, "1 of 2 approvals", *apply)
    story.clock.advance(minutes=1)
    story.approve(plan, "carol")
    forged = story.project / f"plans/production/{plan}.approvals/bob-1.txt"
    with story.altered((str(forged.relative_to(story.project)), "bob", "carol")):
        story.refuses(EXIT_REFUSED, "1 of 2 approvals", *apply)


def alterations(story, plan):
    print("whatever was not approved does not pass:")
    production, apply = "environments/production.yaml", ["apply", plan, "--yes"]
    roles = ("policies/roles.yaml", f"releases/{RELEASE}/policies/roles.yaml")
    with story.altered(*((name, "required: 2", "required: 1") for name in roles)):
        story.refuses(EXIT_ERROR, "roles.yaml", *apply)
    with story.altered((f"plans/production/{plan}.json", r'"create":\d+', '"create":1')):
        story.refuses(EXIT_REFUSED, "altered", *apply)
    with story.altered((production, "333333333333", "444444444444")):
        story.refuses(EXIT_REFUSED, "this plan is for production (333333333333) and the project's production is 444444444444", *apply)
    with story.altered((production, "(?m)^assume_role: .*\n", "")):
        story.refuses(EXIT_REFUSED, "wrong account: production is 333333333333 and the credentials belong to 123456789012", *apply)
    with story.altered((f"releases/{RELEASE}/environments/base.yaml", "keep: 8d", "keep: 9d")):
        story.refuses(EXIT_ERROR, f"releases/{RELEASE}/environments/base.yaml", "plan", "production")
    story.refuses(EXIT_ERROR, "2026.11.9", "promote", "2026.11.9", "--to", "dev", environment="dev")
    with story.altered((production, "(?m)^release: .*\n", "")):
        story.refuses(EXIT_REFUSED, "no release is pinned", "apply", "production", "--yes")
    theirs = boto3.client("s3", region_name=TOKYO, endpoint_url=story.everything.url, **CREDENTIALS)
    theirs.create_bucket(Bucket="tokaido-of-another-account", CreateBucketConfiguration={"LocationConstraint": TOKYO})
    with story.altered((production, "tokaido-production-333333333333", "tokaido-of-another-account")):
        story.refuses(EXIT_REFUSED, "it does not belong to 333333333333", "plan", "production")
        story.refuses(EXIT_REFUSED, "it does not belong to 333333333333", *apply)
    listed = theirs.list_object_versions(Bucket="tokaido-of-another-account")
    story.suite.check("the bucket of another account received nothing", listed.get("Versions"))


def lease_of_another(story, plan):
    """bob's machine holds the lease and stops renewing it: refused while it lasts, taken over afterwards."""
    now = story.clock.now()
    later = {"acquired_at": 0, "heartbeat_at": 0, "expires_at": 600}
    times = {name: f"{now + datetime.timedelta(seconds=more):%Y-%m-%dT%H:%M:%SZ}" for name, more in later.items()}
    owner = {"caller": "arn:aws:sts::333333333333:assumed-role/tokaido/bob", "host": "elsewhere", "pid": 7, "run": "a1"}
    lease = {"schema_version": 1, "fence": 41, "owner": owner, "plan": "0" * 64, "released": False} | times
    s3, where = story.objects("production")
    s3.put_object(Key="production/lease.json", Body=json.dumps(lease), **where)
    story.known = None
    story.refuses(EXIT_REFUSED, "assumed-role/tokaido/bob on elsewhere", "apply", plan, "--yes")
    story.clock.advance(minutes=11)


def passed(story, plan):
    print("with all approval evidence, once:")
    story.does(EXIT_DONE, "apply", plan, "--yes", says=["a fresh plan is empty"])
    arrived(story, "production", "approved")
    begun = [record for record in story.records("production") if record["record"] == "begun"][-1]
    story.suite.check("production: approved by bob and carol", None if begun["ground"].get("by") == ["bob", "carol"] else begun)
    lease = story.lease("production")
    story.suite.check("production: the abandoned lease was taken over under the next fence", None if lease["fence"] == 42 else lease)
    fences = {record["fence"] for record in story.records("production")}
    story.suite.check("production: every record carries the fence of its apply", None if fences == {42} else fences)
    story.refuses(EXIT_REFUSED, "was used at", "apply", plan, "--yes")
    story.does(EXIT_DONE, "drift", "production", says=["no drift"])
    for name in ENVIRONMENTS:
        audit = story.does(EXIT_DONE, *(word.format(env=name) for word in AUDIT), environment=name)
        states = {verdict["state"] for verdict in json.loads(audit.stdout)["environments"][0]["verdicts"]}
        story.suite.check(f"{name}: the audit finds nothing broken or unknown", states & {"broken", "unknown"})
    again = story.does(EXIT_DONE, "apply", "production", "--yes", "--stats")
    story.suite.check("production: an apply of nothing needs no approval and changes nothing", number(MUTATING, again))


def yesterday(story):
    print("what was approved yesterday is not approved today:")
    account = story.accounts["production"]
    shorten_retention(account, "production")
    story.does(EXIT_DRIFT, "drift", "production", says=["db-instance.catalog@tokyo", "backup_retention_days"])
    late = story.plan()
    story.approve(late, "bob", "carol")
    story.clock.advance(hours=25)
    story.refuses(EXIT_REFUSED, "expired at", "apply", late, "--yes")
    again = story.plan()
    story.suite.check("the same change has the same id", None if again == late else f"{late}, now {again}")
    rds = account.client("rds", TOKYO)
    rds.modify_db_instance(DBInstanceIdentifier="production-catalog", DeletionProtection=False, ApplyImmediately=True)
    other = story.plan()
    story.refuses(EXIT_REFUSED, "0 of 2 approvals", "apply", other, "--yes")
    return other


def emergency(story, plan):
    print("an emergency says why, and stays on the screen:")
    apply = ["apply", plan, "--yes", *ALICE, "--emergency"]
    story.refuses(EXIT_REFUSED, "an emergency needs a reason", *apply, "fast")
    story.does(EXIT_DONE, *apply, "the catalog database lost its protection")
    shown = story.does(EXIT_DONE, "status", "production", says=["not reviewed yet", "the catalog database lost its protection"])
    number_of = re.search(r"(?m)^ *emergency +([0-9a-f]{12}):", shown.stdout + shown.stderr).group(1)
    review = ["review", number_of, "--yes", "--key"]
    story.refuses(EXIT_REFUSED, "took part in this emergency", *review, str(story.key("alice")))
    story.does(EXIT_DONE, *review, str(story.key("bob")))
    shown = story.does(EXIT_DONE, "status", "production")
    story.suite.check("bob reviewed it, and only then it left the status", "not reviewed yet" in shown.stdout + shown.stderr)
    kinds = [record["record"] for record in story.records("production")]
    story.suite.check("the emergency was recorded before its apply, the review last", None if told(kinds) else kinds)
    kept(story, "production", "is kept at the end")


def told(kinds):
    where = kinds.index("emergency")
    return kinds[where + 1] == "begun" and kinds[-1] == "reviewed"


def only_added(story):
    """No record was written twice, in any account, by anything that happened here."""
    for name in ENVIRONMENTS:
        s3, where = story.objects(name)
        listed = s3.list_object_versions(Prefix=f"{name}/records/", **where)
        keys = [version["Key"] for version in listed["Versions"]]
        wanted = [f"{name}/records/{number:08}.json" for number in range(1, len(keys) + 1)]
        once = sorted(keys) == wanted and not listed.get("DeleteMarkers")
        story.suite.check(f"{name}: {len(keys)} records, each written once and none gone", None if once else keys)
        try:
            s3.delete_object(Key=keys[0], **where)
        except ClientError as error:
            story.suite.check(f"{name}: no caller can delete a record", None if error.response["ResponseMetadata"]["HTTPStatusCode"] == 403 else error)
        else:
            story.suite.check(f"{name}: no caller can delete a record", "it was deleted")


def told_whole(story):
    begin(story)
    plan = promotion_path(story)
    approval_evidence(story, plan)
    alterations(story, plan)
    lease_of_another(story, plan)
    passed(story, plan)
    emergency(story, yesterday(story))
    only_added(story)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=BINARY, type=whole)
    binary = parser.parse_args().binary
    suite, begun = Suite(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tokaido-wire-story-") as scratch, contextlib.ExitStack() as stack:
        folder = pathlib.Path(scratch)
        clock = Clock(folder, BEGINS)
        everything = moto(folder, MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS="false", WIRE_CLOCK=str(clock.file))
        stack.callback(everything.stop)
        backups = {}
        for name, expected in ENVIRONMENTS.items():
            backups[name] = ministack(folder, name, expected["account"])
            stack.callback(backups[name].stop)
        for emulator in (everything, *backups.values()):
            emulator.wait()
        with contextlib.suppress(Broken):
            told_whole(Story(suite, binary, folder, clock, everything, backups))
    print(f"took {time.monotonic() - begun:.0f} s")
    print(f"wire story: {suite.passed} passed, {suite.failed} failed")
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
