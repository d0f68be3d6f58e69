"""What RDS offers in Tokyo and in Osaka, from the public data of cfn-lint, which its makers read from AWS.

Writes `src/kinds/catalogue.txt`, or compares what is committed there (without `--write`). A line is

- `date`, and the day on which the package was made;
- `zones`, a region, the numbers of its zones, and the day on which AWS's page of them was read (`ZONES`);
- `class`, a family, the engines, the regions, and the sizes that all of them have;
- `version`, an engine, and its major versions, the newest last.

Only the engines that a file can name. Minor versions are left out: AWS adds and retires some every month.

usage: catalogue.py WHEEL [--write]      WHEEL: cfn_lint-…-py3-none-any.whl, as the package registry has it
"""

import collections
import json
import pathlib
import sys
import zipfile

PLACE = pathlib.Path(__file__).resolve().parents[2] / "src/kinds/catalogue.txt"
DATA = "cfnlint/data/schemas/extensions/aws_rds_dbinstance/"
REGIONS = {"tokyo": "ap-northeast-1", "osaka": "ap-northeast-3"}
ENGINES = ["mariadb", "mysql", "postgres"]

# docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html: apne1-az1 to az4, apne3-az1 to az3.
ZONES = {"tokyo": "1234", "osaka": "123"}
ZONES_READ = "2026-11-30"


def numbers(version):
    return [int(part) for part in version.split("-")[0].split(".")]


def size(name):
    words = ["nano", "micro", "small", "medium", "large", "xlarge"]
    return (words.index(name), 0) if name in words else (len(words), int(name.removesuffix("xlarge")))


def offered(rules, region):
    """The classes of each engine in a region."""
    found = collections.defaultdict(set)
    for rule in rules[region]["allOf"]:
        engine = rule["if"]["properties"]["Engine"].get("const")
        if engine in ENGINES:
            found[engine].update(rule["then"]["properties"]["DBInstanceClass"]["enum"])
    return found


def classes(rules):
    where = collections.defaultdict(set)
    for region, code in REGIONS.items():
        for engine, names in offered(rules, code).items():
            for name in names:
                where[name].add((engine, region))
    lines = collections.defaultdict(list)
    for name, places in where.items():
        family, rest = name.removeprefix("db.").split(".", 1)
        engines = sorted({engine for engine, _ in places})
        for engine in engines:
            regions = [region for region in REGIONS if (engine, region) in places]
            lines[family, ",".join(regions), rest].append(engine)
    together = collections.defaultdict(list)
    for (family, regions, rest), engines in lines.items():
        together[family, ",".join(sorted(engines)), regions].append(rest)
    for (family, engines, regions), sizes in sorted(together.items()):
        yield f"class {family} {engines} {regions} {' '.join(sorted(sizes, key=size))}"


def versions(rules):
    for rule in rules["allOf"]:
        engine = rule["if"]["properties"]["Engine"].get("const")
        if engine not in ENGINES:
            continue
        found = {tuple(numbers(version)) for version in rule["then"]["properties"]["EngineVersion"]["enum"]}
        one = {parts[:1] for parts in found if engine == "postgres" and parts[0] >= 10}
        two = {parts[:2] for parts in found if not (engine == "postgres" and parts[0] >= 10) and len(parts) > 1}
        yield f"version {engine} {' '.join('.'.join(map(str, major)) for major in sorted(one | two))}"


def main():
    wheel = next(argument for argument in sys.argv[1:] if not argument.startswith("--"))
    with zipfile.ZipFile(wheel) as package:
        made = min(entry.date_time[:3] for entry in package.infolist())
        rules = {name: json.loads(package.read(f"{DATA}{name}.json")) for name in ["dbinstanceclass_enum", "engine_version"]}
    name = pathlib.Path(wheel).name.split("-")
    lines = [f"# Made by tests/models/catalogue.py from {name[0].replace('_', '-')} {name[1]}: what RDS offers in the two regions."]
    lines.append("date {:04}-{:02}-{:02}".format(*made))
    lines += [f"zones {region} {numbers} {ZONES_READ}" for region, numbers in ZONES.items()]
    lines += [*classes(rules["dbinstanceclass_enum"]), *sorted(versions(rules["engine_version"]))]
    text = "\n".join(lines) + "\n"
    if "--write" in sys.argv:
        PLACE.write_text(text)
    elif PLACE.read_text() != text:
        sys.exit(f"{PLACE} is not what {wheel} says")


main()
