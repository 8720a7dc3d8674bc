"""What can go wrong with views of the log."""

from __future__ import annotations

from palyra_events.errors import Conflict, Findings, InvalidInput, NotFound, Unavailable


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


class RebuildRunning(Unavailable):
    """Somebody else is rebuilding views of this database."""

    code = "REBUILD_RUNNING"
    advice = "Wait for it; see how far it is with: palyra projection status"


class RebuildGivenUp(Unavailable):
    """The rebuild was given up before it was complete; the live views are as they were."""

    code = "REBUILD_GIVEN_UP"
    advice = "Rebuild again with: palyra projection rebuild"


class FillingKilled(Unavailable):
    """A process that filled views was killed; the live views are as they were."""

    code = "FILLING_KILLED"
    advice = "Rebuild again. If memory was short, with fewer --jobs: each takes about 100 MB."


class RowsNotKept(Conflict):
    """The rows of a view cannot be kept for a new build of it."""

    code = "ROWS_NOT_KEPT"
    advice = "Build it from the first event on: leave out --from."


class ViewPaused(Unavailable):
    """The view is paused, and is not folded."""

    code = "VIEW_PAUSED"
    advice = "Let it go on with: palyra projection resume VIEW"


class NothingToGoBackTo(Conflict):
    """There is no earlier build of this view that this program could go on with."""

    code = "NOTHING_TO_GO_BACK_TO"
    advice = "A build is kept until the next rebuild. See which there are with: palyra projection show VIEW"


class ViewDiffers(Findings):
    """A view does not hold what the log gives."""

    code = "VIEW_DIFFERS"
    advice = "Make it anew with: palyra projection rebuild VIEW"


class InvalidProjection(InvalidInput):
    """This class cannot be added as a view."""

    code = "INVALID_PROJECTION"
    advice = "Add report views (is_decision = False), each with a name of its own in lower case."


class QueryFailed(InvalidInput):
    """The query cannot be answered."""

    code = "QUERY_FAILED"
    advice = "Write one SELECT over the tables that palyra projection show names."


class ViewBehind(Unavailable):
    """The view has not folded the events that this question is about."""

    code = "VIEW_BEHIND"
    advice = "Bring the views up to date first, or wait until the gateway has done so."


class ViewDamaged(Findings):
    """The tables of a view are not as they were made."""

    code = "VIEW_DAMAGED"
    advice = "The log is not concerned. Make the views anew with: palyra projection rebuild"
