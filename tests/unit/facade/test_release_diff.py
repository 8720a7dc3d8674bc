from __future__ import annotations

import pytest

from palyra_events.errors import UnknownBlob, UnknownRelease
from palyra_runtime.facade.release_diff import FieldDiff
from tests.sample_skills import manifest_table
from tests.stage import SKILL, Stage, answering, asking

TOOL = manifest_table()["entrypoints"]["tools"][0]


def test_a_release_does_not_differ_from_itself(stage: Stage):
    """Its modules are named all the same, because people look for them."""
    stage.install(answering())

    found = stage.palyra.skills.diff(SKILL, "1.0.0", "1.0.0")

    assert (found.manifest, found.declares_more, found.declares_less, found.files) == ((), (), (), ())
    assert [(each.file.path, each.file.kind) for each in found.modules] == [("modules/plugin.wasm", "same")]


def test_without_versions_the_enabled_one_is_compared_with_the_newest(stage: Stage):
    """That is what somebody wants to know who thinks of an update; 1.10.0 is newer than 1.9.0."""
    for version in ("1.10.0", "1.9.0", "1.0.0"):
        stage.install(answering(), version=version)
    stage.palyra.skills.enable(SKILL, "1.9.0")

    found = stage.palyra.skills.diff(SKILL)

    assert (found.version_before, found.version_after) == ("1.9.0", "1.10.0")


def test_what_is_declared_more_and_less_is_named(stage: Stage):
    """Each value with its class."""
    stage.install(answering(), capabilities={"node_capabilities": ["ops"]})
    stage.install(answering(), version="2.0.0", capabilities={"http_egress_allowlist": ["a.example.com"]})

    found = stage.palyra.skills.diff(SKILL, "1.0.0", "2.0.0")

    assert (found.declares_more, found.declares_less) == (("http_hosts: a.example.com",), ("channels: ops",))


def test_manifests_are_compared_value_by_value(stage: Stage):
    """Tools are compared by id, so that one more does not make all of them different."""
    other = {**TOOL, "id": "acme.shout", "name": "shout"}
    stage.install(answering())
    stage.install(
        answering(),
        version="2.0.0",
        name="Echo two",
        entrypoints={"tools": [other, {**TOOL, "description": "Say it twice"}]},
        capabilities={"quotas": {"fuel_budget": 5}},
    )

    found = {field.path: field for field in stage.palyra.skills.diff(SKILL, "1.0.0", "2.0.0").manifest}

    assert found["name"] == FieldDiff("name", "Echo", "Echo two")
    path = "entrypoints.tools[acme.echo].description"
    assert found[path] == FieldDiff(path, "Say it again", "Say it twice")
    assert found["entrypoints.tools[acme.shout].name"].before is None
    assert found["quotas.fuel_budget"].after == 5
    assert "entrypoints.tools[acme.echo].name" not in found


def test_modules_are_compared_with_their_imports(stage: Stage):
    """A module that was added, removed or changed says what it asks of the host now."""
    stage.install({"a.wasm": b"\0asm\1\0\0\0", "b.wasm": answering()})
    stage.install({"b.wasm": asking(), "c.wasm": answering()}, version="2.0.0")

    found = stage.palyra.skills.diff(SKILL, "1.0.0", "2.0.0")

    told = {each.file.path: (each.file.kind, each.imports_more, each.imports_less) for each in found.modules}
    assert told == {
        "modules/a.wasm": ("removed", (), ()),
        "modules/b.wasm": ("changed", (), ()),
        "modules/c.wasm": ("added", ("palyra:plugins/host-io@0.2.0",), ()),
    }
    assert found.modules[2].file.size_before is None


def test_a_release_that_is_not_there_cannot_be_compared(stage: Stage):
    """A version that was mistyped, or whose bytes are gone, is a typed error."""
    stage.install(answering())
    stage.install(answering(), version="2.0.0")
    artifact = stage.palyra.skills.show(SKILL)[0].artifact_sha256
    stage.log.append([], drops=[bytes.fromhex(artifact)], tracking=("test", 1))

    with pytest.raises(UnknownRelease):
        stage.palyra.skills.diff(SKILL, "9.9.9")
    with pytest.raises(UnknownBlob):
        stage.open("fresh").skills.diff(SKILL, "1.0.0", "2.0.0")
