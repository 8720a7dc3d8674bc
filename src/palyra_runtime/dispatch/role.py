"""The dispatcher role: at most one process schedules over one log, and on SQLite dispatches.

It is held in a way that death frees: on SQLite by an operating-system lock on a file beside the
database, on PostgreSQL by an advisory lock of a session. The scheduler's position in the log is
the fence behind it. Whoever has it says so, in that file or by the name of that session.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from palyra_events.errors import DatabaseUnavailable, Unavailable
from palyra_events.store import EventLog
from palyra_events.store.faults import translating, typed
from palyra_runtime.dispatch.holder import SESSION_PREFIX, Holder
from projections import reading

#: milliseconds between two looks at a role that somebody else holds
_LOOK_AGAIN_MS = 50
#: bytes of a lock file that are read
_HOLDER_BYTES_MAX = 4096

#: the sessions that hold the lock of this key: PostgreSQL keeps a key in two halves (pg_locks)
_HOLDERS = """
SELECT application_name, backend_start, host(client_addr) AS address
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND datname = current_database()
AND (classid::bigint << 32 | objid::bigint) = :key
"""
_HELD = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
AND pid = pg_backend_pid() AND (classid::bigint << 32 | objid::bigint) = :key
"""
_PRESENT = """
SELECT application_name, backend_start, host(client_addr) AS address
FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE :names
ORDER BY backend_start
"""


class DispatcherBusy(Unavailable):
    """Another process dispatches over this database."""

    code = "DISPATCHER_BUSY"
    advice = "It carries out the deliveries itself. Wait for it, or stop it first."


class DispatcherRole(Protocol):
    """The role over one log, held or not. For one thread at a time."""

    def take(self) -> bool:
        """Try to get the role, and say whether it is held.

        Raises:
            DatabaseUnavailable: the server cannot be reached.
        """
        ...

    def check(self) -> None:
        """Check that the role, once taken, is still held.

        Raises:
            DatabaseUnavailable: the session that held it is gone; the role may be taken again.
        """
        ...

    def introduce(self, holder: Holder) -> None:
        """Say who holds the role, or would like to."""
        ...

    def close(self) -> None:
        """Let go of the role. Safe to repeat."""
        ...


def open_role(engine: Engine, log: EventLog, holder: Holder | None = None) -> DispatcherRole:
    """Return the role over this log, not yet taken; ``holder`` is who asks for it.

    Raises:
        DatabaseReadOnly, DiskFull, DatabaseUnavailable: the lock file beside the database cannot be made.
    """
    asking = holder or Holder(part="drain", pid=os.getpid())
    if log.path is None:
        return SessionRole(engine, _advisory_key(log.log_id), asking)
    return FileRole(_lock_path(log.path), asking)


