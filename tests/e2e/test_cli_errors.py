from __future__ import annotations

import io
import sqlite3
import zipfile
from contextlib import closing

import pytest

#: what is asked for, the exit code, and the stable name of the error
BAD = [
    ("skill show acme.nobody", 3, "UNKNOWN_SKILL"),
    ("skill enable acme.nobody", 3, "UNKNOWN_SKILL"),
    ("skill enable acme.greeter 9.9.9", 3, "UNKNOWN_RELEASE"),
    ("plugin bind p --skill acme.nobody", 3, "UNKNOWN_SKILL"),
    ("hook bind h --event skill:enabled --plugin nobody", 3, "UNKNOWN_PLUGIN"),
    ("hook enable nobody", 3, "UNKNOWN_HOOK"),
    ("delivery show 99:nobody", 3, "UNKNOWN_DELIVERY"),
    ("event show 999", 3, "UNKNOWN_EVENT"),
    ("projection rebuild nothing", 3, "UNKNOWN_PROJECTION"),
    ("skill enable acme.greeter", 5, "ILLEGAL_TRANSITION"),
    ("skill quarantine acme.hostile", 5, "ILLEGAL_TRANSITION"),
    ("skill disable acme.hostile", 5, "ILLEGAL_TRANSITION"),
    ("hook enable greet", 5, "ILLEGAL_TRANSITION"),
    ("hook disable hello", 5, "ILLEGAL_TRANSITION"),
    ("skill install {samples}/greeter.palyra-skill", 5, "ALREADY_EXISTS"),
    ("skill enable acme.hostile", 4, "AUDIT_FAILED"),
    ("skill enable acme.hostile --override", 4, "REASON_REQUIRED"),
    ("plugin bind p --skill acme.greeter --http-host api.example.com", 4, "CAPABILITY_DENIED"),
    ("skill show Acme/Greeter", 2, "INVALID_IDENTIFIER"),
    ("skill install no-such-file", 2, "UNREADABLE_ARTIFACT"),
    ("skill install {samples}", 2, "UNREADABLE_ARTIFACT"),
    ("hook bind h --event skill:exploded --plugin greeter", 2, "UNKNOWN_HOOK_EVENT"),
    ("hook bind h --event skill:enabled --plugin greeter --attempts-max 0", 2, "ATTEMPTS_OUT_OF_RANGE"),
    ("--actor nobody skill list", 2, "INVALID_IDENTIFIER"),
    ("--db mysql://db skill list", 2, "INVALID_DATABASE_URL"),
    ("skill list --bogus", 2, "USAGE"),
    ("skill lst", 2, "USAGE"),
    ("skill", 2, "USAGE"),
    ("event show twelve", 2, "USAGE"),
    ("gateway run --log-format xml", 2, "USAGE"),
    ("-o yaml skill list", 2, None),
]


@pytest.mark.parametrize(("line", "code", "name"), BAD, ids=[line for line, *_ in BAD])
def test_a_bad_request_has_its_exit_code_and_its_name(shell, samples, line, code, name):
    """Scripts branch on the exit code, programs on the code in the JSON; nothing is on standard output."""
    line = line.format(samples=samples)

    done = shell("-o", "json", *line.split()) if name else shell(*line.split())

    assert (done.code, done.out) == (code, "")
    assert "Traceback" not in done.err
    assert name is None or done.error.keys() == {"code", "message", "hint", "details"}
    assert name is None or (done.error["code"], bool(done.error["hint"])) == (name, True)


def test_an_error_for_people_is_two_lines(reader):
    """What went wrong, and what to do about it."""
    assert reader("skill", "show", "acme.nobody").err == (
        "error: Skill acme.nobody is not installed.\n"
        "hint: List the installed skills with: palyra skill list\n"
    )


def test_a_typing_mistake_is_answered_with_a_suggestion(reader):
    """The nearest command is named."""
    assert reader("skil", "list").err == (
        "error: No such command 'skil'. Did you mean 'skill'?\nhint: Run: palyra --help\n"
    )


