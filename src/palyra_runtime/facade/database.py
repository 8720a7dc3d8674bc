"""The care of the database: checking it, measuring it, backing it up, migrating it."""

from __future__ import annotations

from pathlib import Path

from palyra_events.store.backup import back_up, restore
from palyra_events.store.check import StoreReport, check_store
from palyra_events.store.copy import LogCopy, Progress
from palyra_events.store.migration import Migrated, MigrationPlan, migrate, plan_migration
from palyra_events.store.stats import StoreStats, measure


class Database:
    """The database at one URL. It need not be one that Palyra can open: that is what most of this is for."""

    def __init__(self, url: str) -> None:
        self._url = url

    def check(self, *, quick: bool = False) -> StoreReport:
        """Return what is wrong with the store itself; see `check_store`.

        Whether its rows are the ones that were recorded, the audit verifies.

        Raises:
            DatabaseMissing, DatabaseTooNew, DatabaseTooOld, DriverMissing, DatabaseUnavailable,
                DatabaseLocked, StorageFailed: it cannot be checked.
        """
        return check_store(self._url, quick=quick)

    def stats(self) -> StoreStats:
        """Return what takes how much room, and how fast it grows.

        Raises:
            DatabaseMissing, DatabaseTooNew, DatabaseTooOld, DriverMissing, DatabaseUnavailable,
                DatabaseLocked, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        return measure(self._url)

    def back_up(
        self, file: str | Path, *, replace: bool = False, progress: Progress | None = None
    ) -> LogCopy:
        """Write the log as it is now into a new file, while others go on; see `palyra_events.store.backup`.

        Raises:
            LogDamaged: an event or a blob is not what was recorded.
            BackupIsDatabase, FileExists, FileBusy: the file is not free.
            DatabaseMissing, DatabaseTooNew, DatabaseTooOld, DriverMissing, DatabaseUnavailable,
                DatabaseReadOnly, DatabaseDamaged, DiskFull, StorageFailed: there is no such file in the end.
        """
        return back_up(self._url, Path(file), replace=replace, progress=progress)

    def restore(self, file: str | Path, *, progress: Progress | None = None) -> LogCopy:
        """Bring the log of a backup into this database, which must be empty, or missing on SQLite.

        Open the database after it: who has it open works with the log that it was.

        Raises:
            UnknownBackup: there is no such file.
            LogDamaged: an event or a blob is not what was recorded.
            DatabaseNotEmpty: there is a log already.
            DatabaseTooNew, DatabaseTooOld, DriverMissing, DatabaseUnavailable, DatabaseReadOnly,
                DatabaseLocked, DatabaseDamaged, DiskFull, StorageFailed: the database is as it was.
        """
        return restore(Path(file), self._url, progress=progress)

    def plan_migration(self) -> MigrationPlan:
        """Return what `migrate` would do, and the statements that it would do it with.

        Raises:
            DatabaseMissing, DatabaseTooNew, DriverMissing, DatabaseUnavailable, DatabaseLocked,
                DatabaseDamaged: it cannot be read.
        """
        return plan_migration(self._url)

    def migrate(self) -> Migrated:
        """Bring the tables to the version of this program; a SQLite file is copied first.

        Raises:
            MigrationFailed: what there is does not fit.
            DatabaseMissing, DatabaseTooNew, DriverMissing, DatabaseUnavailable, DatabaseReadOnly,
                DatabaseLocked, DatabaseDamaged, DiskFull, StorageFailed: nothing was changed.
        """
        return migrate(self._url)
