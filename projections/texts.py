"""The views that hold what people wrote, built anew when some of it was erased."""

from __future__ import annotations

from collections.abc import Sequence

from projections.engine import reading
from projections.fold import Progress
from projections.generation import Status, generations
from projections.projector import REBUILD_WAIT_S, Projector
from projections.rollback import drop_builds


def forget_erased(
    projector: Projector, progress: Progress | None = None, *, wait_s: float = REBUILD_WAIT_S
) -> Sequence[str]:
    """Build the views anew that can hold texts, drop all other builds of them, and return their names.

    A view that this program does not know is dropped as a whole; the program that does builds it again.

    Raises:
        RebuildRunning: somebody else rebuilt views for longer than ``wait_s`` seconds.
        ProjectionFailed: a view cannot take in an event, and still holds what was erased.
        DatabaseLocked, DatabaseUnavailable, DiskFull, StorageFailed: it can be done again.
    """
    holding = [view.name for view in projector.views_named() if view.holds_texts]
    projector.rebuild(holding, progress, wait_s=wait_s)
    known = {view.name for view in projector.views_named()}
    with reading(projector.engine) as connection:
        built = {generation.projection for generation in generations(connection, *Status)}
    strange = sorted(built - known)
    for name in [*holding, *strange]:
        drop_builds(projector.folder, name, with_live=name in strange, wait_s=wait_s)
    return [*holding, *strange]
