"""Our own cases, in the form that `scripts/conformance` runs."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CASE_FILES = sorted((HERE / "cases").glob("*.json"))
RUNNER = runpy.run_path(str(HERE / "runner.py"))
OPERATIONS = RUNNER["load_operations"]()
CASES = RUNNER["read_cases"](CASE_FILES)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['op']}:{case['name']}" for case in CASES])
def test_case_holds(case):
    """The product does what the case says."""
    assert RUNNER["run_case"](case, OPERATIONS).why == ""


def test_case_names_are_unique():
    """A failure names exactly one case."""
    assert len({(case["op"], case["name"]) for case in CASES}) == len(CASES)


@pytest.fixture
def run_file(tmp_path, capsys):
    """Run the command on a file of these cases; give its exit code and what it printed."""

    def run(cases: object, *options: str) -> tuple[int, str]:
        path = tmp_path / "cases.json"
        path.write_text(json.dumps(cases), encoding="utf-8")
        return RUNNER["main"]([*options, str(path)]), capsys.readouterr().out

    return run


def case(op: str, given: object, expect: object) -> dict[str, object]:
    return {"area": "a", "name": "n", "op": op, "given": given, "expect": expect}


PATH = "skills.normalize_path"
PARSE = "plugins.capability_diff"
EMPTY = {"http_hosts": [], "secrets": [], "storage_prefixes": [], "channels": []}
DIFF = {"declared": EMPTY, "granted": EMPTY, "policy": EMPTY}


def test_all_cases_pass(run_file):
    """Exit code 0 and the JSON report are for the case that everything holds."""
    code, printed = run_file([case(PATH, {"path": "a"}, {"result": "a"})], "--json")
    assert (code, json.loads(printed)) == (0, {"total": 1, "passed": 1, "failed": []})


@pytest.mark.parametrize(
    ("op", "given", "expect", "why"),
    [
        ("no.such", {}, {"result": 1}, "not known to the runner"),
        (PATH, {"path": "a"}, {"result": "b"}, 'expected "b", got "a"'),
        (PATH, {"path": "a"}, {"error": {"kind": "InvalidArtifactPath"}}, "got the result"),
        (PATH, {"path": "/a"}, {"result": "a"}, "expected a result, got InvalidArtifactPath"),
        (PATH, {"path": "/a"}, {"error": {"kind": "Other"}}, "expected error Other"),
        (PATH, {"path": "/a"}, {"error": {"kind": "InvalidArtifactPath", "mentions": ["moon"]}}, "mention"),
        (PATH, {"path": "/a"}, {"error": {"kind": "InvalidArtifactPath", "limit": 3}}, "limit"),
        (PATH, {}, {"result": "a"}, "KeyError"),
        (PARSE, DIFF, {"result": {"valid": 1}}, "expected 1, got true"),
        (PARSE, DIFF, {"result": {"entries": [[]]}}, "entries"),
        (PARSE, DIFF, {"result": {"effective": {}}}, "effective"),
        (PARSE, DIFF, {"result": {"unheard": None}}, "has no unheard"),
        (PARSE, DIFF, {"result": {"/effective/secrets/0": "x"}}, "is absent"),
        (PARSE, DIFF, {"result": {"absent": ["/valid"]}}, "should be absent"),
        (PARSE, DIFF, {"result": {"entries_contain": ["x"]}}, "is not so"),
    ],
)
def test_case_that_does_not_hold_is_told(run_file, op, given, expect, why):
    """A case that does not hold is a failure with its reason, never a pass and never a skip."""
    code, printed = run_file([case(op, given, expect)], "--json")
    failed = json.loads(printed)["failed"]
    assert code == 1
    assert [(one["op"], one["name"]) for one in failed] == [(op, "n")]
    assert why in failed[0]["why"]


def test_table_names_what_failed(run_file):
    """People get a table by operation, and each failure in words."""
    cases = [case(PATH, {"path": "a"}, {"result": "a"}), case(PATH, {"path": "a"}, {"result": "b"})]
    code, printed = run_file(cases)
    assert code == 1
    assert f"{PATH}       1      2" in printed
    assert f'FAILED {PATH} n: expected "b", got "a"' in printed


def test_no_cases_prove_nothing(run_file):
    """A file without cases is not a success."""
    assert run_file([])[0] == 1


def test_file_that_is_no_json(tmp_path, capsys):
    """A file that cannot be read ends in one sentence, not in a traceback."""
    path = tmp_path / "cases.json"
    path.write_text("[", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        RUNNER["main"]([str(path)])
    assert ended.value.code == 2
    assert "cannot read the cases" in capsys.readouterr().err
