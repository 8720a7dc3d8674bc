from __future__ import annotations

import hashlib

import pytest

from palyra_events.errors import (
    InvalidIdentifier,
    LogDamaged,
    SkillOfAnotherPublisher,
    UnknownRelease,
    UnknownSkill,
)
from palyra_events.skill import ReleaseState, SkillAudited, SkillQuarantined
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.capabilities.egress import DigestMismatch, DownloadRefused
from palyra_runtime.capabilities.secrets import EnvironmentSecrets
from palyra_runtime.facade import ReleaseDiffers, UnreadableArtifact
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.skills.errors import PayloadHashMismatch, UntrustedPublisher
from tests.loopback_server import LoopbackServer, ok
from tests.loopback_server import answering as serving
from tests.sample_skills import KEY, OTHER_KEY, PROVENANCE, SBOM
from tests.stage import SKILL, Stage, StageEntropy, answering, guest, unchanged

ASKED = {
    "http_egress_allowlist": ["api.example.com"],
    "secrets": [{"scope": "global", "key_names": ["token", "other.token"]}],
    "filesystem": {"write_roots": ["notes"]},
    "node_capabilities": ["ops"],
}


def test_a_file_is_inspected_before_it_is_trusted(stage: Stage):
    """Who made it and what it asks for is told; nothing is written."""
    path = stage.pack(answering(), assets={"note.txt": b"hello"}, capabilities=ASKED)

    with unchanged(stage.log):
        found = stage.palyra.verification.inspect(path)

    assert (found.skill_id, found.version, found.publisher) == (SKILL, "1.0.0", "acme")
    assert found.public_key == KEY.public_key.hex()
    assert found.artifact_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.capabilities.http_hosts == ("api.example.com",)
    assert found.capabilities.secrets == ("other.token", "token")
    assert found.reference_grants.secret_keys == ("global/other.token", "global/token")
    assert {binding.action for binding in found.policy_bindings} >= {
        "tool.execute",
        "skill.capability.vault.read",
    }
    assert [module.path for module in found.modules] == ["modules/plugin.wasm"]
    assert [(asset.path, asset.size) for asset in found.assets] == [("assets/note.txt", 5)]
    assert [warning.code for warning in found.warnings] == ["missing_operator_metadata"]


def test_what_is_run_by_default_is_told_with_what_the_tools_take(stage: Stage):
    """Whoever binds or runs something sees the skill's own choice, and each tool's signed schema."""
    taken = {"type": "object", "required": ["text"]}
    tools = [{"id": SKILL, "name": "echo", "description": "-", "input_schema": taken, "output_schema": {}}]
    chosen = {"plugin": {"default_tool_id": SKILL, "default_entrypoint": "palyra_plugin_main"}}
    path = stage.pack(answering(), manifest_version=2, entrypoints={"tools": tools}, operator=chosen)

    found = stage.palyra.verification.inspect(path)

    assert [(tool.id, tool.input_schema) for tool in found.tools] == [(SKILL, taken)]
    assert (found.defaults.default_tool_id, found.defaults.default_module_path) == (SKILL, None)
    assert found.defaults.default_entrypoint == "palyra_plugin_main"


@pytest.mark.parametrize("version", [None, "1.0.0"])
def test_an_installed_release_is_inspected_by_its_name(each_stage: Stage, version):
    """The enabled release is meant before a newer one."""
    each_stage.install(answering())
    each_stage.palyra.skills.enable(SKILL)
    each_stage.install(answering(1), version="2.0.0")

    assert each_stage.palyra.verification.inspect(SKILL.upper(), version).version == "1.0.0"
    assert each_stage.palyra.verification.inspect(SKILL, "2.0.0").version == "2.0.0"


