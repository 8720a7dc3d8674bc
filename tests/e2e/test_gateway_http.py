from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.running_gateway import PATIENCE_S, GatewayProcess, gateway_process
from tests.shell import Shell
from tests.stage import Stage, answering

API = "/api/v1"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Stage]:
    """A home where a plugin answers to the start of a gateway."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path) as stage:
        stage.ready(answering())
        yield stage


@pytest.fixture
def shell(home: Stage) -> Shell:
    """The command line over that home."""
    return Shell(home.folder)


def address(gateway: GatewayProcess) -> str:
    """Return where a gateway says that it listens."""
    return gateway.hear("listening on ").split("listening on ")[1].split()[0]


def token(shell: Shell, role: str = "operator") -> str:
    """Return a token that the command line makes."""
    made = shell("token", "create", "--role", role, "--for", "operator:ci", "-o", "json")
    return json.loads(made.out)["secret"]


def heard(url: str, secret: str, after: int, until: int) -> list[int]:
    """Return the positions that the stream tells after one, up to another."""
    headers = {"authorization": f"Bearer {secret}", "last-event-id": str(after)}
    found: list[int] = []
    with httpx2.stream("GET", f"{url}{API}/stream", headers=headers, timeout=PATIENCE_S) as answer:
        name = ""
        for line in answer.iter_lines():
            field, _, value = line.partition(": ")
            name = value if field == "event" else name if line else ""
            if field == "id" and name == "audit":
                found.append(int(value))
                if found[-1] >= until:
                    break
    return found


def test_a_gateway_is_asked_by_a_program(home: Stage, shell: Shell):
    """With a token of the command line, for what the command line prints."""
    secret = token(shell)
    with gateway_process(shell) as gateway:
        url = address(gateway)
        with httpx2.Client(headers={"authorization": f"Bearer {secret}"}, timeout=PATIENCE_S) as client:
            answer = client.get(f"{url}{API}/hooks")
            disabled = client.post(f"{url}{API}/hooks/greet/disable", json={"reason": "too loud"})
        listed = shell("hook", "list", "-o", "json")

    assert answer.status_code == 200
    assert disabled.json()["is_enabled"] is False
    assert [disabled.json()] == json.loads(listed.out)
    assert home.palyra.audit.log(newest_first=True, actor="operator:ci")[0].reason == "too loud"


def test_a_browser_logs_in_by_the_link(home: Stage, shell: Shell):
    """It leads to the port that the gateway was started with; the secret is behind the #, and works once."""
    with gateway_process(shell) as gateway:
        url = address(gateway)
        link = shell("gateway", "login").out.strip()
        page, _, secret = link.partition("#")
        with httpx2.Client(timeout=PATIENCE_S) as client:
            first, second = (client.post(f"{url}{API}/session", json={"secret": secret}) for _ in range(2))

    session = home.palyra.tokens.list()[-1]
    without = shell("gateway", "login").out

    assert page == f"{url}/login"
    assert without.startswith("http://127.0.0.1:7420/login#")
    assert (first.status_code, second.status_code) == (201, 401)
    assert session.kind == "session"


def test_the_stream_goes_on_after_a_kill(home: Stage, shell: Shell):
    """Who follows hears each event once, in order, although the gateway died in between."""
    secret = token(shell)
    with gateway_process(shell) as gateway:
        url = address(gateway)
        told = heard(url, secret, 0, home.log.head())
        gateway.end(signal.SIGKILL)
    home.fire()
    with gateway_process(shell) as gateway:
        last = home.log.head()
        told += heard(address(gateway), secret, told[-1], last)

    assert told == list(range(1, told[-1] + 1))
    assert told[-1] >= last


def test_an_address_that_others_reach_is_refused(home: Stage, shell: Shell):
    """Before anything is started, with what to do about it."""
    head = home.log.head()
    refused = shell("gateway", "run", "--host", "0.0.0.0", "--port", "0")

    assert refused.code == 4
    assert "is not an address of this machine alone" in refused.err
    assert home.log.head() == head


def test_a_gateway_may_serve_nothing(home: Stage, shell: Shell):
    """It carries out what is due, and listens nowhere."""
    with gateway_process(shell, "--no-http") as gateway:
        gateway.end()

    assert not [line for line in gateway.lines if "listening" in line]


def test_the_document_needs_no_gateway(shell: Shell):
    """It is what a client is made of."""
    document = json.loads(shell("gateway", "openapi").out)

    assert document["openapi"].startswith("3.1")
    assert "/api/v1/hooks" in document["paths"]
