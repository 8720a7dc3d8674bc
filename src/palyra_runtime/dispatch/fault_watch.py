"""Quarantine for releases that had too many sandbox faults, decided from the log as it is read."""

from __future__ import annotations

from palyra_events.application import Application, Commit
from palyra_events.errors import StaleVersion
from palyra_events.event import Event
from palyra_events.fault import is_fault, run_of, runs_looked_at, too_many
from projections import Views

#: events that record a run which may have gone wrong
RUNS = frozenset({"AttemptFailed", "PluginInvoked"})


class FaultWatch:
    """Looks at each run that went wrong. It keeps nothing in memory: a view tells the faults before it."""

    def __init__(self, views: Views, application: Application, faults_max: int) -> None:
        self._views = views
        self._application = application
        self._faults_max = faults_max

    def look_at(self, position: int, event: Event) -> Commit:
        """Quarantine the release of this run where it was one fault too many, together with the position.

        Nothing is committed where it was not, or where somebody has decided on the release since.

        Raises:
            StalePosition: another scheduler has been here.
        """
        run = run_of(event)
        if run is None or not is_fault(run):
            return Commit()
        faults = self._views.faults(position, runs_looked_at(self._faults_max))
        evidence = too_many(faults, self._faults_max)
        while evidence:
            try:
                return self._application.quarantine_for_faults(run, event, evidence)
            except StaleVersion:
                # Somebody changed the skill meanwhile: whether it still is to be done is asked anew.
                continue
        return Commit()
