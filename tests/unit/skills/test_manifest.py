from __future__ import annotations

import pytest

from palyra_runtime.skills import manifest_warnings, parse_manifest
from tests.sample_skills import manifest_bytes

BUILDER = {
    "experimental": True,
    "source_kind": "procedure",
    "source_ref": "r",
    "rollout_flag": "F",
    "checklist": {
        "capability_declaration_path": "c.json",
        "provenance_path": "provenance.json",
        "test_harness_path": "t.json",
    },
}


@pytest.mark.parametrize(
    ("status", "needed"),
    [("", True), ("quarantined", True), (" Approved ", False), ("signed", False)],
)
def test_review_of_a_generated_skill(status, needed):
    """A generated skill needs a review until somebody has approved or signed it."""
    manifest = parse_manifest(manifest_bytes(builder={**BUILDER, "review_status": status}))
    assert manifest.builder.needs_review is needed


def test_spaces_around_names_do_not_count():
    """Ids, hosts and keys are trimmed when they are read."""
    manifest = parse_manifest(
        manifest_bytes(skill_id=" acme.echo ", capabilities={"http_egress_allowlist": [" a.example "]})
    )
    assert (manifest.skill_id, manifest.capabilities.http_egress_allowlist) == (
        "acme.echo",
        ("a.example",),
    )


def test_a_manifest_does_not_change():
    """What was verified stays as it was."""
    manifest = parse_manifest(manifest_bytes())
    with pytest.raises(ValueError, match="frozen"):
        manifest.version = "2.0.0"


def test_warnings_say_it_in_words():
    """Each remark has a code for programs and a sentence for people."""
    (warning,) = manifest_warnings(parse_manifest(manifest_bytes()))
    assert warning.code == "missing_operator_metadata"
    assert warning.message.endswith(".")
