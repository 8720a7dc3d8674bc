from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from palyra_events.token import Role
from palyra_runtime.api import openapi_document
from palyra_runtime.api.answer import STATUSES
from palyra_runtime.api.operations import OPERATIONS
from palyra_runtime.facade import Hooks
from tests.stage import HOOK, SKILL, Stage, answering
from tests.web_stage import API, Web, problem, web_stage


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A gateway with a few deliveries."""
    folder = tmp_path_factory.mktemp("answers")
    with Stage(f"sqlite:///{folder / 'palyra.db'}", folder) as stage, web_stage(stage) as opened:
        stage.ready(answering())
        for _ in range(5):
            stage.fire()
        stage.palyra.dispatch.drain()
        yield opened


def pages(client: TestClient, path: str, **query: object) -> list[list[dict]]:
    """Return all rows of a listing, page by page."""
    rows, asked = [], dict(query)
    while True:
        answer = client.get(API + path, params=asked).json()
        rows.append(answer["items"])
        if answer["next"] is None:
            return rows
        asked |= answer["next"]


@pytest.mark.parametrize("first", ["oldest", "newest"])
@pytest.mark.parametrize(
    ("path", "field"),
    [("/deliveries", "scheduled_position"), ("/audit", "position"), ("/events", "position")],
)
def test_pages_are_turned_by_what_the_last_one_says(web: Web, path: str, field: str, first: str):
    """Each row comes once, in order, whichever way somebody reads."""
    is_newest_first = first == "newest" and path != "/events"
    query = {"newest_first": True} if is_newest_first else {}
    client = web.client(Role.VIEWER)
    (whole,) = pages(client, path, limit=1000, **query)

    parts = pages(client, path, limit=2, **query)

    assert [row for page in parts for row in page] == whole
    found = [row[field] for row in whole]
    assert found == sorted(found, reverse=is_newest_first)
    assert max(len(page) for page in parts) == 2


def test_a_listing_answers_of_the_past(web: Web):
    """At a position, a moment, or so long ago."""
    client = web.client(Role.VIEWER)
    bound = web.stage.palyra.hooks.list()[0].valid_from

    answers = [
        client.get(f"{API}/hooks", params={"at": at}).json()["items"]
        for at in (bound - 1, bound, "2026-03-01T12:00:00Z", "1s")
    ]

    assert [len(each) for each in answers] == [0, 1, 1, 1]


@pytest.mark.parametrize("at", ["yesterday", "-1", "1e3", "99999999999999999999"])
def test_a_point_that_is_none_is_refused(web: Web, at: str):
    """In the words that the command line has for it."""
    answer = web.client(Role.VIEWER).get(f"{API}/hooks", params={"at": at})

    assert problem(answer) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 100_000}, {"limit": "x"}, {"unknown": 1}])
def test_what_nobody_asked_for_is_refused(web: Web, query: dict[str, object]):
    """A mistake in a query is told, and not passed over."""
    assert problem(web.client(Role.VIEWER).get(f"{API}/deliveries", params=query)) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"reason": 1}', b"\xff"])
def test_a_body_that_is_none_is_refused(web: Web, body: bytes):
    """With the place that is wrong, in the form that all errors have."""
    answer = web.client(Role.OPERATOR).post(
        f"{API}/hooks/{HOOK}/bind", content=body, headers={"content-type": "application/json"}
    )

    assert problem(answer) == (400, "INVALID_REQUEST")


def test_errors_have_the_status_of_their_exit_code(web: Web):
    """What does not exist, what is forbidden, and what has moved on."""
    client = web.client(Role.OPERATOR)

    assert problem(client.get(f"{API}/skills/nobody")) == (404, "UNKNOWN_SKILL")
    assert problem(client.post(f"{API}/hooks/{HOOK}/enable")) == (409, "ILLEGAL_TRANSITION")
    assert problem(client.put(f"{API}/hooks/{HOOK}/enable")) == (405, "UNKNOWN_PATH")
    assert set(STATUSES) == {1, 2, 3, 4, 5, 6, 7}


def test_a_mistake_is_told_without_its_words(web: Web, monkeypatch: pytest.MonkeyPatch, caplog):
    """They may hold what nobody should read; the log lines of the gateway have them."""
    face = web.application.state.desk._faces.of("operator:viewer")
    monkeypatch.setattr(face.hooks, "_views", None)

    answer = web.client(Role.VIEWER).get(f"{API}/hooks")

    assert problem(answer) == (500, "INTERNAL")
    assert "AttributeError" in answer.json()["error"]["message"]
    assert "NoneType" not in answer.text
    assert "NoneType" in caplog.text


def test_a_plan_changes_nothing(web: Web):
    """What would change with a release can be looked at first."""
    head = web.stage.log.head()

    answer = web.client(Role.OPERATOR).post(f"{API}/skills/{SKILL}/enable/plan", json={})

    assert answer.status_code == 200
    assert answer.json()["skill_id"] == SKILL
    assert web.stage.palyra.events.list(after=head)[0].topic == "TokenIssued@1"


def test_the_document_has_each_operation():
    """Programs are made of it: each operation with its role, its answer, and the form of all errors."""
    document = openapi_document()

    told = {each["operationId"]: each for path in document["paths"].values() for each in path.values()}
    assert {operation.name for operation in OPERATIONS} <= told.keys()
    for operation in OPERATIONS:
        each = told[operation.name]
        assert each["x-role"] == operation.role
        assert each["responses"]["409"]["content"]["application/json"]["schema"] == {
            "$ref": "#/components/schemas/ErrorAnswer"
        }
    assert told["hooks.bind"]["summary"] == Hooks.bind.__doc__.partition("\n")[0]


def test_health_asks_for_no_token(web: Web):
    """Whoever starts and stops gateways asks for nothing else."""
    client = web.client()

    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json()["status"] == "ok"


def test_a_view_that_stands_still_is_not_ready(web: Web):
    """Answers would be refused, and dispatch stands still with it."""
    web.stage.palyra.projections.pause(["hook"])
    answer = web.client().get("/readyz")
    web.stage.palyra.projections.resume(["hook"])

    assert problem(answer) == (503, "NOT_READY")
    assert answer.json()["error"]["details"] == {"views": ["hook"]}


def test_figures_are_told_to_viewers(web: Web):
    """How far everything has come, how deliveries stand, and what happened since the start."""
    web.stage.fire()
    web.stage.palyra.dispatch.drain()

    text = web.client(Role.VIEWER).get("/metrics").text

    lines = text.splitlines()
    succeeded = float(len(web.stage.palyra.deliveries()))
    assert f"palyra_log_position {float(web.stage.log.head())}" in lines
    assert f'palyra_deliveries{{state="succeeded"}} {succeeded}' in lines
    assert f'palyra_attempts_total{{outcome="ok"}} {succeeded}' in lines
    assert f"palyra_invocation_seconds_count {succeeded}" in lines
    assert problem(web.client().get("/metrics")) == (401, "NOT_AUTHENTICATED")