def role_holder(engine: Engine, log: EventLog) -> Holder | None:
    """Return who has the role over this log; None where nobody has it, or says so.

    Raises:
        DatabaseUnavailable: the server cannot be reached.
    """
    if log.path is None:
        return next(iter(_sessions(engine, _HOLDERS, key=_advisory_key(log.log_id))), None)
    try:
        descriptor = os.open(_lock_path(log.path), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # Shared: so two who look do not take each other for the holder.
        if _try_file(descriptor, fcntl.LOCK_SH):
            return None
        return Holder.of_file(os.pread(descriptor, _HOLDER_BYTES_MAX, 0))
    finally:
        os.close(descriptor)


def gateways_up(engine: Engine, log: EventLog) -> list[Holder]:
    """Return the gateways that run at this moment: on SQLite it is the one that has the role.

    Raises:
        DatabaseUnavailable: the server cannot be reached.
    """
    if log.path is None:
        return _sessions(engine, _PRESENT, names=f"{SESSION_PREFIX} gateway %")
    holder = role_holder(engine, log)
    return [holder] if holder is not None and holder.part == "gateway" else []


@contextmanager
def dispatcher_role(
    engine: Engine, log: EventLog, *, wait_ms: int = 0, holder: Holder | None = None
) -> Iterator[DispatcherRole]:
    """Hold the role over this log while the block runs.

    Raises:
        DispatcherBusy: another process held it for longer than ``wait_ms``.
        DatabaseReadOnly, DiskFull, DatabaseUnavailable: the lock file beside the database cannot be made,
            or the server cannot be reached.
    """
    with closing(open_role(engine, log, holder)) as role:
        deadline = time.monotonic() + wait_ms / 1000
        while not role.take():
            if time.monotonic() >= deadline:
                raise busy(role_holder(engine, log))
            time.sleep(_LOOK_AGAIN_MS / 1000)
        yield role
        role.check()


def busy(holder: Holder | None) -> DispatcherBusy:
    """Return the error that says who has the role."""
    if holder is None:
        return DispatcherBusy()
    words = holder.words
    return DispatcherBusy(
        f"{words[0].upper()}{words[1:]} dispatches over this database.", pid=holder.pid, part=holder.part
    )


class FileRole:
    """The role over a SQLite file: an operating-system lock, which the kernel frees at death."""

    def __init__(self, path: Path, holder: Holder) -> None:
        self._holder = holder
        self._held = False
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            unknown = DatabaseUnavailable(f"{path} cannot be opened: {error.strerror}.")
            raise typed(error) or unknown from error

    def take(self) -> bool:
        """Try to lock the file, and say in it who did."""
        if not self._held and _try_file(self._descriptor, fcntl.LOCK_EX):
            self._held = True
            self.introduce(self._holder)
        return self._held

    def check(self) -> None:
        """Nothing takes the lock of a process that lives."""

    def introduce(self, holder: Holder) -> None:
        """Write who holds the role into the file. It is for people: a full disk is no reason to stop."""
        self._holder = holder
        if self._held:
            _write(self._descriptor, holder.model_dump_json().encode())

    def close(self) -> None:
        """Unlock the file."""
        if self._descriptor >= 0:
            if self._held:
                _write(self._descriptor, b"")
            os.close(self._descriptor)
        self._descriptor, self._held = -1, False


class SessionRole:
    """The role over a PostgreSQL log: an advisory lock, which the server frees with its session."""

    def __init__(self, engine: Engine, key: int, holder: Holder) -> None:
        self._engine = engine
        self._key = key
        self._holder = holder
        self._session: Connection | None = None
        self._held = False

    def take(self) -> bool:
        """Try to get the lock, on a session that stays open also where somebody else has it."""
        if not self._held:
            self._held = self._ask("SELECT pg_try_advisory_lock(:key)")
        return self._held

    def check(self) -> None:
        """Ask the server whether this session still holds the lock."""
        if self._held and not self._ask(_HELD):
            self.close()
            raise DatabaseUnavailable("The server has taken the dispatcher role back.")

    def introduce(self, holder: Holder) -> None:
        """Name the session after who holds it."""
        self._holder = holder
        if self._session is not None:
            self._ask("SELECT set_config('application_name', :name, false)", name=holder.session_name)

    def close(self) -> None:
        """End the session, and the lock with it."""
        session, self._session, self._held = self._session, None, False
        if session is not None:
            session.close()

    def _ask(self, question: str, **values: object) -> bool:
        try:
            with translating():
                return bool(self._open().scalar(text(question), {"key": self._key, **values}))
        except BaseException:
            self.close()
            raise

    def _open(self) -> Connection:
        if self._session is None:
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Out of the pool: nobody else is given a session that holds a lock, or bears this name.
            session.detach()
            self._session = session
            name = {"name": self._holder.session_name}
            session.execute(text("SELECT set_config('application_name', :name, false)"), name)
        return self._session


def _lock_path(database: Path) -> Path:
    # The database has one lock, whichever link to it somebody opened.
    resolved = database.resolve()
    return resolved.with_name(f"{resolved.name}.dispatch.lock")


def _advisory_key(log_id: UUID) -> int:
    """Return the number that stands for this log's role: locks are shared by all schemas of a database."""
    return int.from_bytes(log_id.bytes[:8], signed=True)


def _try_file(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(descriptor: int, content: bytes) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, content, 0)
    except OSError:
        os.ftruncate(descriptor, 0)


def _sessions(engine: Engine, query: str, **values: object) -> list[Holder]:
    with reading(engine) as connection:
        rows = connection.execute(text(query), values).all()
    found = (Holder.of_session(row.application_name, row.backend_start, row.address) for row in rows)
    return [holder for holder in found if holder is not None]
