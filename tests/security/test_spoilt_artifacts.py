from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from palyra_events.errors import AlreadyExists
from palyra_runtime.skills.errors import (
    ArtifactTooLarge,
    DuplicateArtifactEntry,
    InvalidArchive,
    InvalidArtifactPath,
    ManifestParse,
    MissingArtifactEntry,
    PayloadHashMismatch,
    SignatureVerificationFailed,
    UntrustedPublisher,
)
from tests.helpful import assert_helpful
from tests.sample_skills import OTHER_KEY, artifact_bytes
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering, unchanged


def repacked(data: bytes, **changes: bytes | None) -> bytes:
    """Return an archive with entries changed, added, or left out where the content is None."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in {**entries, **changes}.items():
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


GOOD = artifact_bytes(modules={"plugin.wasm": answering()})


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", InvalidArchive),
        (b"not an archive at all", InvalidArchive),
        (GOOD[: len(GOOD) // 2], InvalidArchive),
        (repacked(GOOD, **{"modules/plugin.wasm": answering(9)}), PayloadHashMismatch),
        (repacked(GOOD, **{"assets/more.txt": b"x"}), PayloadHashMismatch),
        (repacked(GOOD, **{"signature.json": None}), MissingArtifactEntry),
        (repacked(GOOD, **{"skill.toml": b"= nonsense"}), ManifestParse),
        (repacked(GOOD, **{"../escape": b"x"}), InvalidArtifactPath),
        (repacked(GOOD, **{"modules\\plugin.wasm": b"x"}), DuplicateArtifactEntry),
        (bytes(70 * 1024**2), ArtifactTooLarge),
    ],
    ids=["empty", "text", "cut", "module", "extra", "unsigned", "manifest", "traversal", "twice", "large"],
)
def test_a_spoilt_artifact_is_refused_and_nothing_is_kept(stage: Stage, data, error):
    """Whatever is wrong with the file, it is named, and neither event nor blob is written."""
    path = stage.folder / "spoilt.palyra-skill"
    path.write_bytes(data)

    with unchanged(stage.log), pytest.raises(error) as refused:
        stage.palyra.skills.install(path, trust_on_first_use=True)

    assert_helpful(refused.value)
    assert stage.blob_count() == 0


def test_a_signature_of_somebody_else_is_refused(stage: Stage):
    """A signature that was taken from another key's artifact does not verify."""
    other = artifact_bytes(modules={"plugin.wasm": answering()}, key=OTHER_KEY)
    with zipfile.ZipFile(io.BytesIO(other)) as archive:
        foreign = archive.read("signature.json")
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        own = archive.read("signature.json")
    key_of, signature_of = own.split(b'"signature_base64"')[0], foreign.split(b'"signature_base64"')[1]
    path = stage.folder / "spoilt.palyra-skill"
    path.write_bytes(repacked(GOOD, **{"signature.json": key_of + b'"signature_base64"' + signature_of}))

    with unchanged(stage.log), pytest.raises(SignatureVerificationFailed):
        stage.palyra.skills.install(path, trust_on_first_use=True)


def test_a_publisher_that_nobody_trusts_is_refused(stage: Stage):
    """Without a word of the operator, a first key is not accepted."""
    with unchanged(stage.log), pytest.raises(UntrustedPublisher) as refused:
        stage.palyra.skills.install(stage.pack(answering()))

    assert refused.value.exit_code == 4


def test_a_release_is_installed_once(stage: Stage):
    """The same version with other bytes is refused: a release never changes."""
    stage.install(answering())

    with unchanged(stage.log), pytest.raises(AlreadyExists) as refused:
        stage.install(answering(1))

    assert refused.value.exit_code == 5


def test_an_artifact_of_sixty_megabytes_is_kept_and_runs(stage: Stage):
    """The largest artifacts work: one transaction to install, and the module runs."""
    asset = hashlib.shake_256(b"bytes that do not compress").digest(15 * 1024**2)
    assets = {f"part{number}.bin": asset[number:] for number in range(4)}
    stage.install(answering(), assets=assets)
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)

    report = stage.palyra.gateway.run_once()

    assert report.succeeded == 1
    assert stage.events()[1].release.artifact.size > 60 * 1024**2
