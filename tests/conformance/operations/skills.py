"""Operations on skills: manifests, artifacts, keys, trust, audits."""

from __future__ import annotations

import base64
import io
import json
import tomllib
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import tomli_w

from palyra_runtime import sandbox
from palyra_runtime.runner import schema_problem
from palyra_runtime.skills import (
    Artifact,
    AuditHost,
    AuditPolicy,
    CheckStatus,
    Manifest,
    RunLimits,
    SigningKey,
    TrustStore,
    audit_artifact,
    build_artifact,
    decide_trust,
    failed_checks,
    manifest_warnings,
    open_artifact,
    parse_manifest,
    parse_signing_key,
    parse_trust_store,
    policy_bindings,
    reference_grants,
    trust_store_document,
)
from palyra_runtime.skills.archive import read_archive
from palyra_runtime.skills.paths import normalize_path
from palyra_runtime.skills.payload import payload_sha256

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOST = AuditHost(sandbox, RunLimits(), schema_problem)
SIGNED_AT_UNIX_MS = 1_767_225_600_000
WORST_FIRST = (CheckStatus.FAIL, CheckStatus.WARN, CheckStatus.SKIPPED, CheckStatus.PASS)

ZipFiles = list[tuple[str, bytes]]

DECODERS: dict[str, Callable[[str], bytes]] = {
    "hex": bytes.fromhex,
    "utf8": str.encode,
    "base64": base64.b64decode,
}


def to_toml(document: dict[str, Any]) -> bytes:
    return tomli_w.dumps(without_null(document)).encode()


def without_null(value: Any) -> Any:
    """TOML has no null: an absent key says it."""
    if isinstance(value, dict):
        return {key: without_null(item) for key, item in value.items() if item is not None}
    return [without_null(item) for item in value] if isinstance(value, list) else value


def manifest_of(given: dict[str, Any]) -> Manifest:
    text = given.get("toml", given.get("text"))
    return parse_manifest(to_toml(given["manifest"]) if text is None else text.encode())


def parse(given: dict[str, Any]) -> dict[str, Any]:
    manifest = manifest_of(given)
    document = manifest.model_dump(mode="json", exclude_none=True)
    return {**document, **document["capabilities"], "warnings": codes(manifest)}


def codes(manifest: Manifest) -> list[str]:
    return [warning.code for warning in manifest_warnings(manifest)]


def content_of(spec: dict[str, Any]) -> bytes:
    if "bytes_hex" in spec:
        return bytes.fromhex(spec["bytes_hex"])
    if "zero_bytes" in spec:
        return bytes(spec["zero_bytes"])
    text: str = spec["wat_text"] if "wat_text" in spec else spec["text"]
    return text.encode()


