"""A gateway on a stage: real parts over a real database, with a clock that a test moves.

What people do goes through the face that they have; the parts beside it belong to "another process"
over the same database, so a test can hold each of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import update

from palyra_events.application import Application, Intent
from palyra_events.event import Event
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities import AttemptHost, HostServices, WaysOut
from palyra_runtime.capabilities.egress import EgressRules
from palyra_runtime.capabilities.secrets import EnvironmentSecrets
from palyra_runtime.config import DecisionSettings
from palyra_runtime.dispatch import (
    Claims,
    Dispatcher,
    Lease,
    Leases,
    LostAttempts,
    Outbox,
    Pace,
    Prospects,
    Scheduler,
    Sender,
    Worker,
)
from palyra_runtime.dispatch.guest import Run
from palyra_runtime.dispatch.lease import LEASE, LEASE_MS_DEFAULT
from palyra_runtime.sandbox import Broker, ModuleCache, WasmPluginRunnerPolicy, invoke, wasm_from_text
from palyra_runtime.skills import SigningKey
from palyra_runtime.surroundings import open_client
from projections import Projector, Views, open_engine
from tests.sample_skills import KEY, artifact_bytes

GUESTS = Path(__file__).parent / "guests"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

#: kept from one run of the tests to the next
_MODULES = Path(__file__).parents[1] / "build" / "modules"

#: the skill, the plugin and the hook that most tests are about
SKILL, PLUGIN, HOOK = "acme.echo", "echo", "greet"

#: however busy the machine is, no hook is out of time by that
UNHURRIED = DecisionSettings(budget_ms=60_000)

#: lets plugins keep notes, and send messages to the operators
OPEN_POLICY = WasmPluginRunnerPolicy(allowed_storage_prefixes=("notes",), allowed_channels=("ops",))


def guest(name: str) -> bytes:
    """Return the binary of a guest in ``tests/guests``."""
    return wasm_from_text((GUESTS / f"{name}.wat").read_text())


def no_ways_out() -> WaysOut:
    """Return ways out for tests that need none: no secrets, and the real client, made when asked for."""
    return WaysOut(open_client, EgressRules(()), EnvironmentSecrets({}))


@cache
def compiled_modules() -> ModuleCache:
    """Return the compiled modules of all stages: to compile one takes a process, longer than most tests."""
    return ModuleCache.open(_MODULES)


def answering(exit_code: int = 0, output: str = "", log: str = "") -> bytes:
    """Return a guest that logs a line, writes an output and returns a number, whatever it is told."""
    said, shown = output.encode(), log.encode()
    data = "".join(f"\\{byte:02x}" for byte in said + shown)
    pages = (len(said) + len(shown)) // 65536 + 1
    return wasm_from_text(
        f"""(module
          (import "palyra:plugins/host-io@0.2.0" "output-write" (func $write (param i32 i32) (result i32)))
          (import "palyra:plugins/host-io@0.2.0" "log" (func $log (param i32 i32 i32)))
          (memory (export "memory") {pages})
          (data (i32.const 0) "{data}")
          (func (export "palyra_plugin_main") (result i32)
            (drop (call $write (i32.const 0) (i32.const {len(said)})))
            (if (i32.const {len(shown)})
              (then (call $log (i32.const 2) (i32.const {len(said)}) (i32.const {len(shown)}))))
            (i32.const {exit_code})))"""
    )


def asking(*requests: dict[str, Any], exit_code: int = 0) -> bytes:
    """Return a guest that makes these host calls, whatever it is told; its result is the list of answers."""
    texts = [json.dumps(request, ensure_ascii=False).encode() for request in requests]
    data = "".join(f"\\{byte:02x}" for byte in b"".join([b'{"result":[', b",", b"]}", *texts]))
    calls, start = [], 14
    for number, text in enumerate(texts):
        calls += [] if number == 0 else ["(drop (call $write (i32.const 11) (i32.const 1)))"]
        calls.append(f"(call $ask (i32.const {start}) (i32.const {len(text)}))")
        start += len(text)
    pages = start // 65536 + 1
    return wasm_from_text(
        f"""(module
          (import "palyra:plugins/host-io@0.2.0" "output-write" (func $write (param i32 i32) (result i32)))
          (import "palyra:plugins/host-io@0.2.0" "call" (func $call (param i32 i32) (result i32)))
          (import "palyra:plugins/host-io@0.2.0" "call-read" (func $read (param i32 i32) (result i32)))
          (memory (export "memory") {pages + 16})
          (data (i32.const 0) "{data}")
          (func $ask (param i32 i32)
            (local $size i32)
            (local.set $size (call $call (local.get 0) (local.get 1)))
            (drop (call $read (i32.const {pages * 65536}) (local.get $size)))
            (drop (call $write (i32.const {pages * 65536}) (local.get $size))))
          (func (export "palyra_plugin_main") (result i32)
            (drop (call $write (i32.const 0) (i32.const 11)))
            {"".join(calls)}
            (drop (call $write (i32.const 12) (i32.const 2)))
            (i32.const {exit_code})))"""
    )


@dataclass(slots=True)
class StageClock:
    """Says what time it is: noon, until a test moves it."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **time: float) -> None:
        """Move on, or back, by a `timedelta`."""
        self.moment += timedelta(**time)


