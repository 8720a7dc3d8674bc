from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from palyra_events.a2ui import Document, apply_patch, normalise, to_wire
from palyra_runtime.authoring import Fixture, Theatre, open_project, read_build
from palyra_runtime.sandbox import default_sandbox

DESK = Path(__file__).parents[3] / "src" / "palyra_runtime" / "sdk" / "samples" / "approval-desk"
PAYLOAD = {"skill_id": "acme.echo", "version": "1.0.0"}


class Desk:
    """A desk, with what it keeps from run to run, and the page that people see."""

    def __init__(self) -> None:
        project = open_project(DESK, modules=DESK / "modules")
        self._theatre = Theatre(
            default_sandbox(), project.manifest, read_build(project)[1]["approval-desk.wasm"]
        )
        self._kept: dict[str, Any] = {}
        self._position = 0
        self.document: Document | None = None
        self.problems: list[str] = []

    def tell(self, kind: str, **payload: Any) -> dict[str, Any]:
        """Let it take note of an event, show what it answers, and return its result."""
        self._position += 1
        event = {"kind": kind, "position": self._position, "payload": payload}
        fixture = Fixture.model_validate({"event": event, "host": {"storage": self._kept}})
        answer = self._theatre.rehearse("told", fixture).answer
        assert (answer.outcome, answer.output is not None) == ("ok", True)
        self._kept |= {write["path"]: write["value"] for write in answer.storage}
        output: dict[str, Any] = answer.output or {}
        self._show(output["a2ui"])
        return dict(output["result"])

    def send(self, form: str, **values: Any) -> dict[str, Any]:
        """Send off a form of the page."""
        assert self.document is not None
        assert self.document.form(form) is not None
        return self.tell("form:submitted", component_id=form, values=values)

    def decide(self, release: str, decision: str) -> dict[str, Any]:
        """Choose a release and decide about it."""
        self.send("choose", release=release)
        return self.send(
            "decide", decision=decision, reason="because", confidence=50, contact="", checked=True
        )

    def part(self, component_id: str) -> dict[str, Any]:
        """Return a component of the page."""
        assert self.document is not None
        (found,) = [part for part in to_wire(self.document)["components"] if part["id"] == component_id]
        return dict(found)

    def _show(self, a2ui: dict[str, Any]) -> None:
        if "patch" in a2ui:
            assert self.document is not None
            shown = apply_patch(self.document, a2ui["patch"])
        else:
            shown = normalise(a2ui)
        self.document = shown.document
        self.problems += [problem.message for problem in shown.problems]


@pytest.fixture
def desk() -> Desk:
    """A desk with one release that waits."""
    opened = Desk()
    opened.tell("skill:quarantined", **PAYLOAD, reasons=["memory is shared"], reason="too large")
    return opened


def test_a_quarantined_release_waits_for_a_decision(desk: Desk):
    """With all that is known of why, and a form to choose it by."""
    assert desk.part("waiting")["props"]["rows"] == [
        ["acme.echo", "1.0.0", "too large, and 1 more", "2026-01-31 09:00"]
    ]
    (field,) = desk.part("choose")["props"]["fields"]
    assert field["options"] == [{"value": "q1", "label": "acme.echo 1.0.0"}]


def test_whoever_chooses_a_release_is_asked_about_it(desk: Desk):
    """And reads why it was quarantined; the form that asked which one is gone."""
    desk.send("choose", release="q1")

    assert desk.part("decide")["props"]["title"] == "Decide about acme.echo 1.0.0"
    assert desk.part("lines")["props"]["items"] == ["too large", "memory is shared"]
    assert desk.document is not None
    assert desk.document.form("choose") is None


@pytest.mark.parametrize(("decision", "done"), [("keep", "yes"), ("enable", "no")])
def test_a_decision_is_shown_as_a_row_and_a_bar(desk: Desk, decision, done):
    """With who took it; what is left to be done stands below as a command."""
    result = desk.decide("q1", decision)

    assert result == {"waiting": 0, "decided": 1}
    assert desk.part("decided")["props"]["rows"] == [
        ["acme.echo 1.0.0", f"{decision}, 50 % sure", "because", "operator:ada", done]
    ]
    assert sum(point["value"] for point in desk.part("tally")["props"]["series"]) == 1
    commands = desk.part("lines")["props"]["items"]
    assert ("palyra skill enable acme.echo 1.0.0" in commands) == (done == "no")


def test_who_cannot_decide_yet_leaves_it_waiting(desk: Desk):
    """It is counted, and the release can be chosen again."""
    assert desk.decide("q1", "later") == {"waiting": 1, "decided": 0}
    assert desk.part("choose")["props"]["fields"][0]["defaultValue"] == "q1"


def test_what_the_operator_did_is_noted(desk: Desk):
    """A release that is enabled waits no more, and a decision to do so is carried out."""
    desk.decide("q1", "enable")
    desk.tell("skill:enabled", **PAYLOAD)

    assert [row[-1] for row in desk.part("decided")["props"]["rows"]] == ["yes"]
    assert desk.part("lines")["props"]["items"] == ["Nothing: every decision is carried out."]


def test_a_release_that_was_enabled_elsewhere_waits_no_more(desk: Desk):
    """Whoever is just deciding about it finds that there is nothing to decide."""
    desk.send("choose", release="q1")
    desk.tell("skill:enabled", **PAYLOAD)

    assert desk.part("nothing")["props"]["value"] == "The desk is clear."


def test_a_busy_desk_shows_the_newest(desk: Desk):
    """Twenty releases at the most, and nothing on the page has to be mended or cut."""
    for number in range(25):
        desk.tell("skill:quarantined", skill_id=f"acme.echo-{number}", version="1.0.0", reasons=["größer"])
    desk.tell("gateway:startup")

    rows = desk.part("waiting")["props"]["rows"]
    assert len(rows) == 20
    assert rows[0][0] == "acme.echo-24"
    assert desk.problems == []


def test_every_kind_of_component_is_shown(desk: Desk):
    """The page is an example of all that a page can hold."""
    kinds = {part.type for part in desk.document.components} if desk.document else set()
    desk.decide("q1", "keep")
    kinds |= {part.type for part in desk.document.components} if desk.document else set()

    assert kinds == {"text", "markdown", "list", "table", "form", "chart"}


def test_what_it_does_not_know_of_changes_nothing(desk: Desk):
    """An event of another kind, and a form that is not its own."""
    before = desk.document
    desk.tell("gateway:startup")
    desk.tell("form:submitted", component_id="other", values=None)

    assert desk.document == before
