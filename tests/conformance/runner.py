"""Runs files of reference cases against the packages and tells which of them hold.

A case is ``{area, name, op, given, expect, note?}``. What an operation does is in ``operations/``,
one module an area: ``OPERATIONS`` maps an operation's name to a function from ``given`` to a result,
``PARTIAL`` names the operations whose cases speak of some fields of a result only, and
``KIND_NAMES`` gives, per operation, the names that its cases have for our errors. There is no rule
of the product here: functions call the packages, and this module compares.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from palyra_events.errors import PalyraError

OPERATIONS_FOLDER = Path(__file__).parent / "operations"


class Operation(NamedTuple):
    """What a case's ``op`` names."""

    run: Callable[[dict[str, Any]], Any]
    is_partial: bool
    kind_names: Mapping[str, str]


class Verdict(NamedTuple):
    """How one case went; ``why`` is empty where it held."""

    op: str
    name: str
    why: str


def load_operations() -> dict[str, Operation]:
    """Return every operation of every area."""
    operations: dict[str, Operation] = {}
    for path in sorted(OPERATIONS_FOLDER.glob("*.py")):
        area = _module(path)
        partial: frozenset[str] = getattr(area, "PARTIAL", frozenset())
        kind_names: Mapping[str, Mapping[str, str]] = getattr(area, "KIND_NAMES", {})
        for op, run in area.OPERATIONS.items():
            operations[op] = Operation(run, op in partial, kind_names.get(op, {}))
    return operations


def _module(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"conformance_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def run_case(case: dict[str, Any], operations: Mapping[str, Operation]) -> Verdict:
    """Carry out one case. What it should not have raised is a failure like any other."""
    op, name = str(case.get("op")), str(case.get("name"))
    operation = operations.get(op)
    if operation is None:
        return Verdict(op, name, "this operation is not known to the runner")
    try:
        actual = operation.run(case["given"])
    except Exception as error:  # noqa: BLE001 - any error is an answer, to be compared or reported
        return Verdict(op, name, _error_mismatch(case["expect"], error, operation))
    return Verdict(op, name, _result_mismatch(case["expect"], actual, operation))


def _error_mismatch(expect: dict[str, Any], error: Exception, operation: Operation) -> str:
    expected = expect.get("error")
    kinds = _kinds(error, operation.kind_names)
    if expected is None or expected["kind"] not in kinds:
        wanted = f"error {expected['kind']}" if expected else "a result"
        return f"expected {wanted}, got {kinds[0]}: {error}"
    absent = [token for token in expected.get("mentions", ()) if token not in str(error)]
    if absent:
        return f"the message does not mention {absent}: {error}"
    details = getattr(error, "details", {})
    for key in expected.keys() - {"kind", "mentions"}:
        actual = details.get(key, getattr(error, key, None))
        if actual != expected[key]:
            return f"the error's {key} should be {expected[key]!r}, but is {actual!r}"
    return ""


def _kinds(error: Exception, names: Mapping[str, str]) -> list[str]:
    """Return the names an error goes by: the case's for our class, our class, and what it specialises."""
    classes = [type(error).__name__]
    if isinstance(error, PalyraError):
        line = type(error).__mro__
        classes = [cls.__name__ for cls in line[: line.index(PalyraError)]]
    return [names[name] for name in classes if name in names] + classes


def _result_mismatch(expect: dict[str, Any], actual: Any, operation: Operation) -> str:
    if "result" not in expect:
        return f"expected error {expect['error']['kind']}, got the result {_short(actual)}"
    expected = expect["result"]
    if operation.is_partial or _is_query(expected):
        return _difference(expected, actual, "result")
    return "" if _same(expected, actual) else f"expected {_short(expected)}, got {_short(actual)}"


def _is_query(expected: Any) -> bool:
    return isinstance(expected, dict) and any(
        key.startswith("/") or key == "absent" or _comparison(key) for key in expected
    )


def _difference(expected: Any, actual: Any, place: str) -> str:
    """Return where ``actual`` lacks what ``expected`` speaks of, or nothing."""
    if isinstance(expected, dict) and expected:
        differences = (_key_difference(key, value, actual, place) for key, value in expected.items())
        return next((difference for difference in differences if difference), "")
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = zip(expected, actual, strict=True)
        differences = (_difference(*pair, f"{place}/{index}") for index, pair in enumerate(pairs))
        return next((difference for difference in differences if difference), "")
    return "" if _same(expected, actual) else f"{place}: expected {_short(expected)}, got {_short(actual)}"


def _key_difference(key: str, expected: Any, actual: Any, place: str) -> str:
    if key.startswith("/"):
        found, value = _at_pointer(actual, key)
        return _difference(expected, value, key) if found else f"{key} is absent"
    if key == "absent":
        present = [pointer for pointer in expected if _at_pointer(actual, pointer)[0]]
        return f"{present} should be absent" if present else ""
    if isinstance(actual, dict) and key in actual:
        return _difference(expected, actual[key], f"{place}/{key}")
    comparison = _comparison(key)
    if comparison is None:
        return f"{place} has no {key}"
    field, holds = comparison
    subject = actual.get(field) if field and isinstance(actual, dict) else actual
    return (
        ""
        if holds(expected, subject)
        else f"{place}: {key} {_short(expected)} is not so of {_short(subject)}"
    )


def _comparison(key: str) -> tuple[str, Callable[[Any, Any], bool]] | None:
    """Return the field and the comparison that a key such as ``warnings_contain`` speaks of."""
    for suffix, holds in _COMPARISONS.items():
        if key == suffix:
            return "", holds
        if key.endswith(f"_{suffix}"):
            return key.removesuffix(f"_{suffix}"), holds
    return None


def _contains(expected: Any, actual: Any) -> bool:
    return all(_holds_one(actual, item) for item in _items(expected))


def _lacks(expected: Any, actual: Any) -> bool:
    return not any(_holds_one(actual, item) for item in _items(expected))


def _holds_one(actual: Any, item: Any) -> bool:
    if isinstance(actual, list):
        return any(_same(item, one) for one in actual)
    text = actual if isinstance(actual, str) else json.dumps(actual, ensure_ascii=False)
    return str(item) in text


def _items(expected: Any) -> Iterable[Any]:
    return expected if isinstance(expected, list) else [expected]


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "contain": _contains,
    "contains": _contains,
    "lack": _lacks,
    "lacks": _lacks,
    "at_least": lambda expected, actual: actual is not None and actual >= expected,
    "equals": lambda expected, actual: not _difference(expected, actual, ""),
}


