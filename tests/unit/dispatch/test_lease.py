from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from palyra_runtime.dispatch import Lease, Leases
from projections import open_engine
from tests.stage import Stage

FIRST = Lease("hook:a", "echo", "1:a", 1, 0)
SECOND = Lease("hook:b", "echo", "1:b", 1, 1)
TOOL_RUN = Lease("plugin:notes", "notes")


@contextmanager
def leases_of(stage: Stage, owner: str, length_ms: int = 15_000) -> Iterator[Leases]:
    """The leases of a process that has this name."""
    leases = Leases(stage.engine, owner=owner, length_ms=length_ms)
    yield leases
    leases.close()


def test_a_claim_is_there_for_others_until_it_is_dropped(each_stage: Stage):
    """Whoever opens the database finds the leases that were not dropped, in the order of their keys."""
    each_stage.leases.claim([SECOND, TOOL_RUN, FIRST])

    assert [each.lease for each in each_stage.another_process().standing()] == [FIRST, SECOND, TOOL_RUN]

    each_stage.leases.drop([FIRST, TOOL_RUN])

    assert [each.lease for each in each_stage.another_process().standing()] == [SECOND]


def test_a_claim_takes_the_place_of_those_that_are_done(each_stage: Stage):
    """The next claim of a key and the drop of the last are one call."""
    each_stage.leases.claim([FIRST])
    following = Lease("hook:a", "echo", "9:a", 1, 0)

    taken = each_stage.leases.claim([following], finished=[FIRST])

    assert taken == [following]
    assert each_stage.standing_leases() == [following]


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(Lease("hook:a", "other", "2:a", 1, 3), id="its key"),
        pytest.param(Lease("hook:c", "echo", "2:c", 1, 0), id="its slot"),
    ],
)
def test_what_somebody_has_is_not_to_be_had(each_stage: Stage, wanted: Lease):
    """A key has one lease, and so has a slot of a plugin; what is free of a claim is taken all the same."""
    each_stage.leases.claim([FIRST])

    taken = each_stage.another_process().claim([wanted, SECOND])

    assert taken == [SECOND]
    assert each_stage.standing_leases() == [FIRST, SECOND]


def test_tool_runs_take_no_slots(each_stage: Stage):
    """Two leases without a slot are of two keys, and do not count among a plugin's attempts."""
    other = replace(TOOL_RUN, key="another key")

    assert each_stage.leases.claim([TOOL_RUN, other]) == [TOOL_RUN, other]


@pytest.mark.parametrize("other", [replace(FIRST, attempt=2), replace(FIRST, delivery_id="9:a")])
def test_dropping_spares_the_claim_of_a_successor(each_stage: Stage, other: Lease):
    """A worker that was taken for dead drops its own claim only, not the next attempt's of the same key."""
    each_stage.leases.claim([other])

    each_stage.leases.drop([FIRST])

    assert each_stage.standing_leases() == [other]


def test_dropping_spares_the_same_attempt_of_another_owner(each_stage: Stage):
    """What has another owner by now stays his."""
    each_stage.another_process().claim([FIRST])

    each_stage.leases.drop([FIRST])

    assert each_stage.standing_leases() == [FIRST]


def test_a_lease_lasts_for_its_length_by_the_clock_of_the_database(each_stage: Stage):
    """Others can see until when they have to wait, whatever their own clocks say."""
    with leases_of(each_stage, "short", length_ms=60_000) as leases:
        leases.claim([FIRST])

        (standing,) = each_stage.leases.standing()

    assert standing.owner == "short"
    assert 50_000 < standing.until - standing.now <= 60_000


def test_renewing_moves_the_end_of_what_is_held(each_stage: Stage):
    """Renewals keep a lease alive for as long as its owner lives; what was taken over is not renewed."""
    each_stage.leases.claim([FIRST, SECOND])
    each_stage.expire_leases()
    other = each_stage.another_process()
    other.take_over([each for each in other.standing() if each.lease == SECOND])

    renewed = each_stage.leases.renew()

    assert renewed == 1
    assert all(each.until > each.now for each in each_stage.leases.standing())
    assert each_stage.leases.confirm(FIRST)
    assert not each_stage.leases.confirm(SECOND)


def test_a_thread_renews_while_there_is_something_to_renew(each_stage: Stage):
    """The owner of a short lease is heard of again and again without doing anything."""
    heard = threading.Event()

    class Heard(Leases):
        def renew(self) -> int:
            renewed = super().renew()
            if renewed:
                heard.set()
            return renewed

    leases = Heard(each_stage.engine, owner="short", length_ms=500)
    leases.claim([FIRST])

    assert heard.wait(60)
    leases.close()


