"""What passes from one log to another is checked on the way."""

from __future__ import annotations

import pytest

from palyra_events.blob import keep, seal
from palyra_events.errors import LogDamaged
from palyra_events.store import Blob
from palyra_events.store.copy import check_blob, open_target, survey
from palyra_events.store.location import locate
from palyra_events.store.snapshot import open_snapshot
from tests.new_events import new_events

_, KEPT = keep(b"what a plugin said")
_, SEALED = seal("why", bytes(32))


@pytest.mark.parametrize("blob", [KEPT, SEALED, keep(b"")[1]], ids=["kept", "sealed", "empty"])
def test_a_blob_proves_itself(blob):
    """By its SHA-256, or by its HMAC under the salt that lies before it."""
    check_blob(blob)


@pytest.mark.parametrize("blob", [KEPT, SEALED], ids=["kept", "sealed"])
def test_a_blob_that_was_changed_is_named(blob):
    """Not a byte may be another one."""
    with pytest.raises(LogDamaged, match=blob.digest.hex()[:12]):
        check_blob(Blob(blob.digest, blob.content + b"."))


def test_a_survey_is_equal_for_equal_logs_alone(log):
    """One more event, or one blob less, and it is another one."""
    log.append(new_events(600), blobs=[KEPT])
    with open_snapshot(locate(log.url)) as snapshot:
        before = survey(snapshot)
        assert survey(snapshot) == before
    log.append(new_events(1, number=2), drops=[KEPT.digest])
    with open_snapshot(locate(log.url)) as snapshot:
        after = survey(snapshot)

    assert (after.head, after.blobs) == (before.head + 1, before.blobs - 1)
    assert after.root != before.root


def test_a_target_that_fails_takes_nothing(log):
    """All of it is one transaction."""

    def fail():
        with open_target(locate(log.url)) as target:
            target.add_blobs([KEPT])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert log.blobs([KEPT.digest]) == {}
