from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import CapabilityDenied
from palyra_runtime.capabilities.egress import InvalidOrigin
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.loopback_server import LoopbackServer, answering
from tests.loopback_server import ok as accepted
from tests.stage import HOOK, PLUGIN, SKILL, Stage, asking

SECRET = "correct-horse-battery"
NEEDS = {
    "http_egress_allowlist": ["127.0.0.1"],
    "secrets": [{"scope": "global", "key_names": ["token"]}],
}


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    """A server that takes everything."""
    with LoopbackServer(answering(accepted(b'{"seen": true}'))) as running:
        yield running


@pytest.fixture
def stage(server, tmp_path, monkeypatch) -> Iterator[Stage]:
    """A gateway whose operator allows that server and one secret."""
    monkeypatch.setenv("PALYRA_SECRET_TOKEN", SECRET)
    policy = WasmPluginRunnerPolicy(
        allowed_http_hosts=("127.0.0.1",), allowed_secrets=("token",), http_origins=(server.origin,)
    )
    with Stage(f"sqlite:///{tmp_path}/palyra.db", tmp_path, policy=policy) as opened:
        yield opened


def request(server: LoopbackServer) -> dict[str, object]:
    """Return a write that carries the secret in a header."""
    return {
        "op": "http.request",
        "handle": 10_000,
        "method": "POST",
        "url": f"{server.origin}/notes",
        "headers": {"Authorization": {"secret": 20_000, "prefix": "Bearer "}},
        "body": "hello",
    }


def install(stage: Stage, server: LoopbackServer) -> None:
    """Install and enable a skill whose plugin makes that request, and let a hook fire it."""
    stage.install(asking(request(server)), capabilities=NEEDS)
    stage.palyra.skills.enable(SKILL)


def test_an_attempt_reaches_a_granted_host_with_a_secret(stage, server):
    """The server gets the secret, and a key by which it knows a repetition; the log gets no secret."""
    install(stage, server)
    stage.palyra.plugins.bind(
        PLUGIN,
        skill=SKILL,
        http_hosts=["127.0.0.1"],
        secrets=["token"],
        secret_hosts={"token": [server.origin]},
    )
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)

    stage.palyra.gateway.run_once()

    (seen,) = server.requests
    (succeeded,) = stage.events(AttemptSucceeded)
    invocation = succeeded.invocation
    exchange = stage.document(invocation.transcript.sha256)
    key = f"{stage.log.log_id}.{succeeded.delivery_id}.1.1"
    assert f"Authorization: Bearer {SECRET}".encode() in seen
    assert f"Idempotency-Key: {key}".encode() in seen
    assert json.loads(exchange[0]["answer"])["ok"]["status"] == 200
    assert SECRET not in json.dumps(exchange)


def test_a_secret_goes_only_where_the_binding_says(stage, server):
    """A granted host that is not named for the secret does not get it, nor the request."""
    install(stage, server)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL, http_hosts=["127.0.0.1"], secrets=["token"])
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)

    stage.palyra.gateway.run_once()

    (succeeded,) = stage.events(AttemptSucceeded)
    exchange = stage.document(succeeded.invocation.transcript.sha256)
    assert json.loads(exchange[0]["answer"])["error"]["code"] == "denied"
    assert server.requests == []


def test_a_host_for_a_secret_that_is_not_granted_is_refused(stage, server):
    """Nobody would notice that it never takes effect."""
    install(stage, server)
    with pytest.raises(CapabilityDenied):
        stage.palyra.plugins.bind(PLUGIN, skill=SKILL, secret_hosts={"token": ["api.example.com"]})


def test_a_host_that_is_none_is_refused_when_it_is_bound(stage, server):
    """The operator hears of it at once, and not the plugin at night."""
    install(stage, server)
    with pytest.raises(InvalidOrigin):
        stage.palyra.plugins.bind(PLUGIN, skill=SKILL, secrets=["token"], secret_hosts={"token": ["a b"]})


def test_a_request_is_known_by_its_round(stage, server):
    """The receiver knows it again in every attempt of a round, also a hastened one, and not in the next."""
    stage.install(asking(request(server), exit_code=60), capabilities=NEEDS)
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(
        PLUGIN,
        skill=SKILL,
        http_hosts=["127.0.0.1"],
        secrets=["token"],
        secret_hosts={"token": [server.origin]},
    )
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, attempts_max=2)
    delivery_id = stage.scheduled()

    stage.palyra.dispatch.drain()
    stage.palyra.deliveries.retry(delivery_id)
    stage.palyra.dispatch.drain()
    stage.palyra.deliveries.redeliver(delivery_id)
    stage.palyra.dispatch.drain()

    keys = [
        seen.partition(b"Idempotency-Key: ")[2].partition(b"\r\n")[0].decode() for seen in server.requests
    ]
    prefix = f"{stage.log.log_id}.{delivery_id}"
    assert keys == [f"{prefix}.1.1", f"{prefix}.1.1", f"{prefix}.2.1"]
