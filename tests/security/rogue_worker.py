"""A worker process in the hands of its guest: it says hello as it should, and then whatever it likes.

What it does is the entrypoint that it is asked to call.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
import time

from palyra_runtime.sandbox import nursery
from palyra_runtime.sandbox.engine import fingerprints
from palyra_runtime.sandbox.frames import PROTOCOL, Connection, Kind, pack_result, unpack_task
from palyra_runtime.sandbox.task import RunResult

_ANY = dict.fromkeys(Kind, 2**40)
GOOD = RunResult("ok", exit_code=0, fuel_units=1)
HEADER = struct.Struct("!BQ")


def main(descriptor: int) -> None:
    """Be a nursery whose workers are these."""
    nursery.worker = sys.modules[__name__]
    nursery.main(descriptor)


def serve(descriptor: int, layers: list[str]) -> None:
    end = socket.socket(fileno=descriptor)
    connection = Connection(end)
    hello = {"protocol": PROTOCOL, "engines": fingerprints(), "layers": layers}
    connection.send(Kind.HELLO, json.dumps(hello).encode())
    while True:
        kind, frame = connection.receive(_ANY)
        if kind is Kind.LOAD:
            connection.send(Kind.LOADED)
            continue
        _, task = unpack_task(frame)
        end.setblocking(True)
        DEEDS[task.entrypoint](connection, end)


def die(_connection, _end):
    os._exit(0)


def hang(_connection, _end):
    time.sleep(3_600)


def drip(_connection, end):
    for byte in HEADER.pack(Kind.DONE, 1_000) + bytes(900):
        end.sendall(bytes([byte]))
        time.sleep(0.01)
    time.sleep(3_600)


def flood(_connection, end):
    end.sendall(HEADER.pack(Kind.DONE, 2**40))
    while True:
        end.sendall(bytes(2**20))


def unknown_kind(_connection, end):
    end.sendall(HEADER.pack(99, 0))


def wrong_kind(connection, _end):
    connection.send(Kind.HELLO, b"{}")


def half_a_header(_connection, end):
    end.sendall(b"\x08")
    os._exit(0)


def call_for_ever(connection, _end):
    while True:
        connection.send(Kind.CALL, b'{"op":"clock.now"}')
        connection.receive(_ANY)


def calls_without_listening(connection, _end):
    while True:
        connection.send(Kind.CALL, b'{"op":"clock.now"}')


def large_call(connection, _end):
    connection.send(Kind.CALL, bytes(2**23))


def noise(connection, _end):
    connection.send(Kind.DONE, bytes(range(256)))


def _lie(**changes: object):
    def lie(connection, _end):
        connection.send(Kind.DONE, pack_result(GOOD._replace(**changes)))

    return lie


DEEDS = {
    "die": die,
    "hang": hang,
    "drip": drip,
    "flood": flood,
    "unknown_kind": unknown_kind,
    "wrong_kind": wrong_kind,
    "half_a_header": half_a_header,
    "call_for_ever": call_for_ever,
    "calls_without_listening": calls_without_listening,
    "large_call": large_call,
    "noise": noise,
    "much_fuel": _lie(fuel_units=2**63),
    "little_fuel": _lie(fuel_instantiate_units=2),
    "much_memory": _lie(memory_bytes_peak=2**40),
    "odd_outcome": _lie(outcome="ok\n\x1b[31m"),
    "no_outcome": _lie(outcome=""),
    "odd_level": _lie(logs=((7, b"x"),)),
    "many_logs": _lie(logs=((1, b""),) * 1_000),
    "long_output": _lie(output=bytes(2_000)),
    "returned_but_trapped": _lie(outcome="trapped:unreachable"),
    "ok_without_code": _lie(exit_code=None),
    "ok_with_wrong_code": _lie(exit_code=77),
}
