"""Which of the product's requests AWS would refuse, as botocore judges them. It shares no line with `src/kinds/requests`.

moto's parsers read a recorded request back. botocore's validation judges what they read, and `limits` what that leaves out: `max`,
`pattern` and `enum` of the service model. Then botocore writes a request of the same content: what the recorded one has beside it is no
member of the operation, and a value that differs was written as AWS does not read it.
"""

import collections
import copy
import json
import re
import unicodedata
import urllib.parse
import xml.etree.ElementTree

import botocore.session
from xml.etree.ElementTree import ParseError

from botocore.serialize import create_serializer
from botocore.validate import ParamValidator
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

# IAM signs with another name than botocore has for the service.
BOTOCORE = {"elasticfilesystem": "efs"}

SESSION = botocore.session.get_session()


def ascii_of(text):
    """Python's expressions have no `\\p{L}`: letters, digits and blanks of all scripts stand for those of one."""
    stand_in = {"L": "a", "N": "0", "Z": " "}
    return "".join(one if one.isascii() else stand_in.get(unicodedata.category(one)[0], one) for one in text)


def like(pattern, text):
    for name, letters in (("L", "a-zA-Z"), ("N", "0-9"), ("Z", " ")):
        if f"\\p{{{name}}}" in pattern:
            pattern, text = pattern.replace(f"\\p{{{name}}}", letters), ascii_of(text)
    return re.fullmatch(pattern, text, re.DOTALL)


def limits(shape, value, at):
    """What botocore's validation leaves to AWS."""
    said, kind = shape.metadata, shape.type_name
    if kind == "structure":
        for name in value.keys() & shape.members.keys():
            yield from limits(shape.members[name], value[name], f"{at}.{name}")
    elif kind == "list":
        for number, item in enumerate(value):
            yield from limits(shape.member, item, f"{at}[{number}]")
    elif kind == "map":
        for key, item in value.items():
            yield from limits(shape.key, key, f"{at}[{key}]")
            yield from limits(shape.value, item, f"{at}[{key}]")
    size = value if kind in ("integer", "long", "float", "double") else len(value) if kind in ("list", "map", "string") else 0
    if size > said.get("max", size):
        yield f"{at} has {size}, {said['max']} is the most"
    if kind == "string" and said.get("enum") and value not in said["enum"]:
        yield f"{at} is {value!r}, none of {said['enum']}"
    if kind == "string" and "pattern" in said and not like(said["pattern"], value):
        yield f"{at} is {value!r}, unlike {said['pattern']}"


def tree(node):
    """An element without its namespace, its children in any order: of no request does the order matter."""
    inside = sorted((tree(child) for child in node), key=repr)
    return re.sub("{.*}", "", node.tag), "" if inside else (node.text or "").strip(), inside


def document(protocol, text):
    if not text:
        return None
    return tree(xml.etree.ElementTree.fromstring(text)) if protocol == "rest-xml" else json.loads(text)


def rewritten(operation, params, request, protocol):
    """What botocore writes otherwise."""
    written = create_serializer(protocol, include_validation=False).serialize_to_request(params, operation)
    if protocol in ("query", "ec2"):
        wanted = {name: str(value) for name, value in written["body"].items()}
        found = request.form.to_dict()
        return [f"{name}={found.get(name)!r}, not {wanted.get(name)!r}" for name in sorted(found.keys() | wanted.keys()) if found.get(name) != wanted.get(name)]
    wrong = []
    # The SDK for Rust tells S3 the operation once more.
    asked = {name: set(values) for name, values in request.args.to_dict(flat=False).items() if name != "x-id"}
    wanted = {**(written["query_string"] or {}), **dict(urllib.parse.parse_qsl(written["url_path"].partition("?")[2], keep_blank_values=True))}
    wanted = {name: {str(one) for one in (value if isinstance(value, list) else [value])} for name, value in wanted.items()}
    if asked != wanted:
        wrong.append(f"the query is {asked}, not {wanted}")
    payload = operation.input_shape and operation.input_shape.serialization.get("payload")
    if payload and operation.input_shape.members[payload].type_name in ("blob", "string"):
        return wrong
    sent, known = document(protocol, request.data), document(protocol, written["body"])
    if (sent or None) != (known or None):
        wrong.append(f"the document is {sent}, not {known}")
    return wrong


def read(call):
    """The operation as botocore has it, the request, and what stands in it."""
    service = BOTOCORE.get(call.service, call.service)
    request = Request.from_primitives(call.method, f"http://{call.headers['Host']}{call.path}", call.headers, call.body)
    found, in_path = get_service_router(service).match(request)
    operation = SESSION.get_service_model(service).operation_model(found.name)
    given = {"method": request.method, "headers": request.headers, "url_path": request.path, "url_params": in_path}
    return operation, request, PROTOCOL_PARSERS[found.service_model.protocol](found).parse(given | {"values": request.values, "body": request.data})


def judged(call):
    """The operation, and why AWS would refuse the call: empty when it takes it."""
    try:
        operation, request, params = read(call)
    # A document of another form: a text where a map is due.
    except (NotFound, ValueError, AttributeError, TypeError, ParseError) as error:
        return call.name, [f"it cannot be read: {error!r}"]
    name, shape, wrong = f"{call.service}:{operation.name}", operation.input_shape, []
    if shape:
        report = ParamValidator().validate(params, shape)
        wrong += [report.generate_report()] if report.has_errors() else []
        wrong += limits(shape, params, operation.name) if not wrong else []
    return name, wrong or rewritten(operation, params, request, operation.service_model.protocol)