def _same(expected: Any, actual: Any) -> bool:
    """Compare as JSON does: ``true`` is not ``1``, and 1 is 1.0."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(_same(expected[key], actual[key]) for key in expected)
    if isinstance(expected, list) and isinstance(actual, list | tuple):
        return len(expected) == len(actual) and all(map(_same, expected, actual))
    return bool(expected == actual)


def _at_pointer(document: Any, pointer: str) -> tuple[bool, Any]:
    """Follow a JSON pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and key in document:
            document = document[key]
        elif isinstance(document, list) and key.isdigit() and int(key) < len(document):
            document = document[int(key)]
        else:
            return False, None
    return True, document


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 300 else f"{text[:300]}…"


def read_cases(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the cases of all files, in order."""
    cases: list[dict[str, Any]] = []
    for path in paths:
        cases += json.loads(path.read_text(encoding="utf-8"))
    return cases


def run_cases(cases: Iterable[dict[str, Any]]) -> list[Verdict]:
    """Carry out all cases."""
    operations = load_operations()
    return [run_case(case, operations) for case in cases]


def _json_report(verdicts: Sequence[Verdict]) -> str:
    failed = [verdict._asdict() for verdict in verdicts if verdict.why]
    return json.dumps(
        {"total": len(verdicts), "passed": len(verdicts) - len(failed), "failed": failed}, indent=1
    )


def _table(verdicts: Sequence[Verdict]) -> str:
    by_operation: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_operation[verdict.op].append(verdict)
    width = max((len(op) for op in by_operation), default=9)
    lines = [f"{'operation':<{width}}  passed  total"]
    for op, ran in sorted(by_operation.items()):
        lines.append(f"{op:<{width}}  {sum(not verdict.why for verdict in ran):>6}  {len(ran):>5}")
    failed = [verdict for verdict in verdicts if verdict.why]
    lines.append(f"{'all':<{width}}  {len(verdicts) - len(failed):>6}  {len(verdicts):>5}")
    lines += [f"FAILED {verdict.op} {verdict.name}: {verdict.why}" for verdict in failed]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run the files named on the command line; 0 only if there were cases and every one passed."""
    parser = argparse.ArgumentParser(prog="scripts/conformance", description="Run files of reference cases.")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        cases = read_cases(options.files)
    except (OSError, ValueError) as error:
        parser.error(f"cannot read the cases: {error}")
    verdicts = run_cases(cases)
    print(_json_report(verdicts) if options.json else _table(verdicts))  # noqa: T201 - a command's answer
    return 0 if verdicts and not any(verdict.why for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
