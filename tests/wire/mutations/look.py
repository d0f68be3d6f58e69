"""What the product says of dev now: drift and audit, asked at the same time, in the words of this suite."""

import json
from concurrent.futures import ThreadPoolExecutor

from expected import AUDIT, DRIFT

MOVED = ("broken", "unknown", "pending")


def nothing():
    return {"exit": 0, "drifted": {}, "managed": {}, "copies": {}, "missing": set()}


def wanted(*done):
    """What drift must say of these mutations, whose objects are different ones."""
    found = nothing()
    for one in done:
        for name, part in (("drifted", one.drift), ("managed", one.managed), ("copies", one.copies)):
            for resource, paths in part.items():
                found[name][resource] = found[name][resource] | paths if resource in found[name] else paths
        found["missing"] |= set(one.missing)
    return found | {"exit": 3 if found["drifted"] or found["copies"] or found["missing"] else 0}


def drift(product):
    result = product.run(DRIFT)
    if not result.stdout.startswith("{"):
        return {"error": f"exit {result.returncode}: {result.stdout}{result.stderr}"}
    report = json.loads(result.stdout)
    named = {note["id"]: {diff["path"] for diff in note["diffs"]} for note in report["drifted"]}
    managed = {note["id"]: {diff["path"] for diff in note["diffs"]} for note in report["service_managed"]}
    found = {
        "exit": result.returncode,
        "drifted": named,
        "managed": managed,
        "copies": {entry["of"]: entry["physical"] for entry in report["copies"]},
        "missing": {entry["id"] for entry in report["missing"]},
    }
    return found | {name: report[name] for name in ("pending", "orphans", "unreadable") if report[name]}


def verdicts(product):
    """Each promise that is not kept, with the members that are not, and the reason in words."""
    result = product.run(AUDIT)
    if not result.stdout.startswith("{"):
        return {"error": f"exit {result.returncode}: {result.stdout}{result.stderr}"}, {}
    found, why = {}, {}
    for verdict in json.loads(result.stdout)["environments"][0]["verdicts"]:
        members = {one["subject"]: one for one in verdict["population"] if one["state"] in MOVED}
        if verdict["state"] in MOVED or members:
            found[verdict["promise"]] = {subject: one["state"] for subject, one in members.items()}
        for subject, one in members.items():
            why[verdict["promise"], subject] = (one.get("reason") or {}).get("en", "")
    return found, why


def both(product):
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(drift, product), pool.submit(verdicts, product)
        return one.result(), *other.result()
