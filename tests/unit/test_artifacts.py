from __future__ import annotations

import hashlib

import pytest

from palyra_events.blob import BlobRef, keep
from palyra_events.errors import LogDamaged, UnknownBlob
from palyra_events.skill import ModuleFact
from palyra_runtime.artifacts import Artifacts
from tests.sample_skills import artifact_bytes
from tests.stage import Stage, answering

MODULE = answering()


def kept(stage: Stage, **parts: object) -> BlobRef:
    """Keep an artifact beside the log and return its name."""
    reference, blob = keep(artifact_bytes(modules={"plugin.wasm": MODULE}, **parts))
    stage.log.append([], blobs=[blob])
    return reference


def fact(content: bytes) -> ModuleFact:
    digest = hashlib.sha256(content).hexdigest()
    return ModuleFact(path="modules/plugin.wasm", sha256=digest, size=len(content))


def test_an_artifact_is_found_by_its_digest(stage: Stage):
    """The bytes that an event names are opened, and its module is that of the log."""
    artifacts, reference = Artifacts(stage.log), kept(stage)

    assert artifacts.open(reference).manifest.skill_id == "acme.echo"
    assert artifacts.module(reference, fact(MODULE)) == MODULE


def test_an_artifact_is_opened_once(stage: Stage):
    """What was opened a moment ago is not inflated and verified again."""
    artifacts, reference = Artifacts(stage.log), kept(stage)

    assert artifacts.open(reference) is artifacts.open(reference)


def test_a_module_that_is_not_the_recorded_one_is_damage(stage: Stage):
    """The digest in the log decides, not the file in the archive."""
    with pytest.raises(LogDamaged, match=r"modules/plugin\.wasm"):
        Artifacts(stage.log).module(kept(stage), fact(answering(1)))


def test_an_artifact_that_is_not_kept_is_said_to_be_unknown(stage: Stage):
    """Erased bytes are not damage."""
    with pytest.raises(UnknownBlob):
        Artifacts(stage.log).open(BlobRef(sha256="00" * 32, size=1))


def test_the_memory_that_artifacts_take_is_bounded(stage: Stage, monkeypatch):
    """The one that was used last stays; older ones are opened again when they are needed."""
    monkeypatch.setattr("palyra_runtime.artifacts._KEPT_BYTES_MAX", 20_000)
    artifacts = Artifacts(stage.log)
    first, second = (kept(stage, assets={"big.txt": letter * 15_000}) for letter in (b"a", b"b"))
    opened = artifacts.open(first)

    last = artifacts.open(second)

    assert artifacts.open(second) is last
    assert artifacts.open(first) is not opened
