from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.shell import Shell

DEMO = Path(__file__).parents[2] / "scripts" / "demo"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def tell(home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DEMO_HOME": str(home)}
    return subprocess.run(
        [DEMO], env=environment, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False
    )


def test_the_demo_tells_its_story_to_the_end(tmp_path):
    """Each step goes as told, on 80 columns, and the home that it leaves can be looked at."""
    told = tell(tmp_path / "home")

    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.endswith("All went as told.\n")
    # A path is never broken, and that of a test's folder is long.
    assert max(len(line) for line in told.stdout.splitlines() if str(tmp_path) not in line) <= 80
    assert {"greet", "alarm", "hello"} == {
        row["hook_id"] for row in Shell(tmp_path / "home")("hook", "list", "-o", "json").json
    }


def test_the_demo_overwrites_nothing(tmp_path):
    """A home that is there already is left as it is."""
    (tmp_path / "palyra.db").write_bytes(b"somebody's")

    told = tell(tmp_path)

    assert told.returncode == 5
    assert (tmp_path / "palyra.db").read_bytes() == b"somebody's"
