from __future__ import annotations

import json

import pytest

from palyra_events.errors import InvalidInput
from palyra_events.hook import HookBound, HookDisabled, HookRebound
from palyra_events.index_file import InvalidIndex
from palyra_runtime.facade import ImportConflict, ImportRefused
from tests.stage import PLUGIN, SKILL, Stage, answering, unchanged


@pytest.fixture
def bound(stage: Stage) -> Stage:
    """A stage with a plugin and no hook."""
    stage.install(answering())
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    return stage


def record(hook_id: str, event: str = "skill:enabled", **fields: object) -> dict[str, object]:
    """Return an entry of a file."""
    times = {"created_at_unix_ms": 5, "updated_at_unix_ms": 7}
    return {"hook_id": hook_id, "event": event, "plugin_id": PLUGIN, "enabled": True, **times, **fields}


def index(*records: dict[str, object], version: int | None = 1) -> str:
    """Return a file; before there were versions, it had no time either."""
    head = {} if version is None else {"schema_version": version, "updated_at_unix_ms": 9}
    return json.dumps({**head, "entries": list(records)})


def actions(plan) -> dict[str, str]:
    """Return what becomes of each entry."""
    return {item.name: item.action.value for item in plan.items}


@pytest.mark.parametrize("version", [None, 0, 1])
def test_a_file_of_any_version_is_bound_in_one_step(bound: Stage, version: int | None):
    """Each entry is an event of its own, with one reason, in one append."""
    before = bound.log.head()

    plan = bound.palyra.hooks.import_index(
        index(record(" Greet "), record("ask", "Before_Tool", enabled=False), version=version),
        reason="moved over",
    )

    assert actions(plan) == {"greet": "bind", "ask": "bind"}
    rows = {row.hook_id: row for row in bound.palyra.hooks.list()}
    assert (rows["greet"].event_kind, rows["greet"].attempts_max) == ("skill:enabled", 5)
    assert (rows["ask"].event_kind, rows["ask"].is_enabled) == ("run:before_tool", False)
    assert bound.topics(before) == ["HookBound", "HookBound", "HookDisabled"]
    assert {row.reason for row in bound.palyra.audit.log(after=before)} == {"moved over"}


def test_a_plan_changes_nothing(bound: Stage):
    """Who looks first sees what would be bound, and what of the file would not be kept."""
    with unchanged(bound.log):
        plan = bound.palyra.hooks.plan_import(index(record("greet", operator={"notes": "hi"})))

    (item,) = plan.items
    assert (item.name, item.action, item.wanted) == ("greet", "bind", "skill:enabled to echo")
    assert (item.problem, item.left_out, plan.is_clear) == (None, ("operator",), True)


def test_what_is_bound_so_already_is_left_alone(bound: Stage):
    """Importing twice is harmless, and attempts that were chosen here stay."""
    bound.palyra.hooks.bind("greet", event="skill:enabled", plugin=PLUGIN, attempts_max=2)

    with unchanged(bound.log):
        plan = bound.palyra.hooks.import_index(index(record("greet")))

    assert actions(plan) == {"greet": "keep"}
    assert [row.attempts_max for row in bound.palyra.hooks.list()] == [2]


def test_a_conflict_stops_the_whole(bound: Stage):
    """What is bound otherwise is named; not even the entries that could be bound are."""
    bound.palyra.hooks.bind("greet", event="skill:disabled", plugin=PLUGIN)
    bound.palyra.hooks.bind("off", event="skill:enabled", plugin=PLUGIN)
    document = index(record("free"), record("greet"), record("off", enabled=False))

    with unchanged(bound.log), pytest.raises(ImportConflict, match="2 of 3") as caught:
        bound.palyra.hooks.import_index(document)

    assert caught.value.details["failures"] == [
        "greet: here it is skill:disabled to echo, in the file skill:enabled to echo",
        "off: here it is skill:enabled to echo, in the file skill:enabled to echo, disabled",
    ]
    assert actions(bound.palyra.hooks.plan_import(document)) == {
        "free": "bind", "greet": "conflict", "off": "conflict",
    }  # fmt: skip


