"""Audits of the simulated world, read by compliance-trestle and compared with the JSON of the same audit."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from trestle.oscal.assessment_results import AssessmentResults

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TOKAIDO_BINARY", str(ROOT / "target/engine/debug/tokaido"))
JUDGED = {"kept": "satisfied", "broken": "not-satisfied", "unknown": "not-satisfied", "pending": "not-satisfied"}
passed = failed = 0


def check(what, holds, detail=""):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {what} {detail}")


class Project:
    """A copy of this repository's project with a world of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for name in ("environments", "policies"):
            shutil.copytree(ROOT / name, self.folder / name)
        self.run(0, "sandbox", "reset", "--at", "2026-11-01T00:00:00Z")

    def run(self, code, *words):
        command = [BINARY, "--project", str(self.folder), "--world", f"sandbox:{self.folder / 'world.jsonl'}", *words]
        ran = subprocess.run(command, capture_output=True, text=True, env={}, check=False)
        if ran.returncode != code:
            sys.exit(f"{words} ended with {ran.returncode}, not {code}\n{ran.stdout}\n{ran.stderr}")
        return ran.stdout


def properties(thing):
    return {prop.name: prop.value for prop in thing.props or []}


def uuids(value, found):
    if isinstance(value, dict):
        found.extend(item for name, item in value.items() if name == "uuid")
        for item in value.values():
            uuids(item, found)
    elif isinstance(value, list):
        for item in value:
            uuids(item, found)
    return found


def audit(project, what, code, *words):
    """Trestle accepts the document, and it says what the JSON says: nothing more and nothing less."""
    report = json.loads(project.run(code, "audit", *words, "--format", "json"))
    for language in ("en", "ja"):
        text = project.run(code, "audit", *words, "--format", "oscal", "--lang", language)
        again = project.run(code, "audit", *words, "--format", "oscal", "--lang", language)
        check(f"{what} {language}: the same bytes twice", text == again)
        path = project.folder / f"{what}-{language}.json"
        path.write_text(text)
        results = AssessmentResults.oscal_read(path)
        check(f"{what} {language}: trestle reads it", results is not None)
        check(f"{what} {language}: a result per environment", len(results.results) == len(report["environments"]))
        names = uuids(json.loads(text), [])
        check(f"{what} {language}: no identifier twice", len(names) == len(set(names)), str(len(names)))
        for result, environment in zip(results.results, report["environments"]):
            compare(f"{what} {language} {environment['environment']}", result, environment)


def compare(what, result, environment):
    observed = {observation.uuid: observation for observation in result.observations}
    items = {item.uuid for item in (result.local_definitions.inventory_items if result.local_definitions else [])}
    findings = {finding.target.target_id: finding for finding in result.findings or []}
    verdicts = {verdict["promise"]: verdict for verdict in environment["verdicts"]}
    check(f"{what}: an observation for every promise", len(observed) == len(verdicts))
    judged = {name for name, verdict in verdicts.items() if verdict["state"] in JUDGED}
    check(f"{what}: a finding for what was judged, for nothing else", set(findings) == judged, str(set(findings) ^ judged))
    for name, finding in findings.items():
        verdict = verdicts[name]
        check(f"{what} {name}: status", finding.target.status.state.value == JUDGED[verdict["state"]])
        check(f"{what} {name}: the verdict itself", properties(finding)["verdict"] == verdict["state"])
        observation = observed[finding.related_observations[0].observation_uuid]
        subjects = observation.subjects or []
        check(f"{what} {name}: the whole population", len(subjects) == len(verdict["population"]))
        check(f"{what} {name}: every subject is defined", {subject.subject_uuid for subject in subjects} <= items)
        facts = sum(len(member["facts"]) for member in verdict["population"])
        check(f"{what} {name}: every fact", len(observation.relevant_evidence or []) == facts)


def main():
    with tempfile.TemporaryDirectory() as folder:
        project = Project(folder)
        audit(project, "nothing applied", 0)
        project.run(0, "apply", "production", "--yes", "--emergency", "the export is under test")
        project.run(0, "apply", "dev", "--yes")
        audit(project, "applied", 0, "production", "dev")
        project.run(0, "sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1")
        project.run(0, "sandbox", "fail", "list kms-key", "access-denied")
        audit(project, "broken and unknown", 4, "production")
        audit(project, "one clause", 8, "production", "--clause", "8")
    print(f"oscal: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
