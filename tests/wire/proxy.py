"""A proxy in front of an emulator that does to a call what networks and AWS do: refuses it, loses its reply, or spoils it."""

import collections
import http.client
import http.server
import random
import re
import threading
import time
import urllib.parse

READS = ("Describe", "List", "Get", "Search", "AssumeRole", "Head")

# The protocols answer a throttle differently: a query of EC2, one of RDS, IAM and STS, JSON, and S3.
EC2 = "<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors><RequestID>r</RequestID></Response>"
QUERY = "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
JSON = '{{"__type": "{code}", "message": "{text}"}}'
S3 = "<Error><Code>{code}</Code><Message>{text}</Message></Error>"
THROTTLES = {
    "ec2": (EC2, "RequestLimitExceeded", 503),
    "s3": (S3, "SlowDown", 503),
    "kms": (JSON, "ThrottlingException", 400),
    "backup": (JSON, "ThrottlingException", 400),
    "dynamodb": (JSON, "ThrottlingException", 400),
    "elasticfilesystem": (JSON, "ThrottlingException", 429),
}


def service_of(headers):
    """The service in the scope of the signature."""
    found = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request", headers.get("Authorization", ""))
    return (found.group(2), found.group(1)) if found else ("", "")


def operation_of(method, path, headers, body):
    """`CreateVpc`, `CreateKey`, or `PUT /backup-vaults`: enough to tell one operation of a service from another."""
    if "X-Amz-Target" in headers:
        return headers["X-Amz-Target"].split(".")[-1]
    action = urllib.parse.parse_qs(body.decode("utf-8", "replace")).get("Action") if body[:7] != b"{" else None
    if action:
        return action[0]
    place, _, query = path.partition("?")
    parts = [part for part in place.split("/") if part]
    named = ("plans", "selections", "backup-vaults", "tags", "untag")
    backup = [part for at, part in enumerate(parts) if at == 0 or parts[at - 1] not in named]
    kept = backup if service_of(headers)[0] == "backup" else [query.split("=")[0].split("&")[0]]
    return f"{method} /{'/'.join(kept)}"


def changes(method, operation):
    return not operation.startswith(READS) and (not operation.startswith(("GET ", "HEAD ")))


class Call:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.service, self.region = service_of(headers)
        self.operation = operation_of(method, path, headers, body)
        self.changes = changes(method, self.operation)
        self.name = f"{self.service}:{self.operation}"
        self.key = (self.service, self.region, self.operation)


class Well:
    """Nothing happens to any call."""

    def __call__(self, call):
        return "pass"


class Throttles:
    """Refuses this share of all calls, at random."""

    def __init__(self, share, seed):
        self.random, self.share, self.lock, self.refused, self.calls = random.Random(seed), share, threading.Lock(), 0, 0

    def __call__(self, call):
        with self.lock:
            self.calls += 1
            if self.random.random() >= self.share:
                return "pass"
            self.refused += 1
            return "throttle"


class Buckets:
    """AWS's own buckets: so many calls at once, and so many more each second."""

    def __init__(self, rates):
        self.rates, self.free, self.lock = rates, {}, threading.Lock()
        self.calls, self.refused = collections.Counter(), collections.Counter()

    def __call__(self, call):
        rate = self.rates.get(call.name)
        if rate is None:
            return "pass"
        (burst, each_second), now = rate, time.monotonic()
        with self.lock:
            free, at = self.free.get(call.key, (burst, now))
            free = min(burst, free + (now - at) * each_second)
            self.calls[call.name] += 1
            accepted = free >= 1
            self.free[call.key] = (free - 1 if accepted else free, now)
            self.refused[call.name] += not accepted
            return "pass" if accepted else "throttle"


class FirstOfEach:
    """The first call of each operation that changes something, in each region, is carried out, and its reply is lost or spoiled in
    one of these ways, in turn."""

    def __init__(self, *ways):
        self.ways, self.seen, self.lock = ways, [], threading.Lock()

    def __call__(self, call):
        if not call.changes:
            return "pass"
        with self.lock:
            if call.key in self.seen:
                return "pass"
            self.seen.append(call.key)
            return self.ways[len(self.seen) % len(self.ways)]


class Proxy:
    """`behave`: what happens to a call, as a function of it; may be replaced between two commands. `calls`: all that came."""

    def __init__(self, target):
        host, port = target.removeprefix("http://").split(":")
        self.behave, self.calls, proxy = Well(), [], self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body, headers=()):
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def forward(self, call):
                there = http.client.HTTPConnection(host, int(port), timeout=120)
                there.request(call.method, call.path, body=call.body, headers=dict(call.headers))
                reply = there.getresponse()
                body = reply.read()
                there.close()
                skipped = ("content-length", "transfer-encoding", "connection")
                return reply.status, body, [(name, value) for name, value in reply.getheaders() if name.lower() not in skipped]

            def handle_call(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                call = Call(self.command, self.path, self.headers, body)
                proxy.calls.append(call)
                what = proxy.behave(call)
                if what == "throttle":
                    form, code, status = THROTTLES.get(call.service, (QUERY, "Throttling", 400))
                    kind = [("Content-Type", "application/json" if form is JSON else "text/xml")]
                    return self.answer(status, form.format(code=code, text="Rate exceeded").encode(), kind)
                status, reply, headers = self.forward(call)
                if what == "lost":
                    self.close_connection = True
                    self.connection.close()
                elif what == "500":
                    self.answer(500, b"", [])
                elif what == "garbage":
                    self.answer(status, b"<html>", headers)
                elif what == "hang":
                    time.sleep(120)
                    self.close_connection = True
                else:
                    self.answer(status, reply, headers)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_call

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A client that went away is what this is for."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
