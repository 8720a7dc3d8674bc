"""What a check of the store finds, and that it finds nothing where nothing is wrong."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from palyra_events.errors import DatabaseLocked, DatabaseMissing
from palyra_events.store import EventLog
from palyra_events.store.backup import back_up
from palyra_events.store.check import StoreReport, check_store
from tests.new_events import new_events

ROWS = ("positions", "streams", "consumers")


@pytest.fixture
def filled(log: EventLog) -> EventLog:
    """A log with thirty events of one stream and a consumer."""
    log.append(new_events(30), tracking=("scheduler", 7))
    return log


@pytest.fixture
def filled_file(sqlite_log: EventLog) -> EventLog:
    """A log in a SQLite file with thirty events."""
    sqlite_log.append(new_events(30))
    return sqlite_log


@pytest.fixture
def server_url(postgres) -> str:
    """The URL of a log in PostgreSQL with thirty events."""
    url = postgres.schema()
    with EventLog.open(url) as log:
        log.append(new_events(30))
    return url


def spoil(url: str, *statements: str) -> StoreReport:
    """Run statements, as somebody who has the database but not our code, and check it."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)
    return check_store(url)


def found(report: StoreReport) -> list[tuple[str, str]]:
    """Return what was found."""
    return [(finding.check, finding.message) for finding in report.findings]


def test_a_sound_log_has_no_findings(filled):
    """Every check was made, and each found nothing."""
    report = check_store(filled.url)

    native = ("layout", "head", "durability") if filled.path is None else ("file", "layout", "durability")
    assert report == StoreReport((*native, *ROWS), (), 30)
    assert report.passed


def test_a_backup_has_no_findings(filled, tmp_path):
    """It is as sound as what it was made of."""
    back_up(filled.url, tmp_path / "backup.db")

    assert check_store(f"sqlite:///{tmp_path / 'backup.db'}").passed


def test_a_check_writes_nothing(filled_file):
    """Not a byte of the file is another one."""
    filled_file.close()
    before = filled_file.path.read_bytes()
    check_store(filled_file.url)

    assert filled_file.path.read_bytes() == before


def test_gaps_are_found(filled):
    """An event that somebody took out, with the guard that was in the way."""
    guard = "event_delete" if filled.path else "event_refuse ON event"
    report = spoil(filled.url, f"DROP TRIGGER {guard}", "DELETE FROM event WHERE position = 5")

    assert found(report) == [
        ("layout", f"The trigger {'event_delete' if filled.path else 'event.event_refuse'} is missing."),
        ("positions", "The log has 29 events at the positions 1 to 30: there are gaps."),
        ("streams", "Streams that do not have the versions 1, 2, 3, … without gaps: 1."),
    ]


def test_a_consumer_ahead_of_the_log_is_found(filled):
    """The log was cut off, or an older copy took its place."""
    report = spoil(filled.url, "UPDATE tracking SET position = 31")

    assert found(report) == [
        ("consumers", "The consumer scheduler has come to position 31, which the log does not have.")
    ]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DROP TRIGGER event_insert", "The trigger event_insert is missing."),
        ("DROP TABLE checkpoint", "The table checkpoint is missing."),
        (
            "CREATE TRIGGER sly AFTER INSERT ON event BEGIN DELETE FROM blob; END",
            "The trigger sly was added.",
        ),
        ("ALTER TABLE blob ADD COLUMN more TEXT", "The table blob is not as it was made."),
    ],
)
def test_parts_of_a_file_that_are_not_as_they_were_made_are_found(filled_file, statement, message):
    """What is missing, what was changed and what was added is named."""
    assert found(spoil(filled_file.url, statement)) == [("layout", message)]


