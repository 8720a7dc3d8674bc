from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from palyra_events.token import Role
from palyra_runtime.api import openapi_document
from tests.stage import Stage, answering
from tests.web_stage import BASE, Web, web_stage

#: the stream does not end by itself, and has tests of its own
ENDLESS = {"stream.read"}
#: the gateway says so itself where too many jobs wait, or one of them rebuilds the views
BUSY = {"TOO_MANY_JOBS", "REBUILD_RUNNING"}

SCHEMA = schemathesis.openapi.from_dict(dict(openapi_document()))
REQUESTS = {each.ok().definition.raw["operationId"]: each.ok() for each in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A gateway with a skill, a plugin and a hook."""
    folder = tmp_path_factory.mktemp("fuzz")
    with Stage(f"sqlite:///{folder / 'palyra.db'}", folder) as stage, web_stage(stage) as web:
        stage.ready(answering())
        yield web


@pytest.mark.parametrize("name", sorted(REQUESTS.keys() - ENDLESS))
def test_no_request_of_the_document_is_a_mistake_of_ours(web: Web, name: str, examples: int):
    """Whatever an admin asks for within the document, and a little beside it, is answered or refused."""
    client = web.client(Role.ADMIN)
    operation = REQUESTS[name]

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: schemathesis.Case) -> None:
        request = case.as_transport_kwargs(base_url=BASE)
        answer = client.request(
            request["method"],
            request["url"],
            params=request.get("params"),
            json=request.get("json"),
            content=request.get("data"),
        )
        assert answer.status_code < 500 or answer.json()["error"]["code"] in BUSY, answer.text

    check()


@pytest.fixture
def examples() -> int:
    """How many requests are made of each operation."""
    return 100 if os.environ.get("PALYRA_FULL_TEST") else 5
