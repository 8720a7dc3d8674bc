from __future__ import annotations

from datetime import UTC, datetime

import pytest

from palyra_runtime import sandbox
from palyra_runtime.runner import schema_problem
from palyra_runtime.skills import (
    AuditHost,
    AuditPolicy,
    AuditReport,
    RunLimits,
    TrustDecision,
    audit_artifact,
)
from tests.sample_skills import WASM, sample_artifact

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUNS = '(module (func (export "run") (result i32) i32.const 0))'
IMPORTS = (
    '(module (import "env" "steal" (func)) '
    '(import "palyra:plugins/host-capabilities@0.1.0" "http-count" (func (result i64))) '
    '(func (export "run") (result i32) i32.const 0))'
)


def audit(*, policy=None, limits=None, **parts: object):
    return audit_artifact(
        sample_artifact(**parts),
        policy or AuditPolicy(),
        AuditHost(sandbox, limits or RunLimits(), schema_problem),
        trust_decision=TrustDecision.TOFU_PINNED,
        generated_at=NOW,
    )


def wasm(text):
    return {"a.wasm": sandbox.wasm_from_text(text)}


def statuses(checks):
    return [(check.check_id, check.status.value) for check in checks]


def of_module(contract, entrypoint, imports="pass", limits="pass"):
    checks = ("host_contract", "entrypoint", "declared_imports", "runtime_limits")
    return list(zip(checks, (contract, entrypoint, imports, limits), strict=True))


def test_a_module_that_runs_passes():
    """A module that links and has an entrypoint passes both lists."""
    report = audit(modules=wasm(RUNS))
    assert (report.passed, report.should_quarantine, report.quarantine_reasons) == (True, False, ())
    assert statuses(report.host_checks) == [("tool_schemas", "pass"), *of_module("pass", "pass")]


def test_undeclared_imports_quarantine():
    """The reference's checks let any import through; ours name each that the host does not offer."""
    report = audit(modules=wasm(IMPORTS))
    (contract,) = [check for check in report.host_checks if check.check_id == "host_contract"]
    assert report.should_quarantine
    assert not [check for check in report.checks if check.status == "fail"]
    assert contract.status == "fail"
    assert any("steal" in problem for problem in contract.details["problems"])
    assert any("http-count" in problem for problem in contract.details["problems"])
    assert report.quarantine_reasons == (contract.message,)


def test_module_without_an_entrypoint_quarantines():
    """A skill that nobody could run is told before anybody enables it."""
    report = audit(modules={"a.wasm": WASM})
    assert statuses(report.host_checks)[1:] == of_module("pass", "fail")
    assert "palyra_plugin_main" in report.quarantine_reasons[0]


def test_text_is_valid_but_does_not_run():
    """Module text passes the reference's checks and fails ours, in words."""
    report = audit(modules={"a.wasm": RUNS.encode()})
    assert not [check for check in report.checks if check.status == "fail"]
    assert "text" in report.quarantine_reasons[0]


def test_module_that_does_not_compile():
    """Nothing more is asked about a module that is none."""
    report = audit(modules={"a.wasm": b"\0asm\1\0\0\0\xff"})
    assert statuses(report.host_checks)[1:] == of_module(*["skipped"] * 4)
    assert "wasm_module_validation" in dict(statuses(report.checks))


def test_module_that_is_too_large():
    """A module beyond the policy is not even compiled."""
    report = audit(modules=wasm(RUNS), policy=AuditPolicy(max_module_bytes=10))
    assert dict(statuses(report.checks))["wasm_module_size_limit"] == "fail"
    assert "wasm_exported_function_limit" not in dict(statuses(report.checks))
    assert statuses(report.host_checks)[1:] == of_module(*["skipped"] * 4)


MAIN = '(module (func (export "start") (result i32) i32.const 0))'


@pytest.mark.parametrize(
    ("defaults", "expected"),
    [
        ({}, "fail"),
        ({"default_entrypoint": "start"}, "pass"),
        ({"default_entrypoint": "begin"}, "fail"),
        ({"default_module_path": "modules/a.wasm", "default_entrypoint": "start"}, "pass"),
        ({"default_module_path": "modules/other.wasm", "default_entrypoint": "start"}, "warn"),
    ],
)
def test_entrypoint_that_the_manifest_names(defaults, expected):
    """The manifest's entrypoint is looked for in the module that it speaks of."""
    report = audit(modules=wasm(MAIN), operator={"display_name": "E", "plugin": defaults})
    assert dict(statuses(report.host_checks))["entrypoint"] == expected


def test_each_module_is_checked():
    """One bad module among good ones is found, and named."""
    report = audit(modules={"good.wasm": sandbox.wasm_from_text(RUNS), "bad.wasm": b"nonsense"})
    (failure,) = report.failures
    assert (failure.check_id, failure.details["path"]) == ("wasm_module_validation", "modules/bad.wasm")


def test_what_is_forbidden_is_named():
    """The reason of a quarantine says what was asked for."""
    report = audit(
        modules=wasm(RUNS),
        capabilities={"device_capabilities": ["camera"], "wildcard_opt_in": {"http_egress": True}},
    )
    assert [check.check_id for check in report.failures] == [
        "forbidden_device_capabilities",
        "forbidden_wildcard_capabilities",
    ]
    assert "camera" in report.quarantine_reasons[0]
    assert "http_egress" in report.quarantine_reasons[1]


def test_the_policy_can_allow_it():
    """What the operator tolerates does not fail."""
    report = audit(
        modules=wasm(RUNS),
        capabilities={"device_capabilities": ["camera"], "wildcard_opt_in": {"node": True}},
        policy=AuditPolicy(allow_device_capabilities=True, allow_wildcard_capabilities=True),
    )
    assert report.passed


def test_no_feed_is_said_to_be_no_feed():
    """The report does not claim a scan that nobody made."""
    (check,) = [check for check in audit().checks if check.check_id == "vulnerability_feed_hook"]
    assert (check.status, check.severity) == ("warn", "warning")
    assert "nothing was scanned" in check.message


def test_names_in_a_module_do_not_reach_the_terminal():
    """A module's own words are bounded and without control characters in a report."""
    evil = '(module (import "env" "' + "\\1b[2J" + "a" * 5000 + '" (func)))'
    text = audit(modules=wasm(evil)).model_dump_json()
    assert "\\u001b" not in text
    assert len(text) < 10_000


def test_a_report_is_written_and_read_again():
    """A report is kept as JSON and loses nothing."""
    report = audit(modules=wasm(IMPORTS))
    assert AuditReport.model_validate_json(report.model_dump_json()).failures == report.failures
    assert report.generated_at == NOW
