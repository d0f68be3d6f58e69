"""The shipped policies, asked by two engines: regorus inside of tokaido, and rego-cpp here."""

import json
import pathlib
import subprocess
import sys
import tempfile

import regopy

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKAIDO = ROOT / "target/engine/debug/tokaido"
ENVIRONMENTS = ("dev", "staging", "production")


def tokaido(*words):
    """Standard output as JSON; a command that fails ends the run."""
    ran = subprocess.run([TOKAIDO, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"policy: tokaido {' '.join(map(str, words))} ended with {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return json.loads(ran.stdout)


def second(policy, text, document):
    """What rego-cpp answers: both sets, sorted."""
    engine = regopy.Interpreter()
    engine.add_module(policy, text)
    engine.set_input(document)
    package = "data.tokaido." + policy.replace("-", "_")
    return {name: ordered(members(engine, f"{package}.{name}")) for name in ("checked", "broken")}


def members(engine, query):
    output = json.loads(str(engine.query(query)))
    if not output.get("expressions"):
        raise ValueError(f"{query} has no value: {output}")
    return output["expressions"][0]


def ordered(items):
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


class Counts:
    passed = 0
    failed = 0

    def compare(self, what, ours, theirs):
        if ours == theirs:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}\n  regorus:  {json.dumps(ours, ensure_ascii=False)}\n  rego-cpp: {json.dumps(theirs, ensure_ascii=False)}")


def cases(counts):
    for policy in tokaido("policy", "test", "--format", "json")["policies"]:
        text = (ROOT / policy["file"]).read_text(encoding="utf-8")
        for case in policy["cases"]:
            if "answer" not in case:
                continue
            ours = {name: ordered(case["answer"][name]) for name in ("checked", "broken")}
            theirs = second(policy["policy"], text, case["input"])
            counts.compare(f"{policy['policy']}: {case['name']}", ours, theirs)


def project(counts, world):
    """The plan of the sample project from nothing: what its verdicts say is what the other engine says of the input."""
    for environment in ENVIRONMENTS:
        words = ("--world", f"sandbox:{world}")
        plan = tokaido(*words, "plan", environment, "--format", "json")
        document = tokaido(*words, "policy", "input", environment)
        for verdict in plan["body"]["policies"]:
            policy = verdict["policy"]
            theirs = second(policy, (ROOT / f"policies/{policy}.rego").read_text(encoding="utf-8"), document)
            ours = (verdict["checked"], sorted(broken["id"] for broken in verdict.get("broken", [])))
            other = (len(theirs["checked"]), sorted({broken["id"] for broken in theirs["broken"]}))
            counts.compare(f"{policy} in {environment}", ours, other)


def main():
    if not TOKAIDO.exists():
        sys.exit("policy: target/engine/debug/tokaido is not built; `make policy` builds it")
    counts = Counts()
    cases(counts)
    with tempfile.TemporaryDirectory() as folder:
        project(counts, pathlib.Path(folder) / "world.jsonl")
    if counts.passed == 0:
        sys.exit("policy: nothing was compared")
    print(f"policy: {counts.passed} passed, {counts.failed} failed")
    sys.exit(1 if counts.failed else 0)


main()
