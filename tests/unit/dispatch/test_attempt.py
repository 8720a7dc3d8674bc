from __future__ import annotations

import json
from datetime import UTC, datetime

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.right import Right
from palyra_events.skill import Release, ReleaseState
from palyra_runtime.dispatch.attempt import (
    Subject,
    Terms,
    Trigger,
    failure,
    input_document,
    record,
    succeeded,
)
from palyra_runtime.sandbox import Exchange, Execution, Limits, LogLine
from tests.sample_events import BINDING, FACTS, GRANTS, MODULE

TERMS = Terms(
    right=Right("echo", BINDING, Release("1.2.3", ReleaseState.ENABLED, FACTS), MODULE),
    grants=GRANTS,
    limits=Limits(fuel_budget=5),
    as_of=40,
)
TRIGGER = Trigger(
    position=41,
    kind="skill:enabled",
    timestamp=datetime(2026, 3, 1, 12, 30, 15, 123456, UTC),
    actor="operator:alice",
    correlation_id="c0ffee",
    payload={"skill_id": "acme.echo", "reason": "größer"},
)


def kept(execution: Execution) -> dict[str, bytes]:
    """Return the bytes that are kept of a run, by the field that names them."""
    invocation, blobs = record(TERMS, execution, b"{}")
    by_digest = {blob.digest: blob.content for blob in blobs}
    references = {name: getattr(invocation, name) for name in ("input", "output", "logs", "transcript")}
    return {name: by_digest[reference.digest] for name, reference in references.items() if reference}


def test_the_input_is_compact_json_in_the_order_of_the_contract():
    """These bytes are recorded and replayed: one spelling, UTF-8, no spaces."""
    assert (
        input_document(Subject("41:greet", 2, "greet", "echo"), TRIGGER, {"unit": "K"})
        == (
            '{"schema":1,"delivery_id":"41:greet","attempt":2,"hook_id":"greet","plugin_id":"echo",'
            '"event":{"kind":"skill:enabled","position":41,"timestamp":"2026-03-01T12:30:15.123456Z",'
            '"actor":"operator:alice","payload":{"skill_id":"acme.echo","reason":"größer"}},"config":{"unit":"K"}}'
        ).encode()
    )


def test_a_record_names_all_that_a_replay_needs():
    """Module, engine, limits, grants and the position of the right to run are in the record."""
    invocation, _ = record(TERMS, Execution("ok", exit_code=0, engine="the one that ran it"), b"{}")

    assert (invocation.module_path, invocation.module_sha256) == (MODULE.path, MODULE.sha256)
    assert (invocation.skill_version, invocation.entrypoint) == ("1.2.3", "run")
    assert (invocation.engine, invocation.as_of) == ("the one that ran it", 40)
    assert (invocation.grants, invocation.limits.fuel_units) == (GRANTS, 5)


def test_a_silent_guest_leaves_its_input_only():
    """What a guest did not say is absent, not an empty blob."""
    assert kept(Execution("ok", exit_code=0)) == {"input": b"{}"}


def test_what_a_guest_said_is_kept_as_it_was():
    """Output bytes are kept raw; log lines and host calls as JSON in their order."""
    execution = Execution(
        "ok",
        exit_code=0,
        output=b'{"result": 1 }',
        logs=(LogLine(0, "a"), LogLine(4, "b\n")),
        transcript=(Exchange(b'{"op":"clock.now"}', b'{"ok":1}'), Exchange(b"\xff", b"{}")),
    )

    bytes_of = kept(execution)

    assert bytes_of["output"] == b'{"result": 1 }'
    assert json.loads(bytes_of["logs"]) == [
        {"level": "trace", "text": "a"},
        {"level": "error", "text": "b\n"},
    ]
    assert json.loads(bytes_of["transcript"]) == [
        {"request": '{"op":"clock.now"}', "answer": '{"ok":1}'},
        {"request": {"hex": "ff"}, "answer": "{}"},
    ]


def test_only_ok_is_a_success():
    """Whatever else ended the guest is a failed attempt."""
    assert succeeded(Execution("ok", exit_code=49))
    assert not succeeded(Execution("guest_failed", exit_code=50))
    assert not succeeded(Execution("bad_output", exit_code=0))


def test_a_failure_is_permanent_where_the_guest_says_so():
    """``"retry": false`` in a valid output ends the delivery; anything else leaves the next attempt."""
    final = Execution("guest_failed", "no", exit_code=64, document={"retry": False})
    again = Execution("guest_failed", "no", exit_code=64, document={"retry": True})
    invocation, _ = record(TERMS, final, b"{}")

    assert failure(final, invocation).permanent
    assert not failure(again, invocation).permanent
    assert (failure(final, invocation).outcome, failure(final, invocation).message) == ("guest_failed", "no")


def test_grants_reach_the_sandbox_class_by_class():
    """The names of the log and those of the sandbox are the same grants."""
    granted = TERMS.grant_set

    assert (
        PluginCapabilityProfile(
            http_hosts=granted.http_hosts,
            secrets=granted.secret_keys,
            storage_prefixes=granted.storage_prefixes,
            channels=granted.channels,
        )
        == GRANTS
    )


def test_log_lines_that_were_left_out_are_counted():
    """A log that was cut off says so."""
    invocation, _ = record(TERMS, Execution("ok", logs=(LogLine(2, "a"),), log_lines_dropped=7), b"{}")
    assert invocation.log_lines_dropped == 7
