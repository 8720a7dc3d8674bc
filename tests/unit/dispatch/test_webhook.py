from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress import Client, InvalidOrigin, InvalidUrl, client_context
from palyra_runtime.capabilities.secrets import EnvironmentSecrets, InvalidSecret, SecretSource
from palyra_runtime.channel import WebhookChannel
from palyra_runtime.dispatch import Outgoing, Sender, SenderParts, SendFailed, open_senders
from palyra_runtime.dispatch.webhook import signature
from tests.http_stage import Names
from tests.loopback_server import Behaviour, LoopbackServer, answering, ok, redirecting
from tests.stage import NOON

KEY = "hunter2-hunter2"
OUTGOING = Outgoing("47.1", "c0ffee.47.1", "ops", "echo", {"text": "größer"})


class BrokenSource:
    """A store of secrets that cannot be asked."""

    def read(self, name: str) -> Concealed | None:
        raise InvalidSecret(f"The secret {name} is {KEY}.")


def webhook(
    url: str,
    *,
    networks: Sequence[str] = (),
    names: Names | None = None,
    secrets: SecretSource | None = None,
) -> Sender:
    """The sender of a channel that is configured so."""
    parts = SenderParts(
        console=None,
        secrets=secrets or EnvironmentSecrets({"PALYRA_SECRET_OPS_KEY": KEY}),
        client=lambda: Client(names or Names(), client_context()),
        now=lambda: NOON + timedelta(milliseconds=900),
    )
    channel = WebhookChannel(kind="webhook", url=url, secret="ops-key", networks=tuple(networks))
    return open_senders({"ops": channel}, parts)["ops"]


def outcome(url: str, **options: object) -> str:
    """How a try that fails is recorded."""
    with pytest.raises(SendFailed) as failed:
        webhook(url, **options).send(OUTGOING)
    assert KEY not in failed.value.message
    return failed.value.outcome


def outcome_of(behaviour: Behaviour) -> str:
    """How a try to a server that behaves so is recorded."""
    with LoopbackServer(behaviour) as server:
        return outcome(f"{server.origin}/hook")


def test_the_message_is_posted_with_its_key_and_signature():
    """A receiver that has the secret finds that the signature is over the time and the very bytes."""
    with LoopbackServer(answering(ok())) as server:
        webhook(f"{server.origin}/hook?team=a").send(OUTGOING)

    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first == "POST /hook?team=a HTTP/1.1"
    assert body == OUTGOING.document()
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == "c0ffee.47.1"
    seconds = int(NOON.timestamp())
    expected = hmac.new(KEY.encode(), b"%d." % seconds + body, hashlib.sha256).hexdigest()
    assert headers["Palyra-Signature"] == f"t={seconds},v1={expected}"
    assert json.loads(body)["message"] == {"text": "größer"}


def test_a_signature_is_what_other_programs_compute():
    """``printf '1772366400.{}' | openssl dgst -sha256 -hmac secret`` says the same."""
    assert signature(b"secret", 1_772_366_400, b"{}") == (
        "t=1772366400,v1=" + hmac.new(b"secret", b"1772366400.{}", "sha256").hexdigest()
    )


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_answer_of_the_200s_is_a_success(status: int):
    """A receiver need not say more than that it has it."""
    with LoopbackServer(answering(b"HTTP/1.1 %d Fine\r\nContent-Length: 0\r\n\r\n" % status)) as server:
        webhook(f"{server.origin}/hook").send(OUTGOING)

    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [304, 400, 401, 404, 410, 429, 500, 503])
def test_any_other_answer_is_a_failed_try(status: int):
    """The status is recorded; the answer's words are not, they are a stranger's."""
    answer = b"HTTP/1.1 %d No\r\nContent-Length: 5\r\n\r\nsorry" % status

    assert outcome_of(answering(answer)) == f"http_{status}"


def test_a_redirect_is_a_failed_try():
    """Elsewhere nobody was named by the operator; at the same place a GET would lose the message."""
    assert outcome_of(redirecting("https://evil.example/")) == "redirect"
    seen: list[bytes] = []

    def moved_once(connection, request):
        seen.append(request)
        (redirecting("/other", 303) if len(seen) == 1 else answering(ok()))(connection, request)

    assert outcome_of(moved_once) == "redirect"


def test_a_receiver_that_is_away_is_a_failed_try():
    """Nobody listens; the code says that no connection was made."""
    with LoopbackServer(answering(ok())) as server:
        url = f"{server.origin}/hook"

    assert outcome(url) == "connect"


def test_an_answer_that_is_no_http_is_a_failed_try():
    """Whether the message was taken is not known, so it will be sent again, under the same key."""
    assert outcome_of(answering(b"220 smtp.example ESMTP\r\n\r\n")) == "protocol"


@pytest.mark.parametrize("secrets", [EnvironmentSecrets({}), BrokenSource()])
def test_without_its_secret_nothing_is_sent(secrets: SecretSource):
    """An unsigned message is worse than a late one; why it cannot be read is told by code alone."""
    with LoopbackServer(answering(ok())) as server:
        assert outcome(f"{server.origin}/hook", secrets=secrets) == "secret"

    assert server.requests == []


def test_a_name_leads_to_public_addresses_or_to_the_networks_named():
    """A receiver's name that suddenly leads into the operator's network is refused before it is met."""
    names = {"hooks.example": [["127.0.0.1"]]}
    with LoopbackServer(answering(ok())) as server:
        url = f"http://hooks.example:{server.port}/hook"

        assert outcome(url, names=Names(names)) == "denied"
        assert outcome(url, names=Names(names), networks=["10.0.0.0/8"]) == "denied"
        assert server.requests == []
        webhook(url, names=Names(names), networks=["127.0.0.0/8"]).send(OUTGOING)

    assert len(server.requests) == 1


@pytest.mark.parametrize("url", ["ftp://example.com/", "https://user@example.com/", "hooks.example.com", ""])
def test_a_url_that_nobody_follows_is_refused_at_the_start(url: str):
    """The operator is told when the gateway opens, not when the first message is late."""
    with pytest.raises(InvalidUrl):
        webhook(url)


@pytest.mark.parametrize("networks", [["10.0.0.0/40"], ["somewhere"], ["10.0.0.0/8 extra"]])
def test_networks_that_are_none_are_refused_at_the_start(networks: list[str]):
    """A typing error does not open the way to every address."""
    with pytest.raises(InvalidOrigin):
        webhook("https://hooks.example/", networks=networks)
