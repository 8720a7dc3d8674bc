from __future__ import annotations

import pytest

from palyra_events.errors import InvalidIdentifier
from projections import InvalidSearch, Subject
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering


@pytest.fixture
def told(stage: Stage) -> Stage:
    """A stage on which a hook was bound, switched off and on."""
    stage.install(answering())
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    stage.palyra.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN, reason="asked for by the night shift")
    stage.palyra.hooks.disable(HOOK, reason="too noisy at night")
    stage.palyra.hooks.enable(HOOK)
    return stage


def test_the_trail_is_searched_by_words(told: Stage):
    """All words must be there, and the other filters hold as well."""
    found = told.palyra.audit.log(grep="night")
    of_phrase = told.palyra.audit.log(grep='"at night"')
    newest = told.palyra.audit.log(grep="night", newest_first=True, limit=1)
    of_nobody = told.palyra.audit.log(grep="night", actor="operator:nobody")

    assert [row.summary for row in found] == ["bound: skill:enabled to plugin echo", "disabled"]
    assert [row.summary for row in of_phrase] == [row.summary for row in newest] == ["disabled"]
    assert of_nobody == []


def test_the_trail_of_one_kind_of_things(told: Stage):
    """What happened to all hooks, or to all plugins, is asked for at once; nothing else is among it."""
    hooks = told.palyra.audit.log(subject_kind="hook")
    plugins = told.palyra.audit.log(subject_kind="plugin", newest_first=True)

    assert [row.summary for row in hooks] == ["bound: skill:enabled to plugin echo", "disabled", "enabled"]
    assert {row.subject_id for row in plugins} == {PLUGIN}
    assert told.palyra.audit.log(subject_kind="nothing") == []


def test_what_names_no_kind_is_refused(told: Stage):
    """Before a database is asked, which might take it for something else."""
    with pytest.raises(InvalidIdentifier):
        told.palyra.audit.log(subject_kind="ho\0ok")


def test_a_command_is_searchable_when_it_returns(told: Stage):
    """The index is at the head of the log, as every view is that is asked."""
    told.palyra.hooks.disable(HOOK, reason="zebra")

    (row,) = told.palyra.audit.log(grep="zebra", subject=Subject("hook", HOOK))

    assert row.position == told.log.head()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"grep": "***"}, InvalidSearch),
        ({"grep": '"night'}, InvalidSearch),
        ({"actor": "nobody"}, InvalidIdentifier),
        ({"subject": Subject("hook", "a\0b")}, InvalidIdentifier),
    ],
)
def test_a_question_without_sense_is_refused(told: Stage, asked: dict, error: type[Exception]):
    """Who mistyped is told so, and not that nothing happened."""
    with pytest.raises(error):
        told.palyra.audit.log(**asked)
