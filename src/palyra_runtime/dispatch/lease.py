"""Leases: who is carrying out what at this moment, and for how long others must believe it.

Events say what happened; this table says what is going on. It lies outside of log, ledger and
views, and may be lost: then an attempt is made that nobody remembers having begun.

Times are the database's, so that machines whose clocks differ agree on what has expired. Two
constraints of the table are the rules: one lease for each key, and one for each slot of a plugin,
of which there are as many as it may have attempts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Delete,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    column,
    delete,
    func,
    inspect,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from palyra_runtime.dispatch.database_time import now_ms
from palyra_runtime.dispatch.renewal import Renewal
from projections import reading, writing
from projections.generation import lock_schema

#: milliseconds that others wait for an owner of whom nothing is heard
LEASE_MS_DEFAULT = 15_000
#: an owner is heard of so many times in the length of a lease
_RENEWALS = 3

_METADATA = MetaData()

LEASE = Table(
    "lease",
    _METADATA,
    Column("key", Text, primary_key=True),
    Column("plugin_id", Text, nullable=False),
    Column("delivery_id", Text),
    Column("attempt", Integer),
    Column("slot", Integer),
    Column("owner", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    UniqueConstraint("plugin_id", "slot"),
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work under a key, which nobody else has meanwhile.

    It is for one attempt of a delivery, in one of the plugin's slots; or for a tool run, which has
    neither and only keeps others away.
    """

    key: str
    plugin_id: str
    delivery_id: str | None = None
    attempt: int | None = None
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A lease as it stands in the table.

    ``until`` is in milliseconds of the database's clock, which had come to ``now`` when it was read.
    """

    lease: Lease
    owner: str
    until: int
    now: int


class Leases:
    """The leases of one process, durable before a guest starts. Safe to share between threads.

    While there are any, a thread renews them. A process that is stopped for longer than a lease
    lasts finds that others have taken its place; what it records then is refused by the log.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        owner: str,
        durable: Engine | None = None,
        length_ms: int = LEASE_MS_DEFAULT,
    ) -> None:
        """Make the table where it is missing.

        ``owner`` is a name that no other process has. ``durable`` is an engine whose commits are
        synced, by default the same; only taking a lease has to be.
        """
        self._engine = engine
        self._durable = durable or engine
        self._owner = owner
        self._length_ms = length_ms
        self._held: set[Lease] = set()
        self._lock = Lock()
        self._renewal = Renewal(self.renew, interval_s=length_ms / 1000 / _RENEWALS)
        self._insert = _insert(engine.dialect.name)
        self._delete = _delete(engine.dialect.name)
        # On a server each statement is a transaction: a client that stops between two holds up nobody,
        # and no two wait for each other crosswise.
        self._as_one = engine.dialect.name == "sqlite"
        _prepare(engine)

    @property
    def owner(self) -> str:
        """The name under which this process holds leases."""
        return self._owner

    def claim(self, wanted: Sequence[Lease], *, finished: Sequence[Lease] = ()) -> list[Lease]:
        """Take what is free of ``wanted``, durably, and give back what is done with; return what was taken.

        A lease whose key or slot somebody else has is left out.
        """
        values = {"leases": _listed(wanted), "of_owner": self._owner, "length_ms": self._length_ms}
        with writing(self._durable, as_one=self._as_one) as connection:
            self._drop(connection, finished)
            keys = set(connection.scalars(self._insert, values)) if wanted else set()
        self._forget(finished)
        taken = [lease for lease in wanted if lease.key in keys]
        self._hold(taken)
        return taken

    def drop(self, finished: Sequence[Lease]) -> None:
        """Give back leases of this process; what has another owner by now stays his."""
        if not finished:
            return
        try:
            with writing(self._engine, as_one=self._as_one) as connection:
                self._drop(connection, finished)
        finally:
            # Not before: what is in the table and forgotten is taken for the claim of a dead worker.
            self._forget(finished)

    def abandon(self, lease: Lease) -> None:
        """Renew a lease no longer, and leave it to whoever records what became of its attempt."""
        self._forget([lease])

    def give_up(self) -> int:
        """Give all leases back, finished or not, and return their number: others may begin at once."""
        with self._lock:
            held, self._held = list(self._held), set()
        self.drop(held)
        return len(held)

    def held(self) -> list[Lease]:
        """Return the leases of this process, as far as it knows."""
        with self._lock:
            return list(self._held)

    def holds(self, lease: Lease) -> bool:
        """Return whether this process has a lease, as far as it knows."""
        with self._lock:
            return lease in self._held

    def confirm(self, lease: Lease) -> bool:
        """Renew one lease now, and return whether it is this process's still."""
        return self.holds(lease) and self._extend([lease.key]) == 1

    def renew(self) -> int:
        """Renew what this process holds, and return how many leases it still had in the database."""
        with self._lock:
            keys = [lease.key for lease in self._held]
        return self._extend(keys) if keys else 0

    def standing(self) -> list[Standing]:
        """Return all leases there are, whoever owns them, by key."""
        with reading(self._engine, as_one=False) as connection:
            rows = connection.execute(_STANDING)
            return [Standing(Lease(*row[:-3]), *row[-3:]) for row in rows]

    def is_dead(self, each: Standing, *, alone: bool = False) -> bool:
        """Return whether nobody works under a lease any more.

        It has expired, or is of this process's name and forgotten. Who is ``alone``, because there is one
        dispatcher at most, knows that no attempt of another owner is alive.
        """
        if each.owner == self._owner:
            return not self.holds(each.lease)
        return each.until <= each.now or (alone and each.lease.delivery_id is not None)

    def take_over(self, dead: Sequence[Standing]) -> list[Lease]:
        """Make leases of the dead this process's own, and return those that it got.

        Of several processes that try at once one succeeds, and the others do not wait for it. A lease that
        was renewed since it was read is alive, and stays.
        """
        taken = [each.lease for each in dead if self._seize(each)]
        self._hold(taken)
        return taken

    def close(self) -> None:
        """Stop renewing. Safe to repeat."""
        self._renewal.close()

    def _hold(self, leases: Sequence[Lease]) -> None:
        with self._lock:
            self._held.update(leases)
        if leases:
            self._renewal.begin()

    def _forget(self, leases: Sequence[Lease]) -> None:
        with self._lock:
            self._held.difference_update(leases)

    def _drop(self, connection: Connection, leases: Sequence[Lease]) -> None:
        """Drop by key, attempt and owner: who was taken for dead must not drop his successor's lease."""
        if leases:
            connection.execute(self._delete, {"leases": _listed(leases), "of_owner": self._owner})

    def _seize(self, each: Standing) -> bool:
        values = {
            "of_key": each.lease.key,
            "of_owner": each.owner,
            "of_until": each.until,
            "new_owner": self._owner,
            "length_ms": self._length_ms,
        }
        with writing(self._durable, as_one=self._as_one) as connection:
            return connection.execute(_SEIZE, values).rowcount == 1

    def _extend(self, keys: Sequence[str]) -> int:
        values = {"keys": list(keys), "of_owner": self._owner, "length_ms": self._length_ms}
        with writing(self._engine, as_one=self._as_one) as connection:
            return connection.execute(_EXTEND, values).rowcount


