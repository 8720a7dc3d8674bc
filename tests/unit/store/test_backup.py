"""A backup is the whole log or no file, and a restored database is the whole log or as it was."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from palyra_events.blob import keep, seal
from palyra_events.errors import DatabaseDamaged, DatabaseMissing, DiskFull, LogDamaged
from palyra_events.ledger import Frontier
from palyra_events.store import Blob, EventLog
from palyra_events.store.backup import BackupIsDatabase, UnknownBackup, back_up, restore
from palyra_events.store.copy import DatabaseNotEmpty
from palyra_events.store.new_file import FileExists
from tests.new_events import new_events
from tests.small_disk import small_disk
from tests.unit.store.conftest import BACKENDS

_, KEPT = keep(b"what a plugin said")
_, SEALED = seal("why it was done", bytes(32))


@pytest.fixture(params=BACKENDS)
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of another empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'other' / 'log.db'}"
    return str(request.getfixturevalue("postgres").schema())


@pytest.fixture
def filled(log: EventLog) -> EventLog:
    """A log with more events than are copied at once, blobs of both kinds, and a consumer."""
    log.append(new_events(1200), blobs=[KEPT, SEALED], tracking=("scheduler", 7))
    return log


def url_of(file: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{file}"


def rows(log: EventLog) -> list[tuple[object, ...]]:
    """Return all events of a log."""
    return list(log.read(0, 10_000))


@contextmanager
def raw(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file as somebody who has it but not our code."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def test_a_backup_travels_between_databases_of_either_kind(filled, other_url, tmp_path):
    """Positions, leaf hashes, root, blobs, consumers and the log's id arrive, and the log goes on."""
    written = back_up(filled.url, tmp_path / "backup.db")
    read = restore(tmp_path / "backup.db", other_url)

    root = Frontier.over(event.leaf for event in filled.read(0, 2000)).root
    assert (written.head, written.root, written.blobs) == (1200, root, 2)
    assert read == written
    with EventLog.open(other_url, create=False) as restored:
        assert rows(restored) == rows(filled)
        assert restored.log_id == filled.log_id == written.log_id
        assert restored.blobs([KEPT.digest, SEALED.digest]) == {
            KEPT.digest: KEPT.content,
            SEALED.digest: SEALED.content,
        }
        assert restored.position("scheduler") == 7
        assert restored.append(new_events(1, start=1201)) == range(1201, 1202)


def test_checkpoints_travel_along(sqlite_log, tmp_path):
    """They are of the log, as its events are."""
    with raw(sqlite_log.path) as connection:
        connection.execute("INSERT INTO checkpoint VALUES (1, x'01', x'02')")
    back_up(sqlite_log.url, tmp_path / "backup.db")

    with raw(tmp_path / "backup.db") as connection:
        assert connection.execute("SELECT * FROM checkpoint").fetchall() == [(1, b"\x01", b"\x02")]


