"""Records what AWS answers to `tokaido plan dev`, for `make bench-wire`: `make bench-wire-record` rewrites exchanges.jsonl.

The sample's dev environment is made in moto and ministack, as tests/wire does. Then one plan goes through a proxy that keeps
each request with its answer. Identifiers, times and request ids are replaced, so that two recordings differ in little more than
the digests that stand in tokaido's own records.
One line is one exchange: `request` as `key` in server.rs writes it, then status, headers and body.
"""

import collections
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "wire"))

from emulators import Account, ministack, moto  # noqa: E402
from expected import APPLY, BOOTSTRAP, ENVIRONMENTS, EXIT_DONE, PLAN  # noqa: E402
from product import BINARY, ROOT, Product, unexpected, variables, whole  # noqa: E402

ENVIRONMENT = "dev"
# Headers of an answer that the SDK reads.
KEPT = ("content-type", "etag", "last-modified")

# Replaced by the same text each time.
TIMES = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "2026-11-02T00:00:00Z"),
    (re.compile(r"\b1[789]\d{8}(\.\d+)?\b"), "1793577600"),
    (re.compile(r"\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "Mon, 02 Nov 2026 00:00:00 GMT"),
)
SESSION = (
    (re.compile(r"(<request_?id>)[^<]*", re.IGNORECASE), r"\1replay"),
    (re.compile(r"(<AccessKeyId>)[^<]*"), r"\1replay"),
    (re.compile(r"(<SecretAccessKey>)[^<]*"), r"\1replay"),
    (re.compile(r"(<SessionToken>)[^<]*"), r"\1replay"),
    # The session must not end before the benchmark is run.
    (re.compile(r"(<Expiration>)[^<]*"), r"\g<1>2099-01-01T00:00:00Z"),
)
# Identifiers that AWS makes up: EC2's, secrets', UUIDs, IAM's. Numbered in the order in which they appear. In a path `%3A` or
# `%2F` may stand before one.
IDENTIFIERS = re.compile(
    r"(?<![0-9a-z])(?:vpc|subnet|sg|sgr|dopt|acl|rtb|igw|eni|vpc-cidr-assoc|secret:rds|rds!db)-[0-9a-f]{8,17}\b"
    r"|(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b(?:AROA|ARPA|AIDA|ASIA)[0-9A-Z]{12,17}\b"
)


class Recorder(http.server.ThreadingHTTPServer):
    """Passes everything on to an emulator and keeps what it answers."""

    daemon_threads = True

    def __init__(self, emulator, exchanges):
        super().__init__(("127.0.0.1", 0), Proxy)
        self.port, self.exchanges = emulator.port, exchanges
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one(self):
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.port)
        upstream.request(self.command, self.path, sent, dict(self.headers))
        answer = upstream.getresponse()
        body = answer.read()
        upstream.close()
        self.server.exchanges.append({
            "request": key(self.command, self.path, self.headers, sent.decode()),
            "status": answer.status,
            "headers": {name: answer.headers[name] for name in KEPT if name in answer.headers},
            "body": body.decode(),
        })
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = handle_one

    def log_message(self, *_):
        pass


def key(method, path, headers, sent):
    """Service and region as signed, what is asked, and of whom: everything that decides the answer."""
    _, _, region, service, _ = re.search(r"Credential=([^,]+)", headers["authorization"])[1].split("/")
    more = (headers.get("x-amz-target"), headers.get("x-amz-expected-bucket-owner"), sent)
    return " ".join(part for part in (service, region, method, path, *more) if part)


def stable(exchanges):
    """The same estate as nearly the same text, whenever it is recorded and in whatever order the plan asked."""
    texts = []
    for exchange in exchanges:
        for field in ("request", "body"):
            for pattern, replacement in (*TIMES, *SESSION):
                exchange[field] = pattern.sub(replacement, exchange[field])
        if "last-modified" in exchange["headers"]:
            exchange["headers"]["last-modified"] = TIMES[2][1]
        texts.append(json.dumps(exchange, ensure_ascii=False, sort_keys=True))
    texts.sort(key=lambda text: IDENTIFIERS.sub("", text))
    numbers, seen = {}, collections.Counter()

    def numbered(match):
        found = match[0]
        if found not in numbers:
            shape = re.match(r"[a-z!:-]+-(?=[0-9a-f]+$)|[A-Z]{4}", found)
            begin = shape[0] if shape else ""
            seen[begin] += 1
            digits = f"{seen[begin]:0{len(found) - len(begin)}}"
            numbers[found] = begin + digits if begin else f"00000000-0000-4000-8000-{seen['']:012}"
        return numbers[found]

    return [IDENTIFIERS.sub(numbered, text) for text in texts]


def recorded(exchanges):
    """One answer for each request: the second asking of the same thing must have been answered alike."""
    answers = {}
    for text in stable(exchanges):
        request = json.loads(text)["request"]
        if answers.setdefault(request, text) != text:
            raise SystemExit(f"two answers to {request}\n{answers[request]}\n{text}")
    return sorted(answers.values())


def done(what, result):
    if wrong := unexpected(result, EXIT_DONE):
        raise SystemExit(f"{what}: {wrong}")


def main():
    with tempfile.TemporaryDirectory(prefix="tokaido-record-") as scratch, contextlib.ExitStack() as stack:
        folder = pathlib.Path(scratch)
        project = folder / "project"
        for part in ("environments", "policies"):
            shutil.copytree(ROOT / part, project / part)
        account = ENVIRONMENTS[ENVIRONMENT]["account"]
        everything, backup = moto(folder), ministack(folder, ENVIRONMENT, account)
        for emulator in (everything, backup):
            stack.callback(emulator.stop)
            emulator.wait()
        product = Product(whole(BINARY), project, ENVIRONMENT, variables(folder, everything, backup))
        credentials = Account(account, everything.url, backup.url).credentials
        done("bootstrap", product.run(BOOTSTRAP, **{name.upper(): value for name, value in credentials.items()}))
        done("apply", product.run(APPLY))
        # Records that an apply has read are not asked for again.
        shutil.rmtree(project / ".tokaido")
        exchanges = []
        recorders = [Recorder(emulator, exchanges) for emulator in (everything, backup)]
        product.variables = variables(folder, *recorders)
        result = product.run(PLAN)
        done("plan", result)
        lines = recorded(exchanges)
        (HERE / "exchanges.jsonl").write_text("".join(f"{line}\n" for line in lines))
    print(f"{len(exchanges)} calls, {len(lines)} exchanges, {sum(map(len, lines)) // 1024} KiB")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
