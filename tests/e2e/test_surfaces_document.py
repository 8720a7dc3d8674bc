from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from palyra_events.a2ui import normalise
from palyra_events.strict_json import parse_object
from tests.shell import Shell

DOCUMENT = (Path(__file__).parents[2] / "docs" / "surfaces.md").read_text(encoding="utf-8")
#: what differs from one time to the next
PASSING = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?")


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)


def typed(block: str) -> str:
    """Return a shell script of the commands in a block, each of them shown as it is there."""
    commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"echo {shlex.quote(f'$ {command}')}\n{command}" for command in commands)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_people_and_a_plugin_decide_about_a_release_by_forms(tmp_path: Path):
    """The whole loop, as the document tells it: quarantined, shown, chosen, decided, carried out."""
    story = "".join(blocks("console"))
    program = f"{shlex.quote(sys.executable)} - <<'END'\n{blocks('python')[0]}END"
    variables = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}

    done = subprocess.run(
        ["/bin/sh", "-c", f"exec 2>&1\n{typed(story)}\n{program}"],
        cwd=tmp_path,
        env={**Shell(tmp_path / "home").environment, **variables},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )

    assert PASSING.sub("…", done.stdout) == PASSING.sub("…", story) + "approvals 4 approval-desk\n"


def test_what_a_plugin_writes_can_be_shown():
    """The document in the text is one, and the events in it are JSON."""
    document, patch, event = (parse_object(block, size_max=10_000) for block in blocks("json"))

    assert normalise(document).problems == ()
    assert patch["patch"]["ops"][0]["path"] == "/components/0/props/value"
    assert event["payload"]["component_id"] == "decide"
