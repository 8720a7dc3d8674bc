from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine

from palyra_runtime.dispatch import DispatcherBusy, Leases
from palyra_runtime.dispatch.lease import Lease
from projections import open_engine
from tests.stage import Stage

FIRST = Lease("hook:a", "1:a", 1)
SECOND = Lease("hook:b", "1:b", 1)


def test_a_claim_is_there_for_others_until_it_is_dropped(each_stage: Stage):
    """Whoever opens the database finds the claims that were not dropped, in the order of their keys."""
    each_stage.leases.claim(SECOND)
    each_stage.leases.claim(FIRST)

    assert Leases(each_stage.engine).left_behind() == [FIRST, SECOND]

    each_stage.leases.drop([FIRST])

    assert Leases(each_stage.engine).left_behind() == [SECOND]


def test_a_claim_takes_the_place_of_those_that_are_done(each_stage: Stage):
    """The next claim and the drop of the last are one commit."""
    each_stage.leases.claim(FIRST)

    each_stage.leases.claim(Lease("hook:a", "9:a", 1), finished=[FIRST])

    assert each_stage.leases.left_behind() == [Lease("hook:a", "9:a", 1)]


def test_a_key_is_claimed_once(each_stage: Stage):
    """A second claim of an ordering key is refused with a typed error, and changes nothing."""
    each_stage.leases.claim(FIRST)
    each_stage.leases.claim(SECOND)

    with pytest.raises(DispatcherBusy, match="hook:a"):
        each_stage.leases.claim(Lease("hook:a", "2:a", 1), finished=[SECOND])

    assert each_stage.leases.left_behind() == [FIRST, SECOND]


def test_dropping_spares_the_claim_of_a_successor(each_stage: Stage):
    """A worker that was taken for dead drops its own claim only, not the next attempt's of the same key."""
    successor = Lease("hook:a", "1:a", 2)
    each_stage.leases.claim(successor)

    each_stage.leases.drop([FIRST])

    assert each_stage.leases.left_behind() == [successor]


def test_many_processes_may_make_the_table_at_once(each_stage: Stage):
    """Opening a new database from several sides at the same time is safe."""
    engines = [open_engine(each_stage.url) for _ in range(4)]
    with each_stage.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE lease")
    failures: list[BaseException] = []

    def open_leases(engine: Engine) -> None:
        try:
            barrier.wait()
            Leases(engine)
        except BaseException as error:  # noqa: BLE001 - it is shown by the assertion
            failures.append(error)

    barrier = threading.Barrier(len(engines))
    threads = [threading.Thread(target=open_leases, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()

    assert failures == []
    assert each_stage.leases.left_behind() == []
