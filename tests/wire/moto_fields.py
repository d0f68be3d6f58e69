"""One field of one of moto's own objects, read and written: what AWS fixes at creation or a service alone changes, and what moto keeps
without a call for it. `PUT /wire/field` takes where it is and a value, and answers with the value before.
"""

import json
from collections.abc import MutableMapping

from moto.backends import get_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

PATH = "/wire/field"


def step(found, name):
    """An entry of a map, or else a field of an object."""
    return found[name] if isinstance(found, MutableMapping) else getattr(found, name)


def written(asked):
    found = get_backend(asked["service"])[asked["account"]][asked["region"]]
    *way, last = asked["path"]
    for name in way:
        found = step(found, name)
    if isinstance(found, MutableMapping):
        before, found[last] = found.get(last), asked["value"]
    else:
        before = getattr(found, last, None)
        setattr(found, last, asked["value"])
    return before


def accept_fields():
    answer = DomainDispatcherApplication.__call__

    def with_fields(self, environ, start_response):
        if environ.get("PATH_INFO") != PATH:
            return answer(self, environ, start_response)
        asked = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        body = json.dumps({"before": written(asked)}, default=str).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    DomainDispatcherApplication.__call__ = with_fields
