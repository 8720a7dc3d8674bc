"""A home in which one of each thing has happened, and the same home behind a gateway.

What is asked of both is to be answered alike: by the database that lies here, and over a network.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from threading import Thread
from typing import Any

from palyra_events.message import TRIES_MAX
from palyra_events.store import EventLog
from palyra_events.token import Role
from palyra_runtime import Palyra
from palyra_runtime.api import ApiService
from palyra_runtime.cli import main
from palyra_runtime.config import HttpSettings
from palyra_runtime.dispatch import SendFailed
from palyra_runtime.gateway.stop import Stop
from tests.shell import Finished
from tests.stage import OPEN_POLICY, Stage, answering, asking, guest

#: who acts, here and there
ACTOR = "operator:ada"
#: no test meets the limit by accident
UNHINDERED = HttpSettings(port=0, requests_per_s=1_000_000, burst=1_000_000)

_CONFIG = """
isolation = "thread"

[policy]
allowed_storage_prefixes = ["notes"]
allowed_channels = ["ops"]
"""
_FORM = {
    "type": "form",
    "id": "decision",
    "props": {
        "title": "Decide",
        "fields": [
            {"id": "reason", "type": "text", "required": True},
            {"id": "sure", "type": "checkbox"},
        ],
    },
}
_PAGE = {"v": 1, "surface": "desk", "components": [_FORM, {"type": "gone", "id": "odd"}]}
_CONTRACT = {
    "schema_version": 1,
    "required": ["unit"],
    "properties": {
        "unit": {"type": "string", "enum_values": ["K", "C"]},
        "api_token": {"type": "string", "redacted": True},
    },
}

#: what no two homes have alike: moments, digests and ids that come of them, and how long something took
_UNLIKE = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?", "<moment>"),
    (r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{12,}\b|[A-Za-z0-9+/_-]{40,}=*", "<id>"),
    (r" +[\d.,]+ [µm]?s\b *", " <time> "),
    (r'("(?:duration_us|duration_ms|runs_per_s)": )\d+', r"\1<time>"),
)


class Refusing:
    """A receiver that takes nothing."""

    def send(self, _outgoing: object) -> None:
        raise SendFailed("http_503", "The receiver answered 503\x1b[2J.")


def play(home: Path, database: str | None = None) -> Mapping[str, str]:
    """Let one of each thing happen in a home, and return what the things are called."""
    home.mkdir(parents=True)
    (home / "palyra.toml").write_text(_CONFIG)
    with Stage(database or _database(home), home, policy=OPEN_POLICY) as stage:
        play_effects(stage)
        _trouble(stage)
        _page(stage)
        _decision(stage)
        _standing(stage)
        return _names(stage)


def play_effects(stage: Stage) -> None:
    """Let a plugin keep two values and send two messages, which are given up."""
    stage.ready_with_effects(
        asking(
            {"op": "storage.put", "handle": 30000, "key": "last", "value": {"seen": ["größer"]}},
            {"op": "storage.put", "handle": 30000, "key": "sly", "value": "\x1b[2J"},
            {"op": "channel.send", "handle": 40000, "message": {"text": "done\x1b[2J"}},
            {"op": "channel.send", "handle": 40000, "message": {"text": "and dusted"}},
        )
    )
    stage.fire()
    dispatcher = stage.dispatcher(ops=Refusing())
    for _ in range(TRIES_MAX):
        dispatcher.drain()
        stage.clock.move(hours=2)


def _trouble(stage: Stage) -> None:
    """Let deliveries fail for good and for now, be skipped, and wait."""
    stage.install(answering(64, '{"retry": false}', log="the ledger refused the batch"), "acme.broken")
    stage.install(answering(75, '{"retry": true}'), "acme.flaky")
    stage.install(guest("trap_at_start"), "acme.hostile")
    for name in ("broken", "flaky"):
        stage.palyra.skills.enable(f"acme.{name}", reason="reviewed")
        stage.palyra.plugins.bind(name, skill=f"acme.{name}")
        stage.palyra.hooks.bind(f"{name}-hook", event="gateway:startup", plugin=name)
    stage.palyra.plugins.bind("idle", skill="acme.hostile")
    stage.palyra.plugins.disable("idle", reason="not yet")
    stage.palyra.hooks.bind("idle-hook", event="gateway:startup", plugin="idle")
    for _ in range(3):
        stage.fire()
    stage.dispatcher().drain()


def _page(stage: Stage) -> None:
    """Let a plugin show a page with a form, of which one component is nobody's."""
    stage.install(answering(output=json.dumps({"result": {}, "a2ui": _PAGE})), "acme.desk")
    stage.palyra.skills.enable("acme.desk")
    stage.palyra.plugins.bind("desk", skill="acme.desk")
    stage.palyra.plugins.run("desk", input={})
    stage.palyra.plugins.run("desk", input={"again": True})


