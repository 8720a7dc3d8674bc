"""What a well-formed manifest may say.

Each rule is a function that yields what is wrong, and names the field. All rules are in one table,
so an author sees everything that is to be corrected at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from palyra_runtime.skills.config_value import fits_type
from palyra_runtime.skills.errors import ManifestValidation
from palyra_runtime.skills.json_value import json_problem
from palyra_runtime.skills.manifest import ConfigProperty, Manifest, PropertyType, Tool
from palyra_runtime.skills.paths import MODULE_SUFFIX, MODULES, normalize_path
from palyra_runtime.skills.version import parse_version, version_problem

Rule = Callable[[Manifest], Iterator[str]]

#: a WASM page; no module with a memory could run in less
MEMORY_BYTES_MIN = 65_536
#: the only version of the typed contracts so far
CONTRACT_VERSION = 1
#: characters of a skill id or a publisher: the length of any id in the log
ID_LENGTH_MAX = 128
PROBLEMS_SHOWN_MAX = 5
PROBLEMS_KEPT_MAX = 100

_IDENTIFIER = re.compile(r"[a-z0-9._:-]+")
_LABEL = re.compile(r"[a-z0-9._-]+")
_ENTRYPOINT = re.compile(r"[a-z0-9_-]+")
_HOST = re.compile(r"(?![.-])(?!.*\.\.)[A-Za-z0-9.-]+(?<![.-])")
_DOCS_URL = re.compile(r"https://[^\s#\x00-\x1f\x7f]+")
_SECRET_SCOPES = ("principal:", "channel:", "skill:")


def check_manifest(manifest: Manifest) -> None:
    """Apply all rules.

    Raises:
        ManifestValidation: a rule is broken; ``problems`` in its details has the first hundred.
        InvalidArtifactPath: a path that the manifest declares is not a plain relative path.
    """
    problems = [problem for rule in RULES for problem in rule(manifest)]
    if problems:
        shown = "; ".join(problems[:PROBLEMS_SHOWN_MAX])
        more = len(problems) - PROBLEMS_SHOWN_MAX
        suffix = f" (and {more} more)" if more > 0 else ""
        raise ManifestValidation(
            f"The manifest is not valid: {shown}{suffix}.", problems=problems[:PROBLEMS_KEPT_MAX]
        )
    for path in _declared_paths(manifest):
        normalize_path(path)


def _manifest_version(manifest: Manifest) -> Iterator[str]:
    if manifest.manifest_version not in {1, 2}:
        yield f"manifest_version must be 1 or 2, not {manifest.manifest_version}"
    if manifest.manifest_version == 1 and not manifest.operator.is_empty:
        yield "operator needs manifest_version 2"


def _ids(manifest: Manifest) -> Iterator[str]:
    for field, value in (("skill_id", manifest.skill_id), ("publisher", manifest.publisher)):
        if not _IDENTIFIER.fullmatch(value) or len(value) > ID_LENGTH_MAX:
            yield f"{field} must be 1 to {ID_LENGTH_MAX} characters of a-z 0-9 . _ : -, not {_shown(value)}"
    if ":" in manifest.skill_id or not all(manifest.skill_id.split(".")):
        yield f"skill_id must be names with dots between them, not {_shown(manifest.skill_id)}"


def _names(manifest: Manifest) -> Iterator[str]:
    if not manifest.name.strip():
        yield "name must not be blank"


def _versions(manifest: Manifest) -> Iterator[str]:
    compat = manifest.compat
    wanted = (
        ("version", manifest.version),
        ("compat.min_palyra_version", compat.min_palyra_version),
        ("compat.max_palyra_version", compat.max_palyra_version),
    )
    problems = [
        f"{field} {problem}"
        for field, value in wanted
        if value is not None and (problem := version_problem(value))
    ]
    yield from problems
    newest = compat.max_palyra_version
    if problems or newest is None:
        return
    if parse_version(newest) < parse_version(compat.min_palyra_version):
        yield "compat.max_palyra_version must not be below min_palyra_version"


def _tools(manifest: Manifest) -> Iterator[str]:
    tools = manifest.entrypoints.tools
    if not tools:
        yield "entrypoints.tools must not be empty"
    yield from _repeated("entrypoints.tools", (tool.id for tool in tools))
    for tool in tools:
        yield from _tool(tool, manifest.publisher)


def _tool(tool: Tool, publisher: str) -> Iterator[str]:
    field = f"entrypoints.tools {_shown(tool.id)}"
    if not _is_tool_id(tool.id, publisher):
        yield f"{field}: the id must start with {_shown(f'{publisher}.')} and have only a-z 0-9 . _ : -"
    for name, text in (("name", tool.name), ("description", tool.description)):
        if not text.strip():
            yield f"{field}: {name} must not be blank"
    for name, schema in (("input_schema", tool.input_schema), ("output_schema", tool.output_schema)):
        if not isinstance(schema, dict):
            yield f"{field}: {name} must be a JSON object"
        elif problem := json_problem(schema):
            yield f"{field}: {name} {problem}"


def _filesystem(manifest: Manifest) -> Iterator[str]:
    filesystem = manifest.capabilities.filesystem
    opt_in = manifest.capabilities.wildcard_opt_in.filesystem
    for field, roots in (("read_roots", filesystem.read_roots), ("write_roots", filesystem.write_roots)):
        for root in roots:
            if "*" in root and not opt_in:
                yield f"capabilities.filesystem.{field}: {_shown(root)} needs wildcard_opt_in.filesystem"


def _hosts(manifest: Manifest) -> Iterator[str]:
    opt_in = manifest.capabilities.wildcard_opt_in.http_egress
    for host in manifest.capabilities.http_egress_allowlist:
        if "*" in host:
            if not opt_in:
                yield f"capabilities.http_egress_allowlist: {_shown(host)} needs wildcard_opt_in.http_egress"
        elif not _HOST.fullmatch(host.rstrip(".")):
            yield f"capabilities.http_egress_allowlist: {_shown(host)} is not a host name"


def _secrets(manifest: Manifest) -> Iterator[str]:
    opt_in = manifest.capabilities.wildcard_opt_in.secrets
    for secret in manifest.capabilities.secrets:
        if not _is_secret_scope(secret.scope):
            scope = _shown(secret.scope)
            yield f"capabilities.secrets: scope {scope} is not global, principal:ID, channel:ID or skill:ID"
        if not secret.key_names:
            yield f"capabilities.secrets: key_names of {_shown(secret.scope)} must not be empty"
        yield from _identifiers("capabilities.secrets.key_names", secret.key_names, "secrets", opt_in=opt_in)


def _devices_and_nodes(manifest: Manifest) -> Iterator[str]:
    asked = manifest.capabilities
    opt_in = asked.wildcard_opt_in
    yield from _identifiers(
        "capabilities.device_capabilities", asked.device_capabilities, "device", opt_in=opt_in.device
    )
    yield from _identifiers(
        "capabilities.node_capabilities", asked.node_capabilities, "node", opt_in=opt_in.node
    )


def _quotas(manifest: Manifest) -> Iterator[str]:
    quotas = manifest.capabilities.quotas
    for field, value, least in (
        ("wall_clock_timeout_ms", quotas.wall_clock_timeout_ms, 1),
        ("fuel_budget", quotas.fuel_budget, 1),
        ("max_memory_bytes", quotas.max_memory_bytes, MEMORY_BYTES_MIN),
    ):
        if value < least:
            yield f"capabilities.quotas.{field} must be at least {least}"


def _builder(manifest: Manifest) -> Iterator[str]:
    builder = manifest.builder
    if builder is None:
        return
    if not builder.experimental:
        yield "builder.experimental must be true"
    checklist = builder.checklist
    for field, text in (
        ("source_kind", builder.source_kind),
        ("source_ref", builder.source_ref),
        ("rollout_flag", builder.rollout_flag),
        ("checklist.capability_declaration_path", checklist.capability_declaration_path),
        ("checklist.provenance_path", checklist.provenance_path),
        ("checklist.test_harness_path", checklist.test_harness_path),
    ):
        if not text.strip():
            yield f"builder.{field} must not be blank"


def _operator(manifest: Manifest) -> Iterator[str]:
    operator = manifest.operator
    for field, text in (
        ("display_name", operator.display_name),
        ("summary", operator.summary),
        ("description", operator.description),
    ):
        if text is not None and not text.strip():
            yield f"operator.{field} must not be blank"
    for field, labels in (("categories", operator.categories), ("tags", operator.tags)):
        for label in labels:
            if not _LABEL.fullmatch(label):
                yield f"operator.{field}: {_shown(label)} has other characters than a-z 0-9 . _ -"
    if operator.docs_url is not None and not _DOCS_URL.fullmatch(operator.docs_url):
        yield "operator.docs_url must start with https:// and have neither spaces nor a fragment"


def _plugin_defaults(manifest: Manifest) -> Iterator[str]:
    defaults = manifest.operator.plugin
    tool_id, path, entrypoint = (
        defaults.default_tool_id,
        defaults.default_module_path,
        defaults.default_entrypoint,
    )
    known = {tool.id for tool in manifest.entrypoints.tools}
    if tool_id is not None and (tool_id not in known or not _is_tool_id(tool_id, manifest.publisher)):
        yield f"operator.plugin.default_tool_id: {_shown(tool_id)} is not one of the skill's tools"
    if path is not None and not _is_module_path(path):
        yield f"operator.plugin.default_module_path: {_shown(path)} is not a path such as modules/plugin.wasm"
    if entrypoint is not None and not _ENTRYPOINT.fullmatch(entrypoint):
        yield f"operator.plugin.default_entrypoint: {_shown(entrypoint)} has more than a-z 0-9 _ -"


def _contracts(manifest: Manifest) -> Iterator[str]:
    contracts = manifest.operator.plugin.contracts
    yield from _repeated("operator.plugin.contracts", (contract.kind.value for contract in contracts))
    for contract in contracts:
        if contract.version != CONTRACT_VERSION:
            yield f"operator.plugin.contracts: {contract.kind} has no version {contract.version}"


def _config(manifest: Manifest) -> Iterator[str]:
    config = manifest.operator.config
    if config is None:
        return
    if config.schema_version == 0:
        yield "operator.config.schema_version must not be 0"
    for name in config.required:
        if name not in config.properties:
            yield f"operator.config.required: {_shown(name)} is not one of the properties"
    for name, wanted in config.properties.items():
        field = f"operator.config.properties.{name[:100]}"
        if not _LABEL.fullmatch(name):
            yield f"{field}: the name has other characters than a-z 0-9 . _ -"
        yield from (f"{field}: {problem}" for problem in _config_property(wanted))


def _config_property(wanted: ConfigProperty) -> Iterator[str]:
    values = [value.strip() for value in wanted.enum_values]
    if values and wanted.type is not PropertyType.STRING:
        yield "enum_values are for strings only"
    if not all(values):
        yield "enum_values must not be blank"
    if len(set(values)) != len(values):
        yield "enum_values must be unique"
    if wanted.default is None:
        return
    if not fits_type(wanted.type, wanted.default):
        yield f"default is not of type {wanted.type.value}"
    elif values and wanted.default not in values:
        yield "default is not one of enum_values"


def _declared_paths(manifest: Manifest) -> Iterator[str]:
    yield from manifest.capabilities.filesystem.read_roots
    yield from manifest.capabilities.filesystem.write_roots
    if manifest.builder is not None:
        checklist = manifest.builder.checklist
        yield checklist.capability_declaration_path
        yield checklist.provenance_path
        yield checklist.test_harness_path


def _identifiers(field: str, values: Sequence[str], opt_in_name: str, *, opt_in: bool) -> Iterator[str]:
    for value in values:
        if value == "*":
            if not opt_in:
                yield f"{field}: '*' needs wildcard_opt_in.{opt_in_name}"
        elif not _IDENTIFIER.fullmatch(value):
            yield f"{field}: {_shown(value)} has other characters than a-z 0-9 . _ : -"


def _repeated(field: str, values: Iterable[str]) -> Iterator[str]:
    return (
        f"{field}: {_shown(value)} occurs more than once" for value, n in Counter(values).items() if n > 1
    )


def _is_tool_id(text: str, publisher: str) -> bool:
    prefix = f"{publisher}."
    return text.startswith(prefix) and len(text) > len(prefix) and bool(_IDENTIFIER.fullmatch(text))


def _is_module_path(path: str) -> bool:
    return path.startswith(MODULES) and path.endswith(MODULE_SUFFIX) and ".." not in path and "\0" not in path


def _is_secret_scope(scope: str) -> bool:
    if scope == "global":
        return True
    prefix = next((prefix for prefix in _SECRET_SCOPES if scope.startswith(prefix)), None)
    return prefix is not None and bool(_IDENTIFIER.fullmatch(scope.removeprefix(prefix)))


def _shown(value: str) -> str:
    return repr(value[:100])


#: all rules, in the order of the manifest's fields
RULES: tuple[Rule, ...] = (
    _manifest_version,
    _ids,
    _names,
    _versions,
    _tools,
    _filesystem,
    _hosts,
    _secrets,
    _devices_and_nodes,
    _quotas,
    _builder,
    _operator,
    _plugin_defaults,
    _contracts,
    _config,
)
