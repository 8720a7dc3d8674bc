"""The host, as a plugin in Python sees it: its input, its output, a log, and host calls.

A plugin is a file with a function ``main(request)``. What it returns is the result; to say more, it
returns an `Output`, and to end otherwise, it raises an `Exit`. What it prints is logged.
"""

import json

import _palyra

TRACE, DEBUG, INFO, WARN, ERROR = range(5)

# Exit codes that the kits use; 0 to 49 are successes, the rest are failures.
UNREADABLE_INPUT = 64
OUTPUT_REFUSED = 65


class Exit(Exception):
    """Ends the run with an exit code, and without an output."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Output:
    """More than a result: what `main` returns to show a page, add notes, or end with another code."""

    def __init__(self, result=None, *, a2ui=None, annotations=None, retry=None, code=0):
        parts = {"result": result, "a2ui": a2ui, "annotations": annotations, "retry": retry}
        self.document = {name: value for name, value in parts.items() if value is not None}
        self.code = code


def run():
    """Read the input, call the plugin, write the output; the interpreter starts here."""
    plugin = __import__(_palyra.main())
    try:
        answer = plugin.main(json.loads(_palyra.input()))
    except Exit as end:
        return end.code
    output = answer if isinstance(answer, Output) else Output(answer)
    return output.code if _palyra.output(json.dumps(output.document)) else OUTPUT_REFUSED


def log(level, line):
    """Write one log line; the operator sees it beside the outcome, also when the plugin fails."""
    _palyra.log(level, line)


def call(request):
    """Make one host call: {"ok": …} or {"error": {"code": …, "message": …}}; a refusal is an answer too."""
    return json.loads(_palyra.call(json.dumps(request)))


def _ask(operation, handle, **fields):
    request = {"op": operation, "handle": handle}
    request.update({name: value for name, value in fields.items() if value is not None})
    return call(request)


class clock:
    @staticmethod
    def now():
        return call({"op": "clock.now"})


class random:
    @staticmethod
    def bytes(count):
        """So many bytes, 0 to 1024, in base64."""
        return call({"op": "random.bytes", "n": count})


class http:
    #: the handles of the hosts that were granted, in their order
    handles = _palyra.http

    @staticmethod
    def request(handle, method, url, headers=None, body=None):
        """The value of a header may be `secret.header(…)`, which the host fills in."""
        return _ask("http.request", handle, method=method, url=url, headers=headers, body=body)


class secret:
    handles = _palyra.secret

    @staticmethod
    def hmac(handle, data):
        """The code of `data` under the secret, in hexadecimal. The secret itself is never told."""
        return _ask("secret.hmac", handle, data=data)

    @staticmethod
    def header(handle, prefix=""):
        """The value of a header that the host fills in, such as `Bearer …`."""
        return {"secret": handle, "prefix": prefix}


class storage:
    handles = _palyra.storage

    @staticmethod
    def get(handle, key):
        return _ask("storage.get", handle, key=key)

    @staticmethod
    def put(handle, key, value):
        return call({"op": "storage.put", "handle": handle, "key": key, "value": value})

    @staticmethod
    def delete(handle, key):
        return _ask("storage.delete", handle, key=key)

    @staticmethod
    def list(handle, prefix=None, after=None):
        """The keys that begin with `prefix` and come after `after`, the `next` of the page before."""
        return _ask("storage.list", handle, prefix=prefix, after=after)


class channel:
    handles = _palyra.channel

    @staticmethod
    def send(handle, message):
        """Send a message, once the outcome of this run is recorded as a success."""
        return call({"op": "channel.send", "handle": handle, "message": message})
