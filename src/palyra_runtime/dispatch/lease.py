"""Claims: who is carrying out which delivery at this moment.

Events say what happened; this table says what is going on. It lies outside of log, ledger and
views, and may be lost: then an attempt is made that nobody remembers having begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import IntegrityError

from palyra_runtime.dispatch.role import DispatcherBusy
from projections import reading, writing
from projections.generation import lock_schema

_METADATA = MetaData()

LEASE = Table(
    "lease",
    _METADATA,
    Column("ordering_key", Text, primary_key=True),
    Column("delivery_id", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The claim of one attempt; nobody else may make an attempt under its ordering key."""

    ordering_key: str
    delivery_id: str
    attempt: int


class Leases:
    """The claims of this dispatcher, durable before a guest starts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _prepare(engine)

    def claim(self, lease: Lease, *, finished: Sequence[Lease] = ()) -> None:
        """Keep a claim, and drop those that are done with, in one commit.

        Raises:
            DispatcherBusy: somebody else has claimed this ordering key; nothing was changed.
        """
        try:
            with writing(self._engine) as connection:
                _drop(connection, finished)
                connection.execute(insert(LEASE).values(asdict(lease)))
        except IntegrityError as error:
            raise DispatcherBusy(f"Somebody else carries out {lease.ordering_key}.") from error

    def drop(self, finished: Sequence[Lease]) -> None:
        """Forget claims whose outcome is recorded."""
        if finished:
            with writing(self._engine) as connection:
                _drop(connection, finished)

    def left_behind(self) -> list[Lease]:
        """Return the claims in the table: to a dispatcher that starts, those of a dead one."""
        with reading(self._engine) as connection:
            return [Lease(*row) for row in connection.execute(select(LEASE).order_by(LEASE.c.ordering_key))]


#: a claim is dropped by all that it says: one who was taken for dead must not drop his successor's
_DROP = delete(LEASE).where(*(column == bindparam(f"of_{column.name}") for column in LEASE.columns))


def _drop(connection: Connection, leases: Sequence[Lease]) -> None:
    if leases:
        rows = [{f"of_{name}": value for name, value in asdict(lease).items()} for lease in leases]
        connection.execute(_DROP, rows)


def _prepare(engine: Engine) -> None:
    """Make the table where it is missing; where it is there, nobody's writing is waited for."""
    with reading(engine) as connection:
        if inspect(connection).has_table(LEASE.name):
            return
    with writing(engine) as connection:
        lock_schema(connection)
        _METADATA.create_all(connection)