def test_a_backup_is_a_log_that_can_be_opened(filled, tmp_path):
    """Whatever the database was, the file is one of SQLite, private, alone and without views."""
    file = tmp_path / "backups" / "backup.db"
    back_up(filled.url, file)

    assert [path.name for path in file.parent.iterdir()] == ["backup.db"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with EventLog.open(url_of(file), create=False) as copy:
        assert rows(copy) == rows(filled)
        assert copy.append(new_events(1, number=2)) == range(1201, 1202)


def test_a_backup_is_one_moment_while_others_write(log, tmp_path):
    """It has a beginning of the log, without a gap, and the writer never waited in vain."""
    log.append(new_events(3000))
    writer = Thread(target=lambda: [log.append(new_events(1, number=2, start=n)) for n in range(1, 101)])
    writer.start()
    copy = back_up(log.url, tmp_path / "backup.db")
    writer.join()

    with EventLog.open(url_of(tmp_path / "backup.db")) as opened:
        assert rows(opened) == rows(log)[: copy.head]
    assert 3000 <= copy.head <= log.head() == 3100


def test_a_file_is_never_overwritten_unasked(filled, tmp_path):
    """What is there stays, until the one that replaces it is complete."""
    file = tmp_path / "backup.db"
    file.write_text("precious")
    with pytest.raises(FileExists):
        back_up(filled.url, file)
    assert file.read_text() == "precious"

    back_up(filled.url, file, replace=True)
    with EventLog.open(url_of(file)) as copy:
        assert copy.head() == 1200


def test_a_database_is_not_replaced_by_its_own_backup(sqlite_log):
    """Not even where a file may be replaced, or is called by another name."""
    (sqlite_log.path.parent / "link").symlink_to(sqlite_log.path)
    for name in ("log.db", "link"):
        with pytest.raises(BackupIsDatabase):
            back_up(sqlite_log.url, sqlite_log.path.with_name(name), replace=True)


def test_where_there_is_no_log_there_is_no_backup(url, tmp_path):
    """And no file."""
    with pytest.raises(DatabaseMissing):
        back_up(url, tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


def test_a_database_in_use_is_not_replaced(filled, tmp_path):
    """Its write-ahead log would be applied to the wrong file."""
    with EventLog.open(url_of(tmp_path / "other.db")) as other:
        other.append(new_events(1))
        with pytest.raises(FileExists, match="in use"):
            back_up(filled.url, tmp_path / "other.db", replace=True)


def test_there_is_no_backup_of_what_is_not_true(sqlite_log, tmp_path):
    """An event that somebody changed is named, and no file is left."""
    sqlite_log.append(new_events(3))
    with raw(sqlite_log.path) as connection:
        connection.execute("DROP TRIGGER event_update")
        connection.execute("UPDATE event SET state = x'00' WHERE position = 2")

    with pytest.raises(LogDamaged, match="position 2"):
        back_up(sqlite_log.url, tmp_path / "backups" / "backup.db")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_hole_is_not_backed_up(sqlite_log, tmp_path):
    """The first position that is missing is named."""
    sqlite_log.append(new_events(3))
    with raw(sqlite_log.path) as connection:
        connection.execute("DROP TRIGGER event_delete")
        connection.execute("DELETE FROM event WHERE position = 2")

    with pytest.raises(LogDamaged, match="Position 2 is missing"):
        back_up(sqlite_log.url, tmp_path / "backup.db")


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup with three events and a blob."""
    with EventLog.open(url_of(tmp_path / "source.db")) as log:
        log.append(new_events(3), blobs=[KEPT])
    back_up(url_of(tmp_path / "source.db"), tmp_path / "backup.db")
    return tmp_path / "backup.db"


def spoil(file: Path, *statements: str) -> None:
    """Change a backup."""
    with raw(file) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TRIGGER event_update", "UPDATE event SET topic = 'SkillDisabled@1' WHERE position = 3"),
        ("DROP TRIGGER blob_update", "UPDATE blob SET bytes = x'00'"),
    ],
    ids=["an event", "a blob"],
)
def test_a_backup_that_was_changed_is_refused(backup, url, statements):
    """The database is as it was: empty, and ready for a better one."""
    EventLog.open(url).close()
    spoil(backup, *statements)

    with pytest.raises(LogDamaged):
        restore(backup, url)
    with EventLog.open(url) as log:
        assert log.append(new_events(1), blobs=[KEPT]) == range(1, 2)


def test_a_log_is_never_restored_over_another(backup, log):
    """One event is enough, and it stays."""
    log.append(new_events(1, number=9))

    with pytest.raises(DatabaseNotEmpty):
        restore(backup, log.url)
    assert [event.stream_id.int for event in log.read(0, 10)] == [9]


def test_an_empty_log_becomes_the_one_of_the_backup(backup, log):
    """Also where somebody has made its tables before: its id is the backup's."""
    restore(backup, log.url)

    with EventLog.open(log.url) as restored, EventLog.open(url_of(backup)) as original:
        assert (restored.head(), restored.log_id) == (3, original.log_id)


def test_a_failed_restore_makes_no_file(backup, tmp_path):
    """There is no empty database that looks as if it were the one."""
    spoil(backup, "DROP TRIGGER blob_update", "UPDATE blob SET bytes = x'00'")

    with pytest.raises(LogDamaged):
        restore(backup, url_of(tmp_path / "new" / "log.db"))
    assert list((tmp_path / "new").iterdir()) == []


def test_what_is_no_backup_is_refused(log, tmp_path):
    """A file that is missing, of another kind, or without a log."""
    (tmp_path / "text.db").write_text("hello " * 1000)
    with pytest.raises(UnknownBackup):
        restore(tmp_path / "missing.db", log.url)
    with pytest.raises(DatabaseDamaged):
        restore(tmp_path / "text.db", log.url)
    spoil(tmp_path / "empty.db", "CREATE TABLE x (y)")
    with pytest.raises(DatabaseMissing):
        restore(tmp_path / "empty.db", log.url)


def test_progress_is_told(filled, tmp_path):
    """It only rises, and ends at the end: once to write the file, once to check it."""
    told = []
    back_up(filled.url, tmp_path / "backup.db", progress=lambda done, total: told.append((done, total)))

    assert told == sorted(told)
    assert told[-1] == (2404, 2404)


def test_a_full_disk_leaves_no_file(filled, tmp_path):
    """And the log that was to be backed up goes on."""
    with small_disk(tmp_path / "disk") as disk:
        (disk.folder / "first").write_bytes(b"-")
        with disk.filled(leaving=20_000), pytest.raises(DiskFull):
            back_up(filled.url, disk.folder / "backup.db")
        assert [path.name for path in disk.folder.iterdir()] == ["first"]
    assert filled.append(new_events(1, start=1201)) == range(1201, 1202)


def test_a_full_disk_restores_nothing(tmp_path):
    """The database is as empty as it was, and takes the log when there is room."""
    with EventLog.open(url_of(tmp_path / "source.db")) as log:
        log.append(new_events(1200), blobs=[keep(bytes(600_000))[1]])
    back_up(log.url, tmp_path / "backup.db")
    with small_disk(tmp_path / "disk") as disk:
        url = url_of(disk.folder / "log.db")
        EventLog.open(url).close()
        with disk.filled(leaving=200_000), pytest.raises(DiskFull):
            restore(tmp_path / "backup.db", url)
        assert restore(tmp_path / "backup.db", url).head == 1200


@pytest.mark.postgres
def test_writers_of_a_server_wait_for_a_restore(backup, postgres):
    """Nobody's event comes between the check that the log is empty and the first of the backup."""
    url = postgres.schema()
    with EventLog.open(url) as log, psycopg.connect(url) as other:
        other.execute(
            "SELECT event_append(NULL, NULL, NULL, NULL, %b, %b, NULL, NULL, NULL)", [[KEPT.digest], [b""]]
        )
        with ThreadPoolExecutor() as pool:
            restoring = pool.submit(restore, backup, url)
            other.commit()
            with pytest.raises(DatabaseNotEmpty):
                restoring.result()
        assert (log.head(), log.blobs([KEPT.digest])) == (0, {KEPT.digest: b""})


def test_an_empty_log_can_be_backed_up(log, tmp_path):
    """It is a log like others, with an id."""
    copy = back_up(log.url, tmp_path / "backup.db")

    assert (copy.head, copy.blobs, copy.log_id) == (0, 0, log.log_id)


def test_a_blob_that_was_dropped_is_not_missed(log, tmp_path):
    """What was erased stays erased, in the backup as well."""
    log.append(new_events(1), blobs=[KEPT])
    log.append([], drops=[KEPT.digest])
    back_up(log.url, tmp_path / "backup.db")

    assert KEPT.content not in (tmp_path / "backup.db").read_bytes()


def test_a_blob_under_a_false_name_is_found(log, tmp_path):
    """Its digest says what it must be."""
    log.append(new_events(1), blobs=[Blob(b"d" * 32, b"bytes")])

    with pytest.raises(LogDamaged, match="646464646464"):
        back_up(log.url, tmp_path / "backup.db")
