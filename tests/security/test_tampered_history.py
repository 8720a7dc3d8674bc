"""What can be done to a log by somebody who has its database: each attack is found, and named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from palyra_events.application import Application, Intent
from palyra_events.ledger import UntrustedNote
from palyra_events.ledger.damage import Damage
from palyra_events.store import Blob, EventLog
from palyra_runtime.ledger import (
    Collection,
    EventNotProvable,
    Keeper,
    LedgerForked,
    TrustedKeys,
    Verifier,
    checking_here,
    prove,
    trusted_keys,
)
from palyra_runtime.ledger.signer import Signer
from tests.stage import StageClock, StageEntropy
from tests.tampering import (
    Attack,
    all_rows,
    hashed,
    keeper_of,
    mixed_events,
    numbered,
    run_sql,
    tamper,
    verify,
)

#: sizes that were signed; the events behind the last one are not
FIRST, SECOND, HEAD = 12, 20, 24

BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def filled(log: EventLog, folder: Path) -> Keeper:
    """Fill a log with mixed events, and sign it twice on the way."""
    keeper, events = keeper_of(log, folder), mixed_events(HEAD)
    log.append(events[:FIRST])
    keeper.checkpoint()
    log.append(events[FIRST:SECOND])
    keeper.checkpoint()
    log.append(events[SECOND:])
    return keeper


@pytest.fixture(params=BACKENDS)
def log(request: pytest.FixtureRequest, tmp_path: Path):
    """An empty log in either database."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").schema()
    with EventLog.open(url) as opened:
        yield opened


@pytest.fixture
def keeper(log: EventLog, tmp_path: Path) -> Keeper:
    """The keeper of a filled log."""
    return filled(log, tmp_path)


def at(place: int, **changes: object) -> Attack:
    """Return an attack on one row, which leaves its hash."""
    return lambda rows: [row._replace(**changes) if row.position == place else row for row in rows]


def without(*positions: int) -> Attack:
    """Return an attack that removes rows."""
    return lambda rows: [row for row in rows if row.position not in positions]


def closing(*positions: int) -> Attack:
    """Return an attack that removes rows, and moves those behind up."""
    return lambda rows: numbered(without(*positions)(rows))


def with_copy(position, place):
    """Return an attack that puts a copy of a row, as of another stream, at a place, and moves the others."""

    def attack(rows):
        copy = rows[position - 1]._replace(stream_id=b"\xee" * 16, version=1)
        return numbered([*rows[: place - 1], copy, *rows[place - 1 :]])

    return attack


def exchanging(one: int, other: int, *fields: str) -> Attack:
    """Return an attack that exchanges two rows in these columns."""

    def attack(rows):
        first, second = rows[one - 1], rows[other - 1]
        changed = list(rows)
        changed[one - 1] = first._replace(**{name: getattr(second, name) for name in fields})
        changed[other - 1] = second._replace(**{name: getattr(first, name) for name in fields})
        return changed

    return attack


def then(*attacks: Attack) -> Attack:
    """Return attacks, one after the other."""

    def attack(rows):
        for each in attacks:
            rows = each(rows)
        return rows

    return attack


CONTENT = ("stream_id", "version", "topic", "state")
OTHER = b'{"timestamp":"2026-03-01T12:30:15Z","actor":"operator:mallory","correlation_id":"x"}'