def test_a_conflict_is_settled_by_who_says_so(bound: Stage):
    """With `replace` the file counts; what it does not speak of stays."""
    bound.palyra.hooks.bind("greet", event="skill:disabled", plugin=PLUGIN, attempts_max=2)
    before = bound.log.head()

    plan = bound.palyra.hooks.import_index(index(record("greet", enabled=False)), replace=True)

    (row,) = bound.palyra.hooks.list()
    assert (actions(plan), bound.events(HookRebound, HookDisabled, after=before)) == (
        {"greet": "rebind"},
        bound.events(after=before),
    )
    assert (row.event_kind, row.attempts_max, row.is_enabled) == ("skill:enabled", 2, False)


def test_a_hook_that_becomes_one_of_a_phase_has_its_options(bound: Stage):
    """Attempts of an event mean nothing at a phase of a run."""
    bound.palyra.hooks.bind("greet", event="skill:disabled", plugin=PLUGIN, attempts_max=3)

    bound.palyra.hooks.import_index(index(record("greet", "run:before_run")), replace=True)

    assert [(row.event_kind, row.attempts_max) for row in bound.palyra.hooks.list()] == [
        ("run:before_run", 1)
    ]


def test_what_cannot_be_bound_is_listed_whole(bound: Stage):
    """All that is wrong with a file is told at once, and nothing is bound."""
    document = index(
        record("greet"),
        record("Greet"),
        record("bad:id"),
        record("odd", "skill.enabled"),
        record("lost", plugin_id="nobody"),
    )

    with unchanged(bound.log), pytest.raises(ImportRefused, match="4 of 5") as caught:
        bound.palyra.hooks.import_index(document)

    told = "\n".join(caught.value.details["failures"])
    assert "greet: The file has the hook greet twice." in told
    assert "bad:id: 'bad:id' cannot name a hook." in told
    assert "odd: " in told
    assert "lost: Plugin nobody is not bound." in told


def test_a_phase_does_not_get_more_hooks_than_it_can_ask(bound: Stage):
    """The hooks here and those of the file count together."""
    bound.palyra.hooks.bind("own", event="run:before_run", plugin=PLUGIN)
    records = [record(f"h{number}", "run:before_run") for number in range(16)]

    with unchanged(bound.log), pytest.raises(ImportRefused, match="16 of 16"):
        bound.palyra.hooks.import_index(index(*records))
    bound.palyra.hooks.import_index(index(*records[:15]))

    assert len(bound.events(HookBound)) == 16


@pytest.mark.parametrize("document", ["", "[]", '{"entries": [{}]}', b"\xff"])
def test_another_file_is_refused(bound: Stage, document: str | bytes):
    """What is no index is not guessed at."""
    with unchanged(bound.log), pytest.raises(InvalidInput):
        bound.palyra.hooks.import_index(document)


def test_a_file_of_plugins_is_no_file_of_hooks(bound: Stage):
    """Mixing the two up is told, and not done."""
    with pytest.raises(InvalidInput):
        bound.palyra.hooks.plan_import(bound.palyra.plugins.export_index())
    with pytest.raises(InvalidIndex):
        bound.palyra.plugins.plan_import(index(record("greet")))


def test_hooks_travel_from_one_gateway_to_another(bound: Stage, tmp_path):
    """What is exported here and imported there is exported there again, but for the times."""
    bound.palyra.hooks.import_index(index(record("greet"), record("ask", "run:after_run", enabled=False)))
    exported = bound.palyra.hooks.export_index()
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    with Stage(f"sqlite:///{other_folder / 'palyra.db'}", other_folder) as other:
        other.clock.move(days=1)
        other.install(answering())
        other.palyra.plugins.import_index(bound.palyra.plugins.export_index())
        other.palyra.hooks.import_index(exported)
        there = json.loads(other.palyra.hooks.export_index())

    assert timeless(there) == timeless(json.loads(exported))
    assert [entry["hook_id"] for entry in there["entries"]] == ["ask", "greet"]


def timeless(document: dict) -> list[dict]:
    """Return the entries of a file without their times."""
    return [{k: v for k, v in entry.items() if not k.endswith("_unix_ms")} for entry in document["entries"]]
