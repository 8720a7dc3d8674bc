from __future__ import annotations

import sqlite3

import pytest

from tests.shell import Reader, Shell

VIEWS = {"audit", "hook", "skill", "plugin", "delivery", "outbox", "trust", "clock", "plugin_storage"}


def _bound_at(reader: Reader, hook: str) -> int:
    rows = reader("hook", "list", "-o", "json").json
    return next(row["valid_from"] for row in rows if row["hook_id"] == hook)


def test_listings_tell_the_past(reader: Reader):
    """At the beginning there was nothing; before a hook was disabled it was enabled."""
    disabled = _bound_at(reader, "hello")

    before = reader("hook", "list", "--at", str(disabled - 1), "-o", "json").json

    assert {row["hook_id"]: row["is_enabled"] for row in before}["hello"]
    for noun in ("skill", "plugin", "hook", "delivery", "outbox", "trust", "decision"):
        assert reader(noun, "list", "--at", "0", "-o", "json").json == []
        assert reader(noun, "list", "--at", "2020-01-01", "-o", "json").json == []


def test_a_position_that_is_not_there_is_not_found(reader: Reader):
    """The exit code is 3, as for everything that does not exist."""
    failed = reader("hook", "list", "--at", "99999", "-o", "json")

    assert (failed.code, failed.error["code"]) == (3, "UNKNOWN_EVENT")


def test_views_are_listed_with_their_standing(reader: Reader):
    """Each is at the head of the log, and has a kind and tables."""
    reader("hook", "list")
    rows = reader("projection", "status", "-o", "json").json

    assert {row["name"] for row in rows} >= VIEWS
    assert {(row["state"], row["lag"], row["is_changed"]) for row in rows} == {("live", 0, False)}
    listed = reader("projection", "list", "-o", "json").json
    assert {row["is_decision"] for row in listed if row["name"] in {"delivery", "hook"}} == {True}


def test_views_are_what_the_log_gives(reader: Reader):
    """All of them are compared with a fold of the log."""
    verdicts = reader("projection", "verify", "--all", "-o", "json").json

    assert {verdict["differences_count"] for verdict in verdicts} == {0}


def test_what_somebody_changed_is_found_named_and_mended(shell: Shell):
    """The exit code is 6, and a rebuild puts it right; the build before shows what was wrong."""
    with sqlite3.connect(shell.home / "palyra.db") as database:
        database.execute("UPDATE hook_g1 SET attempts_max = 99 WHERE hook_id = 'greet' AND valid_to IS NULL")

    found = shell("projection", "verify", "hook")
    rebuilt = shell("projection", "rebuild", "hook")
    after = shell("projection", "verify", "hook")
    before = shell("projection", "diff", "hook")

    assert (found.code, rebuilt.code, after.code, before.code) == (6, 0, 0, 6)
    assert "hook_id greet" in found.out
    assert "attempts_max is 99; the log gives 5" in found.out
    assert "before: 99" in before.out


def test_builds_come_and_go(shell: Shell):
    """Back to the build before, and then it is the only one."""
    shell("projection", "rebuild", "hook")
    back = shell("projection", "rollback", "hook", "-o", "json").json
    dropped = shell("projection", "drop", "hook", "--yes", "-o", "json").json
    left = shell("projection", "show", "hook", "-o", "json").json

    assert [(row["generation"], row["state"]) for row in back] == [(1, "live"), (2, "retired")]
    assert [row["generation"] for row in dropped] == [2]
    assert [row["generation"] for row in left["builds"]] == [1]


def test_a_dry_run_rebuilds_nothing(shell: Shell):
    """It says what would be done."""
    plan = shell("projection", "rebuild", "hook", "--dry-run", "-o", "json").json

    assert plan["views"] == ["hook"]
    assert plan["events"] > 0
    assert len(shell("projection", "show", "hook", "-o", "json").json["builds"]) == 1


