from __future__ import annotations

import re
from pathlib import Path

import pytest

from palyra_events.a2ui import normalise
from palyra_events.strict_json import parse_object
from tests.documents import blocks, commands, printed, program, typed
from tests.shell import Shell

PAGE = "surfaces"
#: what differs from one time to the next
PASSING = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_people_and_a_plugin_decide_about_a_release_by_forms(tmp_path: Path):
    """The whole loop, as the document tells it: quarantined, shown, chosen, decided, carried out."""
    story = "".join(blocks(PAGE, "console"))
    (desk,) = blocks(PAGE, "python")

    # Each command is started here, as people do it: the first place to look has the warm program.
    script = f"PATH=${{PATH#*:}}\n{typed(commands(story))}\n{program(desk)}"
    told = printed(script, Shell(tmp_path / "home"), tmp_path)

    assert PASSING.sub("…", told) == PASSING.sub("…", story) + "approvals 4 approval-desk\n"


def test_what_a_plugin_writes_can_be_shown():
    """The document in the text is one, and the events in it are JSON."""
    document, patch, event = (parse_object(block, size_max=10_000) for block in blocks(PAGE, "json"))

    assert normalise(document).problems == ()
    assert patch["patch"]["ops"][0]["path"] == "/components/0/props/value"
    assert event["payload"]["component_id"] == "decide"