#: what is done, what it is called, and the first position that is wrong
ATTACKS = {
    "state": (at(7, state=OTHER), Damage.CHANGED, 7),
    "state of the first": (at(1, state=OTHER), Damage.CHANGED, 1),
    "state of the newest": (at(HEAD, state=OTHER), Damage.CHANGED, HEAD),
    "empty state": (at(7, state=b""), Damage.CHANGED, 7),
    "topic": (at(7, topic=b"SkillRemoved@1"), Damage.CHANGED, 7),
    "version": (at(7, version=9), Damage.CHANGED, 7),
    "stream": (at(7, stream_id=b"\xee" * 16), Damage.CHANGED, 7),
    "hash alone": (at(7, leaf=bytes(32)), Damage.CHANGED, 7),
    "two rows": (then(at(9, state=OTHER), at(5, state=OTHER)), Damage.CHANGED, 5),
    "state, with its hash": (then(at(15, state=OTHER), hashed), Damage.REWRITTEN, 13),
    "state of the first, with its hash": (then(at(1, state=OTHER), hashed), Damage.REWRITTEN, 1),
    "topic, with its hash": (then(at(15, topic=b"SkillRemoved@1"), hashed), Damage.UNDECODABLE, 13),
    "everything, with hashes": (
        lambda rows: hashed([row._replace(state=OTHER, topic=b"X@1") for row in rows]),
        Damage.UNDECODABLE,
        1,
    ),
    "the other order, with hashes": (
        lambda rows: hashed(numbered(list(reversed(rows)))),
        Damage.REWRITTEN,
        1,
    ),
    "deleted": (without(7), Damage.DELETED, 7),
    "first deleted": (without(1), Damage.DELETED, 1),
    "several deleted": (without(7, 8, 9), Damage.DELETED, 7),
    "here and there deleted": (without(5, 9), Damage.DELETED, 5),
    "deleted, and the gap closed": (closing(7), Damage.DELETED, 7),
    "deleted, and the gap closed with hashes": (then(closing(15), hashed), Damage.REWRITTEN, 13),
    "inserted": (with_copy(3, 7), Damage.INSERTED, 7),
    "inserted as first": (with_copy(3, 1), Damage.INSERTED, 1),
    "inserted with hashes": (then(with_copy(3, 15), hashed), Damage.REWRITTEN, 13),
    "inserted with its hash alone": (
        lambda rows: [
            row._replace(leaf=row.hash_at(7)) if row.position == 7 else row for row in with_copy(3, 7)(rows)
        ],
        Damage.INSERTED,
        7,
    ),
    "inserted before the first": (
        lambda rows: [rows[0]._replace(position=0, stream_id=b"\xee" * 16), *rows],
        Damage.INSERTED,
        0,
    ),
    "inserted before the first, with its hash": (
        lambda rows: [*hashed([rows[0]._replace(position=-5, stream_id=b"\xee" * 16)]), *rows],
        Damage.INSERTED,
        -5,
    ),
    "inserted far behind": (
        lambda rows: [*rows, *hashed([rows[0]._replace(position=2**40, stream_id=b"\xee" * 16)])],
        Damage.DELETED,
        HEAD + 1,
    ),
    "swapped": (exchanging(5, 9, *CONTENT, "leaf"), Damage.SWAPPED, 5),
    "swapped, and the hashes left": (exchanging(5, 9, *CONTENT), Damage.SWAPPED, 5),
    "neighbours swapped": (exchanging(5, 6, *CONTENT, "leaf"), Damage.SWAPPED, 5),
    "states swapped": (exchanging(5, 9, "state"), Damage.CHANGED, 5),
    "swapped with hashes": (then(exchanging(14, 15, *CONTENT), hashed), Damage.REWRITTEN, 13),
    "numbered far behind": (at(7, position=2**40), Damage.RENUMBERED, 7),
    "numbered as the next": (at(7, position=HEAD + 1), Damage.RENUMBERED, 7),
    "numbered below zero": (at(7, position=-7), Damage.RENUMBERED, -7),
    "newest numbered higher": (at(HEAD, position=HEAD + 1), Damage.RENUMBERED, HEAD),
    "unsigned event of a stream removed with hashes": (
        then(closing(SECOND + 1), hashed),
        Damage.STREAM_BROKEN,
        None,
    ),
    "unknown event, unsigned, with its hash": (
        then(at(HEAD, topic=b"Unknown@1"), hashed),
        Damage.UNDECODABLE,
        HEAD,
    ),
    "broken event, unsigned, with its hash": (then(at(HEAD, state=b"{"), hashed), Damage.UNDECODABLE, HEAD),
    "end cut off": (lambda rows: rows[:15], Damage.TRUNCATED, 16),
    "end cut off but for one": (lambda rows: rows[: SECOND - 1], Damage.TRUNCATED, SECOND),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_rows_is_named(log: EventLog, keeper: Keeper, name: str):
    """Whatever is done to the rows is found, with the kind of damage and the first bad position."""
    attack, damage, position = ATTACKS[name]
    tamper(log, attack)
    report = verify(keeper, log)
    assert damage in {finding.damage for finding in report.findings}
    assert position in {None, report.first_bad_position}


def test_a_log_that_nobody_touched_is_sound(log: EventLog, keeper: Keeper):
    """The verifier finds nothing where nothing is wrong, and says how much is signed."""
    report = verify(keeper, log)
    assert (report.findings, report.events, report.signed, report.checkpoints) == ((), HEAD, SECOND, 2)


def test_rows_written_back_are_sound(log: EventLog, keeper: Keeper):
    """What the attacks do to a log is found, and not that they do it."""
    tamper(log, lambda rows: rows)
    assert verify(keeper, log).is_sound


def test_an_emptied_log_is_found(log: EventLog, keeper: Keeper):
    """Where all rows are gone, the checkpoints say that there were some."""
    run_sql(log, "DELETE FROM event")
    report = verify(keeper, log)
    assert (report.first_bad_position, report.findings[0].damage) == (1, Damage.TRUNCATED)


def damages(keeper: Keeper, log: EventLog) -> set[Damage]:
    """Return what is found by whoever trusts the key that signed first and asks the log for no other."""
    own = bytes.fromhex(keeper.key_file.public_key() or "")
    collection = Collection(TrustedKeys(keeper.origin, frozenset([own])))
    collection.add_folder(keeper.folder)
    collection.add_database(log)
    report = Verifier(log, keeper.origin, checking_here(log)).verify(collection.signed)
    return {finding.damage for finding in (*report.findings, *collection.findings)}


@pytest.mark.parametrize("table", ["event", "blob", "checkpoint"])
def test_a_removed_table_is_a_finding(log: EventLog, keeper: Keeper, table: str):
    """An error of the database is a finding and no error, as long as it can be opened."""
    run_sql(log, f"DROP TABLE {table}")
    assert Damage.UNREADABLE in damages(keeper, log)


@pytest.fixture
def restored(tmp_path: Path):
    """A log whose file was replaced by the one that it was when it was signed first."""
    path = tmp_path / "log.db"
    with EventLog.open(f"sqlite:///{path}") as log:
        log.append(mixed_events(FIRST))
        keeper_of(log, tmp_path).checkpoint()
    shutil.copy(path, tmp_path / "old.db")
    with EventLog.open(f"sqlite:///{path}") as log:
        log.append(mixed_events(SECOND)[FIRST:])
        keeper_of(log, tmp_path).checkpoint()
    shutil.copy(tmp_path / "old.db", path)
    with EventLog.open(f"sqlite:///{path}") as log:
        yield log


def test_an_older_database_is_found(restored: EventLog, tmp_path: Path):
    """A restored file is sound in itself; the folder beside it knows better."""
    keeper = keeper_of(restored, tmp_path)
    report = verify(keeper, restored)
    assert [(each.damage, each.position) for each in report.findings] == [(Damage.ROLLED_BACK, FIRST + 1)]
    with pytest.raises(LedgerForked):
        keeper.checkpoint()


def test_an_older_database_that_went_on_is_found(restored: EventLog, tmp_path: Path):
    """Other events in the place of those that were lost are not those that were signed."""
    restored.append([event._replace(state=event.state + b" ") for event in mixed_events(HEAD)[FIRST:]])
    keeper = keeper_of(restored, tmp_path)
    report = verify(keeper, restored)
    assert [(each.damage, each.position) for each in report.findings] == [(Damage.REWRITTEN, FIRST + 1)]
    with pytest.raises(LedgerForked):
        keeper.checkpoint()


@pytest.mark.parametrize("position", [2, 15])
def test_a_forged_log_is_not_signed(log: EventLog, keeper: Keeper, position: int):
    """Whoever changes an event that was signed, hash and all, gets no signature over it.

    A keeper goes on from the edge that was signed, so what it signs is the true history still; without
    that edge it reads all hashes again, and refuses.
    """
    tamper(log, then(at(position, state=OTHER), hashed))
    keeper_of(log, keeper.folder.path.parent).checkpoint()
    assert Damage.REWRITTEN in damages(keeper, log)
    run_sql(log, "DELETE FROM checkpoint")
    with pytest.raises(LedgerForked):
        keeper_of(log, keeper.folder.path.parent).checkpoint()


def test_a_shortened_log_is_not_signed(log: EventLog, keeper: Keeper):
    """A log that is shorter than what was signed gets no signature."""
    tamper(log, lambda rows: rows[:15])
    with pytest.raises(LedgerForked):
        keeper.checkpoint()


def test_a_changed_event_cannot_be_proved(log: EventLog, keeper: Keeper):
    """There is no proof of an event that is not the one that was signed."""
    signed = keeper.checkpoints()[-1]
    tamper(log, then(at(15, state=OTHER), hashed))
    with pytest.raises(EventNotProvable):
        prove(log, 15, signed)


def _swap_root(note: bytes) -> bytes:
    lines = note.split(b"\n")
    return b"\n".join([*lines[:2], b"A" * 43 + b"=", *lines[3:]])


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        pytest.param(_swap_root, Damage.FALSE_CHECKPOINT, id="root"),
        pytest.param(lambda note: note.replace(b"\n12\n", b"\n11\n", 1), Damage.FALSE_CHECKPOINT, id="size"),
        pytest.param(lambda note: b"", Damage.FALSE_CHECKPOINT, id="empty"),
        pytest.param(lambda note: b"\xff\xfe", Damage.FALSE_CHECKPOINT, id="no text"),
        pytest.param(
            lambda note: note[: note.index(b"\n\n") + 2], Damage.FALSE_CHECKPOINT, id="no signature"
        ),
        pytest.param(
            lambda note: note.replace(b"palyra/", b"others/"), Damage.FOREIGN_CHECKPOINT, id="origin"
        ),
    ],
)
def test_a_changed_checkpoint_is_named(log: EventLog, keeper: Keeper, change, damage: Damage):
    """A checkpoint that nobody signed so, or that is of another log, is told from a sound one."""
    keeper.folder.write(FIRST, change(keeper.folder.read(FIRST)))
    assert damages(keeper, log) == {damage}


