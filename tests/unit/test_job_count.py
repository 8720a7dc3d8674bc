from __future__ import annotations

from typing import Any

import pytest

from palyra_events.errors import PalyraError
from palyra_events.token import Role
from palyra_runtime.job_count import JOBS_MAX, check_jobs
from tests.stage import Stage
from tests.web_stage import API, web_stage

OUTSIDE = [-1, 0, JOBS_MAX + 1, 10**9]


@pytest.mark.parametrize("jobs", OUTSIDE)
@pytest.mark.parametrize(
    ("noun", "verb"), [("projections", "rebuild"), ("ledger", "verify"), ("replay", "run")]
)
def test_work_is_not_split_into_none_or_too_many_parts(stage: Stage, noun: str, verb: str, jobs: int):
    """A program that asks for it is told so before anything begins."""
    work: Any = getattr(getattr(stage.palyra, noun), verb)

    with pytest.raises(PalyraError) as refused:
        work(jobs=jobs)

    assert refused.value.code == "JOBS_OUT_OF_RANGE"


@pytest.mark.parametrize("jobs", OUTSIDE)
def test_nobody_asks_a_gateway_for_too_many_processes(stage: Stage, jobs: int):
    """The request is refused, and no job begins; such a job once counted to what was asked for."""
    with web_stage(stage) as web:
        client = web.client(Role.OPERATOR)
        answer = client.post(f"{API}/projections/rebuild", json={"jobs": jobs})
        begun = client.get(f"{API}/jobs").json()["items"]

    assert (answer.status_code, begun) == (400, [])


@pytest.mark.parametrize("jobs", [1, JOBS_MAX])
def test_work_is_split_as_a_machine_can_bear(jobs: int):
    """The ends of the range are in it."""
    check_jobs(jobs)