def test_secrets_that_nobody_has_set_are_named(stage: Stage):
    """With their scope, as the manifest has them; a name that no secret can have is missing too."""
    surroundings = Surroundings(
        stage.clock,
        StageEntropy("secrets"),
        secrets=EnvironmentSecrets({"PALYRA_SECRET_TOKEN": "a long one"}),
    )
    asked = {
        "secrets": [
            {"scope": "global", "key_names": ["token", "other.token"]},
            {"scope": "skill:acme.echo", "key_names": ["a:b"]},
        ]
    }
    path = stage.pack(answering(), capabilities=asked)

    with Palyra.open(stage.url, home=stage.folder, actor="operator:a", surroundings=surroundings) as palyra:
        found = palyra.verification.inspect(path)

    assert found.missing_secrets == ("global/other.token", "skill:acme.echo/a:b")


def test_what_an_artifact_brings_along_is_printed_as_it_is(stage: Stage):
    """SBOM and provenance are the author's documents, of a file or of a release."""
    path = stage.pack(answering())
    stage.install(answering())

    for what in (path, str(path), SKILL):
        assert stage.palyra.verification.sbom(what) == SBOM
        assert stage.palyra.verification.provenance(what) == PROVENANCE


def test_a_file_is_verified_against_trust_and_log(each_stage: Stage):
    """An artifact that is installed says how it stands; one that is not says so."""
    path = each_stage.pack(answering())
    with pytest.raises(UntrustedPublisher):
        each_stage.palyra.verification.verify(path)
    before = each_stage.palyra.verification.verify(path, trust_on_first_use=True)
    each_stage.install(answering())

    with unchanged(each_stage.log):
        after = each_stage.palyra.verification.verify(path)

    assert (before.trust_decision, before.state) == ("tofu_newly_pinned", None)
    assert (after.trust_decision, after.state) == ("tofu_pinned", ReleaseState.INSTALLED)
    assert each_stage.palyra.verification.verify(SKILL).artifact_sha256 == after.artifact_sha256


