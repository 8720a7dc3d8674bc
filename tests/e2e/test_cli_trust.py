from __future__ import annotations

import base64
import hashlib
import json

import pytest

from palyra_runtime.sdk import demo_key, pack_sample
from palyra_runtime.sdk.packing import DEMO_KEY_TEXT
from palyra_runtime.skills import SigningKey
from tests.loopback_server import LoopbackServer, answering, ok
from tests.sample_skills import artifact_bytes

KEY = demo_key().public_key.hex()
NEW_SEED = bytes(range(200, 232))
NEW_KEY = SigningKey.from_seed(NEW_SEED).public_key.hex()


def test_a_publisher_is_trusted_by_its_key(fresh, samples):
    """The operator names key and skills; then its skills come in, and others do not."""
    fresh("init")

    added = fresh(
        "trust", "add", "acme", KEY, "--skills", "acme.greeter,acme.notifier", "--reason", "met them"
    )

    assert (added.code, added.err) == (0, "")
    assert "trusted" in added.out
    assert "acme.greeter, acme.notifier" in added.out
    assert fresh("skill", "install", str(samples / "greeter.palyra-skill")).code == 0
    refused = fresh("skill", "install", str(samples / "runaway.palyra-skill"), "-o", "json")
    assert (refused.code, refused.error["code"]) == (4, "SKILL_OF_ANOTHER_PUBLISHER")


def test_a_revocation_says_what_it_does_before_and_after(shell):
    """A dry run changes nothing; the real one quarantines in the same step."""
    planned = shell("trust", "revoke", "acme", "--dry-run")
    assert shell("trust", "list", "-o", "ndjson").lines[0]["standing"] == "pinned"

    done = shell("trust", "revoke", "acme", "--reason", "the key leaked")

    assert "acme.greeter 1.0.0 would be quarantined." in planned.out
    assert "acme.greeter 1.0.0 is quarantined." in done.out
    assert {row["state"] for row in shell("skill", "list", "-o", "json").json} == {"quarantined"}
    again = shell("skill", "enable", "acme.greeter", "-o", "json")
    assert (again.code, again.error["code"]) == (4, "KEY_REVOKED")
    assert "revoked" in shell("audit", "log").out


def test_a_key_is_rotated_by_its_own_word(shell, tmp_path):
    """The publisher endorses, the operator rotates; without either's word nothing happens."""
    old = tmp_path / "old.key"
    old.write_bytes(base64.b64encode(hashlib.sha256(DEMO_KEY_TEXT).digest()))
    word = tmp_path / "word.txt"

    silent = shell("trust", "rotate", "acme", NEW_KEY, "-o", "json")
    word.write_text(shell("trust", "endorse", "acme", NEW_KEY, "--key", str(old)).out)
    rotated = shell("trust", "rotate", "acme", NEW_KEY, "--endorsement", str(word))

    assert (silent.code, silent.error["code"]) == (4, "REASON_REQUIRED")
    assert rotated.code == 0
    rows = shell("trust", "list", "acme", "-o", "json").json
    assert {row["public_key"]: row["standing"] for row in rows} == {KEY: "retired", NEW_KEY: "pinned"}


def test_trust_as_it_was(shell):
    """A position of the log has its own list."""
    head = shell("event", "list", "-o", "json").json[-1]["position"]
    shell("trust", "revoke", "acme")

    before = shell("trust", "list", "--at", str(head), "-o", "json").json

    assert [row["standing"] for row in before] == ["pinned"]


def test_a_trust_store_is_taken_along(shell, fresh, tmp_path):
    """What one installation exports, another one imports."""
    exported = shell("trust", "export")
    path = tmp_path / "store.json"
    path.write_text(exported.out)
    fresh("init")

    imported = fresh("trust", "import", str(path), "-o", "json")

    assert exported.json == {"trusted_publishers": {}, "tofu_publishers": {"acme": KEY}}
    assert [(row["publisher"], row["standing"]) for row in imported.json] == [("acme", "pinned")]


@pytest.mark.parametrize("output", ["json", "ndjson"])
def test_what_programs_read_is_json(reader, samples, output):
    """Each of these commands has a document for programs."""
    greeter = str(samples / "greeter.palyra-skill")
    for command in (["skill", "inspect", greeter], ["skill", "verify", "acme.greeter"], ["trust", "list"]):
        done = reader(*command, "-o", output)
        assert done.code == 0
        assert json.loads(done.out.splitlines()[0] if output == "ndjson" else done.out)


