from __future__ import annotations

import json
from typing import Any

import pytest

from palyra_events.blob import keep
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import Effects, SurfaceForm, SurfaceOutput
from palyra_events.surface import SurfaceClosed
from palyra_events.tool_run import PluginInvoked
from projections import ProjectionFailed, Projector, SurfaceRow, Views, verify
from projections.surface import SurfaceProblem
from tests.journal import Journal
from tests.sample_events import BARE_INVOCATION


def document(*values: str, surface: str = "desk") -> dict[str, Any]:
    """A page of sentences."""
    texts = [
        {"type": "text", "id": f"t{place}", "props": {"value": value}} for place, value in enumerate(values)
    ]
    return {"v": 1, "surface": surface, "components": texts}


def saying(place: int, value: str) -> dict[str, Any]:
    """A patch that replaces one sentence."""
    return {"v": 1, "ops": [{"op": "replace", "path": f"/components/{place}/props/value", "value": value}]}


class Plugin:
    """A plugin whose runs succeed and say something of a surface."""

    def __init__(self, journal: Journal, name: str = "echo") -> None:
        self._journal = journal
        self._invocation = BARE_INVOCATION.model_copy(update={"plugin_id": name})

    def show(self, content: object, surface: str | None = "desk", *, is_kept: bool = True) -> int:
        """Show a document, or patch what is shown, and return the position of the outcome."""
        is_patch = isinstance(content, dict) and "ops" in content
        reference, blob = keep(json.dumps(content).encode())
        shown = SurfaceOutput(
            surface=surface,
            form=SurfaceForm.PATCH if is_patch else SurfaceForm.DOCUMENT,
            content=reference,
        )
        event = self._journal.stamp().on(
            AttemptSucceeded,
            delivery_id="41:greet",
            attempt=1,
            invocation=self._invocation,
            effects=Effects(surface=shown),
        )
        return self._journal.append([event], [blob] if is_kept else [])[0]


@pytest.fixture
def plugin(journal: Journal) -> Plugin:
    """The plugin that most tests are about."""
    return Plugin(journal)


def said(views: Views, surface: str = "desk", at: int | None = None) -> list[str]:
    """Return the sentences that a surface shows, or showed."""
    content = views.surface(surface, at)
    assert content is not None
    return [component["props"]["value"] for component in content.document["components"]]


def test_a_page_is_shown_with_the_outcome_that_made_it(views: Views, plugin: Plugin):
    """The row says whose it is, at which version, and since when."""
    position = plugin.show(document("a", "b"))

    (row,) = views.surfaces()
    content = views.surface("desk")

    assert content is not None
    assert content.row == row
    assert (row.surface, row.plugin_id, row.version, row.position) == ("desk", "echo", 1, position)
    assert (row.change, row.is_open, row.components, row.repairs) == ("document", True, 2, 0)
    assert row.opened_at == row.changed_at
    assert said(views) == ["a", "b"]
    assert views.surface("other") is None


def test_every_version_is_kept(views: Views, plugin: Plugin):
    """What was shown after each outcome can be seen ever after; what is shown now is the last."""
    first = plugin.show(document("a", "b"))
    second = plugin.show(saying(1, "c"))
    third = plugin.show(document("d"))

    assert [said(views, at=position) for position in (first, second, third)] == [
        ["a", "b"],
        ["a", "c"],
        ["d"],
    ]
    assert said(views) == ["d"]
    rows = views.surface_versions("desk")
    assert [(row.version, row.change, row.position) for row in rows] == [
        (3, "document", third),
        (2, "patch", second),
        (1, "document", first),
    ]
    assert views.surface("desk", 0) is None
    assert [row.version for row in views.surface_versions("desk", at=second)] == [2, 1]
    assert [row.version for row in views.surface_versions("desk", before=3, limit=1)] == [2]
    at_two = views.surface_version("desk", 2)
    assert at_two is not None
    assert at_two.row == rows[1]
    assert views.surface_version("desk", 4) is None


def test_what_cannot_be_shown_is_told_and_changes_nothing(views: Views, plugin: Plugin):
    """A patch that does not fit its place in the log is a problem of the surface, not of the attempt."""
    plugin.show(document("a"))
    position = plugin.show(saying(5, "b"))

    (problem,) = views.surface_problems("desk")
    assert (problem.position, problem.surface, problem.plugin_id) == (position, "desk", "echo")
    assert (problem.form, problem.code) == ("patch", "conflict")
    assert problem.path == "/components/5/props/value"
    assert [row.version for row in views.surface_versions("desk")] == [1]


def test_a_surface_is_its_plugins_own(views: Views, plugin: Plugin, journal: Journal):
    """Who comes second is told so, with the name of the owner."""
    plugin.show(document("a"))
    Plugin(journal, "other").show(document("b"))

    assert said(views) == ["a"]
    (problem,) = views.surface_problems()
    assert (problem.plugin_id, problem.code) == ("other", "not_the_owner")
    assert "echo" in problem.message


def test_what_names_no_surface_is_a_problem_of_the_plugin(views: Views, plugin: Plugin):
    """There is no surface to tell it at, so it is among those of all."""
    position = plugin.show(document("a"), None)

    assert [(row.position, row.surface, row.code) for row in views.surface_problems()] == [
        (position, None, "invalid_surface")
    ]
    assert views.surfaces() == []


