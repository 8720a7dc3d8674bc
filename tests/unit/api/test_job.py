from __future__ import annotations

import threading
from collections.abc import Iterator
from threading import Event

import pytest

from palyra_events.errors import UnknownHook
from palyra_runtime.api.job import Job, Jobs, JobState, TooManyJobs, UnknownJob
from tests.running_gateway import PATIENCE_S
from tests.stage import NOON, StageEntropy


class Gate:
    """Work that waits until it is let go on, and tells how far it is."""

    def __init__(self) -> None:
        self.begun, self.open = Event(), Event()

    def __call__(self, progress) -> str:
        progress(1, 2)
        self.begun.set()
        assert self.open.wait(PATIENCE_S)
        progress(2, 2)
        return "result"


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    """Jobs whose clock stands still."""
    made = Jobs(lambda: NOON, StageEntropy("jobs"))
    yield made
    made.close()


def ended(jobs: Jobs, job: Job) -> Job:
    """Wait for the end of a job, and return it."""
    for thread in threading.enumerate():
        if thread.name == f"job-{job.job_id}":
            thread.join(PATIENCE_S)
    return jobs.show(job.job_id)


def test_a_job_tells_how_far_it_is_and_what_came_of_it(jobs: Jobs):
    """Whoever began it, and everybody else, can look."""
    work = Gate()
    job = jobs.begin("test", "operator:ada", work)
    work.begun.wait(PATIENCE_S)
    running = jobs.show(job.job_id)
    work.open.set()
    done = ended(jobs, job)

    assert (running.state, running.done, running.total, running.is_open) == (JobState.RUNNING, 1, 2, True)
    assert (done.state, done.done, done.result, done.ended_at) == (JobState.DONE, 2, "result", NOON)


def test_a_job_is_stopped_where_it_can_be(jobs: Jobs):
    """It ends when it next tells how far it is."""
    work = Gate()
    job = jobs.begin("test", "operator:ada", work)
    work.begun.wait(PATIENCE_S)
    jobs.cancel(job.job_id)
    work.open.set()
    stopped = ended(jobs, job)

    assert (stopped.state, stopped.done) == (JobState.CANCELLED, 2)
    assert stopped.error is not None
    assert stopped.error.code == "JOB_CANCELLED"


def test_what_fails_is_told(jobs: Jobs):
    """With the words of the error, where it is one of ours."""

    def work(_progress) -> None:
        raise UnknownHook("There is no hook x.", hook_id="x")

    failed = ended(jobs, jobs.begin("test", "operator:ada", work))

    assert failed.state is JobState.FAILED
    assert failed.error is not None
    assert (failed.error.code, failed.error.details) == ("UNKNOWN_HOOK", {"hook_id": "x"})


def test_a_mistake_is_told_without_its_words(jobs: Jobs, caplog):
    """They may hold what nobody should read; the log lines of the gateway have them."""

    def work(_progress) -> None:
        raise ValueError("a secret")

    failed = ended(jobs, jobs.begin("test", "operator:ada", work))

    assert failed.error is not None
    assert (failed.error.code, "secret" in failed.error.message) == ("INTERNAL", False)
    assert "a secret" in caplog.text


def test_too_many_jobs_are_refused(jobs: Jobs):
    """Nobody fills the gateway with work that waits."""
    work = Gate()
    for _ in range(8):
        jobs.begin("test", "operator:ada", work)

    with pytest.raises(TooManyJobs):
        jobs.begin("test", "operator:ada", work)
    work.open.set()


def test_what_changed_is_told_in_order(jobs: Jobs):
    """Whoever knows a revision hears of the jobs that have changed since."""
    first = ended(jobs, jobs.begin("first", "operator:ada", lambda _: 1))

    assert [job.kind for job in jobs.since(0)] == ["first"]
    assert list(jobs.since(first.revision)) == []


def test_an_unknown_job_is_told(jobs: Jobs):
    """Another process may have it."""
    with pytest.raises(UnknownJob):
        jobs.show("nobody")
