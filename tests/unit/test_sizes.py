from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "projections").rglob("*.py")])

#: lines; more than this is two functions, or two modules
FUNCTION_MAX = 60
MODULE_MAX = 500


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_and_modules_stay_small(module):
    """What does not fit on a screen is read by nobody."""
    text = module.read_text()
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= FUNCTION_MAX]
    assert (long, text.count("\n") > MODULE_MAX) == ([], False)
