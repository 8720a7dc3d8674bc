from __future__ import annotations

import json

import pytest

from palyra_runtime.authoring import Fixture, Theatre, build_project, read_build
from palyra_runtime.authoring.errors import InvalidFixture
from palyra_runtime.sandbox import default_sandbox
from tests.unit.authoring.conftest import edited

EVENT = {"event": {"kind": "gateway:startup"}}
GRANTS = {
    "http_hosts": ["api.example.com"],
    "secrets": ["token"],
    "storage_prefixes": ["notes"],
    "channels": ["ops"],
}
SECRET = "correct horse"


@pytest.fixture
def rehearse(python):
    """Rehearses the body of a plugin's main function in Python, on a fixture."""

    def rehearse(body: str, **fixture: object):
        project = python(body)
        build_project(project)
        _, modules = read_build(project)
        theatre = Theatre(default_sandbox(), project.manifest, modules["echo.wasm"])
        return theatre.rehearse("mine", Fixture.model_validate({**EVENT, **fixture}))

    return rehearse


def result(rehearsal):
    assert rehearsal.answer.outcome == "ok", rehearsal.answer.logs
    return rehearsal.answer.output["result"]


def test_an_answer_has_all_that_a_plugin_does(rehearse):
    """Output, log, host calls with their answers, and what would have been stored and sent."""
    body = (
        "palyra.log(palyra.WARN, 'look')\n"
        "palyra.storage.put(palyra.storage.handles()[0], 'last', {'a': 1})\n"
        "palyra.storage.delete(palyra.storage.handles()[0], 'old')\n"
        "palyra.channel.send(palyra.channel.handles()[0], 'up')\n"
        "return 5"
    )
    rehearsal = rehearse(body, grants=GRANTS, host={"storage": {"notes/old": 1}})

    answer = rehearsal.answer
    assert (answer.outcome, answer.exit_code, answer.output) == ("ok", 0, {"result": 5})
    assert answer.logs == [{"level": "warning", "text": "look"}]
    assert [call["request"]["op"] for call in answer.host_calls] == [
        "storage.put",
        "storage.delete",
        "channel.send",
    ]
    assert [call["answer"] for call in answer.host_calls] == [{"ok": True}] * 3
    assert answer.storage == [
        {"path": "notes/last", "value": {"a": 1}, "deleted": False},
        {"path": "notes/old", "value": None, "deleted": True},
    ]
    assert answer.messages == [{"channel": "ops", "message": "up"}]
    assert 0 < rehearsal.fuel_units < rehearsal.fuel_budget
    assert rehearsal.memory_bytes_peak >= 65_536


def test_a_failure_would_change_nothing(rehearse):
    """As in a gateway, effects happen with a success or not at all."""
    body = "palyra.channel.send(palyra.channel.handles()[0], 'up')\nraise palyra.Exit(60)"

    answer = rehearse(body, grants=GRANTS).answer

    assert (answer.outcome, answer.exit_code, answer.messages) == ("guest_failed", 60, [])


def test_the_host_is_the_one_of_the_fixture(rehearse):
    """Its time, its stored values, its secrets and its servers."""
    body = (
        "h = palyra.http.request(palyra.http.handles()[0], 'POST', 'https://api.example.com/x', body='y')\n"
        "s = palyra.storage\n"
        "return [palyra.clock.now(), s.get(s.handles()[0], 'last'), s.list(s.handles()[0]),\n"
        "  palyra.secret.hmac(palyra.secret.handles()[0], 'data'), h]"
    )
    host = {
        "now": "2030-01-01T00:00:00Z",
        "storage": {"notes/last": {"seen": True}},
        "secrets": {"token": SECRET},
        "http": [
            {
                "url": "https://api.example.com/x",
                "method": "POST",
                "status": 201,
                "headers": {"X-A": "b"},
                "body": "ü",
            }
        ],
    }

    now, value, keys, code, answer = result(rehearse(body, grants=GRANTS, host=host))

    assert now["ok"]["timestamp"] == "2030-01-01T00:00:00.000Z"
    assert value == {"ok": {"value": {"seen": True}}}
    assert keys == {"ok": {"keys": ["last"], "next": None}}
    assert len(code["ok"]) == 64
    assert answer == {
        "ok": {"status": 201, "url": "https://api.example.com/x", "headers": {"x-a": "b"}, "body": "ü"}
    }