def test_sbom_and_provenance_can_be_piped(reader, samples):
    """Standard output is the document and nothing else, from a file or from a release."""
    for what in (str(samples / "greeter.palyra-skill"), "acme.greeter"):
        assert reader("skill", "sbom", what).json["bomFormat"] == "CycloneDX"
        assert reader("skill", "provenance", what).json["subject"]


def test_an_audit_tells_every_check_and_ends_with_findings(reader, samples):
    """Exit code 6 where a check fails, 0 where none does."""
    passed = reader("skill", "audit", "acme.greeter")
    failed = reader("skill", "audit", str(samples / "hostile.palyra-skill"))

    assert (passed.code, failed.code) == (0, 6)
    for check in (
        "signature_validity",
        "host_contract",
        "declared_imports",
        "runtime_limits",
        "tool_schemas",
    ):
        assert check in passed.out
    assert "fd_write" in failed.err


def test_secrets_that_are_missing_are_told_at_install(fresh, tmp_path):
    """A person is told beside the result, a program in it."""
    fresh("init")
    asked = {"secrets": [{"scope": "global", "key_names": ["weather.token"]}]}
    path = tmp_path / "one.palyra-skill"
    path.write_bytes(artifact_bytes(modules={"a.wasm": pack_module()}, capabilities=asked))

    told = fresh("skill", "install", str(path), "--trust-on-first-use")
    path.write_bytes(artifact_bytes(modules={"a.wasm": pack_module()}, capabilities=asked, version="2.0.0"))
    read = fresh("skill", "install", str(path), "-o", "json")

    assert "global/weather.token" in told.err
    assert read.json["missing_secrets"] == ["global/weather.token"]


def pack_module() -> bytes:
    """Return a module that runs."""
    from palyra_runtime.sandbox import wasm_from_text

    return wasm_from_text('(module (func (export "run") (result i32) i32.const 0))')


def test_a_release_comes_from_a_url_that_the_operator_allows(fresh):
    """The origin is in the configuration, and the digest is held against what comes."""
    fresh("init")
    data = pack_sample("greeter", demo_key())
    with LoopbackServer(answering(ok(data))) as server:
        url = f"{server.origin}/greeter.palyra-skill"
        refused = fresh("skill", "install", url, "--trust-on-first-use", "-o", "json")
        (fresh.home / "palyra.toml").write_text(f'[policy]\nhttp_origins = ["{server.origin}"]\n')
        wrong = fresh("skill", "install", url, "--trust-on-first-use", "--sha256", "0" * 64, "-o", "json")
        sha256 = hashlib.sha256(data).hexdigest()
        done = fresh("skill", "install", url, "--trust-on-first-use", "--sha256", sha256)

    assert (refused.code, refused.error["code"]) == (4, "DOWNLOAD_REFUSED")
    assert (wrong.code, wrong.error["code"]) == (4, "DIGEST_MISMATCH")
    assert (done.code, done.out) == (0, "acme.greeter 1.0.0 is installed.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["trust", "add", "acme", "nonsense"], 2, "INVALID_PUBLIC_KEY"),
        (["trust", "list", "nobody"], 3, "UNKNOWN_PUBLISHER"),
        (["trust", "revoke", "nobody"], 3, "UNKNOWN_PUBLISHER"),
        (["trust", "import", "no/such/file"], 2, "UNREADABLE_FILE"),
        (["trust", "endorse", "acme", KEY, "--key", "no/such/file"], 2, "UNREADABLE_FILE"),
        (["skill", "verify", "no.such"], 3, "UNKNOWN_SKILL"),
        (["skill", "inspect", "https://127.0.0.1/x"], 4, "DOWNLOAD_REFUSED"),
        (["skill", "inspect", "http://x.example.com/"], 4, "DOWNLOAD_REFUSED"),
        (["skill", "inspect", "https://X/"], 2, "INVALID_URL"),
    ],
)
def test_errors_have_their_codes(reader, arguments, code, error):
    """A script can tell them apart."""
    done = reader(*arguments, "-o", "json")

    assert (done.code, done.error["code"]) == (code, error)
