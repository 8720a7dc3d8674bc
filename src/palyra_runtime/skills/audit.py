"""The security audit of a release: would an operator want this to run?

It judges an artifact that opened and a publisher that is trusted; what does not get so far is an
error, not a finding. It never runs the skill's code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from palyra_runtime.skills.artifact import Artifact
from palyra_runtime.skills.audit_report import (
    AuditPolicy,
    AuditReport,
    Check,
    CheckStatus,
    bounded,
    failed_checks,
)
from palyra_runtime.skills.host_checks import module_host_checks, release_host_checks, skipped_host_checks
from palyra_runtime.skills.inspection import AuditHost
from palyra_runtime.skills.manifest import Manifest
from palyra_runtime.skills.trust import TrustDecision

PASS, WARN, FAIL = CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL

_WASI_FILESYSTEM = "wasi:filesystem"


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is audited, by which policy, for which host."""

    artifact: Artifact
    policy: AuditPolicy
    host: AuditHost

    @property
    def manifest(self) -> Manifest:
        return self.artifact.manifest


def audit_artifact(
    artifact: Artifact,
    policy: AuditPolicy,
    host: AuditHost,
    *,
    trust_decision: TrustDecision,
    generated_at: datetime,
) -> AuditReport:
    """Return what every check says about the release."""
    subject = _Subject(artifact, policy, host)
    checks = [check for ask in _RELEASE_CHECKS for check in ask(subject)]
    host_checks = list(release_host_checks(artifact, host))
    for path, module in artifact.modules.items():
        module_checks = list(_module_checks(path, module, subject))
        checks += module_checks
        readable = not any(check.check_id in _UNREADABLE for check in failed_checks(module_checks))
        host_checks += (
            module_host_checks(path, module, artifact.manifest, host)
            if readable
            else skipped_host_checks(path)
        )
    checks.append(_vulnerability_check())
    return AuditReport(
        skill_id=artifact.manifest.skill_id,
        version=artifact.manifest.version,
        publisher=artifact.manifest.publisher,
        trust_decision=trust_decision,
        payload_sha256=artifact.payload_sha256,
        generated_at=generated_at,
        policy=policy,
        limits=host.limits,
        manifest_warnings=artifact.warnings,
        checks=tuple(checks),
        host_checks=tuple(host_checks),
    )


def _verified(subject: _Subject) -> Iterator[Check]:
    """Report what opening the artifact has proved already."""
    yield Check.of(
        "signature_validity", PASS, "The signature is valid.", key_id=subject.artifact.signature.key_id
    )
    yield Check.of("sbom_presence", PASS, "The artifact lists what it was made of.")
    yield Check.of("provenance_presence", PASS, "The artifact says who built it.")
    yield Check.of("manifest_sanity", PASS, "The manifest keeps to all rules.")


def _remarks(subject: _Subject) -> Iterator[Check]:
    for remark in subject.artifact.warnings:
        yield Check.of(f"manifest_warning:{remark.code}", WARN, remark.message)


def _inventory(subject: _Subject) -> Iterator[Check]:
    asked = subject.manifest.capabilities
    roots = asked.filesystem
    yield Check.of(
        "manifest_filesystem_scopes",
        PASS,
        f"The skill asks for {len(roots.read_roots)} read and {len(roots.write_roots)} write roots.",
        read_roots=roots.read_roots,
        write_roots=roots.write_roots,
    )
    yield Check.of(
        "manifest_http_egress_scopes",
        PASS,
        f"The skill asks for {len(asked.http_egress_allowlist)} hosts.",
        hosts=asked.http_egress_allowlist,
    )
    scopes = tuple(f"{secret.scope}/{key}" for secret in asked.secrets for key in secret.key_names)
    yield Check.of(
        "manifest_secret_scopes", PASS, f"The skill asks for {len(scopes)} secrets.", secrets=scopes
    )


def _devices(subject: _Subject) -> Iterator[Check]:
    devices = subject.manifest.capabilities.device_capabilities
    refused = bool(devices) and not subject.policy.allow_device_capabilities
    yield Check.of(
        "forbidden_device_capabilities",
        FAIL if refused else PASS,
        f"The skill asks for device capabilities: {bounded(', '.join(devices[:5]))}."
        if refused
        else "The skill asks for no device capability that the policy forbids.",
        devices=devices,
    )


def _wildcards(subject: _Subject) -> Iterator[Check]:
    flags = subject.manifest.capabilities.wildcard_opt_in.model_dump()
    classes = tuple(name for name, opted_in in flags.items() if opted_in)
    refused = bool(classes) and not subject.policy.allow_wildcard_capabilities
    yield Check.of(
        "forbidden_wildcard_capabilities",
        FAIL if refused else PASS,
        f"The skill asks for wildcards in: {', '.join(classes)}."
        if refused
        else "The skill asks for no wildcard that the policy forbids.",
        classes=classes,
    )


def _modules_present(subject: _Subject) -> Iterator[Check]:
    count = len(subject.artifact.modules)
    message = f"The artifact has {count} module{'s' if count > 1 else ''}."
    yield Check.of("wasm_module_presence", PASS, message, count=count)


#: the questions about a release as a whole, in the reference's order
_RELEASE_CHECKS: tuple[Callable[[_Subject], Iterator[Check]], ...] = (
    _verified,
    _remarks,
    _inventory,
    _devices,
    _wildcards,
    _modules_present,
)

#: failures after which nothing more can be asked about a module
_UNREADABLE = frozenset({"wasm_module_size_limit", "wasm_module_validation"})


def _module_checks(path: str, module: bytes, subject: _Subject) -> Iterator[Check]:
    size_check = _size_check(path, module, subject.policy)
    yield size_check
    if size_check.status is FAIL:
        return
    problem = subject.host.inspector.compile_problem(module)
    if problem is not None:
        yield Check.of(
            "wasm_module_validation", FAIL, f"{path} is not valid WASM: {bounded(problem)}", path=path
        )
        return
    yield _export_check(path, subject.host.inspector.exported_function_count(module), subject.policy)
    yield _wasi_check(path, subject.host.inspector.import_modules(module), subject.manifest)


def _size_check(path: str, module: bytes, policy: AuditPolicy) -> Check:
    size, limit = len(module), policy.max_module_bytes
    status = FAIL if size > limit else PASS
    message = f"{path} has {size} bytes; {limit} are allowed."
    return Check.of("wasm_module_size_limit", status, message, path=path, actual=size, limit=limit)


def _export_check(path: str, count: int, policy: AuditPolicy) -> Check:
    limit = policy.max_exported_functions
    status = FAIL if count > limit else PASS
    message = f"{path} exports {count} functions; {limit} are allowed."
    return Check.of("wasm_exported_function_limit", status, message, path=path, actual=count, limit=limit)


def _wasi_check(path: str, imports: Sequence[str], manifest: Manifest) -> Check:
    asked = sorted({name for name in imports if name.strip().lower().startswith(_WASI_FILESYSTEM)})
    roots = manifest.capabilities.filesystem
    refused = bool(asked) and not (roots.read_roots or roots.write_roots)
    return Check.of(
        "wasm_wasi_filesystem_imports",
        FAIL if refused else PASS,
        f"{path} imports the file system, but the manifest declares no roots."
        if refused
        else f"{path} imports no file system beyond what the manifest declares.",
        path=path,
        imports=asked[:5],
    )


def _vulnerability_check() -> Check:
    return Check.of(
        "vulnerability_feed_hook", WARN, "No vulnerability feed is configured: nothing was scanned."
    )