def test_an_index_of_an_operators_is_no_finding(filled_file):
    """It changes nothing that the log says."""
    assert spoil(filled_file.url, "CREATE INDEX by_topic ON event (topic)").passed


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "ALTER TABLE event DISABLE TRIGGER event_refuse",
            "The trigger event.event_refuse is not as it was made.",
        ),
        ("ALTER TABLE event ADD COLUMN more int", "The column event.more was added."),
        ("CREATE RULE deaf AS ON INSERT TO blob DO INSTEAD NOTHING", "The rule blob.deaf was added."),
        (
            "ALTER TABLE event DROP CONSTRAINT event_leaf_check",
            "The constraint event.event_leaf_check is missing.",
        ),
        (
            """CREATE OR REPLACE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN RETURN NULL; END'""",
            "The function event_refuse() is not as it was made.",
        ),
    ],
)
def test_parts_of_a_database_that_are_not_as_they_were_made_are_found(server_url, statement, message):
    """A guard that is switched off is as bad as one that is gone."""
    assert found(spoil(server_url, statement)) == [("layout", message)]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE head SET position = 29", "The head row says 29, and the log ends at position 30."),
        ("DELETE FROM head", "There are 0 head rows; there must be one."),
    ],
)
def test_a_head_that_is_not_the_end_is_found(server_url, statement, message):
    """The next append would be refused."""
    assert found(spoil(server_url, statement)) == [("head", message)]


@pytest.mark.postgres
def test_a_check_of_a_server_leaves_nothing_there(server_url):
    """The tables that it compares with are gone when it is done."""
    query = "SELECT count(*) FROM pg_class WHERE relname = 'event_contiguous' OR relname = 'event'"
    with psycopg.connect(server_url, autocommit=True) as connection:
        before = connection.execute(query).fetchone()
        check_store(server_url)
        assert connection.execute(query).fetchone() == before


def test_a_table_that_is_gone_does_not_end_the_check(filled):
    """What needs it cannot be checked, and that is said; the rest is."""
    report = spoil(filled.url, "DROP TABLE tracking")

    assert ("layout", "The table tracking is missing.") in found(report)
    assert [name for name, message in found(report) if "cannot be checked" in message] == ["consumers"]


def test_a_damaged_page_is_found(filled_file):
    """Where SQLite itself says so."""
    filled_file.append(new_events(500, number=2))
    filled_file.close()
    content = bytearray(filled_file.path.read_bytes())
    content[8192:12288] = bytes(4096)
    filled_file.path.write_bytes(content)

    report = check_store(filled_file.url)
    assert report.findings[0].check == "file"
    assert not check_store(filled_file.url, quick=True).passed


def test_an_index_that_lies_is_found_unless_it_is_to_be_quick(filled_file):
    """An entry was taken out of the index of streams: only the full check compares it with the table."""
    filled_file.close()
    with closing(sqlite3.connect(filled_file.path, isolation_level=None)) as connection:
        (text,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'event'").fetchone()
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_event_1'"
        ).fetchone()
    content = bytearray(filled_file.path.read_bytes())
    # The number of cells of a leaf page is in its bytes 3 and 4 (https://sqlite.org/fileformat2.html#b_tree_pages).
    start = (page - 1) * 4096
    cells = int.from_bytes(content[start + 3 : start + 5])
    content[start + 3 : start + 5] = (cells - 1).to_bytes(2)
    filled_file.path.write_bytes(content)

    assert "UNIQUE" in text
    assert any("missing from index" in message for _, message in found(check_store(filled_file.url)))


def test_a_file_of_another_kind_is_one_finding(tmp_path: Path):
    """Not one for each check."""
    (tmp_path / "log.db").write_text("hello " * 1000)
    report = check_store(f"sqlite:///{tmp_path / 'log.db'}")

    assert [finding.check for finding in report.findings] == ["file"]
    assert report.head is None


def test_where_there_is_no_log_there_is_nothing_to_check(url):
    """That is an error, and no finding."""
    with pytest.raises(DatabaseMissing):
        check_store(url)


def test_a_database_that_cannot_be_read_says_nothing_about_itself(filled_file):
    """Somebody holds it alone: that is no finding."""
    filled_file.close()
    with closing(sqlite3.connect(filled_file.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseLocked):
            check_store(filled_file.url)