def files_of(specs: list[dict[str, Any]] | dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Expand ``repeat``, which is a number in a list of files and an object where it stands alone."""
    if isinstance(specs, dict):
        repeated = specs["repeat"]
        specs = [{**repeated, "repeat": repeated["count"]}]
    for spec in specs:
        content = content_of(spec)
        for index in range(spec.get("repeat", 1)):
            yield spec["path"].replace("{i}", str(index)), content


def build(spec: dict[str, Any]) -> bytes:
    return build_artifact(
        to_toml(spec["manifest"]),
        modules=files_of(spec.get("modules", [])),
        assets=files_of(spec.get("assets", [])),
        sbom=spec["sbom"],
        provenance=spec["provenance"],
        key=SigningKey.from_seed(bytes.fromhex(spec["signing_seed_hex"])),
        signed_at_unix_ms=spec.get("signed_at_unix_ms", SIGNED_AT_UNIX_MS),
    )


def zipped(files: ZipFiles) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)  # duplicate names are what some cases are about
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def remove_entry(files: ZipFiles, path: str) -> ZipFiles:
    return [(name, content) for name, content in files if name != path]


def set_entry(files: ZipFiles, spec: dict[str, Any]) -> ZipFiles:
    return [*remove_entry(files, spec["path"]), (spec["path"], content_of(spec))]


def add_entry(files: ZipFiles, spec: dict[str, Any]) -> ZipFiles:
    return [*files, (spec["path"], content_of(spec))]


def rename_entry(files: ZipFiles, spec: dict[str, Any]) -> ZipFiles:
    return [(spec["to"] if name == spec["from"] else name, content) for name, content in files]


def edit_json(files: ZipFiles, spec: dict[str, Any]) -> ZipFiles:
    document = {**json.loads(dict(files)[spec["path"]]), **spec["set"]}
    return set_entry(files, {"path": spec["path"], "text": json.dumps(document)})


MUTATIONS: dict[str, Callable[[ZipFiles, Any], ZipFiles]] = {
    "add_entry": add_entry,
    "edit_json": edit_json,
    "remove_entry": remove_entry,
    "rename_entry": rename_entry,
    "replace_entry": set_entry,
    "set_entry": set_entry,
}


def mutated(data: bytes, mutations: list[dict[str, Any]]) -> bytes:
    if not mutations:
        return data
    files = list(read_archive(data).items())
    for mutation in mutations:
        for name, argument in mutation.items():
            files = MUTATIONS[name](files, argument)
    return zipped(files)


def trust_store_of(given: dict[str, Any]) -> TrustStore:
    return parse_trust_store(json.dumps(given.get("trust_store") or {}))


def artifact(given: dict[str, Any]) -> dict[str, Any]:
    built = build(given["build"]) if "build" in given else b""
    data = mutated(built, given.get("mutate", [])) if built else unbuilt(given)
    built_hash = payload_sha256(read_archive(built)) if built else None
    store = trust_store_of(given)
    results = []
    for step in given.get("steps", []):
        ((name, argument),) = step.items()
        result, store = STEPS[name](data, argument, store)
        result["payload_sha256_matches_build"] = result.get("payload_sha256") == built_hash
        results.append(result)
    return {"steps": results}


def unbuilt(given: dict[str, Any]) -> bytes:
    """Return bytes that are given as they are, and may be no artifact."""
    if "archive_hex" in given:
        return bytes.fromhex(given["archive_hex"])
    return zipped(list(files_of(given["zip_entries"])))


def inspect_step(data: bytes, _: Any, store: TrustStore) -> tuple[dict[str, Any], TrustStore]:
    opened = open_artifact(data)
    return {**summary(opened), "entries": list(opened.entries), "warnings": codes(opened.manifest)}, store


def summary(opened: Artifact) -> dict[str, Any]:
    return {
        "skill_id": opened.manifest.skill_id,
        "version": opened.manifest.version,
        "publisher": opened.manifest.publisher,
        "payload_sha256": opened.payload_sha256,
    }


def verify_step(
    data: bytes, argument: dict[str, Any], store: TrustStore
) -> tuple[dict[str, Any], TrustStore]:
    opened = open_artifact(data)
    verdict = decide_trust(
        store,
        opened.manifest.publisher,
        opened.signature.public_key,
        trust_on_first_use=argument.get("allow_tofu", False),
    )
    return {**summary(opened), "accepted": True, "trust_decision": verdict.decision.value}, verdict.store


def read_entry_step(data: bytes, path: str, store: TrustStore) -> tuple[dict[str, Any], TrustStore]:
    content = read_archive(data)[path]
    result: dict[str, Any] = {"size": len(content), "bytes_hex": content.hex()}
    if path.endswith(".toml"):
        result["toml"] = tomllib.loads(content.decode())
    if path.endswith(".json"):
        result["json"] = json.loads(content)
    return result, store


def decode_step(data: bytes, _: Any, store: TrustStore) -> tuple[dict[str, Any], TrustStore]:
    entries = read_archive(data)
    return {"entries": list(entries), "total_bytes": sum(map(len, entries.values()))}, store


STEPS: dict[str, Callable[[bytes, Any, TrustStore], tuple[dict[str, Any], TrustStore]]] = {
    "decode": decode_step,
    "inspect": inspect_step,
    "read_entry": read_entry_step,
    "verify": verify_step,
}


def audit(given: dict[str, Any]) -> dict[str, Any]:
    """Tell the verdict of the reference's checks alone, which is what these cases compare."""
    opened = open_artifact(mutated(build(given["build"]), given.get("mutate", [])))
    trust = decide_trust(
        trust_store_of(given),
        opened.manifest.publisher,
        opened.signature.public_key,
        trust_on_first_use=given.get("allow_tofu", False),
    )
    report = audit_artifact(
        opened,
        AuditPolicy(**given.get("policy", {})),
        HOST,
        trust_decision=trust.decision,
        generated_at=NOW,
    )
    failures = failed_checks(report.checks)
    statuses: dict[str, CheckStatus] = {}
    for check in report.checks:
        found = (check.status, statuses.get(check.check_id, check.status))
        statuses[check.check_id] = min(found, key=WORST_FIRST.index)
    return {
        **summary(opened),
        "accepted": True,
        "trust_decision": report.trust_decision.value,
        "passed": not failures,
        "should_quarantine": bool(failures),
        "quarantine_reasons": [check.message for check in failures],
        "manifest_warnings": [warning.code for warning in report.manifest_warnings],
        "checks": {check_id: status.value for check_id, status in statuses.items()},
        "check_ids": [check.check_id for check in report.checks],
    }


def payload_hash(given: dict[str, Any]) -> dict[str, str]:
    decode = DECODERS[given.get("encoding", "hex")]
    entries = {path: decode(content) for path, content in given["entries"].items()}
    return {"payload_sha256": payload_sha256(entries)}


def sign(given: dict[str, Any]) -> dict[str, Any]:
    key = SigningKey.from_seed(bytes.fromhex(given["signing_seed_hex"]))
    signature = key.sign(
        given["payload_sha256"],
        publisher=given.get("publisher", "orchid"),
        signed_at_unix_ms=given.get("signed_at_unix_ms", SIGNED_AT_UNIX_MS),
    )
    return {**signature.model_dump(), "public_key_hex": key.public_key.hex()}


def signing_key(given: dict[str, Any]) -> str:
    return parse_signing_key(DECODERS[given["encoding"]](given["data"])).hex()


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "skills.artifact": artifact,
    "skills.audit": audit,
    "skills.grants": lambda given: reference_grants(manifest_of(given)).model_dump(mode="json"),
    "skills.manifest.parse": parse,
    "skills.manifest.warnings": lambda given: codes(manifest_of(given)),
    "skills.normalize_path": lambda given: normalize_path(given["path"]),
    "skills.parse_signing_key": signing_key,
    "skills.payload_hash": payload_hash,
    "skills.policy_bindings": lambda given: [
        binding.model_dump() for binding in policy_bindings(manifest_of(given))
    ],
    "skills.sign": sign,
    "skills.trust.load": lambda given: trust_store_document(parse_trust_store(given["file_text"])),
}

#: their cases name some fields of a result only
PARTIAL = frozenset(
    {"skills.artifact", "skills.audit", "skills.manifest.parse", "skills.payload_hash", "skills.sign"}
)
