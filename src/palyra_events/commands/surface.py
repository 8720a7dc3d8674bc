"""The commands on surfaces: send off a form, close one, and note that a plugin has got one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from palyra_events import plugin as plugins
from palyra_events import submission as submissions
from palyra_events import surface as surfaces
from palyra_events.blob import SALT_SIZE, seal
from palyra_events.commands.command import ID_SIZE, Commands, Commit, Intent, Loaded
from palyra_events.commands.delivery import SCHEDULER_CONSUMER
from palyra_events.commands.plugin import PLUGIN
from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import LogDamaged
from palyra_events.event import Stamp
from palyra_events.identifiers import stream_id
from palyra_events.schedule import SCHEDULER
from palyra_events.submission import FormSubmitted, Submission
from palyra_events.tool_run import PluginInvoked

#: a submission is one event, so nothing is ever folded
SUBMISSION_KIND = "submission"
#: the closings of one surface; what it shows is told by outcomes
SURFACE_KIND = "surface"


class FilledForm(NamedTuple):
    """A form with values that fit it; ``version`` is that of its surface, and ``plugin_id`` owns that."""

    submission_id: str
    surface: str
    version: int
    plugin_id: str
    component_id: str
    values: Mapping[str, Any]


class RecordedSubmission(NamedTuple):
    """A submission at its place in the log."""

    position: int
    event: FormSubmitted


class SurfaceCommands(Commands):
    """Send off forms, and close surfaces."""

    def new_submission_key(self) -> str:
        """Return a key for a submission that nobody will send again."""
        return self._entropy(ID_SIZE).hex()

    def submission(self, submission_id: str) -> RecordedSubmission | None:
        """Return the submission of this id, None where there is none.

        Raises:
            LogDamaged: something else is in its stream.
        """
        rows = self._log.read_stream(stream_id(SUBMISSION_KIND, submission_id))
        if not rows:
            return None
        event = self._registry.decode(rows[0].topic, rows[0].state)
        if not isinstance(event, FormSubmitted):
            raise LogDamaged(f"The stream of submission {submission_id} holds another event.")
        return RecordedSubmission(rows[0].position, event)

    def submit_form(self, form: FilledForm, intent: Intent) -> Commit:
        """Record a form that was sent off; its values are sealed.

        Raises:
            StaleVersion: a submission of this id is recorded already.
        """
        stamp, sealed = self.stamp(intent)
        text = json.dumps(dict(form.values), ensure_ascii=False, separators=(",", ":"))
        values, blob = seal(text, self._entropy(SALT_SIZE))
        submission = Submission(**{**form._asdict(), "values": values})
        loaded = Loaded(stream_id(SUBMISSION_KIND, form.submission_id), 0, submission)
        return self.commit([(loaded, submissions.submit_form(submission, stamp))], [*sealed, blob])

    def close_surface(self, surface: str, intent: Intent) -> Commit:
        """Close a surface, which somebody knows to be open.

        Raises:
            StaleVersion: somebody closed it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        stream = stream_id(SURFACE_KIND, surface)
        loaded = Loaded(stream, len(self._log.read_stream(stream)), surface)
        return self.commit([(loaded, surfaces.close_surface(surface, stamp))], sealed)

    def note_surface(self, event: AttemptSucceeded | PluginInvoked, position: int) -> Commit:
        """Note that the plugin of an outcome has a surface, together with the scheduler's position.

        Nothing is committed where it showed none, or had one before.

        Raises:
            StaleVersion: somebody changed the plugin at the same time; ask again.
            StalePosition: another scheduler has been here; nothing was appended.
        """
        shown = event.effects.surface
        if shown is None or shown.surface is None:
            return Commit()
        plugin = self.load(PLUGIN, event.invocation.plugin_id)
        # As with deliveries, the moment at which the scheduler happened to look is no fact.
        stamp = Stamp(event.timestamp, SCHEDULER, event.correlation_id, f"position:{position}")
        events = plugins.show_surface(plugin.state, shown.surface, position, stamp)
        return self.commit([(plugin, events)], (), (SCHEDULER_CONSUMER, position)) if events else Commit()
