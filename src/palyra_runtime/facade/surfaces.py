"""What people do with the pages of plugins: look at them, fill in their forms, put them away."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from palyra_events.a2ui import Document, Form, FormInvalid, Problem, check_values
from palyra_events.application import Application, FilledForm, Intent, RecordedSubmission
from palyra_events.errors import Conflict, IllegalTransition, NotFound, ReasonRequired, StaleVersion
from palyra_events.identifiers import delivery_id, normalize_identifier, surface_hook_id
from palyra_events.store import EventLog
from palyra_events.submission import IdempotencyKeyReused, submission_id_of
from palyra_runtime.blobs import kept_text
from palyra_runtime.facade.page import check_page
from palyra_runtime.facade.recorded import showing_recorded
from projections import Point, SurfaceContent, SurfaceProblem, SurfaceRow, Views

#: problems that are shown of one surface
_PROBLEMS_MAX = 20


class UnknownSurface(NotFound):
    """No plugin has shown such a surface."""

    code = "UNKNOWN_SURFACE"
    advice = "List the surfaces with: palyra surface list --all"


class UnknownForm(NotFound):
    """The surface shows no such form."""

    code = "UNKNOWN_FORM"
    advice = "Look at the surface with: palyra surface show SURFACE"


class SurfaceIsClosed(Conflict):
    """The surface was closed, so nothing on it can be sent off."""

    code = "SURFACE_CLOSED"
    advice = "Wait until its plugin shows it again; see what it was with: palyra surface history SURFACE"


class FormChanged(Conflict):
    """The form is not the one that was filled in: it was changed meanwhile, or taken away."""

    code = "FORM_CHANGED"
    advice = "Look at the surface again, and send off the form as it is now."


@dataclass(frozen=True, slots=True)
class SurfaceDetail:
    """A surface as it is or was, and what its plugins wrote last that could not be shown there."""

    row: SurfaceRow
    document: Mapping[str, Any]
    problems: tuple[Problem, ...]
    refused: tuple[SurfaceProblem, ...]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that was sent off, recorded at ``position``; ``delivery_id`` brings it to its plugin.

    ``is_repeat`` says that it was recorded before, under the same key.
    """

    submission_id: str
    position: int
    surface: str
    version: int
    component_id: str
    plugin_id: str
    actor: str
    submitted_at: datetime
    delivery_id: str
    is_repeat: bool