def test_a_checkpoint_of_another_log_is_named(log: EventLog, keeper: Keeper, tmp_path: Path):
    """A checkpoint that another log's keeper signed proves nothing about this one."""
    with EventLog.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        keeper.folder.write(FIRST, filled(other, tmp_path / "other").folder.read(FIRST))
    assert damages(keeper, log) == {Damage.FOREIGN_CHECKPOINT}


def test_a_checkpoint_under_another_name_is_named(log: EventLog, keeper: Keeper):
    """A checkpoint counts for the size that it was signed for."""
    keeper.folder.write(15, keeper.folder.read(FIRST))
    assert damages(keeper, log) == {Damage.FALSE_CHECKPOINT}


def test_a_checkpoint_of_a_stranger_is_named(log: EventLog, keeper: Keeper, tmp_path: Path):
    """Who has the database and not the key cannot sign another history."""
    stranger = keeper_of(log, tmp_path / "stranger")
    run_sql(log, "DELETE FROM checkpoint")
    stranger.checkpoint()
    keeper.folder.write(HEAD, stranger.folder.read(HEAD))
    run_sql(log, "DELETE FROM checkpoint")
    assert damages(keeper, log) == {Damage.FALSE_CHECKPOINT}


def test_a_checkpoint_that_the_database_makes_up_is_named(log: EventLog, keeper: Keeper):
    """What the database remembers as signed is checked as well, and keeps the keeper from signing."""
    run_sql(log, "UPDATE checkpoint SET note = peaks")
    assert damages(keeper, log) == {Damage.FALSE_CHECKPOINT}
    with pytest.raises(LedgerForked):
        keeper.checkpoint()


