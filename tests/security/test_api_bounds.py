from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any

import pytest

from palyra_events.token import Role
from palyra_runtime.api.job import JobState
from palyra_runtime.api.operation import Operation
from palyra_runtime.api.operations import OPERATIONS
from palyra_runtime.api.parameters import Parameters
from tests.running_gateway import PATIENCE_S
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering
from tests.web_stage import API, Web, problem, web_stage

#: what paths name, so that requests are for something that there is
NAMES = {"skill_id": SKILL, "plugin_id": PLUGIN, "hook_id": HOOK, "position": "1", "name": "hook"}
#: what an operation needs to be asked for at all; what is given for the others is refused
NEEDED = {
    "action": "retry",
    "checkpoint": "x",
    "component": "form",
    "document": "{}",
    "event": "skill:enabled",
    "input": {},
    "key": "x",
    "new_key": "x",
    "name": "Ada",
    "names": ["hook"],
    "payload": {},
    "phase": "before_tool",
    "plugin": PLUGIN,
    "publisher_or_key": "acme",
    "question": "SELECT 1",
    "reason": "why",
    "role": "viewer",
    "skill": SKILL,
    "subject": "operator:nobody",
    "values": {},
    "version": "1.0.0",
}
#: texts that paths, queries and documents can have
TEXTS = ("a\0b", "9" * 400, "../../etc/passwd", "9999-12-31T23:59:59-23:59", "\N{RIGHT-TO-LEFT OVERRIDE}%s\\")
#: what else documents can have, as they are written
VALUES = (
    *(json.dumps(text) for text in TEXTS),
    str(2**63),
    str(-(2**63) - 1),
    '"\\ud800"',
    '{"a": NaN}',
    "1e999",
    "[" * 5_000 + "]" * 5_000,
    json.dumps([1] * 20_000),
    json.dumps({str(number): number for number in range(20_000)}),
    '{"a": 1, "a": 2}',
)
BUSY = {"TOO_MANY_JOBS", "REBUILD_RUNNING"}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A gateway with a skill, a plugin and a hook, for all tests of this file."""
    folder = tmp_path_factory.mktemp("bounds")
    with Stage(f"sqlite:///{folder / 'palyra.db'}", folder) as stage, web_stage(stage) as web:
        stage.ready(answering())
        yield web


def path_of(operation: Operation) -> str:
    """Return the path of an operation on what there is."""
    return API + re.sub(r"\{(\w+)(:\w+)?\}", lambda found: NAMES.get(found[1], "nobody"), operation.path)


def requests(operation: Operation) -> Iterator[dict[str, Any]]:
    """Yield requests of an operation in which one parameter is beyond all bounds."""
    parameters = Parameters(operation)
    fields = {} if parameters.model is None else parameters.model.model_fields
    needed = {name: NEEDED[name] for name, each in fields.items() if each.is_required()}
    for name in fields:
        others = {key: value for key, value in needed.items() if key != name}
        if not operation.is_write or parameters.has_upload:
            yield from ({"params": {**others, name: text}} for text in TEXTS)
            continue
        begun = json.dumps(others)[:-1] + (", " if others else "")
        for value in VALUES:
            document = f'{begun}"{name}": {value}}}'
            yield {"content": document, "headers": {"content-type": "application/json"}}


def ended(client: Any, job_id: str) -> dict[str, Any]:
    """Wait for the end of a job, and return it."""
    until = monotonic() + PATIENCE_S
    while (job := client.get(f"{API}/jobs/{job_id}").json())["ended_at"] is None:
        assert monotonic() < until
    return dict(job)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_no_parameter_is_beyond_what_is_looked_at(web: Web, operation: Operation):
    """Whatever one of them is, the request is answered or refused, and so are the jobs that it begins."""
    client = web.client(Role.ADMIN)

    for request in requests(operation):
        answer = client.request(operation.verb, path_of(operation), **request)

        assert answer.status_code < 500 or problem(answer)[1] in BUSY, (request, answer.text)
        if answer.status_code == 202:
            job = ended(client, answer.json()["job_id"])
            assert job["state"] != JobState.FAILED or job["error"]["code"] != "INTERNAL", (request, job)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ('{"reason": "a", "reason": "b"}', "occurs twice"),
        ('{"reason": "\\ud800"}', "Unicode"),
        ('{"reason": NaN}', "NaN"),
        ('{"reason": ' + "[" * 65 + "]" * 65 + "}", "nested deeper"),
        ("{" + ", ".join(f'"{number}": 1' for number in range(101)) + "}", "more than 100 parameters"),
    ],
)
def test_a_document_that_others_read_otherwise_is_refused(web: Web, document: str, why: str):
    """It is told what is wrong with it, and nothing happens."""
    client = web.client(Role.OPERATOR)
    head = web.stage.log.head()

    answer = client.post(
        f"{API}/hooks/{HOOK}/disable", content=document, headers={"content-type": "application/json"}
    )

    assert problem(answer) == (400, "INVALID_REQUEST")
    assert why in answer.json()["error"]["message"]
    assert web.stage.log.head() == head


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("plugins/echo/bind", {"skill": SKILL, "channels": [1] * 100_000}),
        ("plugins/echo/config", {"texts": {str(number): number for number in range(50_000)}}),
    ],
)
def test_one_mistake_is_told_of_many(web: Web, path: str, parameters: dict[str, Sequence[object]]):
    """To tell of each of 100,000 would hold up everybody else for seconds."""
    answer = web.client(Role.OPERATOR).post(f"{API}/{path}", json=parameters)

    assert problem(answer) == (400, "INVALID_REQUEST")
    assert len(answer.json()["error"]["details"]["problems"]) == 1


def test_a_question_is_told_as_json(web: Web):
    """Also where a database knows numbers that JSON has none for."""
    answer = web.client(Role.ADMIN).post(f"{API}/projections/query", json={"question": "SELECT 9e999 AS a"})

    assert (answer.status_code, answer.json()) == (200, {"columns": ["a"], "rows": [["inf"]]})


def test_a_list_of_numbers_is_one(web: Web):
    """Each of them is bounded, and there may be many."""
    client = web.client(Role.OPERATOR)
    path = f"{API}/dead-letters/audit/discard"

    few, beyond = (client.post(path, json={"positions": [1, 2, last]}) for last in (3, 2**63))

    assert (few.status_code, few.json()["items"]) == (200, [])
    assert problem(beyond) == (400, "INVALID_REQUEST")
