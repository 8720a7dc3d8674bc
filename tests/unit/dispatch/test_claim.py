from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from palyra_events.delivery import AttemptFailed, DeliveryScheduled
from palyra_runtime.dispatch import Claim, Claims, Lease, Prospects
from tests.stage import PLUGIN, SKILL, Stage, answering


def take_all(claims: Claims) -> list[Claim]:
    """Take whatever can be had, and give nothing back."""
    taken = []
    while (claim := claims.take()) is not None:
        taken.append(claim)
    return taken


def bind(stage: Stage, *hooks: str, plugin: str = PLUGIN, ordering: str = "hook") -> None:
    for hook in hooks:
        stage.palyra.hooks.bind(hook, event="gateway:startup", plugin=plugin, ordering=ordering)


def schedule(stage: Stage, *, times: int = 1) -> list[int]:
    """Let gateways start, and schedule what follows."""
    positions = [stage.fire() for _ in range(times)]
    stage.scheduler().catch_up()
    return positions


def test_a_claim_names_the_delivery_its_attempt_and_its_slot(each_stage: Stage):
    """Whoever finds the lease knows what was begun under it."""
    each_stage.ready(answering())
    delivery_id = each_stage.scheduled()

    claim = each_stage.claims().take()

    assert claim.row.delivery_id == delivery_id
    assert claim.lease == Lease("hook:greet", PLUGIN, delivery_id, 1, 0)
    assert each_stage.standing_leases() == [claim.lease]


def test_a_key_is_claimed_for_one_delivery_at_a_time(each_stage: Stage):
    """The second event of a hook waits until the first one's claim is done with."""
    each_stage.ready(answering())
    first, second = schedule(each_stage, times=2)
    claims = each_stage.claims()

    taken = take_all(claims)

    assert [claim.row.event_position for claim in taken] == [first]
    worker = each_stage.worker(claims=claims)
    each_stage.leases.drop([taken[0].lease])
    worker.work()
    assert claims.take().row.event_position == second


def test_a_hook_without_an_order_has_several_claims(each_stage: Stage):
    """With ``ordering = none`` the deliveries of a hook are carried out beside each other."""
    each_stage.ready(answering())
    bind(each_stage, "greet", ordering="none")
    positions = schedule(each_stage, times=3)

    taken = take_all(each_stage.claims())

    assert [claim.lease.key for claim in taken] == [f"{position}:greet" for position in positions]


def test_hooks_of_a_skill_may_share_an_order(each_stage: Stage):
    """With ``ordering = skill`` one delivery of the skill is carried out at a time."""
    each_stage.ready(answering())
    bind(each_stage, "greet", "other", ordering="skill")
    schedule(each_stage)

    taken = take_all(each_stage.claims())

    assert [claim.lease.key for claim in taken] == [f"skill:{SKILL}"]
    assert {event.ordering_key for event in each_stage.events(DeliveryScheduled)} == {f"skill:{SKILL}"}


@pytest.mark.parametrize("limit", [1, 3])
def test_a_plugin_has_so_many_attempts_at_once_in_all_processes_together(each_stage: Stage, limit: int):
    """The limit counts over processes; what another plugin has to do is claimed all the same."""
    each_stage.ready(answering())
    each_stage.ready(answering(1), hook="other", plugin="other", skill_id="acme.other")
    bind(each_stage, *[f"hook{number}" for number in range(9)])
    schedule(each_stage)
    here = each_stage.claims(plugin_concurrency_max=limit)
    there = Claims(
        leases=each_stage.another_process(),
        lost=each_stage.lost,
        views=each_stage.views,
        application=each_stage.application,
        prospects=Prospects(each_stage.log, each_stage.application),
        pace=each_stage.pace,
        now=each_stage.clock,
        plugin_concurrency_max=limit,
    )

    taken = Counter(claim.row.plugin_id for claim in [here.take(), there.take(), *take_all(here)])

    assert there.take() is None
    assert taken == {PLUGIN: limit, "other": 1}


