from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from palyra_events.a2ui import FormInvalid
from palyra_events.application import FilledForm, Intent
from palyra_events.delivery import DeliveryScheduled, DeliverySkipped
from palyra_events.errors import IllegalTransition, InvalidIdentifier, ReasonRequired
from palyra_events.plugin import PluginShowedSurface
from palyra_events.submission import (
    FormSubmitted,
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    submission_id_of,
)
from palyra_events.surface import SurfaceClosed
from palyra_runtime import Palyra
from palyra_runtime.facade import (
    FormChanged,
    PageOutOfRange,
    SurfaceIsClosed,
    Surfaces,
    UnknownForm,
    UnknownSurface,
)
from tests.stage import Stage, answering

FORM = {
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


def page(*components: dict[str, Any]) -> bytes:
    """Return a guest that shows a page, whatever it is told."""
    document = {"v": 1, "surface": "desk", "components": list(components)}
    return answering(output=json.dumps({"result": {}, "a2ui": document}))


def text(value: str) -> dict[str, Any]:
    return {"type": "text", "id": "t", "props": {"value": value}}


def show(stage: Stage, module: bytes, version: str = "1.0.0") -> None:
    """Let a plugin show a page."""
    stage.install(module, version=version)
    stage.palyra.skills.enable("acme.echo", version=version)
    stage.palyra.plugins.bind("echo", skill="acme.echo")
    stage.palyra.hooks.bind("greet", event="gateway:startup", plugin="echo")
    stage.fire()
    stage.dispatcher().drain()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A gateway whose plugin shows a form."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path) as opened:
        show(opened, page(text("hello"), FORM))
        yield opened


@pytest.fixture
def surfaces(stage: Stage) -> Surfaces:
    """What its operator does."""
    return stage.palyra.surfaces


def reason_of(form: FormSubmitted, stage: Stage) -> Any:
    return json.loads(form.values.open(stage.log.blob(form.values.digest)))


def test_a_page_is_listed_and_shown(surfaces: Surfaces):
    """Names are taken as people type them."""
    (row,) = surfaces.list(plugin=" Echo ")
    detail = surfaces.show(" DESK ")

    assert detail.row == row
    assert [component["type"] for component in detail.document["components"]] == ["text", "form"]
    assert (detail.problems, detail.refused) == ((), ())
    assert surfaces.list(plugin="other") == surfaces.list(is_open=False) == surfaces.list(after="desk") == []
    assert surfaces.list(at=0) == []


def test_what_nobody_has_shown_is_unknown(surfaces: Surfaces):
    """Also a version, and a moment before there was one."""
    for ask in (
        lambda: surfaces.show("other"),
        lambda: surfaces.show("desk", version=2),
        lambda: surfaces.show("desk", at=1),
        lambda: surfaces.history("other"),
        lambda: surfaces.close("other", reason="done"),
        lambda: surfaces.submit("other", "decision", {}),
    ):
        with pytest.raises(UnknownSurface):
            ask()


def test_what_makes_no_sense_is_refused(surfaces: Surfaces):
    """Before a database sees it."""
    with pytest.raises(InvalidIdentifier):
        surfaces.show("no surface")
    with pytest.raises(InvalidIdentifier):
        surfaces.list(after="\0")
    with pytest.raises(PageOutOfRange):
        surfaces.show("desk", version=2**80)
    with pytest.raises(PageOutOfRange):
        surfaces.changes(-1)


def test_a_form_that_is_sent_off_is_recorded(stage: Stage, surfaces: Surfaces):
    """With the actor, the version that it was on, and sealed values; what is left out is as shown."""
    sent = surfaces.submit("desk", "decision", {"reason": "größer"})

    (form,) = stage.events(FormSubmitted)
    assert isinstance(form, FormSubmitted)
    assert (form.actor, form.surface, form.version, form.plugin_id) == ("operator:alice", "desk", 1, "echo")
    assert reason_of(form, stage) == {"reason": "größer", "sure": False}
    assert sent.delivery_id == f"{stage.log.head()}:surface:echo"
    assert (sent.submission_id, sent.position, sent.is_repeat) == (
        form.submission_id,
        stage.log.head(),
        False,
    )


def test_a_form_reaches_the_plugin_once(stage: Stage, surfaces: Surfaces):
    """Exactly one delivery, to the owner, with the values in its event; other hooks hear nothing of it."""
    sent = surfaces.submit("desk", "decision", {"reason": "fine", "sure": True})
    stage.dispatcher().drain()

    scheduled = [event for event in stage.events(DeliveryScheduled) if event.event_position == sent.position]
    assert [event.delivery_id for event in scheduled] == [sent.delivery_id]
    (attempt,) = stage.palyra.deliveries.show(sent.delivery_id).attempts
    assert attempt.input["hook_id"] == "surface:echo"
    assert attempt.input["event"]["kind"] == "form:submitted"
    assert attempt.input["event"]["actor"] == "operator:alice"
    assert attempt.input["event"]["payload"] == {
        "submission_id": sent.submission_id,
        "surface": "desk",
        "version": 1,
        "plugin_id": "echo",
        "component_id": "decision",
        "values": {"reason": "fine", "sure": True},
    }


def test_the_delivery_of_a_form_can_be_filtered_by_its_hook(stage: Stage, surfaces: Surfaces):
    """The hook that nobody binds has a name all the same."""
    sent = surfaces.submit("desk", "decision", {"reason": "fine"})
    stage.dispatcher().drain()

    found = stage.palyra.deliveries.list(hook=" Surface:ECHO ")
    assert [row.delivery_id for row in found] == [sent.delivery_id]


def test_a_form_of_a_plugin_that_may_not_run_is_skipped(stage: Stage, surfaces: Surfaces):
    """As any delivery is; it is kept, and can be redelivered when the plugin may run again."""
    sent = surfaces.submit("desk", "decision", {"reason": "fine"})
    stage.palyra.skills.quarantine("acme.echo", reason="suspicious")
    stage.dispatcher().drain()

    (skipped,) = stage.events(DeliverySkipped)
    assert isinstance(skipped, DeliverySkipped)
    assert (skipped.delivery_id, skipped.cause) == (sent.delivery_id, "skill_quarantined")


def test_a_form_that_was_skipped_can_be_redelivered(stage: Stage, surfaces: Surfaces):
    """Nothing that somebody filled in is lost because its plugin might not run at the time."""
    sent = surfaces.submit("desk", "decision", {"reason": "fine"})
    stage.palyra.plugins.disable("echo", reason="not now")
    stage.dispatcher().drain()
    stage.palyra.plugins.enable("echo")
    stage.palyra.deliveries.redeliver(sent.delivery_id, reason="it may run again")
    stage.dispatcher().drain()

    assert stage.palyra.deliveries.show(sent.delivery_id).row.state == "succeeded"


def test_the_same_form_sent_twice_is_one(stage: Stage, surfaces: Surfaces):
    """Who had no answer sends it again under the same key, also after the page has gone on."""
    first = surfaces.submit("desk", "decision", {"reason": "fine"}, idempotency_key="k")
    surfaces.close("desk", reason="done")
    again = surfaces.submit("desk", "decision", {"reason": "fine", "sure": False}, idempotency_key="k")

    assert len(stage.events(FormSubmitted)) == 1
    assert again.is_repeat
    assert (again.submission_id, again.position, again.delivery_id) == (
        first.submission_id,
        first.position,
        first.delivery_id,
    )


def test_two_who_send_the_same_form_at_once_get_one(stage: Stage, monkeypatch):
    """Whoever comes second finds the place in the log taken, and returns what is there."""
    application, answers = stage.application, [None]
    look = application.submission
    monkeypatch.setattr(application, "submission", lambda asked: answers.pop() if answers else look(asked))
    id_ = submission_id_of("desk", "k")
    filled = FilledForm(id_, "desk", 1, "echo", "decision", {"reason": "fine", "sure": False})
    application.submit_form(filled, Intent("operator:bob"))
    late = Surfaces(log=stage.log, application=application, views=stage.views, actor="operator:alice")

    assert late.submit("desk", "decision", {"reason": "fine"}, idempotency_key="k").actor == "operator:bob"


@pytest.mark.parametrize(
    ("component", "values"),
    [("decision", {"reason": "other"}), ("decision", {}), ("t", {"reason": "fine"})],
)
def test_a_key_stands_for_one_form(surfaces: Surfaces, component, values):
    """Other values under a key that was used would be lost without a word."""
    surfaces.submit("desk", "decision", {"reason": "fine"}, idempotency_key="k")

    with pytest.raises(IdempotencyKeyReused):
        surfaces.submit("desk", component, values, idempotency_key="k")


@pytest.mark.parametrize("key", ["", " ", "x" * 257, "\ud800"], ids=ascii)
def test_a_key_is_a_text_that_can_be_kept(surfaces: Surfaces, key):
    """Of a reasonable length, and not blank."""
    with pytest.raises(InvalidIdempotencyKey):
        surfaces.submit("desk", "decision", {"reason": "fine"}, idempotency_key=key)


def test_values_that_do_not_fit_are_refused(stage: Stage, surfaces: Surfaces):
    """The server checks, whatever the page that was filled in has checked; nothing is recorded."""
    with pytest.raises(FormInvalid) as refused:
        surfaces.submit("desk", "decision", {"sure": "perhaps", "more": 1})

    assert len(refused.value.details["problems"]) == 3
    assert stage.events(FormSubmitted) == []


@pytest.mark.parametrize("component", ["t", "other", "", "\0"])
def test_only_forms_can_be_sent_off(surfaces: Surfaces, component):
    """Not a text, and nothing that is not there."""
    with pytest.raises(UnknownForm):
        surfaces.submit("desk", component, {"reason": "fine"})


def test_a_form_that_is_the_same_can_be_sent_off_after_the_page_changed(stage: Stage, surfaces: Surfaces):
    """What else is on the page has nothing to do with what somebody typed."""
    show(stage, page(text("changed"), FORM), "1.1.0")

    assert surfaces.submit("desk", "decision", {"reason": "fine"}, version=1).version == 2


@pytest.mark.parametrize("components", [[text("gone")], [{**FORM, "props": {"title": "Another"}}]])
def test_a_form_that_changed_is_a_conflict(stage: Stage, surfaces: Surfaces, components):
    """Nobody answers a question that he has not seen."""
    show(stage, page(*components), "1.1.0")

    with pytest.raises(FormChanged, match="version 1"):
        surfaces.submit("desk", "decision", {"reason": "fine"}, version=1)


def test_a_closed_surface_takes_no_forms(surfaces: Surfaces):
    """It can still be looked at."""
    row = surfaces.close("desk", reason="nobody needs it")

    assert (row.is_open, row.version, row.change) == (False, 2, "closed")
    with pytest.raises(SurfaceIsClosed):
        surfaces.submit("desk", "decision", {"reason": "fine"})
    assert len(surfaces.show("desk").document["components"]) == 2


def test_closing_says_why_and_happens_once(stage: Stage, surfaces: Surfaces):
    """The reason is beside the log, like every other."""
    with pytest.raises(ReasonRequired):
        surfaces.close("desk", reason=" ")
    surfaces.close("desk", reason="done")
    with pytest.raises(IllegalTransition):
        surfaces.close("desk", reason="done")

    assert len(stage.events(SurfaceClosed)) == 1


def test_a_surface_can_be_closed_again(stage: Stage, surfaces: Surfaces):
    """After its plugin has shown it once more."""
    surfaces.close("desk", reason="done")
    show(stage, page(text("back")), "1.1.0")
    surfaces.close("desk", reason="done")

    assert [row.change for row in surfaces.history("desk")] == ["closed", "document", "closed", "document"]


def test_what_could_not_be_shown_is_told_with_the_surface(stage: Stage, surfaces: Surfaces):
    """The operator sees why the page does not change; the attempt has succeeded."""
    patch = {"v": 1, "ops": [{"op": "remove", "path": "/components/9"}]}
    module = answering(output=json.dumps({"a2ui": {"v": 1, "surface": "desk", "patch": patch}}))
    show(stage, module, "1.1.0")

    detail = surfaces.show("desk")
    assert [problem.code for problem in detail.refused] == ["conflict"]
    assert detail.refused == tuple(surfaces.problems("desk")) == tuple(surfaces.problems())
    assert surfaces.show("desk", version=1).refused == ()


def test_what_failed_shows_nothing(stage: Stage, surfaces: Surfaces):
    """Effects are a success's."""
    document = {"v": 1, "surface": "late", "components": []}
    show(stage, answering(60, output=json.dumps({"a2ui": document})), "1.1.0")

    assert [row.surface for row in surfaces.list()] == ["desk"]


def test_a_tool_run_shows_a_page(stage: Stage, surfaces: Surfaces):
    """The agent's call and the page are one outcome."""
    run = stage.palyra.plugins.run("echo", input={})

    assert [(row.version, row.position) for row in surfaces.history("desk")] == [(2, run.position), (1, 10)]


def test_a_plugin_is_known_to_have_a_surface(stage: Stage):
    """It is noted once, whatever it shows later, and it carries out one delivery at a time."""
    stage.palyra.plugins.run("echo", input={})
    stage.dispatcher().drain()

    (noted,) = stage.events(PluginShowedSurface)
    assert isinstance(noted, PluginShowedSurface)
    assert (noted.plugin_id, noted.surface, noted.position) == ("echo", "desk", 10)
    assert stage.application.plugin("echo").exclusive_key == "plugin:echo"


def test_changes_follow_the_log(stage: Stage, surfaces: Surfaces):
    """What somebody who watches has to be told."""
    surfaces.close("desk", reason="done")

    changes = surfaces.changes(0)
    assert [(each.row.version, each.row.change) for each in changes] == [(1, "document"), (2, "closed")]
    assert surfaces.changes(changes[0].row.position) == changes[1:]


def test_the_actor_is_whoever_fills_in_the_form(stage: Stage):
    """The event says who, so that the values can be erased with everything else of that person."""
    other: Palyra = stage.open("bob", actor="operator:bob")
    other.surfaces.submit("desk", "decision", {"reason": "fine"}, reason="asked to")

    (form,) = stage.events(FormSubmitted)
    assert form.actor == "operator:bob"
    assert form.reason is not None
