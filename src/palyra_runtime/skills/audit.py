"""The security audit of a release: would an operator want this to run?

It judges an artifact that opened and a publisher that is trusted; what does not get so far is an
error, not a finding. It never runs the skill's code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from palyra_runtime.skills.artifact import Artifact
from palyra_runtime.skills.audit_report import AuditPolicy, AuditReport, Check, CheckStatus, failed_checks
from palyra_runtime.skills.inspection import ModuleInspector
from palyra_runtime.skills.manifest import Manifest
from palyra_runtime.skills.trust import TrustDecision

PASS, WARN, FAIL, SKIPPED = CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL, CheckStatus.SKIPPED

_WASI_FILESYSTEM = "wasi:filesystem"
#: characters of a compiler's or linker's text in a message
_TEXT_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is audited, by which policy, with whose eyes."""

    artifact: Artifact
    policy: AuditPolicy
    inspector: ModuleInspector

    @property
    def manifest(self) -> Manifest:
        return self.artifact.manifest


def audit_artifact(
    artifact: Artifact,
    policy: AuditPolicy,
    inspector: ModuleInspector,
    *,
    trust_decision: TrustDecision,
    generated_at: datetime,
) -> AuditReport:
    """Return what every check says about the release."""
    subject = _Subject(artifact, policy, inspector)
    checks = [check for ask in _RELEASE_CHECKS for check in ask(subject)]
    host_checks: list[Check] = []
    for path, module in artifact.modules.items():
        module_checks = list(_module_checks(path, module, subject))
        checks += module_checks
        readable = not any(check.check_id in _UNREADABLE for check in failed_checks(module_checks))
        host_checks += _host_checks(path, module, subject) if readable else _skipped(path)
    checks.append(_vulnerability_check())
    return AuditReport(
        skill_id=artifact.manifest.skill_id,
        version=artifact.manifest.version,
        publisher=artifact.manifest.publisher,
        trust_decision=trust_decision,
        payload_sha256=artifact.payload_sha256,
        generated_at=generated_at,
        policy=policy,
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
        f"The skill asks for device capabilities: {_bounded(', '.join(devices[:5]))}."
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
    yield Check.of("wasm_module_presence", PASS, f"The artifact has {count} modules.", count=count)


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
    problem = subject.inspector.compile_problem(module)
    if problem is not None:
        yield Check.of(
            "wasm_module_validation", FAIL, f"{path} is not valid WASM: {_bounded(problem)}", path=path
        )
        return
    yield _export_check(path, subject.inspector.exported_function_count(module), subject.policy)
    yield _wasi_check(path, subject.inspector.import_modules(module), subject.manifest)


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


def _host_checks(path: str, module: bytes, subject: _Subject) -> Iterator[Check]:
    """Ask what a run would find out."""
    problems = subject.inspector.link_problems(module)
    yield Check.of(
        "host_contract",
        FAIL if problems else PASS,
        f"{path} does not fit this host: {_bounded('; '.join(problems))}"
        if problems
        else f"{path} fits this host.",
        path=path,
        problems=[_bounded(problem) for problem in problems[:10]],
    )
    yield _entrypoint_check(path, module, subject)


def _skipped(path: str) -> Iterator[Check]:
    for check_id in ("host_contract", "entrypoint"):
        yield Check.of(check_id, SKIPPED, f"{path} could not be read.", path=path)


def _entrypoint_check(path: str, module: bytes, subject: _Subject) -> Check:
    """Look for the entrypoint: the manifest's where it speaks of this module, else the host's default.

    A module beside the default one may be meant for bindings that name an entrypoint themselves, so
    its lack is worth a warning only.
    """
    defaults = subject.manifest.operator.plugin
    is_default = defaults.default_module_path in {None, path}
    entrypoint = defaults.default_entrypoint if is_default else None
    problem = subject.inspector.entrypoint_problem(module, entrypoint)
    if problem is None:
        return Check.of("entrypoint", PASS, f"{path} has an entrypoint.", path=path)
    status = FAIL if is_default else WARN
    return Check.of("entrypoint", status, f"{path} cannot be run: {_bounded(problem)}", path=path)


def _bounded(text: str) -> str:
    return text if len(text) <= _TEXT_LENGTH_MAX else f"{text[:_TEXT_LENGTH_MAX]}…"
