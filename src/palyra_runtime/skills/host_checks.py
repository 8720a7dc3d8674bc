"""The checks of an audit that the reference has not: could this host run the skill at all?

What can never run fails: it would be enabled, and its first delivery would be its last. What runs but
does not get what it asks for is a warning: an import that is granted nothing is answered with -1 and
harms nobody, and the kits import all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from palyra_events.capabilities import CAPABILITY_CLASSES
from palyra_runtime.skills.artifact import Artifact
from palyra_runtime.skills.audit_report import Check, CheckStatus, bounded
from palyra_runtime.skills.grants import declared_capabilities
from palyra_runtime.skills.inspection import AuditHost
from palyra_runtime.skills.manifest import Manifest

PASS, WARN, FAIL, SKIPPED = CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL, CheckStatus.SKIPPED

_MODULE_CHECKS = ("host_contract", "entrypoint", "declared_imports", "runtime_limits")

#: ``http-handle`` and its alias ``host_capability_http_handle``, of the host-capabilities module
_CAPABILITY_IMPORT = re.compile(
    r"palyra:plugins/host-capabilities@\S+ "
    r"(?:host_capability_)?(http|secret|storage|channel)[-_](?:count|handle)"
)
#: the one function by which a guest uses any capability
_CALL_IMPORT = re.compile(r"palyra:plugins/host-io@\S+ call")
_CLASSES = dict(zip(("http", "secret", "storage", "channel"), CAPABILITY_CLASSES, strict=True))


def release_host_checks(artifact: Artifact, host: AuditHost) -> Iterator[Check]:
    """Ask about the release as a whole."""
    yield from _tool_schemas(artifact.manifest, host)


def module_host_checks(path: str, module: bytes, manifest: Manifest, host: AuditHost) -> Iterator[Check]:
    """Ask about one module what its first run would find out."""
    yield _host_contract(path, module, host)
    yield _entrypoint(path, module, manifest, host)
    yield _declared_imports(path, module, manifest, host)
    yield _runtime_limits(path, module, manifest, host)


def skipped_host_checks(path: str) -> Iterator[Check]:
    """Say that nothing could be asked about a module that cannot be read."""
    for check_id in _MODULE_CHECKS:
        yield Check.of(check_id, SKIPPED, f"{path} could not be read.", path=path)


def _tool_schemas(manifest: Manifest, host: AuditHost) -> Iterator[Check]:
    """Try the schemas of each tool: hooks of a skill work without them, its tools do not."""
    problems = [
        (tool.id, field, bounded(problem))
        for tool in manifest.entrypoints.tools
        for field in ("input_schema", "output_schema")
        if (problem := host.schema_problem(getattr(tool, field)))
    ]
    for tool_id, field, problem in problems:
        message = f"The tool {tool_id} will not run: {field}: {problem}"
        yield Check.of("tool_schemas", WARN, message, tool=tool_id, field=field)
    if not problems:
        yield Check.of("tool_schemas", PASS, "This host can check the schemas of all tools.")


def _host_contract(path: str, module: bytes, host: AuditHost) -> Check:
    problems = host.inspector.link_problems(module)
    return Check.of(
        "host_contract",
        FAIL if problems else PASS,
        f"{path} does not fit this host: {bounded('; '.join(problems))}"
        if problems
        else f"{path} fits this host.",
        path=path,
        problems=[bounded(problem) for problem in problems[:10]],
    )


def _entrypoint(path: str, module: bytes, manifest: Manifest, host: AuditHost) -> Check:
    """Look for the entrypoint: the manifest's where it speaks of this module, else the host's default.

    A module beside the default one may be meant for bindings that name an entrypoint themselves, so
    its lack is worth a warning only.
    """
    defaults = manifest.operator.plugin
    is_default = defaults.default_module_path in {None, path}
    entrypoint = defaults.default_entrypoint if is_default else None
    problem = host.inspector.entrypoint_problem(module, entrypoint)
    if problem is None:
        return Check.of("entrypoint", PASS, f"{path} has an entrypoint.", path=path)
    status = FAIL if is_default else WARN
    return Check.of("entrypoint", status, f"{path} cannot be run: {bounded(problem)}", path=path)


def _declared_imports(path: str, module: bytes, manifest: Manifest, host: AuditHost) -> Check:
    """Compare the classes of capability that a module's imports speak of with those that are declared."""
    imports = host.inspector.import_names(module)
    asked = {_CLASSES[found[1]] for each in imports if (found := _CAPABILITY_IMPORT.fullmatch(each))}
    calls = any(_CALL_IMPORT.fullmatch(each) for each in imports)
    profile = declared_capabilities(manifest)
    declared = {name for name in CAPABILITY_CLASSES if getattr(profile, name)}
    undeclared = sorted(asked - declared)
    unused = [] if calls else sorted(declared - asked)
    remarks = [
        text
        for names, text in (
            (undeclared, f"it imports, but the manifest does not declare: {', '.join(undeclared)}"),
            (unused, f"the manifest declares, but it has no import that could use: {', '.join(unused)}"),
        )
        if names
    ]
    return Check.of(
        "declared_imports",
        WARN if remarks else PASS,
        f"{path}: {'; '.join(remarks)}."
        if remarks
        else f"The imports of {path} are what the manifest declares.",
        path=path,
        undeclared=undeclared,
        unused=unused,
    )


def _runtime_limits(path: str, module: bytes, manifest: Manifest, host: AuditHost) -> Check:
    """Hold what a module needs to start against what a run gets; what it asks for beyond, it does not get."""
    limits, quotas = host.limits, manifest.capabilities.quotas
    needs = host.inspector.minimum_sizes(module)
    too_much = _beyond(
        ("bytes of module", len(module), limits.max_module_size_bytes),
        ("bytes of memory", needs.memory_bytes, min(limits.max_memory_bytes, quotas.max_memory_bytes)),
        ("elements of a table", needs.table_elements, limits.max_table_elements),
    )
    too_little = _beyond(
        ("units of fuel", quotas.fuel_budget, limits.fuel_budget),
        ("bytes of memory", quotas.max_memory_bytes, limits.max_memory_bytes),
    )
    if too_much:
        status, message = FAIL, f"{path} can never run here: it needs {'; '.join(too_much)}."
    elif too_little:
        status, message = WARN, f"{path} can run, but the manifest asks for {'; '.join(too_little)}."
    else:
        status, message = PASS, f"{path} fits into the limits of this host."
    return Check.of(
        "runtime_limits",
        status,
        message,
        path=path,
        memory_bytes=needs.memory_bytes,
        table_elements=needs.table_elements,
    )


def _beyond(*wants: tuple[str, int, int]) -> list[str]:
    return [
        f"{wanted:,} {noun}, and {limit:,} are allowed" for noun, wanted, limit in wants if wanted > limit
    ]
