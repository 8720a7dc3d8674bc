"""A gateway's history that is worth looking at: skills of all kinds, deliveries of all ends, a page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from palyra_events.application import Application, Intent
from palyra_events.message import TRIES_MAX
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.sdk import demo_key, pack_sample
from tests.sample_skills import artifact_bytes
from tests.stage import UNHURRIED, StageClock, answering, asking

#: what the gateway of a scene lets plugins ask for, as its operator writes it
_SETTINGS = """
[policy]
allowed_storage_prefixes = ["desk", "notes"]
allowed_channels = ["ops"]
"""
_POLICY = WasmPluginRunnerPolicy(allowed_storage_prefixes=("desk", "notes"), allowed_channels=("ops",))

#: installed in this order; the hostile one goes into quarantine
_SAMPLES = ("greeter", "notifier", "runaway", "hostile", "witness", "approval-desk")
_ENABLED = ("greeter", "notifier", "runaway", "approval-desk")

_HOOKS = (
    ("hello", "gateway:startup", "greeter"),
    ("greet", "skill:enabled", "greeter"),
    ("alarm", "skill:quarantined", "notifier"),
    ("spin", "skill:disabled", "runaway"),
    ("sync", "skill:enabled", "sync"),
    ("desk-start", "gateway:startup", "desk"),
    ("desk-quarantined", "skill:quarantined", "desk"),
)

#: fails for good, and says so
_BROKEN = answering(exit_code=64, output='{"retry": false}', log="the remote ledger refused the batch")
#: makes host calls of which the last one is refused
_WORKING = asking(
    {"op": "clock.now"},
    {"op": "storage.put", "handle": 30000, "key": "last", "value": "2026-02"},
    {"op": "storage.get", "handle": 30000, "key": "last"},
    {"op": "storage.get", "handle": 30001, "key": "elsewhere"},
)
#: tells the people on call of two things
_PAGER = asking(
    {"op": "channel.send", "handle": 40000, "message": {"text": "ledger-sync fails", "severity": "high"}},
    {"op": "channel.send", "handle": 40000, "message": {"text": "runaway is in quarantine"}},
)
#: its answer is the list of what the host said to each
_PAGE_TOOL = {
    "id": "acme.page",
    "name": "page",
    "description": "Tell the people on call",
    "input_schema": {"type": "object"},
    "output_schema": {"type": "array"},
}


def sync_artifact(version: str, module: bytes, **powers: Any) -> bytes:
    """Return a release of a skill that keeps notes, and may do what its powers say besides."""
    return artifact_bytes(
        modules={"sync.wasm": module},
        key=demo_key(),
        skill_id="acme.ledger-sync",
        name="Ledger sync",
        version=version,
        capabilities={"filesystem": {"write_roots": ["notes"]}, **powers},
    )


class Scene:
    """Plays the history of two days into a home; it ends some minutes ago."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        (home / "palyra.toml").write_text(_SETTINGS)
        self._files = home / "files"
        self._files.mkdir()
        self._clock = StageClock(clock.now().replace(microsecond=0) - timedelta(days=2, hours=3))
        surroundings = Surroundings(self._clock, clock.entropy, _POLICY, decisions=UNHURRIED)
        self._url = f"sqlite:///{home / 'palyra.db'}"
        self._palyra = Palyra.open(self._url, home=home, actor="operator:ada", surroundings=surroundings)

    def play(self) -> None:
        """Play all of it."""
        with self._palyra:
            self._install()
            self._bind()
            self._live()
            self._grow()
            self._palyra.ledger.checkpoint()

    def _file(self, name: str, content: bytes) -> Path:
        path = self._files / f"{name}.palyra-skill"
        path.write_bytes(content)
        return path

    def _install(self) -> None:
        skills = self._palyra.skills
        for name in _SAMPLES:
            skills.install(self._file(name, pack_sample(name, demo_key())), trust_on_first_use=True)
            self._clock.move(minutes=7)
        skills.install(self._file("sync-1", sync_artifact("1.0.0", _BROKEN)))
        for name in _ENABLED:
            self._clock.move(minutes=3)
            skills.enable(f"acme.{name}", reason="Read the source, ran its fixtures")
        skills.enable("acme.ledger-sync", reason="Asked for by accounting")

    def _bind(self) -> None:
        plugins = self._palyra.plugins
        plugins.bind("greeter", skill="acme.greeter")
        plugins.bind("notifier", skill="acme.notifier")
        plugins.bind("runaway", skill="acme.runaway")
        plugins.bind("sync", skill="acme.ledger-sync", storage_prefixes=["notes"])
        plugins.bind("desk", skill="acme.approval-desk", storage_prefixes=["desk"])
        self._clock.move(minutes=20)
        for hook, event, plugin in _HOOKS:
            attempts = 2 if hook == "spin" else None
            self._palyra.hooks.bind(hook, event=event, plugin=plugin, attempts_max=attempts)

    def _live(self) -> None:
        self._palyra.gateway.run_once()
        for day in range(2):
            self._clock.move(hours=9 + day)
            self._palyra.skills.disable("acme.greeter", reason="The tone of its greetings is looked at")
            self._clock.move(minutes=35)
            self._palyra.skills.enable("acme.greeter", reason="All is well with it")
            self._palyra.gateway.run_once()

    def _grow(self) -> None:
        self._clock.move(hours=26)
        powers = {"http_egress_allowlist": ["ledger.example.com"], "node_capabilities": ["ops"]}
        self._palyra.skills.install(self._file("sync-2", sync_artifact("1.1.0", _WORKING, **powers)))
        self._palyra.skills.quarantine(
            "acme.runaway", reason="It burns all of its fuel: see its dead letters"
        )
        self._page()
        self._clock.move(minutes=5)
        self._palyra.gateway.run_once()

    def _page(self) -> None:
        """Let a plugin send two messages, of which one is given up, and nobody has tried the other."""
        artifact = artifact_bytes(
            modules={"pager.wasm": _PAGER},
            key=demo_key(),
            skill_id="acme.pager",
            name="Pager",
            entrypoints={"tools": [_PAGE_TOOL]},
            capabilities={"node_capabilities": ["ops"]},
        )
        self._palyra.skills.install(self._file("pager", artifact))
        self._palyra.skills.enable("acme.pager", reason="The people on call asked for it")
        self._palyra.plugins.bind("pager", skill="acme.pager", channels=["ops"])
        self._palyra.plugins.run("pager", input={})
        given_up, _ = self._palyra.messages.list()
        with EventLog.open(self._url) as log:
            outbox = Application(log, now=self._clock, entropy=clock.entropy)
            for number in range(TRIES_MAX):
                self._clock.move(seconds=10 * 2 ** min(number, 5))
                message = outbox.message(given_up.message_id)
                words = "The receiver answered 503 Service Unavailable."
                outbox.record_unsent(message, "ops", "http_503", words, Intent("system:outbox"))
