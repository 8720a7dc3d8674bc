from __future__ import annotations

from contextlib import closing
from pathlib import Path

from palyra_events.delivery import AttemptFailed, AttemptSucceeded, DeliveryDeadLettered
from palyra_events.store import EventLog
from tests.rewriting import drop_bytes, rewrite
from tests.shell import Reader, Shell

GUARD = Path("src/palyra_runtime/sdk/samples/guard/modules/guard.wasm")


def log_of(shell: Shell) -> EventLog:
    return EventLog.open(f"sqlite:///{shell.home / 'palyra.db'}")


def test_what_ran_is_replayed(shell: Shell):
    """In processes of their own, several at a time; programs get the figures."""
    done = shell("replay", "run", "--jobs", "2")
    report = shell("replay", "run", "--hook", "spin", "-o", "json").json

    assert done.code == 0, done.err
    assert done.out.splitlines()[0] == "The replay is what was recorded, to the byte and the unit of fuel."
    assert "run again   2 attempts" in done.out
    assert (report["is_faithful"], report["replayed"], report["deliveries"]) == (True, {"attempt": 1}, 1)


def test_what_differs_is_shown_with_its_lines(shell: Shell):
    """A position, a sentence for each difference, the exit code 6; nothing of it writes on the terminal."""
    with closing(log_of(shell)) as log:
        position = rewrite(log, AttemptSucceeded, lambda facts: facts["invocation"].update(fuel_units=1))
        rewrite(log, AttemptFailed, lambda facts: facts["invocation"].update(outcome="\x1b[2Jbad"))

    done = shell("replay", "run")
    error = shell("replay", "run", "-o", "json").error

    assert (done.code, "\x1b" in done.out) == (6, False)
    assert f"Position {position}, delivery" in done.out
    assert "  - units of fuel: 1 then, " in done.out
    assert "The replay is NOT what was recorded: 2 findings." in done.out
    assert error["code"] == "REPLAY_FINDINGS"


def test_what_cannot_be_compared_is_named(shell: Shell):
    """It is counted by why, and listed; the exit code is 0."""
    with closing(log_of(shell)) as log:
        rewrite(log, AttemptFailed, lambda facts: facts["invocation"].update(outcome="deadline"))
        for kind in (AttemptFailed, DeliveryDeadLettered):
            rewrite(log, kind, lambda facts: facts.update(outcome="deadline"))

    done = shell("replay", "run")

    assert done.code == 0
    assert "not compared  1: deadline (1)" in done.out
    assert ", attempt 1: deadline" in done.out


def test_a_delivery_is_explained(reader: Reader):
    """Why it is there, what came of it, and the same again; all of it in 80 columns."""
    (delivery, _) = reader("delivery", "list", "-o", "json").json
    told = Shell(reader.home, {"COLUMNS": "80"})("replay", "explain", delivery["delivery_id"])
    as_json = reader("replay", "explain", str(delivery["event_position"]), "-o", "json").json

    assert [line for line in told.out.splitlines() if line and not line.startswith(" ")] == [
        f"Delivery {delivery['delivery_id']}",
        "Why it is there",
        "What came of it",
        "Run again now",
    ]
    assert max(map(len, told.out.splitlines())) <= 80
    assert delivery["delivery_id"] in as_json["what"][0]


def test_a_module_is_tried_on_what_has_happened(reader: Reader):
    """A table of verdicts, and what would be otherwise; nothing is written."""
    tried = reader("replay", "try", "--module", str(GUARD), "--hook", "greet")
    as_json = reader("replay", "try", "--module", str(GUARD), "--plugin", "greeter", "-o", "json").json

    assert tried.code == 0, tried.err
    assert tried.out.splitlines()[3].split()[:2] == ["fails", "1"]
    assert "  - result: ok then, guest_failed now." in tried.out
    assert as_json["verdicts"] == {"same": 0, "differs": 0, "fails": 1, "untried": 0}


def test_what_cannot_be_tried_is_told(reader: Reader):
    """Without a candidate, or on what several plugins did, it has to be said what is meant."""
    assert reader("replay", "try", "-o", "json").error["code"] == "CANDIDATE_NOT_CHOSEN"
    done = reader("replay", "try", "--module", str(GUARD), "-o", "json")
    assert (done.code, done.error["code"]) == (2, "AMBIGUOUS_TRIAL")


def test_what_was_erased_is_not_tried(shell: Shell):
    """It is counted, and why."""
    with closing(log_of(shell)) as log:
        inputs: list[str] = []
        rewrite(log, AttemptSucceeded, lambda facts: inputs.append(facts["invocation"]["input"]["sha256"]))
        drop_bytes(log, inputs[0])

    done = shell("replay", "try", "--module", str(GUARD), "--plugin", "greeter")

    assert "input erased" in done.out