def test_a_used_secret_is_masked_in_a_rehearsal_too(rehearse):
    """A server that sends it back does not bring it to the guest."""
    body = (
        "secret, host = palyra.secret.handles()[0], palyra.http.handles()[0]\n"
        "headers = {'Authorization': palyra.secret.header(secret, 'Bearer ')}\n"
        "return palyra.http.request(host, 'GET', 'https://api.example.com/', headers)"
    )
    host = {
        "secrets": {"token": SECRET},
        "http": [{"url": "https://api.example.com/", "body": f"you said {SECRET}"}],
    }

    rehearsal = rehearse(body, grants=GRANTS, host=host, secret_hosts={"token": ["api.example.com"]})

    assert result(rehearsal)["ok"]["status"] == 200
    assert SECRET not in json.dumps(result(rehearsal))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("palyra.http.request(10000, 'GET', 'https://api.example.com/none')", "connect"),
        ("palyra.http.request(10000, 'GET', 'https://other.example.com/')", "denied"),
        ("palyra.http.request(10001, 'GET', 'https://api.example.com/')", "denied"),
        ("palyra.secret.hmac(20000, 'x')", "unavailable"),
        ("palyra.call({'op': 'nothing'})", "unknown_op"),
    ],
)
def test_what_a_gateway_refuses_is_refused(rehearse, call, code):
    """The services are the real ones; a request without an answer goes nowhere."""
    assert result(rehearse(f"return {call}", grants=GRANTS))["error"]["code"] == code


def test_chance_is_the_same_each_time(rehearse):
    """And not the same bytes for every call."""
    body = "return [palyra.random.bytes(8), palyra.random.bytes(8)]"

    first, again = (result(rehearse(body)) for _ in range(2))

    assert first == again
    assert first[0] != first[1]


def test_without_grants_a_plugin_has_what_its_manifest_asks_for(python):
    """So a fixture need not repeat the manifest."""
    project = edited(
        python("return [palyra.channel.handles(), palyra.http.handles()]"),
        "skill.toml",
        "[capabilities]\n",
        '[capabilities]\nnode_capabilities = ["ops", "dev"]\n',
    )
    build_project(project)
    theatre = Theatre(default_sandbox(), project.manifest, read_build(project)[1]["echo.wasm"])

    rehearsal = theatre.rehearse("mine", Fixture.model_validate(EVENT))

    assert result(rehearsal) == [[40_000, 40_001], []]


def test_the_limits_are_those_of_the_manifest(python):
    """A plugin that takes too much in a gateway takes too much here."""
    project = edited(
        python("while True: pass"), "skill.toml", "fuel_budget = 10000000", "fuel_budget = 2000000"
    )
    build_project(project)
    theatre = Theatre(default_sandbox(), project.manifest, read_build(project)[1]["echo.wasm"])

    rehearsal = theatre.rehearse("mine", Fixture.model_validate(EVENT))

    assert (rehearsal.answer.outcome, rehearsal.fuel_units) == ("out_of_fuel", 2_000_000)


TOOL = {"event": None, "tool": {"id": "acme.echo", "input": {"name": "Ada"}}}


def test_a_tool_has_to_answer_what_it_promises(rehearse):
    """A result that does not follow the schema is no success."""
    rehearsal = rehearse("return {'greeting': 5}", **TOOL)

    assert rehearsal.answer.outcome == "bad_output"
    assert "output_schema" in rehearsal.message


@pytest.mark.parametrize(
    ("fixture", "complaint"),
    [
        ({**TOOL, "tool": {"id": "acme.other", "input": {}}}, "no tool"),
        ({**TOOL, "tool": {"id": "acme.echo", "input": {}}}, "does not follow the schema"),
        ({"host": {"secrets": {"token": "short"}}}, "token"),
        ({"host": {"http": [{"url": "nowhere"}]}}, "does not begin with https://"),
        ({"host": {"storage": {"notes/big": "x" * 70_000}}}, "bytes"),
    ],
)
def test_a_fixture_that_no_host_could_be(rehearse, fixture, complaint):
    """It is refused before anything runs, and the message says why."""
    with pytest.raises(InvalidFixture, match="Fixture mine cannot be tried") as refused:
        rehearse("return 1", **fixture)

    assert complaint in refused.value.message
