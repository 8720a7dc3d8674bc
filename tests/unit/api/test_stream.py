from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from math import inf
from threading import Event, Thread
from typing import Any

import httpx2
import pytest
from starlette.types import Message

from palyra_events.application import Intent
from palyra_events.token import Role
from palyra_runtime.api import feed as feed_module
from palyra_runtime.api import stream as stream_module
from palyra_runtime.api.stream import EventStream
from tests.running_gateway import PATIENCE_S
from tests.stage import Stage
from tests.web_stage import API, served

STREAM = f"{API}/stream"


@dataclass
class Heard:
    """One server-sent event."""

    name: str
    position: int | None
    data: Any


def token(stage: Stage) -> str:
    return stage.palyra.tokens.create(Role.VIEWER).secret


@contextmanager
def following(url: str, secret: str, **options: Any) -> Iterator[Iterator[Heard]]:
    """Follow the stream of a gateway."""
    headers = {"authorization": f"Bearer {secret}", **options.pop("headers", {})}
    with (
        httpx2.Client(base_url=url, headers=headers, timeout=PATIENCE_S) as client,
        client.stream("GET", STREAM, **options) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield heard(answer.iter_lines())


def heard(lines: Iterator[str]) -> Iterator[Heard]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
            continue
        if "data" in fields:
            position = int(fields["id"]) if "id" in fields else None
            yield Heard(fields["event"], position, json.loads(fields["data"]))
        fields = {}


def positions(events: Iterator[Heard], until: int) -> list[int]:
    """Return the positions of what is heard of the log, up to one of them."""
    found: list[int] = []
    for event in events:
        if event.name == "audit":
            assert event.position is not None
            found.append(event.position)
            if event.position >= until:
                break
    return found


def append(stage: Stage, count: int) -> int:
    """Let so many gateways start, and return the position of the last start."""
    starts = [stage.application.start_gateway("0.1.0", Intent("system:gateway")) for _ in range(count)]
    return starts[-1][1].head


def test_what_happens_is_told_as_it_happens(each_stage: Stage):
    """With the words of the audit trail, on every kind of database."""
    secret = token(each_stage)
    with served(each_stage) as url, following(url, secret) as events:
        position = append(each_stage, 1)
        event = next(each for each in events if each.name == "audit")

    assert event.position == position == event.data["position"]
    assert event.data["summary"] == "started, version 0.1.0"


def test_a_place_is_told_before_anything_happens(stage: Stage):
    """A browser that loses the gateway at once knows where to go on, so what it misses comes later."""
    secret = token(stage)
    head = append(stage, 2)
    with served(stage) as url:
        headers = {"authorization": f"Bearer {secret}"}
        with (
            httpx2.Client(base_url=url, headers=headers, timeout=PATIENCE_S) as client,
            client.stream("GET", STREAM, params={"after": head}) as answer,
        ):
            lines = answer.iter_lines()
            begun = [next(lines), next(lines)]

    assert begun == [f"id: {head}", ""]


def test_it_begins_behind_a_position(stage: Stage):
    """Who has seen some of it asks for the rest; who names none hears what happens next."""
    secret = token(stage)
    last = append(stage, 3)
    with served(stage) as url, following(url, secret, params={"after": 1}) as events:
        told = positions(events, last)

    assert told == [2, 3, 4]


def test_nothing_is_lost_over_the_end_of_a_gateway(stage: Stage):
    """Who comes back names what it heard last, as browsers do, and goes on there."""
    secret = token(stage)
    first = append(stage, 5)
    with served(stage) as url, following(url, secret, params={"after": 0}) as events:
        told = positions(events, first - 2)
    last = append(stage, 5)
    headers = {"last-event-id": str(told[-1])}
    with served(stage) as url, following(url, secret, headers=headers, params={"after": 0}) as events:
        told += positions(events, last)

    assert told == list(range(1, last + 1))


def test_who_is_revoked_hears_nothing_more(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """The stream ends by the event that revokes the token, whenever the time is that it is looked at next."""
    monkeypatch.setattr(feed_module, "_TOKEN_S", inf)
    issued = stage.palyra.tokens.create(Role.VIEWER)
    with served(stage) as url, following(url, issued.secret, params={"after": 0}) as events:
        told = positions(events, stage.log.head())
        stage.palyra.tokens.revoke(issued.token.token_id)
        rest = [each.name for each in events]

    assert told == [1]
    assert set(rest) <= {"audit", "projection"}


def test_the_end_of_the_gateway_ends_the_stream(stage: Stage):
    """Nobody has to wait for those who follow."""
    secret, begun = token(stage), Event()

    def follow(url: str) -> None:
        with following(url, secret, params={"after": 0}) as events:
            for _ in events:
                begun.set()

    with served(stage) as url:
        reading = Thread(target=follow, args=(url,))
        reading.start()
        assert begun.wait(PATIENCE_S)
    reading.join(PATIENCE_S)

    assert not reading.is_alive()


def test_many_events_are_told_to_several(stage: Stage):
    """Each of those who follow hears each event once, and in order, while they are appended."""
    secret = token(stage)
    last = stage.log.head() + 500
    told: list[list[int]] = []

    def follow(url: str) -> None:
        with following(url, secret, params={"after": 1}) as events:
            told.append(positions(events, last))

    with served(stage) as url:
        readers = [Thread(target=follow, args=(url,)) for _ in range(3)]
        for reader in readers:
            reader.start()
        append(stage, 500)
        for reader in readers:
            reader.join(PATIENCE_S)

    assert told == [list(range(2, last + 1))] * 3


def test_who_takes_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    """The answer ends, so that nothing piles up; what was not taken is still in the log."""
    monkeypatch.setattr(stream_module, "PATIENCE_S", 0.01)
    sent: list[str] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"data: x\n\n"

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message["type"])
        if len(sent) > 3:
            await asyncio.Event().wait()

    # In a thread of its own, as a browser's driver may have left a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        stream = EventStream(endless(), nullcontext())
        thread.submit(lambda: asyncio.run(stream({"type": "http"}, receive, send))).result()

    assert sent == ["http.response.start", *["http.response.body"] * 3]


def test_who_may_not_look_hears_nothing(stage: Stage):
    """Without a token that counts there is no stream."""
    with served(stage) as url:
        answer = httpx2.get(url + STREAM)

    assert answer.status_code == 401