def _decision(stage: Stage) -> None:
    """Let a guard block a tool."""
    stage.install(answering(30, '{"result":{"reason":"\\u001b[31mno"}}'), "acme.guard")
    stage.palyra.skills.enable("acme.guard")
    stage.palyra.plugins.bind("guard", skill="acme.guard")
    stage.palyra.hooks.bind("guard", event="run:before_tool", plugin="guard")
    stage.palyra.decide("before_tool", {"tool": "rm"}, idempotency_key="call-1")


def _standing(stage: Stage) -> None:
    """Let a skill have two releases and a configuration, somebody a name, and the log a signature."""
    fields: dict[str, Any] = {"operator": {"display_name": "Weather", "config": _CONTRACT}}
    for version in ("1.0.0", "1.1.0"):
        stage.install(guest("echo"), "acme.weather", version, **fields)
    stage.palyra.skills.enable("acme.weather", version="1.0.0", reason="reviewed\x1b[2J")
    stage.palyra.plugins.bind("weather", skill="acme.weather")
    stage.palyra.configs.set("weather", {"unit": "K"})
    stage.palyra.subjects.name(ACTOR, "Ada Lovelace")
    stage.palyra.ledger.checkpoint()
    stage.clock.move(days=1)


def _names(stage: Stage) -> Mapping[str, str]:
    """Return what the things of a history are called."""
    palyra = stage.palyra
    deliveries = {row.hook_id: row.delivery_id for row in palyra.deliveries(limit=100)}
    attempt = palyra.deliveries.show(deliveries["greet"]).attempts[0]
    (decision,) = palyra.decisions.list()
    messages = [row.message_id for row in palyra.messages.list(state=None)]
    return {
        "greeted": deliveries["greet"],
        "broken": deliveries["broken-hook"],
        "flaky": deliveries["flaky-hook"],
        "decision": decision.decision_id,
        "message": messages[0],
        "blob": str(attempt.row.input_sha256),
    }


@contextmanager
def serving(home: Path, settings: HttpSettings = UNHINDERED, database: str | None = None) -> Iterator[str]:
    """Serve a home on loopback, with nothing else of a gateway, and yield the address."""
    url = database or _database(home)
    with Palyra.open(url, home=home, actor=ACTOR) as palyra, EventLog.open(url) as log:
        stop = Stop(log)
        with closing(ApiService(palyra, settings)) as service:
            thread = Thread(target=service.run, args=(stop,))
            thread.start()
            try:
                yield service.address
            finally:
                stop.ask("request")
                thread.join()


def token(home: Path, role: Role = Role.ADMIN, database: str | None = None) -> str:
    """Return a token of a home, which acts as `ACTOR`."""
    with Palyra.open(database or _database(home), home=home, actor=ACTOR) as palyra:
        return palyra.tokens.create(role).secret


def _database(home: Path) -> str:
    """Return the database that a home has where it names none."""
    return f"sqlite:///{home / 'palyra.db'}"


def steady(text: str) -> str:
    """Return a text without what no two homes have alike."""
    for pattern, stand_in in _UNLIKE:
        text = re.sub(pattern, stand_in, text)
    return text


def run(*words: str) -> Finished:
    """Run the command line in this process, with no terminal anywhere."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(words))
        out.flush()
        err.flush()
    return Finished(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))  # type: ignore[attr-defined]
