"""A person whose words a plugin repeats in every way that there is, and where in all files they are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from palyra_events.delivery import AttemptSucceeded
from palyra_events.message import MessageSent
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.gateway.structured_log import logging_to
from palyra_runtime.sandbox import ModuleCache, wasm_from_text
from tests.postgres_server import Server
from tests.running_gateway import gateway_in_a_thread, wait_for
from tests.stage import OPEN_POLICY, SKILL, UNHURRIED, Stage, StageClock, StageEntropy

#: what Bob writes: words that nothing else says
WORDS = ["quixotropic", "zymurgonaut", "Ünterblödenfish"]
BOB = "operator:bob"
ALICE = "operator:alice"
FILLED_IN = "flibbertimarrow"
NAME = "Bobrundelwick"

_FORM = (
    b'{"v":1,"surface":"desk","components":[{"type":"form","id":"ask","props":'
    b'{"title":"Why?","fields":[{"id":"why","type":"text"}]}}]}'
)

#: stores, sends, logs and answers all that it is told, shows a form, and keeps nothing of it
_PIECES = [
    b'{"op":"storage.put","handle":30000,"key":"k","value":',
    b'{"op":"channel.send","handle":40000,"message":',
    b'{"a2ui":' + _FORM + b',"result":',
    b"}",
    b'{"op":"storage.delete","handle":30000,"key":"k"}',
]


def chatterbox() -> bytes:
    """Return a guest that passes on what it is told in every way that there is."""
    starts = [sum(map(len, _PIECES[:number])) for number in range(len(_PIECES))]
    data = "".join(f"\\{byte:02x}" for byte in b"".join(_PIECES))
    told, made = 65536, 2 * 65536

    def say(piece: int) -> str:
        """Return the code that puts a piece, what it was told and a brace together."""
        size = len(_PIECES[piece])
        return f"""
          (memory.copy (i32.const {made}) (i32.const {starts[piece]}) (i32.const {size}))
          (memory.copy (i32.const {made + size}) (i32.const {told}) (local.get 0))
          (i32.store8 (i32.add (i32.const {made + size}) (local.get 0)) (i32.const 125))
          (local.set 1 (i32.add (local.get 0) (i32.const {size + 1})))"""

    return wasm_from_text(
        f"""(module
          (import "palyra:plugins/host-io@0.2.0" "input-read" (func $read (param i32 i32) (result i32)))
          (import "palyra:plugins/host-io@0.2.0" "output-write" (func $write (param i32 i32) (result i32)))
          (import "palyra:plugins/host-io@0.2.0" "log" (func $log (param i32 i32 i32)))
          (import "palyra:plugins/host-io@0.2.0" "call" (func $call (param i32 i32) (result i32)))
          (memory (export "memory") 4)
          (data (i32.const 0) "{data}")
          (func (export "palyra_plugin_main") (result i32) (local i32 i32)
            (local.set 0 (call $read (i32.const {told}) (i32.const 65536)))
            (call $log (i32.const 2) (i32.const {told}) (local.get 0))
            {say(0)} (drop (call $call (i32.const {made}) (local.get 1)))
            {say(1)} (drop (call $call (i32.const {made}) (local.get 1)))
            (drop (call $call (i32.const {starts[4]}) (i32.const {len(_PIECES[4])})))
            {say(2)} (drop (call $write (i32.const {made}) (local.get 1)))
            (i32.const 0)))"""
    )


class Taking:
    """A receiver that takes everything."""

    def send(self, outgoing):
        """Take a message."""


def open_palyra(url: str, folder: Path, actor: str = ALICE) -> Palyra:
    """Open the database as a gateway's machine does, with all files that it keeps beside it."""
    surroundings = Surroundings(
        StageClock(),
        StageEntropy(actor),
        OPEN_POLICY,
        senders={"ops": Taking()},
        decisions=UNHURRIED,
        modules=ModuleCache.open(folder / "modules"),
        bindings_home=folder,
    )
    return Palyra.open(url, home=folder, actor=actor, surroundings=surroundings)


def make_ready(stage: Stage) -> None:
    """Bind a plugin that repeats what it is told; the stage's policy is to be `OPEN_POLICY`."""
    stage.ready_with_effects(chatterbox())
    stage.palyra.hooks.bind("greet", event="skill:enabled", plugin="echo")


def act(palyra: Palyra, stage: Stage) -> None:
    """Let Bob act while a gateway runs, and let everybody see it who can: in gateway.log, in the views."""
    reason = " ".join(WORDS)
    with (
        (stage.folder / "gateway.log").open("w") as stream,
        logging_to(stream, "json"),
        gateway_in_a_thread(palyra, stage.log),
        open_palyra(stage.url, stage.folder, BOB) as bob,
    ):
        bob.skills.disable(SKILL, reason=reason)
        bob.skills.enable(SKILL, reason=reason)
        wait_for(stage.log, AttemptSucceeded)
        bob.surfaces.submit("desk", "ask", {"why": f"{FILLED_IN} and friends"})
        wait_for(stage.log, MessageSent, 2)
    palyra.subjects.name(BOB, NAME)
    # A build that nobody reads any more, and another one that is read.
    palyra.projections.rebuild(["audit", "audit_search"])
    palyra.projections.rebuild(["audit"])
    palyra.ledger.checkpoint()


def files_of(folder: Path, url: str, server: Server | None = None) -> Iterator[tuple[Path, bytes]]:
    """Yield every file of the database and of its home, as it is on disk, with ASCII in lower case.

    The write-ahead log of a PostgreSQL server is the server's own.
    """
    folders = [folder]
    if server is not None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            (own,) = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        folders.append(server.folder.parent / "data" / "base" / str(own[0]))
    for each in folders:
        for path in sorted(each.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes().lower()


def found_in(folder: Path, url: str, server: Server | None = None) -> dict[str, set[str]]:
    """Return which words are in which files, in any of the spellings that a program gives them."""
    words = [*WORDS, FILLED_IN, NAME]
    found: dict[str, set[str]] = {}
    for path, content in files_of(folder, url, server):
        for word in words:
            spellings = [word.lower().encode(), word.encode(), json.dumps(word)[1:-1].encode()]
            if any(spelling.lower() in content for spelling in spellings):
                found.setdefault(word, set()).add(os.fspath(path.relative_to("/")))
    return found
