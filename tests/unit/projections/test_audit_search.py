from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, inspect

from palyra_events.blob import seal
from palyra_events.hook import HookBound, HookDisabled, HookEnabled
from palyra_events.registry import REGISTRY
from palyra_events.skill import SkillQuarantined
from palyra_events.store import EventLog
from projections import Projector, Subject, Views, content_digest, parse_search
from projections.audit import AuditView
from projections.audit_search import AuditSearchView
from projections.engine import reading
from tests.journal import Journal
from tests.sample_events import SAMPLES, TARGET


@pytest.fixture
def told(journal: Journal) -> Journal:
    """Four events with reasons in several scripts."""
    journal.add(HookBound, hook_id="night.alarm", target=TARGET, reason="Größe geprüft, wie besprochen")
    journal.add(HookDisabled, hook_id="night.alarm", reason="too noisy: the pager rang all night long")
    journal.add(HookEnabled, hook_id="night.alarm", reason="審査に合格した")
    journal.add(SkillQuarantined, skill_id="acme.echo", version="1.2.0", reasons=("signature gone",))
    return journal


@pytest.fixture
def found(views: Views) -> Callable[[str], list[int]]:
    """The positions that a search finds."""
    return lambda text: [row.position for row in views.audit(search=parse_search(text))]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("noisy", [2]),
        ("NOISY pager", [2]),
        ("noisy quarantined", []),
        ("quaran*", [4]),
        ("quaran", []),
        ('"rang all night"', [2]),
        ('"night rang"', []),
        ('"rang all nig"*', [2]),
        ("grosse", [1]),
        ("GRÖẞE", [1]),
        ("审査", []),
        ("審査", [3]),
        ("査審", []),
        ("合格", [3]),
        ("night.alarm", [1, 2, 3]),
        ("night alarm", [1, 2, 3]),
        ("acme.echo", [4]),
        ("1.2.0", [4]),
        ("HookDisabled@1", [2]),
        ("operator:alice", [1, 2, 3, 4]),
        ("c0ffee", [1, 2, 3, 4]),
        ("skill:enabled", [1]),
    ],
)
def test_events_are_found_by_their_words(found: Callable[[str], list[int]], text: str, positions: list[int]):
    """What happened, why, to what, by whom and under which id; in any script, alike on both databases."""
    assert found(text) == positions


@pytest.mark.usefixtures("told")
def test_a_phrase_does_not_reach_from_one_text_into_the_next(found: Callable[[str], list[int]]):
    """The end of the summary and the beginning of the reason are no sentence."""
    assert (found('"disabled too"'), found("disabled too")) == ([], [2])


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    "text",
    [
        "noisy OR quarantined",
        "noisy NOT pager",
        "noisy NEAR(pager, 5)",
        "terms : zebra",
        "zebra'; DROP TABLE generation; --",
        "zebra') | ('noisy':*",
        "zebra & !noisy | (night:*)",
        "zebra <-> \\' night",
        "^zebra + night\x00noisy",
        "{terms} : zebra %s :a %(b)s",
        "¶ zebra ¶",
    ],
)
def test_operators_are_words(found: Callable[[str], list[int]], text: str):
    """What would be a command to one of the databases is looked for, and not found."""
    assert found(text) == []
    assert found("night") == [1, 2, 3]


@pytest.mark.usefixtures("told")
def test_a_search_goes_with_the_other_filters(views: Views):
    """Subject, actor, place and number are those of the listing."""
    of_hook = views.audit(search=parse_search("alarm"), subject=Subject("hook", "night.alarm"), after=1)
    of_bob = views.audit(search=parse_search("alarm"), actor="operator:bob")
    newest = views.audit(search=parse_search("alarm"), limit=1, newest_first=True)

    assert [[row.position for row in rows] for rows in (of_hook, of_bob, newest)] == [[2, 3], [], [3]]


def test_an_erased_reason_is_not_found(journal: Journal, found: Callable[[str], list[int]]):
    """What was erased is in no index; the rest of the event is."""
    erased, _ = seal("private", bytes(32))
    journal.add(HookBound, hook_id="silent", target=TARGET)
    event = journal.stamp().on(HookDisabled, hook_id="silent").model_copy(update={"reason": erased})
    journal.append([event])

    assert (found("private"), found("silent disabled")) == ([], [2])


@pytest.mark.usefixtures("told")
def test_a_rebuild_forgets_a_reason_that_was_erased(
    found: Callable[[str], list[int]], projector: Projector, log: EventLog
):
    """What was found before its blob was dropped is found no more."""
    before = found("noisy")
    (disabled,) = log.read(1, 1)
    reason = REGISTRY.decode(disabled.topic, disabled.state).reason
    log.append([], drops=[reason.digest], tracking=("eraser", 4))

    projector.rebuild(["audit_search"])

    assert (before, found("noisy")) == ([2], [])


def test_every_event_is_searchable(journal: Journal, engine: Engine, log: EventLog):
    """There is a row for each type of event, with the fullest content."""
    views = Views(engine, Projector(engine, log, projections=[AuditView, AuditSearchView]))
    journal.append([sample.full for sample in SAMPLES])

    assert len(views.audit(search=parse_search("operator:alice"), limit=1000)) == len(SAMPLES)


def test_a_rebuild_finds_the_same(told: Journal, views: Views, projector: Projector, engine: Engine):
    """Live, rebuilt, and folded page by page afterwards: the same rows, and no table is left behind."""
    views.audit()
    live = content_digest(engine, "audit_search")
    for _ in range(3):
        projector.rebuild(["audit_search"])
    told.add(HookDisabled, hook_id="night.alarm", reason="noisy again")

    assert content_digest(engine, "audit_search", 4) == live
    assert [row.position for row in views.audit(search=parse_search("noisy"))] == [2, 5]
    with reading(engine) as connection:
        tables = inspect(connection).get_table_names()
    assert {t.split("_g")[1].split("_")[0] for t in tables if t.startswith("audit_search_g")} == {"3", "4"}


def test_an_index_answers(told: Journal, views: Views, plan_of: Callable[[Callable[[], object]], str]):
    """No table is read from end to end, where there are many events."""
    told.add_all([(HookBound, {"hook_id": f"hook-{number}", "target": TARGET}) for number in range(1000)])

    plan = plan_of(lambda: views.audit(search=parse_search("noisy")))

    assert "VIRTUAL TABLE INDEX" in plan or "_terms" in plan


def test_a_word_that_is_said_too_often_is_no_harm(journal: Journal, found: Callable[[str], list[int]]):
    """A row keeps what both databases can keep, and is found by all of its other words."""
    journal.add(HookBound, hook_id="greet", target=TARGET, reason=f"{'ha ' * 1300} {'w' * 90} end")

    assert (found("ha"), found("w" * 64), found("w" * 90), found('"w* end"'), found("end")) == (
        [1], [1], [1], [], [1],
    )  # fmt: skip
