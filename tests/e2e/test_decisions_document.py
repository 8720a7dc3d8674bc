from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.documents import blocks, commands, printed, program, typed
from tests.shell import Shell

PAGE = "decisions"
#: what differs from one time to the next
PASSING = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_an_agent_is_let_on_warned_held_and_stopped(tmp_path: Path):
    """The document's commands and its program, one after the other, print what stands there."""
    before, after = blocks(PAGE, "console")
    (agent,), (said, *_) = blocks(PAGE, "python"), blocks(PAGE, "text")
    script = "\n".join((typed(commands(before)), program(agent), typed(commands(after))))

    told = printed(script, Shell(tmp_path / "home"), tmp_path)

    assert PASSING.sub("…", told) == PASSING.sub("…", before + said + after)