def test_a_false_edge_is_not_believed(log: EventLog, keeper: Keeper, tmp_path: Path):
    """The right edge of the tree that the database keeps counts only where it has the signed root."""
    run_sql(log, "UPDATE checkpoint SET peaks = note")
    assert keeper_of(log, tmp_path).checkpoint().checkpoint.size == HEAD
    assert verify(keeper, log).signed == HEAD


def test_a_revoked_key_signs_no_more(log: EventLog, keeper: Keeper):
    """What was signed before a key was revoked holds; what it signs later is refused and named."""
    stolen = Signer(keeper.origin, keeper.key_file.open(StageEntropy(), None))
    keeper.rotate(Intent("operator:ada", "the disk was stolen"), is_revoked=True)
    assert verify(keeper, log).is_sound
    keeper.folder.write(HEAD + 2, bytes(stolen.sign(HEAD + 2, bytes(32), StageClock()())))
    collection = Collection(trusted_keys(log, keeper.origin, keeper.key_file.public_key()))
    collection.add_folder(keeper.folder)
    assert [finding.damage for finding in collection.findings] == [Damage.REVOKED_KEY]


def test_a_key_that_nobody_endorsed_is_not_trusted(log: EventLog, keeper: Keeper):
    """Who writes a rotation to his own key into the log, without the old key's word, gains nothing."""
    own, forged = keeper.key_file.public_key() or "", "ab" * 32
    application = Application(log, now=StageClock(), entropy=StageEntropy("mallory"))
    application.rotate_ledger_key(forged, own, "00" * 64, Intent("operator:mallory"), is_revoked=False)
    keys = trusted_keys(log, keeper.origin, forged)
    with pytest.raises(UntrustedNote):
        keys.check(keeper.folder.read(FIRST))


