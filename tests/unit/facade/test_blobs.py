from __future__ import annotations

import pytest

from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import UnknownBlob
from palyra_events.holding import BlobKind
from palyra_events.retention import KeepRule
from palyra_runtime.facade import BlobDetail, InvalidDigest
from tests.stage import Stage, answering


@pytest.fixture
def ran(stage: Stage) -> Stage:
    """A plugin has given the same answer twice."""
    stage.ready(answering(output='{"result": "done"}'))
    for _ in range(2):
        stage.fire()
        stage.palyra.dispatch.drain()
    return stage


def test_bytes_are_known_by_who_names_them(ran: Stage):
    """What they are, the positions of the events, and their size."""
    run = ran.events(AttemptSucceeded)[0].invocation
    places = [row.position for row in ran.log.read(0, 100) if row.topic == "AttemptSucceeded@1"]
    assert ran.palyra.blobs.show(run.output.sha256) == BlobDetail(
        run.output.sha256, (BlobKind.OUTPUT,), tuple(places), 18
    )


def test_dropped_bytes_are_told_as_erased(ran: Stage):
    """Events name them still."""
    run = ran.events(AttemptSucceeded)[0].invocation
    ran.palyra.retention.run(ran.palyra.retention.plan({BlobKind.OUTPUT: KeepRule(keep_bytes=0)}))
    detail = ran.palyra.blobs.show(run.output.sha256)
    assert (detail.is_erased, len(detail.positions)) == (True, 2)


def test_bytes_that_no_event_names_are_unknown(ran: Stage):
    """Whatever is asked for."""
    with pytest.raises(UnknownBlob):
        ran.palyra.blobs.show("ab" * 32)


@pytest.mark.parametrize("digest", ["", "ab", "zz" * 32, "ab" * 33, "ab " * 32])
def test_a_digest_has_64_digits(ran: Stage, digest: str):
    """What is none is refused before the log is read."""
    with pytest.raises(InvalidDigest):
        ran.palyra.blobs.show(digest)