def test_what_is_not_kept_any_more_is_a_problem(views: Views, plugin: Plugin):
    """A view that stopped at it would stop all dispatch."""
    plugin.show(document("a"), is_kept=False)

    assert [row.code for row in views.surface_problems("desk")] == ["erased"]


def test_problems_come_in_pages_the_newest_first(views: Views, plugin: Plugin):
    """And only those up to a point of the past."""
    positions = [plugin.show(saying(0, "b")) for _ in range(3)]

    def page(**asked: int) -> list[int]:
        return [problem.position for problem in views.surface_problems("desk", **asked)]

    assert page() == positions[::-1]
    assert page(before=positions[2], limit=1) == [positions[1]]
    assert page(at=positions[0]) == [positions[0]]


def test_a_closed_surface_stays_to_be_seen(views: Views, plugin: Plugin, journal: Journal):
    """It is a version of its own; the next document opens it again."""
    plugin.show(document("a"))
    closed = journal.add(SurfaceClosed, surface="desk")
    journal.add(SurfaceClosed, surface="desk")

    (row,) = views.surfaces(is_open=False)
    assert (row.version, row.change, row.position) == (2, "closed", closed)
    assert views.surfaces(is_open=True) == []
    assert said(views) == ["a"]

    plugin.show(document("b"))
    (row,) = views.surfaces(is_open=True)
    assert (row.version, row.opened_at) == (3, row.changed_at)


def test_a_surface_that_nobody_has_shown_cannot_be_closed(views: Views, journal: Journal):
    """Such an event has no command: a log that has one is not as we left it."""
    journal.add(SurfaceClosed, surface="desk")

    with pytest.raises(ProjectionFailed, match="nobody has shown"):
        views.surfaces()


def test_surfaces_are_listed_by_id(views: Views, plugin: Plugin, journal: Journal):
    """All, or one plugin's; in pages."""
    for name in ("b", "a", "c"):
        plugin.show(document("x", surface=name), name)
    Plugin(journal, "other").show(document("y", surface="d"), "d")

    def names(**asked: Any) -> list[str]:
        return [row.surface for row in views.surfaces(**asked)]

    assert names() == ["a", "b", "c", "d"]
    assert names(plugin_id="echo", after="a", limit=1) == ["b"]
    assert names(plugin_id="other") == ["d"]
    assert names(at=1) == ["b"]


def test_changes_are_told_in_the_order_of_the_log(views: Views, plugin: Plugin):
    """Each version of each surface, so that whoever follows misses none."""
    plugin.show(document("a", surface="one"), "one")
    second = plugin.show(document("b", surface="two"), "two")
    plugin.show(saying(0, "c"), "one")

    changes = views.surface_changes(0)
    assert [(each.row.surface, each.row.version) for each in changes] == [("one", 1), ("two", 1), ("one", 2)]
    assert [each.document["components"][0]["props"]["value"] for each in changes] == ["a", "b", "c"]
    assert views.surface_changes(second) == changes[2:]
    assert views.surface_changes(0, 1) == changes[:1]


def test_a_tool_run_shows_as_an_attempt_does(views: Views, journal: Journal):
    """An agent's call may have a page to show for it."""
    reference, blob = keep(json.dumps(document("a")).encode())
    shown = SurfaceOutput(surface="desk", form=SurfaceForm.DOCUMENT, content=reference)
    event = journal.stamp().on(
        PluginInvoked,
        invocation_id="9a" * 16,
        tool_id="acme.echo",
        outcome="ok",
        invocation=BARE_INVOCATION,
        effects=Effects(surface=shown),
    )
    journal.append([event], [blob])

    assert said(views) == ["a"]


def test_a_rebuild_gives_the_same_rows(views: Views, projector: Projector, plugin: Plugin, journal: Journal):
    """Whatever was shown, refused, closed and shown again."""
    other = Plugin(journal, "other")
    plugin.show(document("a", "b\0c"))
    plugin.show(saying(0, "größer"))
    views.surfaces()
    other.show(document("x"))
    plugin.show(saying(9, "b"))
    journal.add(SurfaceClosed, surface="desk")
    other.show(document("y"))
    plugin.show(saying(0, "late"))
    before = (views.surface_versions("desk"), views.surface_problems())

    verdicts = verify(projector.folder, projector.views_named(["surface"]), wait_s=0)
    projector.rebuild(["surface"])

    assert [verdict.differences for verdict in verdicts] == [()]
    assert (views.surface_versions("desk"), views.surface_problems()) == before
    assert isinstance(before[0][0], SurfaceRow)
    assert isinstance(before[1][0], SurfaceProblem)


def test_a_surface_is_found_by_the_key(views: Views, plugin: Plugin, plan_of):
    """Looking one up, or what has changed, costs the same however much has been shown."""
    plugin.show(document("a"))
    views.surfaces()

    for question, index in (
        (lambda: views.as_is.surface("desk"), "ix_surface_g1_"),
        (lambda: views.as_is.surface_changes(0), "ix_surface_g1_valid_from"),
        (lambda: views.as_is.surface_problems("desk"), "ix_surface_problem_g1_surface"),
    ):
        assert index in plan_of(question)