def test_a_build_begins_at_a_checkpoint_or_is_shared_out(shell: Shell):
    """Either way it holds what the log gives."""
    shell("audit", "checkpoint", "create")
    (checkpoint,) = (shell.home / "checkpoints").glob("*.checkpoint")
    plan = shell("projection", "rebuild", "hook", "--from", str(checkpoint), "--dry-run", "-o", "json").json
    kept = shell("projection", "rebuild", "hook", "--from", str(checkpoint))
    shared = shell("projection", "rebuild", "hook", "delivery", "--jobs", "2")
    verdicts = shell("projection", "verify", "hook", "delivery", "-o", "json").json

    assert (plan["views"], plan["start"] > 0, plan["events"]) == (["hook"], True, 0)
    assert (kept.code, shared.code) == (0, 0)
    assert {verdict["differences_count"] for verdict in verdicts} == {0}


def test_a_build_begins_at_a_moment(shell: Shell):
    """A time that is given means the last position up to which no event is later, here the newest."""
    started, later = shell("event", "list", "-o", "json").json[-1]["event"]["timestamp"], "9999-01-01"
    at_last = shell("projection", "rebuild", "hook", "--from", started, "--dry-run", "-o", "json").json
    at_end = shell("projection", "rebuild", "hook", "--from", later, "--dry-run", "-o", "json").json
    ago = shell("projection", "rebuild", "hook", "--from", "52w", "--dry-run", "-o", "json").json
    kept = shell("projection", "rebuild", "hook", "--from", later)
    (verdict,) = shell("projection", "verify", "hook", "-o", "json").json

    assert at_last["start"] == at_end["start"] == at_end["start"] + at_end["events"]
    assert (ago["start"], ago["events"]) == (0, at_end["start"])
    assert (kept.code, verdict["differences_count"]) == (0, 0)


def test_a_paused_view_is_told_by_whoever_needs_it(shell: Shell):
    """Listings fail, the doctor finds it, and it goes on where it stood."""
    shell("projection", "pause", "trust", "--yes")
    shell("hook", "enable", "hello")
    listing = shell("trust", "list", "-o", "json")
    ill = shell("doctor", "-o", "json")
    waiting = shell("projection", "wait", "trust", "--timeout", "0", "-o", "json")
    resumed = shell("projection", "resume", "trust", "-o", "json")

    assert (listing.code, listing.error["code"]) == (7, "VIEW_PAUSED")
    assert (ill.code, ill.error["code"], "views" in ill.error["details"]["checks"]) == (6, "NOT_WELL", True)
    assert (waiting.code, waiting.error["code"]) == (7, "NOT_FOLDED_IN_TIME")
    assert resumed.json[0]["is_paused"] is False
    assert shell("trust", "list").code == 0
    assert shell("projection", "wait", "trust").code == 0


def test_a_question_in_sql_is_answered(reader: Reader):
    """One row for each hook, by the name of the view; what would change something is refused."""
    select = "SELECT hook_id FROM hook WHERE valid_to IS NULL ORDER BY hook_id"
    rows = reader("projection", "query", select, "-o", "json").json
    refused = reader("projection", "query", "DELETE FROM hook_g1", "-o", "json")

    assert [row["hook_id"] for row in rows] == ["greet", "hello", "spin"]
    assert (refused.code, refused.error["code"]) == (2, "QUERY_FAILED")


def test_there_are_no_dead_letters(shell: Shell):
    """A report that took in everything has none, and to retry leaves none."""
    assert shell("projection", "dead", "list", "-o", "json").json == []
    assert shell("projection", "dead", "retry", "audit", "-o", "json").json == []
    assert shell("projection", "dead", "discard", "audit", "--all", "-o", "json").json == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["verify"], 2),
        (["verify", "hook", "--all"], 2),
        (["verify", "hooks"], 3),
        (["rebuild", "hooks"], 3),
        (["rebuild", "hook", "--from", "99999"], 3),
        (["rebuild", "hook", "--from", "no-such-file"], 3),
        (["rebuild", "hook", "--from", "2026-13-01"], 3),
        (["rebuild", "fault", "--from", "1"], 5),
        (["rebuild", "hook", "--from", "1", "--jobs", "2"], 2),
        (["rollback", "hook"], 5),
        (["diff", "hook"], 5),
        (["show", "hooks"], 3),
        (["pause", "hooks"], 3),
        (["dead", "discard", "audit"], 2),
    ],
)
def test_what_makes_no_sense_is_refused(reader: Reader, arguments: list[str], code: int):
    """Nothing is done, and the exit code says what kind of mistake it was."""
    assert reader("projection", *arguments).code == code
