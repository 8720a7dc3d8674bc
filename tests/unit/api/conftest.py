from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stage import Stage
from tests.web_stage import Web, web_stage


@pytest.fixture
def web(stage: Stage) -> Iterator[Web]:
    """A gateway's web application over a stage."""
    with web_stage(stage) as opened:
        yield opened
