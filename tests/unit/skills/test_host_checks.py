from __future__ import annotations

import pytest

from palyra_runtime import sandbox
from palyra_runtime.runner import schema_problem
from palyra_runtime.skills import AuditHost, RunLimits
from palyra_runtime.skills.host_checks import module_host_checks, release_host_checks
from tests.sample_skills import manifest_table, sample_artifact

RUN = '(func (export "run") (result i32) i32.const 0)'
COUNT = '(import "palyra:plugins/host-capabilities@0.1.0" "{}" (func (result i32)))'
HANDLE = '(import "palyra:plugins/host-capabilities@0.1.0" "{}" (func (param i32) (result i32)))'
CALL = (
    '(import "palyra:plugins/host-io@0.2.0" "call" (func (param i32 i32) (result i32))) '
    '(memory (export "memory") 1)'
)
HOSTS = {"http_egress_allowlist": ["api.example.com"]}
PAGE = 65_536


def check(check_id, text, *, limits=None, **fields: object):
    artifact = sample_artifact(modules={"a.wasm": sandbox.wasm_from_text(text)}, **fields)
    host = AuditHost(sandbox, limits or RunLimits(), schema_problem)
    ((path, module),) = artifact.modules.items()
    checks = module_host_checks(path, module, artifact.manifest, host)
    (found,) = [each for each in checks if each.check_id == check_id]
    return found


@pytest.mark.parametrize(
    ("imports", "undeclared"),
    [
        (HANDLE.format("http-handle"), ["http_hosts"]),
        (HANDLE.format("host_capability_http_handle"), ["http_hosts"]),
        (COUNT.format("secret-count"), ["secrets"]),
        (COUNT.format("storage-count") + COUNT.format("channel-count"), ["channels", "storage_prefixes"]),
        (COUNT.format("http-count") + HANDLE.format("http-handle"), ["http_hosts"]),
    ],
)
def test_what_is_imported_and_not_declared_is_a_warning(imports, undeclared):
    """It would be granted nothing and told so, which harms nobody; but the manifest does not tell all."""
    found = check("declared_imports", f"(module {imports} {RUN})")

    assert found.status == "warn"
    assert found.details["undeclared"] == undeclared
    assert all(name in found.message for name in undeclared)


@pytest.mark.parametrize(
    ("imports", "capabilities"),
    [
        ("", {}),
        (CALL, {}),
        (CALL, HOSTS),
        (COUNT.format("http-count"), HOSTS),
        (COUNT.format("secret-count"), {"secrets": [{"scope": "global", "key_names": ["k"]}]}),
        (COUNT.format("storage-count"), {"filesystem": {"write_roots": ["notes"]}}),
        (COUNT.format("channel-count"), {"node_capabilities": ["ops"]}),
    ],
)
def test_what_is_imported_and_declared_passes(imports, capabilities):
    """Reading the manifest is enough to know what the module can ask for."""
    found = check("declared_imports", f"(module {imports} {RUN})", capabilities=capabilities)

    assert (found.status, found.details["undeclared"], found.details["unused"]) == ("pass", [], [])


@pytest.mark.parametrize("imports", ["", COUNT.format("secret-count")])
def test_what_is_declared_and_cannot_be_used_is_a_warning(imports):
    """A skill that asks for more than it can use is told to ask for less."""
    asked = {**HOSTS, "secrets": [{"scope": "global", "key_names": ["k"]}]}
    found = check("declared_imports", f"(module {imports} {RUN})", capabilities=asked)

    assert found.status == "warn"
    assert found.details["unused"] == (["http_hosts"] if imports else ["http_hosts", "secrets"])


@pytest.mark.parametrize(
    ("module", "limits", "needs"),
    [
        (
            '(module (memory (export "memory") 3) {})',
            RunLimits(max_memory_bytes=2 * PAGE),
            "196,608 bytes of memory",
        ),
        ("(module (table 11 funcref) {})", RunLimits(max_table_elements=10), "11 elements of a table"),
        ("(module {})", RunLimits(max_module_size_bytes=30), "bytes of module"),
    ],
    ids=["memory", "table", "module"],
)
def test_what_can_never_run_here_fails(module, limits, needs):
    """It would be enabled, and fail at its first delivery."""
    found = check("runtime_limits", module.format(RUN), limits=limits)

    assert found.status == "fail"
    assert needs in found.message


@pytest.mark.parametrize(
    ("module", "limits"),
    [
        ('(module (memory (export "memory") 2) {})', RunLimits(max_memory_bytes=2 * PAGE)),
        ("(module (table 10 funcref) {})", RunLimits(max_table_elements=10)),
    ],
)
def test_what_just_fits_does_not_fail(module, limits):
    """A limit is the last value that is allowed."""
    quotas = {"max_memory_bytes": 2 * PAGE}
    found = check("runtime_limits", module.format(RUN), limits=limits, capabilities={"quotas": quotas})

    assert found.status == "pass"


def test_the_manifests_own_quota_counts_too():
    """Who asks for a page and needs two can never run, on any host."""
    found = check(
        "runtime_limits",
        f'(module (memory (export "memory") 2) {RUN})',
        capabilities={"quotas": {"max_memory_bytes": PAGE}},
    )

    assert (found.status, found.details["memory_bytes"]) == ("fail", 2 * PAGE)


@pytest.mark.parametrize(
    ("quotas", "word"),
    [
        ({"fuel_budget": 10_000_001}, "units of fuel"),
        ({"max_memory_bytes": 64 * 1024**2 + 1}, "bytes of memory"),
    ],
)
def test_who_asks_for_more_than_is_given_is_warned(quotas, word):
    """It runs with what the host gives, and may find that too little."""
    found = check("runtime_limits", f"(module {RUN})", capabilities={"quotas": quotas})

    assert found.status == "warn"
    assert word in found.message


def test_a_schema_that_cannot_be_checked_is_a_warning():
    """The skill installs and its hooks work, but that tool does not run, and the audit says so before."""
    (tool,) = manifest_table()["entrypoints"]["tools"]
    broken = {**tool, "output_schema": {"unevaluatedProperties": False}}
    artifact = sample_artifact(entrypoints={"tools": [broken, {**tool, "id": "acme.fine"}]})
    host = AuditHost(sandbox, RunLimits(), schema_problem)

    (found,) = release_host_checks(artifact, host)

    assert (found.check_id, found.status) == ("tool_schemas", "warn")
    assert (found.details["tool"], found.details["field"]) == ("acme.echo", "output_schema")
    assert "unevaluatedProperties" in found.message
