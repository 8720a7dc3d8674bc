from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from palyra_runtime.gateway.lookout import Lookout
from palyra_runtime.gateway.stop import Stop
from tests.running_gateway import PATIENCE_S
from tests.stage import Stage


def test_one_watches_and_the_next_follows(stage: Stage):
    """The place is for one worker; who leaves it lets in another."""
    stop, lookout = Stop(stage.log), Lookout()
    assert lookout.enter(stop)

    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(lookout.enter, stop)
        assert not second.done()
        lookout.leave()
        assert second.result(PATIENCE_S) is True


def test_at_the_stop_all_go_home(stage: Stage):
    """Whoever waits for the place does not get it any more, one after the other."""
    stop, lookout = Stop(stage.log), Lookout()
    lookout.enter(stop)

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(lookout.enter, stop) for _ in range(3)]
        stop.ask("signal")
        lookout.leave()

        assert [each.result(PATIENCE_S) for each in waiting] == [False] * 3