def test_an_error_cannot_steer_the_terminal(reader):
    """Also what somebody typed, or was made to paste, is shown without its controls."""
    done = reader("skill", "show", "\x1b]52;c;eA==\x07\u202eevil")

    assert done.code == 2
    assert not {"\x1b", "\x07", "\u202e"} & set(done.err)


def test_words_that_are_no_unicode_are_refused(shell):
    """Broken bytes on the command line are an error of the input, not of Palyra."""
    done = shell("skill", "disable", "acme.greeter", "--reason", "\udcff")

    assert done.code == 2
    assert done.err.startswith("error: ")


def test_an_unknown_publisher_is_not_trusted_by_accident(fresh, samples):
    """The first install must say that it accepts the key; nothing is kept without."""
    fresh("init")

    done = fresh("skill", "install", f"{samples}/greeter.palyra-skill", "-o", "json")

    assert (done.code, done.error["code"]) == (4, "UNTRUSTED_PUBLISHER")
    assert "--trust-on-first-use" in done.error["hint"]
    assert fresh("event", "list", "-o", "json").json == []


def spoiled(artifact: bytes) -> bytes:
    """Return an artifact in which one byte of a module was changed, as a ZIP archive it is faultless."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(artifact)) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith(".wasm"):
                content = content[:-1] + bytes([content[-1] ^ 1])
            copy.writestr(entry, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (spoiled, 4),
        (lambda artifact: artifact[: len(artifact) // 2], 2),
        (lambda artifact: b"not a skill", 2),
        (lambda artifact: b"", 2),
    ],
    ids=["changed", "cut", "other", "empty"],
)
def test_a_corrupt_artifact_is_refused(fresh, samples, spoil, code):
    """What is not what its publisher signed is never kept."""
    fresh("init")
    path = fresh.home / "bad.palyra-skill"
    path.write_bytes(spoil((samples / "greeter.palyra-skill").read_bytes()))

    done = fresh("skill", "install", str(path), "--trust-on-first-use")

    assert done.code == code
    assert fresh("event", "list", "-o", "json").json == []


@pytest.mark.parametrize("line", ["skill list", "skill install x", "delivery drain", "gateway run --once"])
def test_only_init_makes_a_database(fresh, line):
    """Without a database each command says how to make one, and leaves nothing behind."""
    done = fresh(*line.split(), "-o", "json")

    assert (done.code, done.error["code"]) == (7, "DATABASE_MISSING")
    assert "palyra init" in done.error["hint"]
    assert not fresh.home.exists()


@pytest.mark.parametrize("line", ["init", "skill list"])
def test_a_file_that_is_no_database_is_left_alone(fresh, line):
    """Somebody's letter at the place of the database is neither read as one nor overwritten."""
    fresh.home.mkdir()
    letter = fresh.home / "palyra.db"
    letter.write_bytes(b"Dear Ada, " * 1000)

    done = fresh(*line.split(), "-o", "json")

    assert (done.code, done.error["code"]) == (7, "DATABASE_DAMAGED")
    assert letter.read_bytes() == b"Dear Ada, " * 1000


@pytest.mark.parametrize("line", ["init", "skill list"])
def test_a_database_of_a_newer_version_is_left_alone(shell, line):
    """An old program says that it is too old, and changes nothing."""
    with closing(sqlite3.connect(shell.home / "palyra.db")) as connection, connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")

    done = shell(*line.split(), "-o", "json")

    assert (done.code, done.error["code"]) == (7, "DATABASE_TOO_NEW")


def test_a_folder_that_cannot_be_made_is_named(reader):
    """The message says which folder, and why."""
    done = reader("--home", "/proc/palyra", "init")

    assert done.code == 7
    assert done.err.startswith("error: /proc/palyra cannot be made: ")


def test_a_server_that_does_not_answer_is_unavailable(reader):
    """The password in the URL is not repeated."""
    done = reader("--db", "postgresql://ada:secret@127.0.0.1:1/palyra", "skill", "list")

    assert done.code == 7
    assert "secret" not in done.err
