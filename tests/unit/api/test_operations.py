from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from palyra_events.token import Role
from palyra_runtime.api.operation import Operation
from palyra_runtime.api.operations import BY_NAME, OPERATIONS
from palyra_runtime.api.parameters import Parameters
from tests.running_gateway import PATIENCE_S
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering
from tests.web_stage import API, Web, problem, web_stage

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)

#: what paths name
NAMES = {
    "skill_id": SKILL,
    "plugin_id": PLUGIN,
    "hook_id": HOOK,
    "position": "1",
    "name": "hook",
}


def ask(web: Web, operation: Operation, role: Role | None) -> Any:
    """Ask for an operation with nothing but what its path names."""
    path = re.sub(r"\{(\w+)(:\w+)?\}", lambda match: NAMES.get(match[1], "nobody"), operation.path)
    body = {"json": {}} if operation.is_write else {}
    answer = web.client(role).request(operation.verb, API + path, **body)
    # Jobs that nobody waits for would be too many in the end.
    for thread in threading.enumerate():
        if thread.name.startswith("job-"):
            thread.join(PATIENCE_S)
    return answer


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A gateway with a skill, a plugin and a hook, for all tests of this file."""
    folder = tmp_path_factory.mktemp("web")
    with Stage(f"sqlite:///{folder / 'palyra.db'}", folder) as stage, web_stage(stage) as web:
        stage.ready(answering())
        yield web


def test_names_and_paths_are_unique():
    """No operation hides another one."""
    assert len(BY_NAME) == len(OPERATIONS)
    assert len({(each.verb, each.path) for each in OPERATIONS}) == len(OPERATIONS)


@each_operation
def test_who_shows_nothing_gets_nothing(web: Web, operation: Operation):
    """Each operation asks for a token before anything else."""
    head = web.stage.log.head()

    answer = ask(web, operation, None)

    assert problem(answer) == (401, "NOT_AUTHENTICATED")
    assert web.stage.log.head() == head


@each_operation
@pytest.mark.parametrize("role", Role)
def test_a_role_is_enough_or_it_is_not(web: Web, operation: Operation, role: Role):
    """Each operation is refused to lower roles than its own, and carried out for all others."""
    answer = ask(web, operation, role)

    if role.covers(operation.role):
        assert answer.status_code < 500
        assert answer.status_code != 401
        assert answer.is_success or problem(answer)[1] != "ROLE_TOO_LOW"
    else:
        assert problem(answer) == (403, "ROLE_TOO_LOW")


@each_operation
def test_what_looks_changes_nothing(web: Web, operation: Operation):
    """A viewer may do what is read with GET, and nothing else."""
    assert (operation.role is Role.VIEWER) == (not operation.is_write) or operation.name == "tokens.list"


@each_operation
def test_an_operation_tells_what_it_does(operation: Operation):
    """The document has a sentence for it, and a type for each of its parameters."""
    assert re.fullmatch(r"[A-Z].*[.:]", operation.summary)
    assert Parameters(operation).in_path.keys() == set(re.findall(r"\{(\w+)", operation.path))
