from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import Engine, inspect

from palyra_events.hook import HookBound
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from projections import Projector, Status, forget_erased
from projections.catalogue import PROJECTIONS, with_reports
from projections.decoder import Decoder
from projections.engine import reading
from projections.fact import Page, ScannedRow
from projections.generation import generations
from projections.rows import Rows
from tests.fragile_view import FragileReport
from tests.journal import Journal
from tests.sample_events import SAMPLES, TARGET

MUTE = [view for view in PROJECTIONS if not view.holds_texts]


class SealedLog:
    """A log whose texts nobody may read."""

    def scan(self, after: int, limit: int) -> Sequence[ScannedRow]:
        """Return no events: they were read before."""
        return []

    def head(self) -> int:
        """Return where it ends."""
        return 0

    def blobs(self, digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Say who has read."""
        raise AssertionError("a text was read")


def builds(engine: Engine) -> dict[str, list[tuple[int, Status]]]:
    """Return the builds that there are, by view."""
    with reading(engine) as connection:
        found = generations(connection, *Status)
    names = {each.projection for each in found}
    return {name: [(g.number, g.status) for g in found if g.projection == name] for name in names}


@pytest.mark.parametrize("view", MUTE, ids=lambda view: view.name)
def test_a_view_without_texts_reads_none(view):
    """It need not be built anew when one is erased."""
    rows = [
        (position, "0" * 32, 1, *REGISTRY.encode(sample.full)) for position, sample in enumerate(SAMPLES, 1)
    ]
    for fact in Page(SealedLog(), Decoder(REGISTRY), rows).facts:
        view.of(1).fold(fact, Rows(is_whole=True))


def test_views_with_texts_are_built_anew_and_no_other_build_is_left(
    projector: Projector, journal: Journal, engine: Engine
):
    """The build before, and those that nobody has dropped yet, go as well; other views stay as they are."""
    journal.add(HookBound, hook_id="a", target=TARGET, reason="to see it greet")
    projector.catch_up()
    for _ in range(3):
        projector.rebuild(["audit", "hook"])

    names = forget_erased(projector)

    found = builds(engine)
    assert {"audit", "audit_search"} <= set(names)
    assert (len(found["audit"]), found["audit"][0][1]) == (1, Status.LIVE)
    assert len(found["hook"]) == 2
    tables = [name for name in inspect(engine).get_table_names() if name.startswith("audit_g")]
    assert tables == [f"audit_g{found['audit'][0][0]}"]


def test_a_view_that_nobody_knows_here_is_dropped(log: EventLog, engine: Engine, journal: Journal):
    """A report of another program may hold texts; that program builds it again."""
    journal.add(HookBound, hook_id="a", target=TARGET)
    other = Projector(engine, log, projections=with_reports([FragileReport]))
    other.catch_up()

    assert "report" in forget_erased(Projector(engine, log))
    assert "report" not in builds(engine)

    other.catch_up()
    assert builds(engine)["report"] == [(1, Status.LIVE)]
