"""Work that takes longer than a request may: begun by one, looked at and stopped by others.

What it does is recorded in the log as always. The job itself is gone with the process, and only that one
knows of it.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from threading import Lock, Semaphore, Thread
from typing import Any, Generic, TypeAlias, TypeVar

from palyra_events.errors import NotFound, PalyraError, Unavailable
from palyra_runtime.api.answer import InternalMistake, Told, told_error
from palyra_runtime.api.operation import Progress

#: what a job does; it calls what it is given now and then
Work: TypeAlias = Callable[[Progress], Any]

ResultT = TypeVar("ResultT")

#: jobs at work at once, jobs that wait or work, and jobs that are remembered
_WORKERS, _OPEN_MAX, _KEPT_MAX = 2, 8, 100

_log = logging.getLogger(__name__)


class UnknownJob(NotFound):
    """There is no such job, or no longer, or another process has it."""

    code = "UNKNOWN_JOB"
    advice = "List the jobs with GET /api/v1/jobs; a job is forgotten when its gateway ends."


class TooManyJobs(Unavailable):
    """Too many jobs are waiting."""

    code = "TOO_MANY_JOBS"
    advice = "Wait for one of them, or cancel it."
    retryable = True


class JobCancelled(PalyraError):
    """Somebody cancelled the job."""

    code = "JOB_CANCELLED"
    advice = "What was done stays done; begin again to do the rest."


class JobState(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job(Generic[ResultT]):
    """Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change."""

    job_id: str
    kind: str
    actor: str
    state: JobState
    begun_at: datetime
    ended_at: datetime | None = None
    done: int = 0
    total: int | None = None
    result: ResultT | None = None
    error: Told | None = None
    is_cancelling: bool = False
    revision: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it waits or works."""
        return self.ended_at is None


class Jobs:
    """Does work in threads of its own, and remembers how it stands."""

    def __init__(self, now: Callable[[], datetime], entropy: Callable[[int], bytes]) -> None:
        self._now = now
        self._entropy = entropy
        self._jobs: OrderedDict[str, Job[Any]] = OrderedDict()
        self._lock = Lock()
        self._slots = Semaphore(_WORKERS)
        self.revision = 0

    def begin(self, kind: str, actor: str, work: Work) -> Job[Any]:
        """Begin some work, and return the job that it is.

        Raises:
            TooManyJobs: too many are waiting.
        """
        job: Job[Any] = Job(self._entropy(8).hex(), kind, actor, JobState.WAITING, self._now())
        with self._lock:
            if sum(each.is_open for each in self._jobs.values()) >= _OPEN_MAX:
                raise TooManyJobs
            self._jobs[job.job_id] = job
            while len(self._jobs) > _KEPT_MAX:
                del self._jobs[next(each.job_id for each in self._jobs.values() if not each.is_open)]
        # A daemon: a job that does not stop in time must not keep the process.
        Thread(target=self._do, args=(job.job_id, work), name=f"job-{job.job_id}", daemon=True).start()
        return job

    def list(self) -> Sequence[Job[Any]]:
        """Return the jobs, the newest first."""
        with self._lock:
            return [*reversed(self._jobs.values())]

    def show(self, job_id: str) -> Job[Any]:
        """Return a job.

        Raises:
            UnknownJob: there is none of this id.
        """
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None:
            raise UnknownJob(f"There is no job {job_id[:80]!r}.", job_id=job_id[:80])
        return job

    def cancel(self, job_id: str) -> Job[Any]:
        """Ask a job to stop where it can; what is done stays done.

        Raises:
            UnknownJob: there is none of this id.
        """
        job = self.show(job_id)
        return self._change(job_id, is_cancelling=True) if job.is_open else job

    def since(self, revision: int) -> Sequence[Job[Any]]:
        """Return the jobs that have changed after a revision, in the order in which they did."""
        with self._lock:
            changed = [job for job in self._jobs.values() if job.revision > revision]
        return sorted(changed, key=lambda job: job.revision)

    def close(self) -> None:
        """Ask all jobs to stop. Safe to repeat."""
        for job in self.list():
            self.cancel(job.job_id)

    def _do(self, job_id: str, work: Work) -> None:
        with self._slots:
            self._end(job_id, *self._outcome(job_id, work))

    def _outcome(self, job_id: str, work: Work) -> tuple[JobState, Any, Told | None]:
        """Do some work, and return how it ended, with its result or what went wrong."""

        def progress(done: int, total: int) -> None:
            if self._change(job_id, done=done, total=total).is_cancelling:
                raise JobCancelled

        if self._change(job_id, state=JobState.RUNNING).is_cancelling:
            return JobState.CANCELLED, None, told_error(JobCancelled())
        try:
            return JobState.DONE, work(progress), None
        except JobCancelled as error:
            return JobState.CANCELLED, None, told_error(error)
        except PalyraError as error:
            return JobState.FAILED, None, told_error(error)
        except Exception as error:  # noqa: BLE001 - whoever looks at the job must hear of it
            _log.exception("a job met a mistake of Palyra")
            mistake = InternalMistake(f"Palyra made a mistake ({type(error).__name__}).")
            return JobState.FAILED, None, told_error(mistake)

    def _end(self, job_id: str, state: JobState, result: Any, error: Told | None) -> None:
        self._change(job_id, state=state, ended_at=self._now(), result=result, error=error)

    def _change(self, job_id: str, **facts: Any) -> Job[Any]:
        with self._lock:
            self.revision += 1
            job = self._jobs[job_id] = replace(self._jobs[job_id], **facts, revision=self.revision)
            return job
