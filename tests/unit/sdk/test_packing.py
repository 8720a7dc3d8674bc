from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from palyra_runtime.sdk import UnknownSample, demo_key, pack_sample, sample_folder, sample_names
from palyra_runtime.skills import PROVENANCE_PATH, SBOM_PATH, SigningKey, open_artifact

each_sample = pytest.mark.parametrize("name", sample_names())


def sorted_paths(folder):
    """Return the paths of a sample's sources."""
    return sorted(str(path.relative_to(folder)) for path in (folder / "src").rglob("*") if path.is_file())


def document(artifact, path):
    with zipfile.ZipFile(BytesIO(artifact)) as archive:
        return json.loads(archive.read(path))


def test_the_samples_have_names():
    """The demo and the documentation rely on these."""
    assert sample_names() == (
        "approval-desk", "greeter", "guard", "hostile", "notifier", "runaway", "witness",
    )  # fmt: skip


@each_sample
def test_a_packed_sample_opens(name):
    """Its manifest, integrity list and signature are in order."""
    artifact = open_artifact(pack_sample(name, demo_key()))

    assert artifact.manifest.skill_id == f"acme.{name}"
    assert artifact.signature.public_key == demo_key().public_key


@each_sample
def test_packing_twice_gives_the_same_bytes(name):
    """An artifact does not tell when or where it was packed."""
    assert pack_sample(name, demo_key()) == pack_sample(name, demo_key())


def test_whose_key_it_is_makes_the_difference():
    """The samples can be signed with any key."""
    key = SigningKey.from_seed(b"\x01" * 32)

    assert open_artifact(pack_sample("greeter", key)).signature.public_key == key.public_key


def test_the_demo_key_never_changes():
    """Whoever has accepted it once can install the samples of a later version too."""
    assert hashlib.sha256(demo_key().public_key).hexdigest()[:16] == "18ef15db1c014546"


@each_sample
def test_an_artifact_says_what_is_in_it_and_where_it_came_from(name):
    """Each module stands in the bill of materials and in the provenance, by its digest."""
    data = pack_sample(name, demo_key())
    modules = {
        path: hashlib.sha256(content).hexdigest() for path, content in open_artifact(data).modules.items()
    }

    parts = document(data, SBOM_PATH)["components"]
    statement = document(data, PROVENANCE_PATH)

    files = [part for part in parts if part["type"] == "file"]
    assert {part["name"]: part["hashes"][0]["content"] for part in files} == modules
    assert {each["name"]: each["digest"]["sha256"] for each in statement["subject"]} == modules
    sources = statement["predicate"]["buildDefinition"]["resolvedDependencies"]
    with sample_folder(name) as folder:
        written = {path: (folder / path).read_bytes() for path in sorted_paths(folder)}
    digests = {each["name"]: each["digest"]["sha256"] for each in sources}
    assert {
        path: hashlib.sha256(content).hexdigest() for path, content in written.items()
    }.items() <= digests.items()
    assert all(path.startswith("kit/") for path in digests.keys() - written.keys())


@pytest.mark.parametrize("name", ["nothing", "", "..", "../samples/greeter"])
def test_there_is_no_sample_of_another_name(name):
    """A name is a name and not a path."""
    with pytest.raises(UnknownSample, match="There is no sample skill"):
        pack_sample(name, demo_key())


def test_the_samples_are_written_by_a_command(tmp_path):
    """``python -m palyra_runtime.sdk FOLDER`` makes the folder and prints what it wrote."""
    folder = tmp_path / "new"

    done = subprocess.run(
        [sys.executable, "-m", "palyra_runtime.sdk", folder],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.splitlines() == [f"{folder}/{name}.palyra-skill" for name in sample_names()]
    assert (folder / "greeter.palyra-skill").read_bytes() == pack_sample("greeter", demo_key())


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    """The command says what is wrong, without a traceback."""
    (tmp_path / "file").touch()

    done = subprocess.run(
        [sys.executable, "-m", "palyra_runtime.sdk", tmp_path / "file"],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 7
    assert done.stderr.startswith(f"error: {tmp_path / 'file'} cannot be written: ")
