"""What both suites need: the binary as a user runs it, and checks that are counted."""

import os
import pathlib
import re
import subprocess

from emulators import clean_environment
from expected import MUTATING

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TOKAIDO_BINARY", str(ROOT / "target/debug/tokaido"))


def whole(path):
    """The product runs in a project's folder, wherever the suite was started."""
    return str(pathlib.Path(path).resolve())


class Suite:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, name, wrong):
        """`wrong` is empty when all is well; otherwise it says what is not."""
        if wrong:
            self.failed += 1
            print(f"  FAIL {name}: {wrong}")
        else:
            self.passed += 1
            print(f"  ok   {name}")
        return not wrong


class Product:
    """The binary, in a project of its own, as a user runs it."""

    def __init__(self, binary, project, environment, variables):
        self.binary, self.project, self.environment, self.variables = binary, project, environment, variables

    def run(self, command, **more):
        arguments = [word.format(env=self.environment) for word in command]
        variables = self.variables | more
        result = subprocess.run([self.binary, *arguments], cwd=self.project, env=variables, capture_output=True, text=True, timeout=300)
        if "--stats" in arguments and arguments[0] in ("plan", "drift", "audit") and number(MUTATING, result) != 0:
            raise SystemExit(f"{' '.join(arguments)} made changing calls, or did not say\n{result.stdout}\n{result.stderr}")
        return result


def accept_closed_regions(project):
    """moto has regions that an account must enable. The product says so of each, and the environments accept it."""
    for file in (project / "environments").glob("*.yaml"):
        if file.stem != "base":
            accepted = "{ what: closed-regions, reason: the emulator has them, owner: platform, until: 2099-12-31 }"
            file.write_text(f"{file.read_text()}\nexceptions:\n  - {accepted}\n")


def variables(folder, everything, backup):
    """One set of credentials for every environment: the role of its file leads into its account."""
    return clean_environment(folder) | {
        "AWS_ACCESS_KEY_ID": "wire",
        "AWS_SECRET_ACCESS_KEY": "wire",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": everything.url,
        "AWS_ENDPOINT_URL_BACKUP": backup.url,
    }


def unexpected(result, exit_code):
    if result.returncode == exit_code:
        return None
    return f"exit {result.returncode}, not {exit_code}\n{result.stdout}\n{result.stderr}"


def number(pattern, result):
    found = re.search(pattern, result.stdout + result.stderr)
    return int(found.group(1)) if found else None
