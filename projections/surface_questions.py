"""Questions to the view of surfaces."""

from __future__ import annotations

from projections.delivery_filter import Point
from projections.live import LiveViews
from projections.surface import SurfaceContent, SurfaceProblem, SurfaceRow, SurfaceView

#: rows of a listing, unless more are asked for
LIMIT_DEFAULT = 100


class SurfaceQuestions(LiveViews):
    """What plugins show, and showed."""

    def surfaces(
        self,
        *,
        plugin_id: str | None = None,
        is_open: bool | None = None,
        after: str = "",
        limit: int = LIMIT_DEFAULT,
        at: Point | None = None,
    ) -> list[SurfaceRow]:
        """Return surfaces, by id, as they are or were: of one plugin, only those that are open, or all.

        To turn the page, give the id of the last one as ``after``.
        """
        with self._open_at(SurfaceView, at) as (connection, view, position):
            return view.page(
                connection, plugin_id=plugin_id, is_open=is_open, after=after, limit=limit, at=position
            )

    def surface(self, surface: str, at: Point | None = None) -> SurfaceContent | None:
        """Return a surface as it is or was; None where nobody has shown it."""
        with self._open_at(SurfaceView, at) as (connection, view, position):
            return view.one(connection, surface, position)

    def surface_version(self, surface: str, version: int) -> SurfaceContent | None:
        """Return a surface at one of its versions; None where it has not had that."""
        with self._open(SurfaceView) as (connection, view, _):
            return view.version_of(connection, surface, version)

    def surface_versions(
        self,
        surface: str,
        *,
        before: int | None = None,
        limit: int = LIMIT_DEFAULT,
        at: Point | None = None,
    ) -> list[SurfaceRow]:
        """Return the versions of a surface, the newest first.

        To turn the page, give the version of the last one as ``before``.
        """
        with self._open_at(SurfaceView, at) as (connection, view, position):
            return view.versions(connection, surface, before, limit, position)

    def surface_problems(
        self,
        surface: str | None = None,
        *,
        before: int | None = None,
        limit: int = LIMIT_DEFAULT,
        at: Point | None = None,
    ) -> list[SurfaceProblem]:
        """Return what plugins wrote and no surface could show, the newest first.

        To turn the page, give the position of the last one as ``before``.
        """
        with self._open_at(SurfaceView, at) as (connection, view, position):
            return view.problems(connection, surface=surface, before=before, limit=limit, at=position)

    def surface_changes(self, after: int, limit: int = LIMIT_DEFAULT) -> list[SurfaceContent]:
        """Return versions of all surfaces that events after a position made, in the order of the log."""
        with self._open(SurfaceView) as (connection, view, _):
            return view.changes(connection, after, limit)
