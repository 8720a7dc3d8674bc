"""A skill, a plugin, a hook and a delivery in each of their states, made by the rules themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce

import pytest

from palyra_events import delivery as deliveries
from palyra_events import release as releases
from palyra_events import skill as skills
from palyra_events.application import Application
from palyra_events.delivery import Delivery, DeliveryScheduled, DeliveryState, Failure
from palyra_events.event import Event
from palyra_events.lifecycle import HookEventKind
from palyra_events.skill import ReleaseState, Skill
from palyra_events.store import EventLog
from tests.foretold import counting, ticking
from tests.memory_log import MemoryLog
from tests.sample_events import BARE_STAMP, EFFECTS, FACTS, FAILED, INVOCATION, PASSED

VERSION = "1.0.0"


def folded_skill(skill: Skill, events: Iterable[Event]) -> Skill:
    return reduce(skills.evolve, events, skill)


def folded_delivery(delivery: Delivery, events: Iterable[Event]) -> Delivery:
    return reduce(deliveries.evolve, events, delivery)


def installed(skill: Skill, version: str, *, passed: bool = True) -> Skill:
    verdict = PASSED if passed else FAILED
    return folded_skill(skill, releases.install_skill(skill, version, FACTS, verdict, BARE_STAMP))


def enabled(skill: Skill, version: str) -> Skill:
    return folded_skill(skill, releases.enable_skill(skill, version, PASSED, BARE_STAMP, override=False))


@pytest.fixture
def skill_in() -> Callable[[ReleaseState], Skill]:
    """Return a function that makes a skill whose release 1.0.0 is in a state."""
    ready = installed(Skill("acme.echo"), VERSION)
    by_state = {
        ReleaseState.INSTALLED: ready,
        ReleaseState.ENABLED: enabled(ready, VERSION),
        ReleaseState.QUARANTINED: installed(Skill("acme.echo"), VERSION, passed=False),
        ReleaseState.DISABLED: folded_skill(ready, releases.disable_skill(ready, VERSION, BARE_STAMP)),
        ReleaseState.REMOVED: folded_skill(
            ready, releases.remove_skill(ready, VERSION, BARE_STAMP, erased=False)
        ),
    }
    return by_state.__getitem__


def scheduled(attempts_max: int) -> Delivery:
    event = BARE_STAMP.on(
        DeliveryScheduled,
        delivery_id="41:greet",
        event_position=41,
        event_kind=HookEventKind.SkillEnabled,
        hook_id="greet",
        plugin_id="echo",
        ordering_key="hook:greet",
        attempts_max=attempts_max,
    )
    return deliveries.evolve(Delivery("41:greet"), event)


@pytest.fixture
def delivery_in() -> Callable[[DeliveryState], Delivery]:
    """Return a function that makes a delivery of at most three attempts in a state."""
    fresh = scheduled(3)
    crash, denied = Failure("trapped:unreachable"), Failure("denied")
    by_state = {
        DeliveryState.SCHEDULED: fresh,
        DeliveryState.RETRYING: folded_delivery(fresh, deliveries.record_failure(fresh, crash, BARE_STAMP)),
        DeliveryState.SUCCEEDED: folded_delivery(
            fresh, deliveries.record_success(fresh, INVOCATION, EFFECTS, BARE_STAMP)
        ),
        DeliveryState.DEAD: folded_delivery(fresh, deliveries.record_failure(fresh, denied, BARE_STAMP)),
        DeliveryState.SKIPPED: folded_delivery(
            fresh, deliveries.skip_delivery(fresh, "plugin_unbound", 44, BARE_STAMP)
        ),
        DeliveryState.CANCELLED: folded_delivery(fresh, deliveries.cancel_delivery(fresh, BARE_STAMP)),
    }
    return by_state.__getitem__


@pytest.fixture(params=["memory", "sqlite"])
def log(request, tmp_path) -> Iterator[MemoryLog | EventLog]:
    """A log in memory and a real one: what is promised of the first is true of the second."""
    if request.param == "memory":
        yield MemoryLog()
        return
    with EventLog.open(f"sqlite:///{tmp_path}/palyra.db") as opened:
        yield opened


@pytest.fixture
def app(log: MemoryLog | EventLog) -> Application:
    """The commands over a log, with a clock and a source of bytes that a test can foretell."""
    return Application(log, now=ticking(), entropy=counting())
