from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from palyra_events.store import EventLog
from palyra_runtime.ledger import UnknownCheckpoint, prove
from tests.tampering import keeper_of, mixed_events

PROGRAM = Path(str(files("palyra_runtime.sdk").joinpath("auditor", "verify_proof.py")))

EVENTS = 37


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory):
    """Proof bundles of all events of a log, by position."""
    folder = tmp_path_factory.mktemp("log")
    with EventLog.open(f"sqlite:///{folder / 'log.db'}") as log:
        log.append(mixed_events(EVENTS))
        signed = keeper_of(log, folder).checkpoint()
        return {place: prove(log, place, signed).model_dump(mode="json") for place in range(1, EVENTS + 1)}


@pytest.fixture(scope="module")
def program():
    """The program as it is without being run."""
    names = {"__name__": "verify_proof"}
    exec(compile(PROGRAM.read_text(), str(PROGRAM), "exec"), names)
    return names


def run(tmp_path: Path, content: str, *key: str):
    """Run the program as an auditor would: no site packages, no environment, nothing beside it."""
    path = tmp_path / "bundle.json"
    path.write_text(content)
    command = [sys.executable, "-I", "-S", str(PROGRAM), str(path), *key]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)


def test_a_bundle_holds(tmp_path: Path, bundles):
    """An auditor with nothing but Python sees that the event is among those that were signed."""
    bundle = bundles[7]
    done = run(tmp_path, json.dumps(bundle), bundle["verifier_key"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"TRUE: event 7 of {EVENTS} in palyra/")


def test_without_a_key_the_auditor_is_told_to_compare(tmp_path: Path, bundles):
    """A bundle that brings its own key proves nothing until somebody has compared it."""
    done = run(tmp_path, json.dumps(bundles[1]))
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == [
        "The key is the bundle's own. Compare it with the one that the operator gave you:",
        bundles[1]["verifier_key"],
    ]


@pytest.mark.parametrize("content", ["", "{}", "[]", "7", "\0", '{"format": "palyra-proof/v1"}'])
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: str):
    """Whatever the file holds, the program says in one line that it is no proof."""
    done = run(tmp_path, content)
    assert (done.returncode, done.stdout.splitlines()[0][:9], done.stderr) == (2, "NO PROOF:", "")


def test_every_position_can_be_proved(program, bundles):
    """Proofs have every shape that a tree of this size has."""
    for bundle in bundles.values():
        key = program["parse_key"](bundle["verifier_key"])
        head = program["check"](bundle, key)
        assert (head.size, head.origin) == (EVENTS, key.name)


def mutants(bundle):
    """Yield a bundle with one thing changed, and what was changed."""
    event = bundle["event"]
    for name, value in {
        "position": event["position"] + 1,
        "version": event["version"] + 1,
        "stream_id": "ee" * 16,
        "topic": event["topic"] + " ",
        "state": "e30=",
    }.items():
        yield name, {**bundle, "event": {**event, name: value}}
    proof = bundle["inclusion_proof"]
    yield "shorter proof", {**bundle, "inclusion_proof": proof[1:]}
    yield "longer proof", {**bundle, "inclusion_proof": [*proof, proof[0]]}
    yield "other order", {**bundle, "inclusion_proof": proof[::-1]}
    note = bundle["checkpoint"]
    for index in range(0, len(note), 5):
        other = "A" if note[index] != "A" else "B"
        yield f"checkpoint at {index}", {**bundle, "checkpoint": note[:index] + other + note[index + 1 :]}


def test_mutants_prove_nothing(program, bundles):
    """No part of a bundle can be another one; what is not covered by the key's signature is the other's."""
    bundle = bundles[7]
    key = program["parse_key"](bundle["verifier_key"])
    refused = (program["FalseProof"], program["NoBundle"], ValueError)
    held = []
    for name, mutant in mutants(bundle):
        try:
            program["check"](mutant, key)
        except refused:
            continue
        held.append(name)
    first_line = bundle["checkpoint"].index("\n\n") + 2
    ends = bundle["checkpoint"].index("\n", first_line)
    assert all(name.startswith("checkpoint at") for name in held)
    assert all(first_line <= int(name.rpartition(" ")[2]) < ends for name in held)


def test_another_key_proves_nothing(tmp_path: Path, bundles):
    """A bundle under another log's key is refused."""
    with EventLog.open(f"sqlite:///{tmp_path / 'other.db'}") as log:
        key = str(keeper_of(log, tmp_path).checkpoint().key)
    done = run(tmp_path, json.dumps(bundles[1]), key)
    assert (done.returncode, done.stdout) == (6, "FALSE: the checkpoint is not signed with this key\n")


def test_what_is_not_signed_yet_cannot_be_proved(tmp_path: Path):
    """There is no proof of an event that came after the checkpoint."""
    with EventLog.open(f"sqlite:///{tmp_path / 'log.db'}") as log:
        log.append(mixed_events(3))
        signed = keeper_of(log, tmp_path).checkpoint()
        log.append(mixed_events(5)[3:])
        with pytest.raises(UnknownCheckpoint):
            prove(log, 4, signed)
