"""The view of surfaces: the pages that plugins show, each of their versions, and what could not be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Index, Integer, Text, select

from palyra_events.a2ui import Problem
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import SurfaceForm, SurfaceOutput
from palyra_events.errors import LogDamaged
from palyra_events.shown import Change, Output, OutputRefused, Shown, close, show
from palyra_events.surface import SurfaceClosed
from palyra_events.tool_run import PluginInvoked
from projections.column import Id, Moment, Position, Words
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows
from projections.sheet import Row


@dataclass(frozen=True, slots=True)
class SurfaceRow:
    """A surface at one of its versions, which the event at ``position`` made.

    ``components`` counts what is on the page, ``repairs`` what was mended or cut on the way to it.
    """

    surface: str
    version: int
    plugin_id: str
    change: Change
    is_open: bool
    components: int
    repairs: int
    opened_at: datetime
    changed_at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class SurfaceContent:
    """What a surface shows at one of its versions, as JSON in its one form, and what was mended."""

    row: SurfaceRow
    document: Mapping[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SurfaceProblem:
    """An output of a plugin that could not be shown, in the outcome at ``position``.

    ``surface`` is None where the plugin named none that can be; ``path`` leads into what it wrote.
    """

    position: int
    surface: str | None
    plugin_id: str
    form: SurfaceForm
    code: str
    path: str
    message: str
    occurred_at: datetime


class SurfaceView(Projection):
    """What plugins show: a fold of the effects of their outcomes."""

    name = "surface"
    version = 1
    is_decision = True

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.surface = self.temporal(
            "surface",
            [Column("surface", Id, nullable=False)],
            Column("version", Integer, nullable=False),
            Column("plugin_id", Id, nullable=False),
            Column("change", Text, nullable=False),
            Column("is_open", Boolean, nullable=False),
            Column("components", Integer, nullable=False),
            Column("repairs", Integer, nullable=False),
            Column("document", Text, nullable=False),
            Column("problems", Text, nullable=False),
            Column("opened_at", Moment, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Index(None, "valid_from"),
        )
        self._told = [each for each in self.surface.table.c if each.name not in {"document", "problems"}]
        self.problem = self.table(
            "surface_problem",
            Column("position", Position, primary_key=True, autoincrement=False),
            Column("surface", Id),
            Column("plugin_id", Id, nullable=False),
            Column("form", Text, nullable=False),
            Column("code", Text, nullable=False),
            Column("path", Words, nullable=False),
            Column("message", Words, nullable=False),
            Column("occurred_at", Moment, nullable=False),
            Index(None, "surface", "position"),
        )
        self.handlers = {
            AttemptSucceeded: self._succeeded,
            PluginInvoked: self._succeeded,
            SurfaceClosed: self._closed,
        }

    def page(  # noqa: PLR0913 - the filters of a listing
        self,
        connection: Connection,
        *,
        plugin_id: str | None,
        is_open: bool | None,
        after: str,
        limit: int,
        at: int | None = None,
    ) -> list[SurfaceRow]:
        """Return at most ``limit`` surfaces after one, by id, as they are or were after an event."""
        row = self.surface.table.c
        query = select(*self._told).where(self.surface.after(at), row.surface > after)
        if plugin_id is not None:
            query = query.where(row.plugin_id == plugin_id)
        if is_open is not None:
            query = query.where(row.is_open.is_(is_open))
        return _rows(connection, query.order_by(row.surface).limit(limit))

    def one(self, connection: Connection, surface: str, at: int | None = None) -> SurfaceContent | None:
        """Return a surface as it is, or was after an event; None where nobody has shown it."""
        row = self.surface.table.c
        query = select(self.surface.table).where(self.surface.after(at), row.surface == surface)
        return next(iter(_contents(connection, query)), None)

    def version_of(self, connection: Connection, surface: str, version: int) -> SurfaceContent | None:
        """Return a surface at one of its versions; None where it has not had that."""
        row = self.surface.table.c
        query = select(self.surface.table).where(row.surface == surface, row.version == version)
        return next(iter(_contents(connection, query)), None)

    def versions(
        self, connection: Connection, surface: str, before: int | None, limit: int, at: int | None = None
    ) -> list[SurfaceRow]:
        """Return at most ``limit`` versions of a surface before one, the newest first."""
        row = self.surface.table.c
        query = select(*self._told).where(row.surface == surface)
        if before is not None:
            query = query.where(row.version < before)
        if at is not None:
            query = query.where(row.valid_from <= at)
        return _rows(connection, query.order_by(row.version.desc()).limit(limit))

    def changes(self, connection: Connection, after: int, limit: int) -> list[SurfaceContent]:
        """Return at most ``limit`` versions of all surfaces that events after a position made, in order."""
        row = self.surface.table.c
        query = select(self.surface.table).where(row.valid_from > after)
        return _contents(connection, query.order_by(row.valid_from).limit(limit))

    def problems(
        self,
        connection: Connection,
        *,
        surface: str | None,
        before: int | None,
        limit: int,
        at: int | None = None,
    ) -> list[SurfaceProblem]:
        """Return at most ``limit`` outputs that no surface, or one, could show, the newest first."""
        row = self.problem.c
        query = select(self.problem)
        if surface is not None:
            query = query.where(row.surface == surface)
        if before is not None:
            query = query.where(row.position < before)
        if at is not None:
            query = query.where(row.position <= at)
        found = connection.execute(query.order_by(row.position.desc()).limit(limit)).mappings()
        return [SurfaceProblem(**{**each, "form": SurfaceForm(each["form"])}) for each in found]

    def _succeeded(self, fact: Fact[AttemptSucceeded | PluginInvoked], rows: Rows) -> None:
        shown = fact.event.effects.surface
        if shown is None:
            return
        if shown.surface is None:
            refusal = OutputRefused("invalid_surface", "It names no surface, or none that can be.")
            self._tell(fact, shown, refusal, rows)
        else:
            rows.become(self.surface, shown.surface, by=partial(self._shown, fact, shown, rows))

    def _shown(
        self,
        fact: Fact[AttemptSucceeded | PluginInvoked],
        shown: SurfaceOutput,
        rows: Rows,
        row: Row | None,
    ) -> Row | None:
        """Return the row of a surface after an output; one that cannot be shown leaves it as it is."""
        output = Output(
            surface=shown.surface or "",
            plugin_id=fact.event.invocation.plugin_id,
            form=shown.form,
            size=shown.content.size,
            read=lambda: fact.read(shown.content),
        )
        try:
            after = show(None if row is None else _of(row), output)
        except OutputRefused as refusal:
            self._tell(fact, shown, refusal, rows)
            return row
        moment = fact.event.timestamp
        opened_at = row["opened_at"] if row is not None and row["is_open"] else moment
        return {**_values(after), "opened_at": opened_at, "changed_at": moment}

    def _tell(
        self,
        fact: Fact[AttemptSucceeded | PluginInvoked],
        shown: SurfaceOutput,
        refusal: OutputRefused,
        rows: Rows,
    ) -> None:
        problem = refusal.problem
        rows.add(
            self.problem,
            position=fact.position,
            surface=shown.surface,
            plugin_id=fact.event.invocation.plugin_id,
            form=shown.form.value,
            code=problem.code,
            path=problem.path,
            message=problem.message,
            occurred_at=fact.event.timestamp,
        )

    def _closed(self, fact: Fact[SurfaceClosed], rows: Rows) -> None:
        def closed(row: Row | None) -> Row:
            if row is None:
                raise LogDamaged("A surface is closed that nobody has shown.")
            after = close(_of(row)) if row["is_open"] else None
            return row if after is None else {**row, **_values(after), "changed_at": fact.event.timestamp}

        rows.become(self.surface, fact.event.surface, by=closed)


def _of(row: Mapping[Any, Any]) -> Shown:
    """Return what a row says of a surface."""
    return Shown(
        surface=row["surface"],
        plugin_id=row["plugin_id"],
        version=row["version"],
        change=Change(row["change"]),
        is_open=row["is_open"],
        document=json.loads(row["document"]),
        problems=_problems(row),
    )


def _values(shown: Shown) -> Row:
    """Return what a row says of a surface, but for its times."""
    problems = [asdict(problem) for problem in shown.problems]
    return {
        "version": shown.version,
        "plugin_id": shown.plugin_id,
        "change": shown.change.value,
        "is_open": shown.is_open,
        "components": len(shown.document["components"]),
        "repairs": len(problems),
        "document": _json(shown.document),
        "problems": _json(problems),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _rows(connection: Connection, query: Any) -> list[SurfaceRow]:
    return [_row(row) for row in connection.execute(query).mappings()]


def _row(row: Mapping[Any, Any]) -> SurfaceRow:
    told = {field.name: row[field.name] for field in fields(SurfaceRow) if field.name != "position"}
    return SurfaceRow(**{**told, "change": Change(row["change"]), "position": row["valid_from"]})


def _contents(connection: Connection, query: Any) -> list[SurfaceContent]:
    return [
        SurfaceContent(_row(row), json.loads(row["document"]), _problems(row))
        for row in connection.execute(query).mappings()
    ]


def _problems(row: Mapping[Any, Any]) -> tuple[Problem, ...]:
    return tuple(Problem(**problem) for problem in json.loads(row["problems"]))