def _listed(leases: Sequence[Lease]) -> list[list[str | int | None]]:
    """Return leases as one value of a statement, whose text is then the same however many they are."""
    return [[each.key, each.plugin_id, each.delivery_id, each.attempt, each.slot] for each in leases]


def _given(dialect: str) -> Select[Any]:
    """Return the leases that a statement is given, as rows."""
    elements = func.json_each if dialect == "sqlite" else func.json_array_elements
    each = elements(bindparam("leases", type_=JSON)).table_valued(column("value", JSON)).c.value
    return select(
        each[0].as_string(),
        each[1].as_string(),
        each[2].as_string(),
        each[3].as_integer(),
        each[4].as_integer(),
    )


def _insert(dialect: str) -> Any:
    """Return the statement that takes leases, and returns the keys of those that were free."""
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    # SQLite would read what follows a bare table as the condition of a join.
    given = _given(dialect).add_columns(bindparam("of_owner", type_=Text), _LENGTHENED).where(true())
    taking = make(LEASE).from_select([column.name for column in LEASE.columns], given)
    return taking.on_conflict_do_nothing().returning(LEASE.c.key)


def _delete(dialect: str) -> Delete:
    """Return the statement that drops leases of one owner."""
    given = _given(dialect).subquery()
    names = tuple_(given.c[0], func.coalesce(given.c[2], ""), func.coalesce(given.c[3], 0))
    return delete(LEASE).where(_NAMED.in_(select(*names)), LEASE.c.owner == bindparam("of_owner"))


def _prepare(engine: Engine) -> None:
    """Make the table where it is missing; where it is there, nobody's writing is waited for."""
    with reading(engine) as connection:
        if inspect(connection).has_table(LEASE.name):
            return
    with writing(engine) as connection:
        lock_schema(connection)
        _METADATA.create_all(connection)


_LENGTHENED = now_ms() + bindparam("length_ms", type_=BigInteger)
_STANDING = select(LEASE, now_ms()).order_by(LEASE.c.key)
#: nothing is equal to null
_NAMED = tuple_(LEASE.c.key, func.coalesce(LEASE.c.delivery_id, ""), func.coalesce(LEASE.c.attempt, 0))
_EXTEND = (
    update(LEASE)
    .where(LEASE.c.key.in_(bindparam("keys", expanding=True)), LEASE.c.owner == bindparam("of_owner"))
    .values(until=_LENGTHENED)
)
#: a row that another process is taking over at this moment is passed by
_SEIZED = (
    select(LEASE.c.key)
    .where(
        LEASE.c.key == bindparam("of_key"),
        LEASE.c.owner == bindparam("of_owner"),
        LEASE.c.until == bindparam("of_until"),
    )
    .with_for_update(skip_locked=True)
)
_SEIZE = update(LEASE).where(LEASE.c.key.in_(_SEIZED)).values(owner=bindparam("new_owner"), until=_LENGTHENED)
