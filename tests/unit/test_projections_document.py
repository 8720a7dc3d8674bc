from __future__ import annotations

import pytest

from palyra_runtime import Palyra
from projections import InvalidProjection, Projection, with_reports
from tests.documents import blocks
from tests.fragile_view import FragileReport, FragileView
from tests.stage import Stage, answering

(EXAMPLE,) = blocks("projections", "python")


def test_the_view_of_the_document_counts_runs(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The program as it stands in the document tells what happened."""
    stage.ready(answering())
    stage.palyra.gateway.run_once()
    monkeypatch.setenv("PALYRA_DATABASE_URL", stage.log.url)

    exec(compile(EXAMPLE, "docs/projections.md", "exec"), {"__name__": __name__})

    assert capsys.readouterr().out == "echo: 1 runs, 0 without an answer\n"


class Taken(FragileReport):
    """It has the name of one of Palyra's views."""

    name = "hook"


class Unspeakable(FragileReport):
    """Its name is no name of a table."""

    name = "Sales; --"


@pytest.mark.parametrize("view", [FragileView, Taken, Unspeakable])
def test_only_reports_with_names_of_their_own_can_be_added(stage: Stage, view: type[Projection]):
    """Nobody's program stops the dispatch, or hides a view of Palyra's."""
    with pytest.raises(InvalidProjection):
        Palyra.open(stage.log.url, projections=[view])


def test_a_view_is_added_once():
    """Two of one name would fight for the tables."""
    with pytest.raises(InvalidProjection):
        with_reports([FragileReport, FragileReport])
