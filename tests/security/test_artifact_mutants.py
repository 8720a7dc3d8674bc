from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.security.artifact_fuzz import KINDS, specimens

COUNT = 4_000


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_nobody_made_is_opened_or_refused_and_leaves_no_trace():
    """Four thousand documents: typed errors only, no memory, and not a byte outside the store.

    In a process of its own, whose writes are watched and whose memory is measured; `scripts/full-test`
    reads twenty thousand.
    """
    command = [sys.executable, "-m", "tests.security.artifact_fuzz", "--count", str(COUNT)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert f"{COUNT} read" in done.stdout
    for kind in KINDS:
        endings = re.findall(rf"(\d+) {kind}: (\w+)", done.stdout)
        assert sum(int(number) for number, _ in endings) == COUNT // len(KINDS)
        assert len(endings) > 1
        assert "opened" in {code for _, code in endings} or kind == "signed nonsense"


def test_a_specimen_is_made_again_from_its_number():
    """A failure can be looked at."""
    assert list(specimens(20)) == list(specimens(20))