def test_two_artifacts_of_one_version_are_a_finding(stage: Stage):
    """Somebody, perhaps the publisher, has made a second 1.0.0."""
    stage.install(answering())
    path = stage.pack(answering(1))

    with pytest.raises(ReleaseDiffers) as found:
        stage.palyra.verification.verify(path)

    assert found.value.exit_code == 6
    assert found.value.details["artifact"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_bytes_that_were_changed_beside_the_log_are_found(stage: Stage):
    """What is verified is what the log names, and not what lies there."""
    stage.install(answering())
    other = stage.pack(answering(1), version="9.0.0").read_bytes()
    row = stage.palyra.skills.list()[0]
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER blob_update")
        connection.exec_driver_sql(
            "UPDATE blob SET bytes = ? WHERE digest = ?", (other, bytes.fromhex(row.artifact_sha256))
        )

    with pytest.raises(LogDamaged):
        stage.palyra.verification.verify(SKILL)


def test_an_audit_of_a_file_writes_nothing(stage: Stage):
    """It has both lists of checks, and the verdict."""
    path = stage.pack(guest("undeclared_import"))

    with unchanged(stage.log):
        report = stage.palyra.verification.audit(path, trust_on_first_use=True, quarantine_on_fail=True)

    assert [check.check_id for check in report.failures] == ["host_contract"]
    assert report.generated_at == stage.clock()


def test_an_audit_can_quarantine_what_is_enabled(each_stage: Stage):
    """The fresh audit is kept with the quarantine, which has its reasons."""
    each_stage.install(answering())
    each_stage.palyra.skills.enable(SKILL)
    head = each_stage.log.head()
    strict = each_stage.open("strict", policy=WasmPluginRunnerPolicy(max_memory_bytes=1))

    with unchanged(each_stage.log):
        assert not strict.verification.audit(SKILL).passed
    report = strict.verification.audit(SKILL, quarantine_on_fail=True, reason="smaller machine")

    audited, quarantined = each_stage.events(after=head)
    assert isinstance(audited, SkillAudited)
    assert isinstance(quarantined, SkillQuarantined)
    assert quarantined.reasons == report.quarantine_reasons
    assert each_stage.document(audited.report.sha256)["limits"]["max_memory_bytes"] == 1


def test_an_audit_can_quarantine_what_is_not_enabled(stage: Stage):
    """It cannot be enabled by mistake then; a second time there is nothing to do."""
    stage.install(answering())
    strict = stage.open("strict", policy=WasmPluginRunnerPolicy(max_memory_bytes=1))

    strict.verification.audit(SKILL, quarantine_on_fail=True)

    assert [row.state for row in stage.palyra.skills.list()] == [ReleaseState.QUARANTINED]
    with unchanged(stage.log):
        strict.verification.audit(SKILL, quarantine_on_fail=True)


def test_an_audit_that_passes_changes_nothing(stage: Stage):
    """To look is not to touch."""
    stage.install(answering())
    stage.palyra.skills.enable(SKILL)

    with unchanged(stage.log):
        assert stage.palyra.verification.audit(SKILL, quarantine_on_fail=True).passed


def test_a_release_is_installed_from_a_url(each_stage: Stage):
    """The digest that somebody told is held against what came."""
    data = each_stage.pack(answering()).read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    with LoopbackServer(serving(ok(data))) as server:
        palyra = each_stage.open("fetching", policy=WasmPluginRunnerPolicy(http_origins=(server.origin,)))
        url = f"{server.origin}/echo.palyra-skill"
        with unchanged(each_stage.log), pytest.raises(DigestMismatch):
            palyra.skills.install(url, trust_on_first_use=True, sha256="0" * 64)
        assert palyra.verification.inspect(url, sha256=sha256).skill_id == SKILL

        row = palyra.skills.install(url, trust_on_first_use=True, sha256=sha256)

    assert row.artifact_sha256 == sha256


def test_a_url_that_leads_inside_is_refused(stage: Stage):
    """Nothing is asked of a server that the operator's policy does not name."""
    with LoopbackServer(serving(ok(b"secret"))) as server, pytest.raises(DownloadRefused):
        stage.palyra.skills.install(f"{server.origin}/a", trust_on_first_use=True)

    assert server.requests == []


@pytest.mark.parametrize(
    ("what", "version", "error"),
    [
        ("no/such.palyra-skill", None, UnreadableArtifact),
        ("missing.palyra-skill", None, UnreadableArtifact),
        ("no.such", None, UnknownSkill),
        (SKILL, "9.9.9", UnknownRelease),
        ("a b", None, InvalidIdentifier),
    ],
)
@pytest.mark.parametrize("ask", ["inspect", "verify", "audit", "sbom", "provenance"])
def test_what_is_not_there(stage: Stage, ask, what, version, error):
    """A file, a skill or a version that does not exist is named."""
    stage.install(answering())

    with pytest.raises(error):
        getattr(stage.palyra.verification, ask)(what, version)


@pytest.mark.parametrize("ask", ["inspect", "verify", "audit", "sbom", "provenance"])
def test_what_was_changed_after_it_was_signed(stage: Stage, ask):
    """Nothing of it is told but that it was changed."""
    path = stage.pack(answering())
    spoilt = stage.folder / "spoilt.palyra-skill"
    spoilt.write_bytes(_with_another_module(path.read_bytes()))

    with pytest.raises(PayloadHashMismatch):
        getattr(stage.palyra.verification, ask)(spoilt)


def _with_another_module(data: bytes) -> bytes:
    from palyra_runtime.skills.archive import read_archive
    from palyra_runtime.skills.packaging import write_archive

    return write_archive({**read_archive(data), "modules/plugin.wasm": answering(9)})


def test_a_skill_of_another_publisher_does_not_verify(stage: Stage):
    """A valid signature is not enough: it must be by whom the skill belongs to."""
    stage.palyra.trust.add("orchid", OTHER_KEY.public_key.hex(), skills=["acme.*"])

    with pytest.raises(SkillOfAnotherPublisher):
        stage.palyra.verification.verify(stage.pack(answering()), trust_on_first_use=True)
