from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from palyra_runtime.authoring import (
    Language,
    build_project,
    create_project,
    epoch,
    pack_project,
)
from palyra_runtime.authoring.errors import NotBuilt
from palyra_runtime.authoring.packing import InvalidEpoch
from palyra_runtime.skills import open_artifact
from palyra_runtime.skills.errors import ManifestValidation
from tests.sample_skills import KEY, OTHER_KEY
from tests.unit.authoring.conftest import NAME, edited


def standard() -> Draft7Validator:
    """Return the standard's own schema; it comes with the library."""
    folder = files("cyclonedx.schema") / "_res"
    names = ("bom-1.6.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")
    documents = {name: json.loads((folder / name).read_text(encoding="utf-8")) for name in names}
    # They name each other by their files, relative to where the first one says that it is.
    place = documents[names[0]]["$id"].rpartition("/")[0]
    resources = [(f"{place}/{name}", Resource.from_contents(each)) for name, each in documents.items()]
    return Draft7Validator(documents[names[0]], registry=Registry().with_resources(resources))


def sbom(packed):
    return open_artifact(packed.artifact).sbom


def test_a_packed_project_opens(built):
    """Its manifest, integrity list, signature and both documents are in order."""
    packed = pack_project(built, KEY)

    artifact = open_artifact(packed.artifact)
    assert (artifact.manifest.skill_id, artifact.manifest.version) == ("acme.echo", "0.1.0")
    assert artifact.signature.key_id == packed.key_id
    assert list(artifact.modules) == ["modules/echo.wasm"]
    assert packed.modules == ("echo.wasm",)


def test_the_same_project_gives_the_same_bytes(tmp_path):
    """Made and built at another place, at another time."""
    projects = [create_project(Language.C, NAME, tmp_path / name) for name in "ab"]
    for project in projects:
        build_project(project)

    first, second = (pack_project(project, KEY).artifact for project in projects)

    assert first == second


def test_the_time_of_signing_is_told_if_somebody_wishes(built):
    """And otherwise it is the time that an archive says, which stands for none."""
    untold = open_artifact(pack_project(built, KEY).artifact).signature
    told = open_artifact(pack_project(built, KEY, signed_at=epoch("1767225600")).artifact).signature

    assert untold.signed_at_unix_ms == 315_532_800_000
    assert told.signed_at_unix_ms == 1_767_225_600_000
    assert untold.signature_base64 == told.signature_base64


@pytest.mark.parametrize(
    ("text", "moment"), [(None, None), ("", None), ("0", datetime(1970, 1, 1, tzinfo=UTC))]
)
def test_no_wish_is_no_time(text, moment):
    """An empty variable is one that is not set."""
    assert epoch(text) == moment


@pytest.mark.parametrize("text", ["now", "-1", "1.5", "9" * 19, "٣", " 1"])
def test_a_wish_that_is_no_time_is_told(text):
    """It is a number of seconds."""
    with pytest.raises(InvalidEpoch):
        epoch(text)


def test_another_key_signs_the_same_payload(built):
    """The key makes the signature and nothing else."""
    mine, theirs = (open_artifact(pack_project(built, key).artifact) for key in (KEY, OTHER_KEY))

    assert mine.payload_sha256 == theirs.payload_sha256
    assert mine.signature.key_id != theirs.signature.key_id


def test_what_was_not_built_is_not_packed(project):
    """Packing never builds."""
    with pytest.raises(NotBuilt):
        pack_project(project, KEY)


def test_a_manifest_that_points_elsewhere_is_refused(built):
    """As anywhere else."""
    with pytest.raises(ManifestValidation):
        pack_project(edited(built, "skill.toml", 'version = "0.1.0"', 'version = "0.1"'), KEY)


def test_assets_are_packed_as_they_are(built):
    """And listed in the bill of materials."""
    (built.folder / "assets" / "pages").mkdir(parents=True)
    (built.folder / "assets" / "pages" / "a.json").write_text("{}")

    packed = pack_project(built, KEY)

    assert open_artifact(packed.artifact).entries["assets/pages/a.json"] == b"{}"
    assert "assets/pages/a.json" in {each["name"] for each in sbom(packed)["components"]}


@pytest.mark.parametrize("language", [Language.C, Language.PYTHON, Language.WAT])
def test_the_bill_of_materials_follows_its_standard(tmp_path, language):
    """By the standard's own schema; what is in a module beside the author's work is listed."""
    project = create_project(language, NAME, tmp_path / "echo")
    build_project(project)

    bill = sbom(pack_project(project, KEY))

    assert list(standard().iter_errors(bill)) == []
    libraries = {each["name"] for each in bill["components"] if each["type"] == "library"}
    expected = {
        Language.C: {"palyra-kit-c"},
        Language.PYTHON: {"palyra-kit-python", "micropython"},
        Language.WAT: set(),
    }
    assert libraries == expected[language]
    assert "timestamp" not in bill["metadata"]


def test_the_provenance_names_what_was_built_of_what(built):
    """An in-toto statement about the module, with the digest of each source."""
    artifact = open_artifact(pack_project(built, KEY).artifact)

    statement = artifact.provenance
    (subject,) = statement["subject"]
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert subject["name"] == "modules/echo.wasm"
    definition = statement["predicate"]["buildDefinition"]
    assert [each["name"] for each in definition["resolvedDependencies"]] == ["src/plugin.wat"]
    assert definition["internalParameters"]["modules"][0]["tool"]["name"] == "wat2wasm"
    assert statement["builder"] == statement["predicate"]["runDetails"]["builder"]
