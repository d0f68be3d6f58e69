"""What is rendered: a sandbox project of its own, brought into a state that makes a plan worth reading."""

import json
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKAIDO = pathlib.Path(os.environ.get("TOKAIDO", ROOT / "target/engine/debug/tokaido"))

MARK = "hostile-value"
HOSTILE = [
    "<script>document.title = 'owned'</script>",
    "\"><img src=x onerror=\"document.title='owned'\">",
    "<a href=javascript:alert(1)>x</a><style>*{display:none}</style></style></section>",
    "{{ 7 * 7 }} ${7*7} <!-- --> ]]> &lt;b&gt; &#60;b&#62;",
    "\u202eright to left\u202c \u2067isolated\u2069 \u05e9\u05dc\u05d5\u05dd",
    "\x1b[31mred\x1b[0m \x07bell",
    "w" * 10_000,
    "https://example.invalid/pixel.png @import url(https://example.invalid/x.css)",
]


class Project:
    """A copy of the repository's project with an empty simulated world at a fixed time."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("environments", "policies"):
            shutil.copytree(ROOT / name, folder / name)
        self.run("sandbox", "reset", "--at", "2026-11-01T00:00:00Z")

    def run(self, *words, code=0):
        command = [TOKAIDO, "--project", self.folder, "--world", f"sandbox:{self.folder / 'world.jsonl'}", *words]
        env = {"PATH": os.environ["PATH"]}
        ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env, check=False)
        if ran.returncode != code or not ran.stdout:
            raise SystemExit(f"pages: {words} ended with {ran.returncode}, not {code}\n{ran.stdout[-2000:]}{ran.stderr}")
        return ran.stdout

    def edit(self, old, new, file="production"):
        path = self.folder / "environments" / f"{file}.yaml"
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"pages: {path} has no {old!r}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def pages(self, *words, code=0):
        """The same page in both languages."""
        return {lang: self.run(*words, "--format", "html", "--lang", lang, code=code) for lang in ("ja", "en")}


def scenes(folder):
    """Name, page per language, and a value that must be on the printed page."""
    project = Project(folder / "one")
    yield "empty", project.pages("plan", "production"), "subnet.recovery-a@osaka"

    project.run("apply", "production", "--yes", "--emergency", "the pages are under test")
    yield "nothing", project.pages("plan", "production"), "production"

    risky(project)
    yield "risky", project.pages("plan", "production"), "db.m7g.xlarge"

    saved = json.loads(project.run("plan", "production", "--format", "json"))
    hostile = folder / "hostile.json"
    hostile.write_text(json.dumps(poison(saved)), encoding="utf-8")
    # The page is written, and the file is reported as altered.
    yield "hostile", project.pages("show", str(hostile), code=1), MARK

    # What three people saw on one promotion path: the plan with its upstream comparison and one approval of two, and the audit after it.
    story = ROOT / "target/story"
    for name, seen in (("plan", "bob"), ("audit", "point-in-time-recovery")):
        texts = {lang: (story / f"{name}-{lang}.html").read_text(encoding="utf-8") for lang in ("ja", "en")}
        yield f"story-{name}", texts, seen


def risky(project):
    """A larger class and storage, a wider door, a version, a tenant that leaves; and a manual change."""
    project.edit("class: db.m7g.large", "class: db.m7g.xlarge")
    project.edit("at_least: 100 GiB", "at_least: 150 GiB")
    project.edit("- { cidr: 198.51.100.0/25, port: 443 }", "- { cidr: 198.51.100.0/24, port: 443 }")
    project.edit("- { cidr: 198.51.100.128/25, port: 443 }", "- { cidr: 192.0.2.128/28, port: 443 }")
    peer = {"$ref": "security-group.initech@tokyo", "output": "id"}
    rule = {"direction": "ingress", "protocol": "tcp", "from": 443, "to": 443, "peer": peer}
    project.run("sandbox", "set", "security-group.globex@tokyo", "rules[+]", json.dumps(rule))
    project.run("sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1")
    project.run("sandbox", "unset", "backup-plan.main@tokyo", "copies[daily backup-vault.main@osaka]")
    project.run("sandbox", "set", "vpc.main@tokyo", "tags", json.dumps(tags(project, "vpc.main@tokyo")))


def tags(project, resource):
    listed = json.loads(project.run("sandbox", "list", resource, "--format", "json"))
    found = listed[0] if isinstance(listed, list) else listed
    return {**found.get("tags", found.get("attributes", {}).get("tags", {})), "note": HOSTILE[0]}


def poison(plan):
    """A plan file as an attacker would write it who wants the reader's browser to do something."""
    words = [f"{MARK} {value}" for value in HOSTILE]
    plan["caller"] = words[0]
    plan["world"] = words[1]
    body = plan["body"]
    body["account"] = words[1]
    plan["id"] = "\"><script>document.title='owned'</script>"
    plan["created_at"] = words[2]
    body["digests"]["tool_version"] = words[3]
    for index, change in enumerate(body["changes"]):
        change["reason"] = {"code": words[0], "en": words[index % len(words)]}
        change["when"] = [{"code": "now", "en": words[(index + 3) % len(words)]}]
        change["diffs"].append(
            {"path": f"tags[{words[(index + 1) % len(words)]}]", "before": words[index % len(words)],
             "after": words[(index + 6) % len(words)], "class": "change"})
    body["foreign"] = [{"kind": words[1], "region": "ap-northeast-1", "physical": word, "hint": word} for word in words]
    body["divergences"] = [
        {"promise": word, "value": word, "reason": word, "owner": word, "until": word,
         "source": {"file": word, "line": 1, "column": 1}} for word in words]
    return plan