@pytest.fixture
def with_blob(log: EventLog, tmp_path: Path) -> Keeper:
    """The keeper of a log whose second event has a reason."""
    keeper = keeper_of(log, tmp_path)
    application = Application(log, now=StageClock(), entropy=StageEntropy("reasons"))
    application.start_gateway("0.1.0", Intent("system:gateway"))
    application.start_gateway("0.1.0", Intent("system:gateway", "asked for in ticket 81"))
    keeper.checkpoint()
    return keeper


def test_changed_bytes_are_named(log: EventLog, with_blob: Keeper):
    """Bytes beside the log are held against the event that names them."""
    run_sql(log, "UPDATE blob SET bytes = digest")
    report = verify(with_blob, log)
    assert [(each.damage, each.position) for each in report.findings] == [(Damage.BLOB_CHANGED, 2)]


def test_bytes_that_nobody_names_are_found(log: EventLog, with_blob: Keeper):
    """Bytes that were put beside the log are found, although no event names them."""
    log.append([], blobs=[Blob(b"d" * 32, b"bytes")], tracking=("test", 1))
    assert [each.damage for each in verify(with_blob, log).findings] == [Damage.BLOB_CHANGED]


def test_erased_bytes_are_no_damage(log: EventLog, with_blob: Keeper):
    """What retention or erasure has dropped is counted; the history is sound."""
    run_sql(log, "DELETE FROM blob")
    report = verify(with_blob, log)
    assert (report.is_sound, report.erased) == (True, 1)


def test_all_rows_are_as_they_were(log: EventLog, keeper: Keeper):
    """Verifying writes nothing."""
    before = all_rows(log)
    verify(keeper, log)
    assert all_rows(log) == before
