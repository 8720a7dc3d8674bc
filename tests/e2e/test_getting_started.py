from __future__ import annotations

import re

import pytest

from tests.documents import blocks, commands, page, printed, program, typed
from tests.shell import Shell

PAGE = "getting-started"
#: what differs from one time to the next
PASSING = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|[0-9a-f]{32}")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_what_the_document_shows_is_what_happens(tmp_path):
    """Its commands, typed one after the other, print what stands below them; its program runs too."""
    story = "".join(blocks(PAGE, "console"))
    (embedding, *_) = blocks(PAGE, "python")

    told = printed(f"{typed(commands(story))}\n{program(embedding)}", Shell(tmp_path), tmp_path)

    expected = story + "\n".join(re.findall("prints `(.*)`", page(PAGE))) + "\n"
    assert PASSING.sub("…", told) == PASSING.sub("…", expected)