def with_form(**changes):
    """Puts members into a form, or takes them out of it."""

    def change(call):
        form = dict(urllib.parse.parse_qsl(call.body.decode(), keep_blank_values=True))
        form = {name: value for name, value in {**form, **changes}.items() if value is not None}
        call.body = urllib.parse.urlencode(form).encode()

    return change


def with_json(*way, **changes):
    def change(call):
        whole = json.loads(call.body)
        inside = whole
        for step in way:
            inside = inside[step]
        inside.update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del inside[name]
        call.body = json.dumps(whole).encode()

    return change


def with_text(before, after):
    def change(call):
        assert before.encode() in call.body, (before, call.body)
        call.body = call.body.replace(before.encode(), after.encode())

    return change


def with_path(before, after):
    def change(call):
        assert before in call.path, (before, call.path)
        call.path = call.path.replace(before, after)

    return change


# One fault put into a request of ours.
PLANTED = [
    ("rds:CreateDBInstance", "no class", with_form(DBInstanceClass=None)),
    ("rds:CreateDBInstance", "a member that AWS does not know", with_form(DBInstanceSize="large")),
    ("rds:CreateDBInstance", "a number that is a text", with_form(AllocatedStorage="a hundred")),
    ("rds:CreateDBInstance", "yes instead of true", with_form(MultiAZ="yes")),
    ("rds:CreateDBSubnetGroup", "no description", with_form(DBSubnetGroupDescription=None)),
    ("ec2:CreateSubnet", "no network", with_form(VpcId=None)),
    ("ec2:CreateVpc", "a tenancy that AWS does not have", with_form(InstanceTenancy="shared")),
    ("ec2:CreateVpc", "a list that counts from 0", with_form(**{"TagSpecification.0.ResourceType": "vpc"})),
    ("iam:CreateRole", "a name of 65 characters", with_form(RoleName="a" * 65)),
    ("iam:CreateRole", "a name with a blank", with_form(RoleName="our role")),
    ("iam:CreateRole", "a path that does not end with /", with_form(Path="/tokaido")),
    ("iam:CreateRole", "a session of a day", with_form(MaxSessionDuration="86400")),
    ("kms:CreateKey", "a usage that AWS does not have", with_json(KeyUsage="READ")),
    ("kms:CreateKey", "a member that AWS does not know", with_json(Name="main")),
    ("kms:CreateKey", "a list that is a map", with_json(Tags={"a": "b"})),
    ("kms:CreateAlias", "a name with a dot", with_json(AliasName="alias/dev.main")),
    ("kms:EnableKeyRotation", "a period of 30 days", with_json(RotationPeriodInDays=30)),
    ("kms:EnableKeyRotation", "no key", with_json(KeyId=None)),
    ("backup:CreateBackupVault", "a name of one character", with_path("/backup-vaults/", "/backup-vaults/v?")),
    ("backup:CreateBackupPlan", "no rules", with_json("BackupPlan", Rules=None)),
    ("backup:CreateBackupPlan", "a rule without a name", with_json("BackupPlan", "Rules", 0, RuleName=None)),
    ("backup:CreateBackupPlan", "a member that AWS does not know", with_json("BackupPlan", Owner="us")),
    ("backup:CreateBackupSelection", "a name with a blank", with_json("BackupSelection", SelectionName="our selection")),
    ("s3:PutBucketVersioning", "a state that AWS does not have", with_text("Enabled", "On")),
    ("s3:PutBucketVersioning", "an element that AWS does not know", with_text("<Status>", "<Since>today</Since><Status>")),
    ("s3:PutBucketEncryption", "no algorithm", with_text("SSEAlgorithm", "Algorithm")),
]


def unnoticed(calls):
    """The planted faults that were not refused, or for which the product made no call."""
    first, wrong = {}, []
    for call in calls:
        first.setdefault(call.judged[0], call)
    for operation, fault, change in PLANTED:
        if operation not in first:
            wrong.append(f"{operation}: never called")
            continue
        call = copy.copy(first[operation])
        change(call)
        if not judged(call)[1]:
            wrong.append(f"{operation}: {fault} is not refused")
    return wrong


def check(suite, what, proxies, planted=True):
    """Every request that went through these proxies is one that AWS takes."""
    calls, known = [call for proxy in proxies for call in proxy.calls], {}
    for call in calls:
        # The same call is made often. Its signature and its time are no part of what AWS judges here.
        passing = {name.lower(): value for name, value in call.headers.items() if name.lower().startswith(("x-amz-", "if-"))}
        headers = frozenset((name, value) for name, value in passing.items() if name not in ("x-amz-date", "x-amz-security-token"))
        same = (call.service, call.method, call.path, call.body, headers)
        call.judged = known[same] = known.get(same) or judged(call)
    refused = collections.Counter(f"{name}: {'; '.join(wrong)}" for name, wrong in (call.judged for call in calls) if wrong)
    operations = len({call.judged[0] for call in calls})
    print(f"  {len(calls)} requests of {operations} operations checked, {refused.total()} refused")
    suite.check(f"{what}: AWS takes every request", dict(refused) or (None if calls else "none was recorded"))
    if planted:
        suite.check(f"{what}: {len(PLANTED)} planted faults are refused", unnoticed(calls))
