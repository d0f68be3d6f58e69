"""What AWS accepts in a request of each operation that tokaido calls, from AWS's own service models, which botocore carries.

Writes `src/kinds/requests/shapes.txt`, and `tests/thirteenth/shapes.txt` with what the kind of that test adds to it, or compares what is
committed there (without arguments). `--moved` says what another version
of botocore would change in it, as a report: a setting that AWS has now, a limit that moved.

The file has a part for each service and in it a line for each operation and each shape that its requests hold:

    service ec2 ec2
    call CreateVpc CreateVpc POST / CreateVpcRequest
    CreateVpcRequest structure CidrBlock=CidrBlock:String TagSpecifications=TagSpecification:TagSpecificationList
    TagSpecificationList list flat TagSpecification
    ResourceType string in capacity-reservation client-vpn-endpoint …
    VaultName string matches ^[a-zA-Z0-9\\-\\_]{2,50}$

- `service` has IAM's name of the service and the protocol; `call` the operation as the model spells it and as IAM does, the method
  and the path of its requests, and its input, if it has one.
- A member of a structure is `NAME=WIRE:SHAPE`. WIRE is how the member is called in the request, after the place where it stands if
  that is not the body: `uri/`, `query/`, `header/`, or `headers/` for a map of headers. A `!` after NAME: AWS demands it.
- A list has the name of an item in the request, or `flat`, and the shape of an item. A map has the shapes of keys and values.
- Scalars are `string`, `integer`, `float`, `boolean`, `timestamp` or `blob`, with `min N`, `max N` (of the value, or of the length),
  `matches PATTERN` at the end, or `in VALUES` at the end. A list or map may have `min` and `max` too.

usage: inputs.py [--write | --moved]
"""

import re
import sys

import botocore
from replies import spelled_twice
from settings import ROOT, model

PLACE = ROOT / "src/kinds/requests/shapes.txt"
THIRTEENTH = ROOT / "tests/thirteenth"

SCALARS = {"long": "integer", "double": "float"}
PLACES = {"uri": "uri/", "querystring": "query/", "header": "header/", "headers": "headers/"}


class Service:
    def __init__(self, name):
        self.name, self.model = name, model(name)
        self.protocol, self.shapes, self.wanted = self.model["metadata"]["protocol"], self.model["shapes"], set()

    def wire(self, name, member):
        """How a member is called in a request."""
        own = member.get("locationName", name)
        if self.protocol == "ec2":
            return member.get("queryName") or own[:1].upper() + own[1:]
        if self.protocol == "query":
            # A flattened list is called as its items are.
            items = self.shapes[member["shape"]]
            return items["member"].get("locationName", own) if items.get("flattened") else own
        return PLACES.get(member.get("location"), "") + own

    def limits(self, shape):
        """The size, and what a text may be."""
        said = "".join(f" {limit} {shape[limit]}" for limit in ("min", "max") if limit in shape)
        if "pattern" in shape:
            said += f" matches {shape['pattern']}"
        if "enum" in shape:
            if any(" " in word for word in shape["enum"]):
                sys.exit(f"a choice with a space, which the form of the file cannot tell: {shape['enum']}")
            said += f" in {' '.join(shape['enum'])}"
        return said

    def line(self, name):
        shape = self.shapes[name]
        kind = SCALARS.get(shape["type"], shape["type"])
        if kind == "structure":
            demanded = shape.get("required", [])
            members = (
                f" {member}{'!' * (member in demanded)}={self.wire(member, said)}:{self.want(said['shape'])}"
                for member, said in shape["members"].items()
            )
            payload = f" payload {shape['payload']}" if "payload" in shape else ""
            return f"{name} structure{payload}{''.join(members)}"
        if kind == "list":
            item = shape["member"]
            flat = self.protocol == "ec2" or shape.get("flattened")
            wire = "flat" if flat else item.get("locationName", "member")
            return f"{name} list{self.limits(shape)} {wire} {self.want(item['shape'])}"
        if kind == "map":
            return f"{name} map{self.limits(shape)} {self.want(shape['key']['shape'])} {self.want(shape['value']['shape'])}"
        return f"{name} {kind}{self.limits(shape)}"

    def want(self, name):
        self.wanted.add(name)
        return name

    def lines(self, operations):
        yield f"service {self.name} {self.protocol}"
        for operation, iam in operations:
            described = self.model["operations"][operation]
            given = described.get("input", {}).get("shape")
            method, path = (described["http"][part] for part in ("method", "requestUri"))
            yield " ".join(part for part in ("call", operation, iam, method, path, given and self.want(given)) if part)
        told = set()
        while left := sorted(self.wanted - told):
            for name in left:
                told.add(name)
                yield self.line(name)


def text(kind=None):
    by_service = {}
    for service, *operation in sorted(set(spelled_twice(kind))):
        by_service.setdefault(service, []).append(operation)
    head = f"# Made by tests/models/inputs.py from botocore {botocore.__version__}: what AWS accepts in a request.\n"
    return head + "".join(f"{line}\n" for service, all_ in by_service.items() for line in Service(service).lines(all_))


def told(table):
    """What each shape and each operation says, in parts: a member, a limit, an expression, a choice."""
    found, service = {}, None
    for line in table.splitlines()[1:]:
        said, _, pattern = line.partition(" matches ")
        name, *words = said.split()
        if name == "service":
            service = words[0]
        elif name == "call":
            found[service, f"call {words[0]}"] = words[1:]
        else:
            parts = re.sub(r"\b(min|max) (\S+)", r"\1_\2", " ".join(words)).split()
            found[service, name] = [part.replace("_", " ") if part[:4] in ("min_", "max_") else part for part in parts]
            found[service, name] += [f"matches {pattern}"] if pattern else []
    return found


def moved(known, made):
    """The report: a line for each operation or shape of which AWS says something else now."""
    before, now = told(known), told(made)
    for service, name in sorted(before.keys() | now.keys()):
        old, new = before.get((service, name)), now.get((service, name))
        if old is None or new is None:
            yield f"{service}: {name} {'is new' if old is None else 'is gone'}"
        elif old != new:
            more, less = ([part for part in one if part not in other] for one, other in ((new, old), (old, new)))
            changes = [f"{word} {', '.join(parts)}" for word, parts in (("now", more), ("no longer", less)) if parts]
            yield f"{service}: {name}: {'; '.join(changes or ['another order'])}"


def main():
    made, known = text(), PLACE.read_text() if PLACE.is_file() else ""
    added = THIRTEENTH / "shapes.txt"
    adds = text((THIRTEENTH / "kind/mod.rs").read_text())
    if sys.argv[1:] == ["--moved"]:
        report = list(moved(known, made))
        print(f"committed: {known.splitlines()[0]}", f"now: botocore {botocore.__version__}", *report, sep="\n")
        print(f"{len(report)} things moved in AWS")
        return
    if sys.argv[1:] == ["--write"]:
        PLACE.parent.mkdir(exist_ok=True)
        PLACE.write_text(made)
        added.write_text(adds)
        known = made
    wrong = [PLACE] * (known != made) + [added] * (not added.is_file() or added.read_text() != adds)
    for place in wrong:
        print(f"{place.relative_to(ROOT)} is not what botocore {botocore.__version__} says: run `make settings` and read the diff")
    print(f"requests: {2 - len(wrong)} passed, {len(wrong)} failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