def test_a_place_that_becomes_free_is_taken_by_the_next(stage: Stage):
    """A finished attempt makes room for another one of its plugin."""
    stage.ready(answering())
    bind(stage, "other")
    schedule(stage)
    claims = stage.claims(plugin_concurrency_max=1)
    first = claims.take()
    assert claims.take() is None

    claims.done(first.lease)

    assert claims.take().row.hook_id != first.row.hook_id


def test_what_waits_for_a_place_keeps_its_own(stage: Stage):
    """Deliveries of a plugin that is fully at work are read ahead once, not with each question."""
    stage.ready(answering())
    bind(stage, "greet", ordering="none")
    positions = schedule(stage, times=3)
    claims = stage.claims(plugin_concurrency_max=1)

    taken = []
    for _ in positions:
        taken.append(claims.take())
        assert claims.take() is None
        assert claims.due_elsewhere()
        claims.done(taken[-1].lease)

    assert [claim.row.event_position for claim in taken] == positions


def test_who_looks_again_looks_for_all_that_are_at_hand(stage: Stage):
    """What was claimed together and had to wait is looked up together, once more."""
    stage.ready(answering())
    bind(stage, "greet", ordering="none")
    schedule(stage, times=3)
    stage.pace.note(PLUGIN, 1)
    claims = stage.claims()
    first = claims.take()

    anew = claims.seen_anew(replace(first, looked_s=first.looked_s - 60))

    assert anew.looked_s > first.looked_s
    assert {claims.take_quick().looked_s, claims.take_quick().looked_s} == {anew.looked_s}


def test_a_flood_of_one_hook_does_not_starve_nineteen_others(each_stage: Stage):
    """While hundreds of deliveries of one hook wait, each of the others has its turn in every round."""
    each_stage.ready(answering())
    bind(each_stage, "flood", ordering="none")
    each_stage.palyra.hooks.disable("greet")
    schedule(each_stage, times=200)
    others = [f"calm{number:02}" for number in range(19)]
    bind(each_stage, *others)
    schedule(each_stage, times=3)
    worker = each_stage.worker()

    turns = list[str]()
    while len(turns) < 3 * (19 + 4):
        turns += [attempted.delivery_id.partition(":")[2] for attempted in worker.attempt_some()]

    assert Counter(turns[: 3 * (19 + 4)]) == {"flood": 12, **dict.fromkeys(others, 3)}


def test_threads_that_ask_together_get_different_deliveries(each_stage: Stage):
    """Eight threads claim twenty-four deliveries, each of them once."""
    each_stage.ready(answering())
    bind(each_stage, "greet", ordering="none")
    schedule(each_stage, times=24)
    claims = each_stage.claims(plugin_concurrency_max=24)
    taken: list[Claim] = []
    barrier = threading.Barrier(8)

    def take() -> None:
        barrier.wait()
        taken.extend(take_all(claims))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len({claim.row.delivery_id for claim in taken}) == 24
    assert sorted(claim.lease.slot for claim in taken) == list(range(24))


def test_what_the_dead_had_begun_is_recorded_before_anything_is_claimed(each_stage: Stage):
    """A place that a dead process still has is free for the next claim, and its attempt is counted."""
    each_stage.ready(answering())
    bind(each_stage, "other")
    (position,) = schedule(each_stage)
    each_stage.claim_and_die("hook:greet", f"{position}:greet", 1)

    claim = each_stage.claims(plugin_concurrency_max=1).take()

    assert claim.row.hook_id == "other"
    assert [event.delivery_id for event in each_stage.events(AttemptFailed)] == [f"{position}:greet"]


def test_two_processes_share_what_is_due(postgres, tmp_path: Path):
    """Over PostgreSQL two processes claim one after the other, and never the same."""
    with Stage(postgres.schema(), tmp_path) as stage:
        stage.ready(answering())
        bind(stage, *[f"hook{number}" for number in range(5)])
        schedule(stage)
        (tmp_path / "other").mkdir()
        with Stage(stage.url, tmp_path / "other") as other:
            here, there = stage.claims(), other.claims()
            taken = [claims.take() for claims in (here, there, here, there)]

    assert len({claim.row.delivery_id for claim in taken}) == 4
