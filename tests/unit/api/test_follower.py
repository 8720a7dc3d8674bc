from __future__ import annotations

import socket
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from palyra_runtime import Palyra
from palyra_runtime.api import Client, RemotePalyra
from palyra_runtime.api import follower as following
from palyra_runtime.api.caller import NotAuthenticated
from palyra_runtime.api.client import GatewayUnreachable
from palyra_runtime.api.follower import Follower
from palyra_runtime.facade import ChangeFilter
from tests.loopback_server import LoopbackServer
from tests.loopback_server import answering as answering_with
from tests.stage import HOOK, Stage, answering
from tests.twin_homes import UNHINDERED, serving, token

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def event(position: int, name: str = "audit") -> bytes:
    """Return an event of the stream."""
    return b'id: %d\nevent: %s\ndata: {"position":%d}\n\n' % (position, name.encode(), position)


def test_a_lost_connection_loses_nothing():
    """It goes on after the last event that came whole, and tells none twice."""
    pieces = iter(
        [
            b": hello\n\n" + event(4) + event(5) + b"id: 6\nevent: aud",
            b"",
            event(6) + b"event: projection\ndata: {}\n\n" + event(7),
        ]
    )

    def behave(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(STREAM + next(pieces))

    with LoopbackServer(behave) as server, closing(Client(server.origin, "token")) as client:
        heard = islice(Follower(client, 3).events("audit"), 4)
        assert [each["id"] for each in heard] == ["4", "5", "6", "7"]

    begins = [request.partition(b"after=")[2].partition(b" ")[0] for request in server.requests]
    assert begins == [b"3", b"5", b"5"]


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch):
    """A gateway that stays away is told of."""
    monkeypatch.setattr(following, "_PAUSES_S", (0.0, 0.0))
    with LoopbackServer(lambda *_: None) as server:
        origin = server.origin

    with closing(Client(origin, "token")) as client, pytest.raises(GatewayUnreachable, match=origin):
        next(Follower(client, 0).events("audit"))


def test_a_stream_that_always_ends_is_given_up(monkeypatch: pytest.MonkeyPatch):
    """It is not asked for again and again for ever."""
    monkeypatch.setattr(following, "_PAUSES_S", (0.0, 0.0))
    with (
        LoopbackServer(answering_with(STREAM)) as server,
        closing(Client(server.origin, "token")) as client,
        pytest.raises(GatewayUnreachable, match="whenever it begins"),
    ):
        next(Follower(client, 0).events("audit"))

    assert len(server.requests) == 3


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a hook whose plugin does what it is told, and a delivery for it."""
    home = tmp_path / "home"
    home.mkdir()
    with Stage(f"sqlite:///{home / 'palyra.db'}", home) as stage:
        stage.ready(answering())
        stage.fire()
        stage.dispatcher().drain()
    return home


def change(home: Path) -> str:
    """Redeliver the delivery and carry it out, as another process does."""
    with Palyra.open(f"sqlite:///{home / 'palyra.db'}", home=home) as palyra:
        (row,) = palyra.deliveries(hook=HOOK)
        palyra.deliveries.redeliver(row.delivery_id)
        palyra.dispatch.drain()
    return row.delivery_id


def test_changes_are_followed_over_the_end_of_a_gateway(home: Path):
    """Those from before, those that happen, and those that happened while no gateway ran."""
    secret = token(home)
    with serving(home) as first:
        remote = RemotePalyra(Client(first, secret))
        changes = remote.deliveries.changes(limit=1, matching=ChangeFilter(hook_id=HOOK), follow=True)
        heard = [next(changes).event]
        delivery_id = change(home)
        heard += [each.event for each in islice(changes, 2)]
    change(home)
    port = int(first.rpartition(":")[2])
    with serving(home, UNHINDERED.model_copy(update={"port": port})), remote:
        heard += [each.event for each in islice(changes, 2)]
        changes.close()

    assert delivery_id.endswith(f":{HOOK}")
    assert heard == ["AttemptSucceeded", *(["DeliveryRequeued", "AttemptSucceeded"] * 2)]


def test_a_token_that_is_revoked_ends_it(home: Path):
    """The stream is for those who may look."""
    secret = token(home)
    with serving(home) as url, closing(Client(url, secret)) as client:
        tokens = RemotePalyra(client).tokens
        tokens.revoke(tokens.list()[0].token_id, reason="over")
        with pytest.raises(NotAuthenticated):
            next(Follower(client, 0).events("audit"))
