from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from palyra_events.store import EventLog
from projections import PROJECTIONS, Projector, UnknownProjection, content_digest, open_engine
from projections.engine import writing
from tests.journal import Journal
from tests.sample_events import SAMPLES

#: samples that make a legal log, in that order
ORDER = [
    "PublisherPinned",
    "SkillInstalled",
    "SkillAudited",
    "SkillEnabled",
    "PluginBound",
    "HookBound",
    "HookRebound",
    "HookDisabled",
    "HookEnabled",
    "GatewayStarted",
    "DeliveryScheduled",
    "AttemptFailed",
    "AttemptSucceeded",
    "GatewayStopped",
    "SkillQuarantined",
]
BY_NAME = {type(sample.full).__name__: sample.full for sample in SAMPLES}


def _write(log: EventLog) -> None:
    events = [BY_NAME[name] for name in ORDER]
    events[ORDER.index("AttemptFailed")] = BY_NAME["AttemptFailed"].model_copy(update={"attempt": 1})
    Journal(log).append(events)


def _digests(log: EventLog) -> list[str]:
    engine = open_engine(log.url)
    try:
        Projector(engine, log).catch_up()
        return [content_digest(engine, projection.name) for projection in PROJECTIONS]
    finally:
        engine.dispose()


@pytest.mark.postgres
def test_equal_logs_give_equal_views_on_both_databases(sqlite_url: str, postgres):
    """A digest is that of the rows, not of the database that keeps them."""
    with EventLog.open(sqlite_url) as one, EventLog.open(postgres.schema()) as other:
        _write(one)
        _write(other)

        digests = _digests(one), _digests(other)

    assert digests[0] == digests[1]
    assert len(set(digests[0])) == len(PROJECTIONS)


def test_a_changed_row_changes_the_digest(engine: Engine, projector: Projector, log: EventLog):
    """A view that somebody edited is told from the one that was folded."""
    _write(log)
    projector.catch_up()
    before = content_digest(engine, "hook")
    with writing(engine) as connection:
        connection.execute(text("UPDATE hook_g1 SET attempts_max = attempts_max + 1 WHERE valid_to IS NULL"))

    assert content_digest(engine, "hook") != before


def test_any_generation_that_is_kept_has_a_digest(engine: Engine, projector: Projector, log: EventLog):
    """The generation before can be compared with the present one."""
    _write(log)
    projector.catch_up()
    projector.rebuild(["audit"])

    assert content_digest(engine, "audit", 1) == content_digest(engine, "audit", 2)
    assert content_digest(engine, "audit") == content_digest(engine, "audit", 2)


@pytest.mark.parametrize(("name", "generation"), [("nothing", None), ("audit", 7)])
def test_what_does_not_exist_has_no_digest(engine: Engine, projector: Projector, name, generation):
    """Neither a view nor a generation is invented."""
    projector.catch_up()

    with pytest.raises(UnknownProjection):
        content_digest(engine, name, generation)
