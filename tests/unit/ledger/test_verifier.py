from __future__ import annotations

from pathlib import Path

import pytest

from palyra_events.blob import blob_digests
from palyra_events.ledger import Frontier
from palyra_events.ledger.damage import SUSPECTS_MAX, Damage, Suspects, judge
from palyra_events.ledger.leaf import RawRow
from palyra_events.store import EventLog
from palyra_runtime.ledger import Keeper, Verifier, checking_here, checking_in_processes
from palyra_runtime.ledger.span import Span, check_span
from tests.sample_events import SAMPLES
from tests.tampering import all_rows, hashed, keeper_of, mixed_events, tamper

FIRST, HEAD = 7, 20


@pytest.fixture
def log(tmp_path: Path):
    """A log whose first events are signed, and then all of them."""
    with EventLog.open(f"sqlite:///{tmp_path / 'log.db'}") as opened:
        opened.append(mixed_events(HEAD)[:FIRST])
        keeper_of(opened, tmp_path).checkpoint()
        opened.append(mixed_events(HEAD)[FIRST:])
        keeper_of(opened, tmp_path).checkpoint()
        yield opened


@pytest.fixture
def keeper(log: EventLog, tmp_path: Path) -> Keeper:
    """The keeper of the log."""
    return keeper_of(log, tmp_path)


def forge(position: int):
    """Return an attack on the state of one row, with a hash that fits."""
    return lambda rows: hashed(
        [row._replace(state=rows[0].state) if row.position == position else row for row in rows]
    )


def test_what_was_signed_once_need_not_be_read_again(log: EventLog, keeper: Keeper):
    """From a checkpoint on, only the rows behind it are read; the tree is still that of all."""
    old, new = keeper.checkpoints()
    report = Verifier(log, keeper.origin, checking_here(log)).verify([old, new], since=old)
    assert (report.findings, report.events, report.since, report.signed) == ((), HEAD - FIRST, FIRST, HEAD)
    assert report.root == new.checkpoint.root.hex()


@pytest.mark.parametrize("position", [3, 15])
def test_another_history_does_not_continue_a_checkpoint(log: EventLog, keeper: Keeper, position: int):
    """Where the hashes before or behind a checkpoint are others, it shows from that checkpoint on."""
    old, new = keeper.checkpoints()
    tamper(log, forge(position))
    report = Verifier(log, keeper.origin, checking_here(log)).verify([old, new], since=old)
    assert Damage.REWRITTEN in {finding.damage for finding in report.findings}


def test_other_processes_find_the_same(log: EventLog, keeper: Keeper):
    """The report does not depend on how many processes made it."""
    signed = keeper.checkpoints()
    tamper(log, lambda rows: [*rows[:3], rows[3]._replace(state=b"{}"), *rows[4:9], *rows[10:]])
    here = Verifier(log, keeper.origin, checking_here(log)).verify(signed)
    there = Verifier(log, keeper.origin, checking_in_processes(log.url, 2)).verify(signed)
    assert there == here
    assert [finding.position for finding in here.findings[:2]] == [4, 10]


def test_progress_is_told_to_the_end(log: EventLog, keeper: Keeper):
    """Whoever watches sees the last position."""
    told = []
    verifier = Verifier(log, keeper.origin, checking_here(log))
    verifier.verify([], progress=lambda *numbers: told.append(numbers))
    assert told[-1] == (HEAD, HEAD)


@pytest.mark.parametrize("cut", range(HEAD + 1))
def test_spans_join_to_the_whole_tree(log: EventLog, cut: int):
    """Pieces that begin at multiples of their length give the tree over all rows, wherever one is cut."""
    leaves = [row.leaf for row in all_rows(log)]
    whole = Frontier()
    for start in range(0, cut, 4):
        whole = whole.joined(Frontier.over(leaves[start : min(start + 4, cut)]))
    assert whole == Frontier.over(leaves[:cut])


def test_a_span_can_continue_an_edge(log: EventLog):
    """A span that begins anywhere goes on with the tree that it is given."""
    leaves = [row.leaf for row in all_rows(log)]
    report = check_span(log, Span(8, HEAD, (10,), edge=Frontier.over(leaves[:7])))
    assert report.frontier == Frontier.over(leaves)
    assert report.frontiers[10] == Frontier.over(leaves[:10])


def test_blobs_are_found_in_every_event():
    """The digests that the bytes of an event tell are those of its references."""
    for event in mixed_events(len(SAMPLES) * 2):
        text = event.state.decode()
        assert len(blob_digests(event.state)) == text.count('{"sha256"') + text.count('{"hmac"')


def test_a_text_that_looks_like_a_reference_is_none():
    """What a plugin says is no reference to bytes beside the log."""
    assert blob_digests(b'{"message":"{\\"hmac\\":\\"' + b"a1" * 32 + b'\\"}"}') == []


def test_suspects_are_bounded():
    """However much was changed, memory does not grow with it."""
    suspects = Suspects()
    for place in range(1, 3 * SUSPECTS_MAX):
        suspects.add_row(RawRow(place, bytes(16), 1, b"X@1", b"{}", bytes(32)))
        suspects.add_gap(place * 10, place * 10 + 1)
    assert (len(suspects.rows), len(suspects.gaps)) == (SUSPECTS_MAX, SUSPECTS_MAX)
    assert len(judge(suspects)) == 2 * SUSPECTS_MAX


def test_gaps_side_by_side_are_one():
    """Spans that are empty together are one hole."""
    suspects = Suspects()
    suspects.add_gap(3, 5)
    suspects.add_gap(6, 9)
    assert suspects.gaps == [(3, 9)]
