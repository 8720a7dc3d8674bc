from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from palyra_events.a2ui.markdown import Block, parse_markdown

CORPUS = json.loads((Path(__file__).parents[3] / "corpus/a2ui/markdown.json").read_text(encoding="utf-8"))


def told(block: Block) -> dict[str, Any]:
    """Return a block as the corpus has it."""
    lines = [
        [
            {"kind": span.kind.value, "text": span.text, **({"target": span.target} if span.target else {})}
            for span in line
        ]
        for line in block.lines
    ]
    return {"kind": block.kind.value, **({"level": block.level} if block.level else {}), "lines": lines}


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: repr(case["given"]))
def test_markdown_is_read_as_agreed(case):
    """The small part of Markdown that documents know is read, and the rest is text."""
    assert [told(block) for block in parse_markdown(case["given"])] == case["expect"]


@pytest.mark.parametrize("text", ["[" * 12_000, "[a](" * 3_000, "*" * 12_000, "`" * 12_000, "**a" * 4_000])
def test_marks_without_an_end_are_text(text):
    """Marks that nobody closes are read in one pass, however many there are."""
    blocks = parse_markdown(text)
    assert "".join(span.text for span in blocks[0].lines[0]).replace("*", "") == text.replace("*", "")
