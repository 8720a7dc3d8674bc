"""Into how many parts work is split that several processes or threads can share."""

from __future__ import annotations

from palyra_events.errors import InvalidInput

#: parts that one piece of work is split into at most
JOBS_MAX = 64


class JobsOutOfRange(InvalidInput):
    """Work is split into at least one part, and not into more than a machine can start at once."""

    code = "JOBS_OUT_OF_RANGE"
    advice = f"Name a number of jobs from 1 to {JOBS_MAX}, and no more than there are processors."


def check_jobs(jobs: int) -> None:
    """Check that work can be split into so many parts.

    Raises:
        JobsOutOfRange: it cannot.
    """
    if not 1 <= jobs <= JOBS_MAX:
        raise JobsOutOfRange(f"Work cannot be split into {jobs} parts.")