class Surfaces:
    """Look at surfaces, send off forms, and close what nobody needs any more."""

    def __init__(self, *, log: EventLog, application: Application, views: Views, actor: str) -> None:
        self._log = log
        self._application = application
        self._views = views
        self._actor = actor

    def list(
        self,
        *,
        plugin: str | None = None,
        is_open: bool | None = None,
        after: str = "",
        limit: int = 100,
        at: Point | None = None,
    ) -> Sequence[SurfaceRow]:
        """Return surfaces by id, at most ``limit`` after one: those that are open, or closed, or all.

        With ``at``, a position or moment, they are as they were then.

        Raises:
            InvalidIdentifier: this cannot be the name of a plugin, or of a surface.
            UnknownEvent: the log is not that long.
            PageOutOfRange: the number of rows makes no sense.
        """
        check_page(0, limit)
        plugin_id = None if plugin is None else normalize_identifier(plugin, "plugin")
        last = normalize_identifier(after, "surface") if after else ""
        return self._views.surfaces(plugin_id=plugin_id, is_open=is_open, after=last, limit=limit, at=at)

    def show(self, surface: str, *, version: int | None = None, at: Point | None = None) -> SurfaceDetail:
        """Return what a surface shows, or showed: at one of its versions, or at a position or moment.

        Raises:
            InvalidIdentifier: this cannot be the name of a surface.
            UnknownSurface: no plugin has shown it, or it has not had that version.
            UnknownEvent: the log is not that long.
        """
        content = self._content(surface, version=version, at=at)
        then = at if version is None else content.row.position
        refused = self._views.surface_problems(content.row.surface, limit=_PROBLEMS_MAX, at=then)
        return SurfaceDetail(content.row, content.document, content.problems, tuple(refused))

    def history(
        self, surface: str, *, before: int | None = None, limit: int = 100, at: Point | None = None
    ) -> Sequence[SurfaceRow]:
        """Return the versions of a surface, the newest first, at most ``limit`` before one.

        Raises:
            InvalidIdentifier: this cannot be the name of a surface.
            UnknownSurface: no plugin has shown it.
            UnknownEvent: the log is not that long.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(before or 0, limit)
        content = self._content(surface, at=at)
        return self._views.surface_versions(content.row.surface, before=before, limit=limit, at=at)

    def problems(
        self,
        surface: str | None = None,
        *,
        before: int | None = None,
        limit: int = 100,
        at: Point | None = None,
    ) -> Sequence[SurfaceProblem]:
        """Return what plugins wrote and no surface, or this one, could show, the newest first.

        Raises:
            InvalidIdentifier: this cannot be the name of a surface.
            UnknownEvent: the log is not that long.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(before or 0, limit)
        name = None if surface is None else normalize_identifier(surface, "surface")
        return self._views.surface_problems(name, before=before, limit=limit, at=at)

    def changes(self, after: int, *, limit: int = 100) -> Sequence[SurfaceContent]:
        """Return each version of each surface that an event after a position made, in the log's order.

        To go on, give the ``position`` of the last one as ``after``.

        Raises:
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after, limit)
        return self._views.surface_changes(after, limit)

    def submit(  # noqa: PLR0913 - what a form that is sent off consists of
        self,
        surface: str,
        component: str,
        values: Mapping[str, object],
        *,
        idempotency_key: str | None = None,
        version: int | None = None,
        reason: str | None = None,
    ) -> Submitted:
        """Send off a form of a surface; the plugin that shows it is told.

        Values are held against the form as it is now. With ``version``, that of the surface that somebody
        has filled in, the form must still be the same; what else has changed on the page does not matter. A
        form that was sent off before under the same key is returned as it was, whatever has changed since.

        Raises:
            InvalidIdentifier, InvalidIdempotencyKey: this cannot be the name of a surface, or a key.
            UnknownSurface, UnknownForm: there is none.
            SurfaceIsClosed, FormChanged: it cannot be sent off any more.
            FormInvalid: values are missing, or do not fit the form.
            IdempotencyKeyReused: the key was given to another form, or to other values.
            ReasonTooLong: the reason is.
        """
        name = normalize_identifier(surface, "surface")
        key = self._application.new_submission_key() if idempotency_key is None else idempotency_key
        submission_id = submission_id_of(name, key)
        if (recorded := self._application.submission(submission_id)) is not None:
            return self._repeated(recorded, component, values)
        content = self._content(name)
        form = self._form(content, component, version)
        filled = FilledForm(
            submission_id=submission_id,
            surface=name,
            version=content.row.version,
            plugin_id=content.row.plugin_id,
            component_id=form.id,
            values=check_values(form, values),
        )
        try:
            self._application.submit_form(filled, Intent(self._actor, reason))
        except StaleVersion:
            return self._repeated(self._recorded(submission_id), component, values)
        return _submitted(self._recorded(submission_id), is_repeat=False)

    def close(self, surface: str, *, reason: str) -> SurfaceRow:
        """Put a surface away, until a plugin shows a new document there.

        Raises:
            InvalidIdentifier: this cannot be the name of a surface.
            UnknownSurface: no plugin has shown it.
            IllegalTransition: it is closed.
            ReasonRequired, ReasonTooLong: nobody said why, or too much.
            StaleVersion: somebody closed it at the same time.
        """
        row = self._content(surface).row
        if not row.is_open:
            raise IllegalTransition(f"Surface {row.surface} is already closed.", surface=row.surface)
        if not reason.strip():
            raise ReasonRequired("To close a surface, say why.")
        self._application.close_surface(row.surface, Intent(self._actor, reason))
        with showing_recorded():
            return self._content(row.surface).row

    def _content(
        self, surface: str, *, version: int | None = None, at: Point | None = None
    ) -> SurfaceContent:
        name = normalize_identifier(surface, "surface")
        if version is None:
            content = self._views.surface(name, at)
        else:
            check_page(version, 0)
            content = self._views.surface_version(name, version)
        if content is None:
            which = "" if version is None else f" in version {version}"
            raise UnknownSurface(f"No plugin has shown a surface {name}{which}.", surface=name)
        return content

    def _form(self, content: SurfaceContent, component: str, version: int | None) -> Form:
        """Return the form that is to be sent off, as it is now."""
        row = content.row
        if not row.is_open:
            raise SurfaceIsClosed(f"Surface {row.surface} was closed.", surface=row.surface)
        form = _form_of(content, component)
        if version is not None and form != _form_of(self._content(row.surface, version=version), component):
            raise FormChanged(
                f"Form {component[:64]!r} of surface {row.surface} is not what it was in version {version}.",
                surface=row.surface,
                version=row.version,
            )
        if form is None:
            raise UnknownForm(f"Surface {row.surface} shows no form {component[:64]!r}.", surface=row.surface)
        return form

    def _recorded(self, submission_id: str) -> RecordedSubmission:
        recorded = self._application.submission(submission_id)
        assert recorded is not None, "it was recorded a moment ago"
        return recorded

    def _repeated(
        self, recorded: RecordedSubmission, component: str, values: Mapping[str, object]
    ) -> Submitted:
        """Return a submission that is there already, unless something else was to be sent off."""
        event = recorded.event
        kept = kept_text(self._log, event.values)
        if event.component_id != component or (kept is not None and not self._fits(recorded, kept, values)):
            raise IdempotencyKeyReused(
                f"Another form of surface {event.surface} was sent off under this key.",
                submission_id=event.submission_id,
            )
        return _submitted(recorded, is_repeat=True)

    def _fits(self, recorded: RecordedSubmission, kept: str, values: Mapping[str, object]) -> bool:
        """Return whether these values are those that were recorded, held against the same form."""
        event = recorded.event
        form = _form_of(self._content(event.surface, version=event.version), event.component_id)
        try:
            return form is not None and check_values(form, values) == json.loads(kept)
        except FormInvalid:
            return False


def _form_of(content: SurfaceContent, component: str) -> Form | None:
    return Document.model_validate(content.document).form(component)


def _submitted(recorded: RecordedSubmission, *, is_repeat: bool) -> Submitted:
    event = recorded.event
    return Submitted(
        submission_id=event.submission_id,
        position=recorded.position,
        surface=event.surface,
        version=event.version,
        component_id=event.component_id,
        plugin_id=event.plugin_id,
        actor=event.actor,
        submitted_at=event.timestamp,
        delivery_id=delivery_id(recorded.position, surface_hook_id(event.plugin_id)),
        is_repeat=is_repeat,
    )