@dataclass(slots=True)
class StageEntropy:
    """Bytes that are never the same, and the same in each run."""

    name: str = ""
    _counter: Iterator[int] = field(default_factory=count)

    def __call__(self, size: int) -> bytes:
        return hashlib.shake_256(f"{self.name}/{next(self._counter)}".encode()).digest(size)


class Stage:
    """A gateway's face in ``palyra``, and the parts of a second process over the same database."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        policy: WasmPluginRunnerPolicy | None = None,
        clock: StageClock | None = None,
        lease_ms: int = LEASE_MS_DEFAULT,
    ) -> None:
        self.url = url
        self.folder = folder
        self.clock = clock or StageClock()
        self.lease_ms = lease_ms
        self.policy = policy or WasmPluginRunnerPolicy()
        self._closing = ExitStack()
        self.palyra = self.open("face")
        self.log = self._closing.enter_context(EventLog.open(url))
        self.engine = open_engine(url)
        self._closing.callback(self.engine.dispose)
        self.views = Views(self.engine, Projector(self.engine, self.log))
        self.application = Application(self.log, now=self.clock, entropy=StageEntropy("second"))
        self.leases = self.another_process()
        self.lost = LostAttempts(self.log, self.application, self.leases)
        self.pace = Pace()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def open(
        self, name: str, *, actor: str = "operator:alice", policy: WasmPluginRunnerPolicy | None = None
    ) -> Palyra:
        """Open another face over the same database; it is closed with the stage."""
        surroundings = Surroundings(
            self.clock,
            StageEntropy(name),
            policy or self.policy,
            modules=compiled_modules(),
            decisions=UNHURRIED,
        )
        opened = Palyra.open(self.url, home=self.folder, actor=actor, surroundings=surroundings)
        return self._closing.enter_context(opened)

    def scheduler(self) -> Scheduler:
        """Return a scheduler that starts where the log says that scheduling stands."""
        return Scheduler(self.log, self.views, self.application, faults_max=self.policy.faults_max)

    def another_process(self) -> Leases:
        """Return the leases of one more process."""
        leases = Leases(self.engine, owner=clock.entropy(12).hex(), length_ms=self.lease_ms)
        self._closing.callback(leases.close)
        return leases

    def claim_and_die(self, key: str, delivery_id: str | None, attempt: int | None) -> Lease:
        """Begin an attempt of the plugin in another process, and never be heard of again."""
        lease = Lease(key, PLUGIN, delivery_id, attempt)
        assert self.another_process().claim([lease]) == [lease]
        self.expire_leases()
        return lease

    def expire_leases(self) -> None:
        """Let more time pass than any lease lasts."""
        with self.engine.begin() as connection:
            connection.execute(update(LEASE).values(until=0))

    def standing_leases(self) -> list[Lease]:
        """Return all leases there are, by key."""
        return [each.lease for each in self.leases.standing()]

    def blob_count(self) -> int:
        """Return how many blobs the log keeps."""
        with self.engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM blob").scalar_one())

    def claims(self, *, plugin_concurrency_max: int = 4, stagger: int = 0) -> Claims:
        """Return what hands out deliveries in the second process."""
        return Claims(
            leases=self.leases,
            lost=self.lost,
            views=self.views,
            application=self.application,
            prospects=Prospects(self.log, self.application),
            pace=self.pace,
            now=self.clock,
            plugin_concurrency_max=plugin_concurrency_max,
            stagger=stagger,
        )

    def worker(
        self,
        *,
        policy: WasmPluginRunnerPolicy | None = None,
        broker: Broker | None = None,
        claims: Claims | None = None,
        run: Run = invoke,
    ) -> Worker:
        """Return a worker of the second process."""
        services = HostServices(
            log=self.log,
            views=self.views,
            now=self.clock,
            random_bytes=StageEntropy("guest"),
            ways_out=no_ways_out(),
        )
        return Worker(
            log=self.log,
            application=self.application,
            artifacts=Artifacts(self.log),
            claims=claims or self.claims(),
            leases=self.leases,
            lost=self.lost,
            host=services.open if broker is None else lambda *_: AttemptHost(broker),
            policy=policy or self.policy,
            pace=self.pace,
            run=run,
        )

    def outbox(self, **senders: Sender) -> Outbox:
        """Return an outbox of the second process, with senders by the names of channels."""
        return Outbox(
            log=self.log, application=self.application, views=self.views, senders=senders, now=self.clock
        )

    def dispatcher(
        self,
        *,
        policy: WasmPluginRunnerPolicy | None = None,
        broker: Broker | None = None,
        **senders: Sender,
    ) -> Dispatcher:
        """Return a dispatcher of the second process."""
        return Dispatcher(
            engine=self.engine,
            log=self.log,
            views=self.views,
            scheduler=self.scheduler,
            worker=self.worker(policy=policy, broker=broker),
            outbox=self.outbox(**senders),
            policy=policy or self.policy,
        )

    def pack(
        self,
        module: bytes | Mapping[str, bytes],
        skill_id: str = SKILL,
        version: str = "1.0.0",
        *,
        key: SigningKey = KEY,
        **fields: Any,
    ) -> Path:
        """Write the artifact of a skill and return its path; ``fields`` go into its manifest."""
        modules = {"plugin.wasm": module} if isinstance(module, bytes) else dict(module)
        path = self.folder / f"{skill_id}-{version}.palyra-skill"
        path.write_bytes(
            artifact_bytes(modules=modules, key=key, skill_id=skill_id, version=version, **fields)
        )
        return path

    def install(
        self,
        module: bytes | Mapping[str, bytes],
        skill_id: str = SKILL,
        version: str = "1.0.0",
        **fields: Any,
    ) -> None:
        """Install a skill that has this module."""
        self.palyra.skills.install(self.pack(module, skill_id, version, **fields), trust_on_first_use=True)

    def ready_with_effects(self, module: bytes, *, hook: str = HOOK, plugin: str = PLUGIN) -> None:
        """Do what `ready` does, and grant the prefix ``notes`` and the channel ``ops``.

        The stage's policy is to be `OPEN_POLICY`.
        """
        asked = {"filesystem": {"write_roots": ["notes"]}, "node_capabilities": ["ops"]}
        self.ready(module, hook=hook, plugin=plugin, capabilities=asked)
        self.palyra.plugins.bind(plugin, skill=SKILL, storage_prefixes=["notes"], channels=["ops"])

    def ready(
        self, module: bytes, *, hook: str = HOOK, plugin: str = PLUGIN, skill_id: str = SKILL, **fields: Any
    ) -> None:
        """Install and enable a skill, and invoke its module whenever a gateway starts."""
        self.install(module, skill_id, **fields)
        self.palyra.skills.enable(skill_id)
        self.palyra.plugins.bind(plugin, skill=skill_id)
        self.palyra.hooks.bind(hook, event="gateway:startup", plugin=plugin)

    def fire(self) -> int:
        """Let a gateway start, which hooks can react to, and return the event's position."""
        _, commit = self.application.start_gateway("0.1.0", Intent("system:gateway"))
        return commit.head

    def scheduled(self) -> str:
        """Let a gateway start, schedule what follows, and return the id of the first delivery."""
        position = self.fire()
        self.scheduler().catch_up()
        (delivery, *_) = [row for row in self.views.deliveries() if row.event_position == position]
        return delivery.delivery_id

    def events(self, *kinds: type[Event], after: int = 0) -> list[Event]:
        """Return the events of these types, or all, in the order of the log."""
        decoded = [REGISTRY.decode(row.topic, row.state) for row in self.log.read(after, 1_000_000)]
        return [event for event in decoded if not kinds or isinstance(event, kinds)]

    def topics(self, after: int = 0) -> list[str]:
        """Return the types of the events after a position, by name."""
        return [type(event).__name__ for event in self.events(after=after)]

    def document(self, sha256: str) -> Any:
        """Return a document that lies beside the log."""
        return json.loads(self.log.blob(bytes.fromhex(sha256)))


@contextmanager
def unchanged(log: EventLog) -> Iterator[None]:
    """Check that nothing was written to the log while the block ran."""
    head = log.head()
    yield
    assert log.head() == head


def outcomes(events: Sequence[Event]) -> list[str]:
    """Return the types of events by name, without those that schedule."""
    return [type(event).__name__ for event in events if type(event).__name__ != "DeliveryScheduled"]
