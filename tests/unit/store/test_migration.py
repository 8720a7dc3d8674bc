"""Older tables are brought to the present version when somebody asks for it, and not before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from palyra_events.blob import keep
from palyra_events.errors import DatabaseMissing, DatabaseTooNew, DatabaseTooOld
from palyra_events.store import EventLog
from palyra_events.store.check import check_store
from palyra_events.store.migration import Migrated, MigrationFailed, migrate, plan_migration
from palyra_events.store.schema import SCHEMA_VERSION
from tests.new_events import new_events
from tests.old_layouts import make_version_0

_, BLOB = keep(b"bytes")


@pytest.fixture
def old_url(url: str) -> str:
    """The URL of a log of version 0 with three events and a blob, of either kind."""
    make_version_0(url, new_events(3), BLOB)
    return url


def run(url: str, *statements: str) -> None:
    """Run statements, each on its own."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_older_tables_are_not_opened(old_url):
    """The error names both versions, and nothing was changed on the way."""
    with pytest.raises(DatabaseTooOld, match="of version 0"):
        EventLog.open(old_url)
    with pytest.raises(DatabaseTooOld, match=f"with version {SCHEMA_VERSION}"):
        check_store(old_url)

    assert plan_migration(old_url).found == 0


def test_older_tables_become_those_that_are_made_today(old_url):
    """Every event, blob and id is there, and the store is as one that was never anything else."""
    done = migrate(old_url)

    with EventLog.open(old_url) as log:
        assert [event.state for event in log.read(0, 10)] == [event.state for event in new_events(3)]
        assert (log.log_id.hex, log.blob(BLOB.digest)) == ("6e833f1b60be4e16bfc8706571f36fe6", b"bytes")
        assert log.append(new_events(1, start=4), drops=[BLOB.digest]) == range(4, 5)
        assert log.blobs([BLOB.digest]) == {}
    assert (done.found, done.reached) == (0, SCHEMA_VERSION)
    assert check_store(old_url).findings == ()


def test_the_file_is_copied_before(tmp_path: Path):
    """The copy is the older version, whole; a copy that is there already is left alone."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    make_version_0(url, new_events(3), BLOB)
    earlier = tmp_path / "log.db.version-0"
    earlier.write_text("of an earlier try")
    done = migrate(url)

    assert done.backup == tmp_path / "log.db.version-0.2"
    assert plan_migration(f"sqlite:///{done.backup}").found == 0
    assert earlier.read_text() == "of an earlier try"
    with closing(sqlite3.connect(done.backup)) as copy:
        assert copy.execute("SELECT count(*) FROM event").fetchone() == (3,)


def test_what_would_be_done_is_what_is_done(old_url):
    """The statements of the plan, run by hand, lead to the same tables."""
    plan = plan_migration(old_url)
    run(old_url, *plan.statements)

    assert plan.purposes == ("Signed checkpoints are kept beside the log, and blobs can be dropped.",)
    assert check_store(old_url).findings == ()
    assert plan_migration(old_url).statements == ()


def test_present_tables_stay_as_they_are(log):
    """There is nothing to do, and no copy is made."""
    assert migrate(log.url) == Migrated(SCHEMA_VERSION, SCHEMA_VERSION)


def test_a_step_that_cannot_be_made_undoes_the_others(old_url):
    """A table of somebody else's stands in the way: all is as it was."""
    run(old_url, "CREATE TABLE checkpoint (theirs integer)")
    with pytest.raises(MigrationFailed, match="already exists"):
        migrate(old_url)
    run(old_url, "DROP TABLE checkpoint")

    assert migrate(old_url).found == 0


def test_tables_that_would_not_be_ours_are_refused(old_url):
    """A guard was taken away: it is named, and the version stays."""
    trigger = "event_update" if old_url.startswith("sqlite") else "event_refuse ON event"
    run(old_url, f"DROP TRIGGER {trigger}")
    with pytest.raises(MigrationFailed, match=r"The trigger (event\.)?event_\w+ is missing"):
        migrate(old_url)

    assert plan_migration(old_url).found == 0


def test_newer_tables_are_refused(log):
    """A program does not change what it does not know."""
    run(log.url, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")

    with pytest.raises(DatabaseTooNew, match="of version 99"):
        migrate(log.url)


def test_where_there_is_no_log_there_is_nothing_to_migrate(url):
    """And none is made."""
    with pytest.raises(DatabaseMissing):
        plan_migration(url)
