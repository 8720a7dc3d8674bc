"""What can go wrong with views of the log."""

from __future__ import annotations

from palyra_events.errors import Findings, NotFound, Unavailable


class ProjectionFailed(Findings):
    """A view cannot take in an event."""

    code = "PROJECTION_FAILED"
    advice = (
        "Nothing was skipped: the view stands before this event, and nothing is dispatched meanwhile. "
        "Upgrade Palyra, or look at the event with: palyra event list"
    )


class UnknownProjection(NotFound):
    """There is no view of this name."""

    code = "UNKNOWN_PROJECTION"
    advice = "List the views with: palyra projection status"


class ViewBehind(Unavailable):
    """The view has not folded the events that this question is about."""

    code = "VIEW_BEHIND"
    advice = "Bring the views up to date first, or wait until the gateway has done so."


class ViewDamaged(Findings):
    """The tables of a view are not as they were made."""

    code = "VIEW_DAMAGED"
    advice = "The log is not concerned. Make the views anew with: palyra projection rebuild"
