"""No byte of what a person wrote is left in any file, once it was erased."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.erased_words import BOB, FILLED_IN, NAME, WORDS, act, found_in, make_ready, open_palyra
from tests.postgres_server import Server
from tests.stage import OPEN_POLICY, Stage


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A gateway whose plugin repeats what it is told, over a database of either kind."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/palyra.db" if is_sqlite else request.getfixturevalue("postgres").database()
    with Stage(url, tmp_path, policy=OPEN_POLICY) as opened:
        make_ready(opened)
        yield opened


def test_no_byte_of_erased_words_is_left(stage: Stage, request: pytest.FixtureRequest):
    """Database, write-ahead log, views, search index, module cache, checkpoints and logs are clean."""
    server: Server | None = None if stage.log.path else request.getfixturevalue("postgres")
    with open_palyra(stage.url, stage.folder) as palyra:
        act(palyra, stage)
        assert set(found_in(stage.folder, stage.url, server)) == {*WORDS, FILLED_IN, NAME}

        palyra.subjects.erase(BOB, reason="asked for it")

        assert found_in(stage.folder, stage.url, server) == {}
        report = palyra.ledger.verify(views=True)
        assert (report.findings, report.signed) == ((), report.head - 1)


def test_a_gateway_never_logs_what_people_write(stage: Stage):
    """The lines of a gateway name what is done, and neither why nor with which data."""
    with open_palyra(stage.url, stage.folder) as palyra:
        act(palyra, stage)
    lines = (stage.folder / "gateway.log").read_text()
    assert "is up" in lines
    assert [word for word in [*WORDS, FILLED_IN] if word.casefold() in lines.casefold()] == []
