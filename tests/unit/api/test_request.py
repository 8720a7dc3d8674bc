from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from palyra_runtime.api import Client, RemotePalyra
from palyra_runtime.api.job import JobCancelled
from palyra_runtime.api.request import RemoteJob
from palyra_runtime.plain import plain
from tests.loopback_server import Behaviour, LoopbackServer, ok
from tests.sample_rows import AUDIT_ROW

#: a job at work, which nobody has been told of before
AT_WORK = {"job_id": "7f", "state": "running", "done": 3, "total": 10, "ended_at": None, "error": None}


def working(**then: object) -> Behaviour:
    """Answer with a job, at the second look with what has become of it."""
    told = iter([AT_WORK, {**AT_WORK, **then}, {**AT_WORK, **then}])

    def behave(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(ok(json.dumps(next(told)).encode(), b"Connection: close"))

    return behave


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    """A gateway with a job that does not end."""
    with LoopbackServer(working()) as server:
        yield server


def lines(server: LoopbackServer) -> list[str]:
    """Return what a server was asked."""
    return [request.partition(b" HTTP")[0].decode() for request in server.requests]


def test_who_stops_waiting_cancels(server: LoopbackServer):
    """What is asked for no further is not done further."""
    with closing(Client(server.origin, "token")) as client:
        steps = RemoteJob(client, AT_WORK).steps()
        assert next(steps) == (3, 10)
        steps.close()

    assert lines(server) == ["GET /api/v1/jobs/7f", "POST /api/v1/jobs/7f/cancel"]


def test_ctrl_c_cancels(server: LoopbackServer):
    """Wherever it is pressed, the gateway is told; then it ends the program as always."""
    with closing(Client(server.origin, "token")) as client:
        steps = RemoteJob(client, AT_WORK).steps()
        next(steps)
        with pytest.raises(KeyboardInterrupt):
            steps.throw(KeyboardInterrupt)

    assert lines(server) == ["GET /api/v1/jobs/7f", "POST /api/v1/jobs/7f/cancel"]


def test_ctrl_c_cancels_what_is_watched(server: LoopbackServer):
    """Also where it is pressed while the progress is drawn."""

    def draw(*_: int) -> None:
        raise KeyboardInterrupt

    with RemotePalyra(Client(server.origin, "token")) as palyra, pytest.raises(KeyboardInterrupt):
        palyra.projections.verify(None, draw)

    assert lines(server)[-1] == "POST /api/v1/jobs/7f/cancel"


def test_a_gateway_that_is_gone_needs_no_cancelling():
    """Ctrl-C ends the program as always."""
    with LoopbackServer(working()) as server:
        client = Client(server.origin, "token")
        steps = RemoteJob(client, AT_WORK).steps()
        next(steps)

    with closing(client), pytest.raises(KeyboardInterrupt):
        steps.throw(KeyboardInterrupt)


def test_a_job_that_fails_raises_here():
    """With the error that it failed with there."""
    error = {"code": "JOB_CANCELLED", "message": "Somebody did.", "advice": "", "details": {}}
    ended = {"ended_at": "2026-03-01T12:00:00Z", "state": "cancelled", "error": error}
    with LoopbackServer(working(**ended)) as server, closing(Client(server.origin, "token")) as client:
        job = RemoteJob(client, AT_WORK)
        assert [*job.steps()] == [(3, 10), (3, 10)]
        with pytest.raises(JobCancelled, match="Somebody did"):
            job.result()


def trail(connection: socket.socket, request: bytes) -> None:
    """Answer with as many rows of a trail of 2,500 as are asked for, from where they are asked for."""
    asked = dict(each.split(b"=") for each in request.split(b" ")[1].partition(b"?")[2].split(b"&"))
    first, limit = int(asked.get(b"after", 0)) + 1, int(asked[b"limit"])
    rows = [plain(replace(AUDIT_ROW, position=each)) for each in range(first, min(first + limit, 2_501))]
    following = {"after": rows[-1]["position"]} if len(rows) == limit else None
    connection.sendall(ok(json.dumps({"items": rows, "next": following}).encode(), b"Connection: close"))


@pytest.mark.parametrize(
    ("limit", "rows", "requests"), [(1_000, 1_000, 1), (2_200, 2_200, 3), (9_000, 2_500, 3)]
)
def test_a_long_listing_comes_in_pages(limit: int, rows: int, requests: int):
    """As many as are wanted or there are, in requests of bounded size."""
    with LoopbackServer(trail) as server, closing(Client(server.origin, "token")) as client:
        found = RemotePalyra(client).audit.log(limit=limit)

    assert [row.position for row in found] == [*range(1, rows + 1)]
    assert len(server.requests) == requests
