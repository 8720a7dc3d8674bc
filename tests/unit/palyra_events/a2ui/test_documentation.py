from __future__ import annotations

import io
import json
import re
from dataclasses import asdict

from palyra_events.a2ui import LIMITS, ProblemCode, apply_patch, normalise
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.surface_page import write_document
from tests.documents import blocks, page

PAGE = page("a2ui")
DOCUMENT, PATCH = (json.loads(block) for block in blocks("a2ui", "json"))


def test_the_example_is_a_page_without_problems():
    """What an author copies is right."""
    assert normalise(DOCUMENT).problems == ()


def test_the_patch_fits_the_example():
    """It can be tried on the page above it."""
    made = apply_patch(normalise(DOCUMENT).document, PATCH)
    assert ([each.id for each in made.document.components], made.problems) == (
        ["head", "state", "steps", "waiting", "decide"],
        (),
    )


def test_the_terminal_shows_the_example_so():
    """The lines in the documentation are what is printed."""
    stream = io.StringIO()
    write_document(Page(stream, width=80), normalise(DOCUMENT).document)
    assert f"```\n{stream.getvalue()}```" in PAGE


def test_the_limits_are_those_of_the_program():
    """Each is listed with its value."""
    listed = {name: int(value) for name, value in re.findall(r"\| `(\w+_max)` \| (\d+) \|", PAGE)}
    assert listed == asdict(LIMITS)


def test_each_kind_of_problem_is_explained():
    """Who reads a code finds what became of it."""
    assert [code for code in ProblemCode if f"| `{code}` |" not in PAGE] == []