def test_the_living_are_not_dead_and_the_expired_are(each_stage: Stage):
    """Whether an owner lives is told by the end of its lease."""
    each_stage.another_process().claim([FIRST])
    (living,) = each_stage.leases.standing()
    each_stage.expire_leases()
    (expired,) = each_stage.leases.standing()

    assert not each_stage.leases.is_dead(living)
    assert each_stage.leases.is_dead(expired)


def test_the_one_dispatcher_knows_that_attempts_of_others_are_dead(each_stage: Stage):
    """Who holds the one dispatcher role need not wait for the end of a lease; a tool run may still go on."""
    each_stage.another_process().claim([FIRST, TOOL_RUN])
    attempt, tool_run = each_stage.leases.standing()

    assert each_stage.leases.is_dead(attempt, alone=True)
    assert not each_stage.leases.is_dead(tool_run, alone=True)


def test_what_this_process_has_abandoned_is_dead(each_stage: Stage):
    """A lease whose attempt broke off is found by its owner at once; one whose attempt runs is alive."""
    each_stage.leases.claim([FIRST, SECOND])
    each_stage.leases.abandon(FIRST)

    abandoned, running = each_stage.leases.standing()

    assert each_stage.leases.is_dead(abandoned)
    assert not each_stage.leases.is_dead(running, alone=True)


def test_one_of_two_takes_over(each_stage: Stage):
    """Two processes that find the same dead lease do not both get it."""
    each_stage.another_process().claim([FIRST])
    each_stage.expire_leases()
    first, second = each_stage.another_process(), each_stage.another_process()
    dead = first.standing()

    assert first.take_over(dead) == [FIRST]
    assert second.take_over(dead) == []
    assert first.holds(FIRST)
    assert not second.holds(FIRST)


def test_a_lease_that_was_renewed_is_not_taken_over(each_stage: Stage):
    """An owner that comes back before anybody acted keeps what it has."""
    each_stage.leases.claim([FIRST])
    each_stage.expire_leases()
    other = each_stage.another_process()
    dead = other.standing()
    each_stage.leases.renew()

    assert other.take_over(dead) == []
    assert each_stage.leases.confirm(FIRST)


def test_taking_over_does_not_wait_for_somebody_who_does_the_same(postgres, tmp_path):
    """A row that another process is about to take over is passed by, however long that one takes."""
    with Stage(postgres.schema(), tmp_path) as stage:
        stage.another_process().claim([FIRST, SECOND])
        stage.expire_leases()
        dead = stage.leases.standing()
        with stage.engine.begin() as slow:
            slow.exec_driver_sql("SELECT * FROM lease WHERE key = 'hook:a' FOR UPDATE")

            taken = stage.leases.take_over(dead)

    assert taken == [SECOND]


def test_giving_up_leaves_nothing_behind(each_stage: Stage):
    """A process that ends hands back what it holds, and knows that it does not hold it any more."""
    each_stage.leases.claim([FIRST, TOOL_RUN])

    assert each_stage.leases.give_up() == 2
    assert each_stage.standing_leases() == []
    assert not each_stage.leases.holds(FIRST)


def test_many_processes_may_make_the_table_at_once(each_stage: Stage):
    """Opening a new database from several sides at the same time is safe."""
    engines = [open_engine(each_stage.url) for _ in range(4)]
    with each_stage.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE lease")
    failures: list[BaseException] = []

    def open_leases(engine: Engine) -> None:
        try:
            barrier.wait()
            Leases(engine, owner="somebody")
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
    assert each_stage.standing_leases() == []


def test_renewing_and_dropping_at_once_end_no_transaction(postgres, tmp_path):
    """However many leases come and go while others are renewed, nobody waits for each other crosswise."""
    with Stage(postgres.schema(), tmp_path) as stage:
        leases = [Lease(f"hook:{number}", "echo", f"1:{number}", 1, number) for number in range(40)]
        stop = threading.Event()
        failures: list[BaseException] = []

        def renew() -> None:
            try:
                while not stop.is_set():
                    stage.leases.renew()
            except BaseException as error:  # noqa: BLE001 - it is shown by the assertion
                failures.append(error)

        thread = threading.Thread(target=renew)
        thread.start()
        for turn in range(20):
            stage.leases.claim(leases)
            stage.leases.drop(leases if turn % 2 else leases[::-1])
        stop.set()
        thread.join()

    assert failures == []
