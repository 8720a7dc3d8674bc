"""The upkeep of the views."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from projections import Progress, ProjectionStatus, Projector, Views


class Upkeep:
    """Tells where the views stand, and builds them anew."""

    def __init__(self, projector: Projector, views: Views) -> None:
        self._projector = projector
        self._views = views

    def status(self) -> Sequence[ProjectionStatus]:
        """Return where each view stands."""
        return self._views.status()

    def rebuild(
        self, names: Collection[str] | None = None, progress: Progress | None = None
    ) -> Sequence[ProjectionStatus]:
        """Build views anew from the log, all of them where none is named, and return where they stand.

        Readers see the old rows until the new ones are complete. ``progress`` is told the position
        that is reached and the one to reach, page by page.

        Raises:
            UnknownProjection: there is no view of this name; nothing was begun.
            ProjectionFailed: a view cannot take in an event, and stays as it was.
            RebuildOvertaken: somebody else began to rebuild it.
        """
        self._projector.rebuild(names, progress)
        return self.status()
