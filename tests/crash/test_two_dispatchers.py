from __future__ import annotations

import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from palyra_events.errors import Conflict, Unavailable
from tests.history import check_history, check_views
from tests.stage import Stage, answering, guest

EVENTS = 12


def drain_for_ever(stage: Stage, stop: threading.Event, stood_back: Counter[str]) -> None:
    """Drain without the role, as if the lock had failed; nothing worse may happen than to stand back."""
    while not stop.is_set():
        try:
            stage.dispatcher().drain()
        except (Conflict, Unavailable) as refused:
            stood_back[type(refused).__name__] += 1


def run_together(stages: list[Stage]) -> Counter[str]:
    """Let dispatchers that know nothing of each other work over one log while events come in."""
    stood_back: Counter[str] = Counter()
    stop = threading.Event()
    threads = [threading.Thread(target=drain_for_ever, args=(stage, stop, stood_back)) for stage in stages]
    for thread in threads:
        thread.start()
    for _ in range(EVENTS):
        stages[0].fire()
        stages[0].log.wait(stages[0].log.head() + 1, 0.05)
    stop.set()
    for thread in threads:
        thread.join()
    return stood_back


def check_two_dispatchers(url: str, folder: Path) -> None:
    (folder / "other").mkdir()
    with Stage(url, folder) as first, Stage(url, folder / "other") as second:
        first.ready(answering(0, '{"result":1}'))
        first.ready(guest("patient"), hook="other", plugin="other", skill_id="acme.other")

        stood_back = run_together([first, second])

        first.clock.move(days=1)
        while first.dispatcher().drain().waiting:
            first.clock.move(days=1)
        figures = check_history(first.log)
        check_views(first.log)
        closed = first.views.deliveries(limit=10_000)
    sys.stdout.write(f"{dict(figures.outcomes)}; stood back: {dict(stood_back)}\n")
    assert len(closed) == 2 * EVENTS
    assert not any(row.is_open for row in closed)
    assert figures.outcomes["ok"] <= 2 * EVENTS


@pytest.mark.slow
def test_two_dispatchers_without_a_role_record_each_outcome_once(tmp_path):
    """If the lock should ever fail, the fences behind it hold: nothing is doubled, and nothing is lost."""
    check_two_dispatchers(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path)


@pytest.mark.slow
@pytest.mark.postgres
def test_two_dispatchers_whose_session_was_lost_record_each_outcome_once(postgres, tmp_path):
    """The same over PostgreSQL, where a lost session frees the role while its worker goes on."""
    check_two_dispatchers(postgres.schema(), tmp_path)
