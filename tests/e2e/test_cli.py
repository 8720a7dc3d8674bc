from __future__ import annotations

import fcntl
import json
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.shell import COMMAND, Shell

LISTINGS = {
    "skill list": {"skill_id", "version", "state", "publisher", "modules", "audit_failures", "changed_at"},
    "plugin list": {"plugin_id", "skill_id", "module_path", "module_sha256", "entrypoint", "grants"},
    "hook list": {"hook_id", "event_kind", "plugin_id", "attempts_max", "is_enabled", "valid_from"},
    "delivery list": {"delivery_id", "state", "event_position", "hook_id", "attempts", "retry_at", "outcome"},
    "event list": {"position", "topic", "stream_id", "version", "leaf", "reason", "event"},
    "projection status": {"name", "generation", "position", "head", "lag", "rows"},
    "audit log": {"position", "timestamp", "actor", "reason", "subject_kind", "subject_id", "summary"},
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")

each_listing = pytest.mark.parametrize("listing", LISTINGS)


def steady(text: str) -> str:
    """Return a text with each time replaced by one of the same width."""
    return MOMENT.sub("2026-01-31 09:00:00", text)


@each_listing
def test_a_listing_is_one_json_document(reader, listing):
    """Programs read an array of objects with stable names, and nothing else is said."""
    done = reader(*listing.split(), "-o", "json")

    assert (done.code, done.err) == (0, "")
    assert done.json
    assert LISTINGS[listing] <= done.json[0].keys()


@each_listing
def test_a_listing_is_an_object_a_line(reader, listing):
    """The same objects come as a stream, if that is asked for, before the command as well."""
    done = reader("-o", "ndjson", *listing.split())

    assert done.lines == reader(*listing.split(), "-o", "json").json


@each_listing
def test_a_listing_fits_on_a_small_screen(reader, listing):
    """No line is wider than 80 columns, and none holds a control."""
    done = reader(*listing.split())

    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", done.out)


def test_skills_are_listed_in_columns(reader):
    """Each release has a line that says whether it may run."""
    assert steady(reader("skills", "list").out) == (
        "SKILL         VERSION  STATE        PUBLISHER  CHANGED (UTC)\n"
        "acme.greeter  1.0.0    enabled      acme       2026-01-31 09:00:00\n"
        "acme.hostile  1.0.0    quarantined  acme       2026-01-31 09:00:00\n"
        "acme.runaway  1.0.0    enabled      acme       2026-01-31 09:00:00\n"
    )


def test_deliveries_are_listed_in_columns(reader):
    """Each delivery has a line that says how it stands, and why, if it is not well."""
    assert reader("deliveries", "list").out == (
        "DELIVERY  STATE      EVENT          PLUGIN   TRIES  DETAIL\n"
        "15:greet  succeeded  skill:enabled  greeter    1/5\n"
        "15:spin   dead       skill:enabled  spinner    1/1  out_of_fuel: The guest used…\n"
    )


def test_a_skill_is_shown_with_what_is_wrong_with_it(reader):
    """Failed checks, modules and digests are all there."""
    done = reader("skill", "show", "acme.hostile")

    assert done.code == 0
    assert "audit      failed" in done.out
    assert "'wasi_snapshot_preview1' 'fd_write'" in done.out
    assert re.search("sha256 [0-9a-f]{64}$", done.out, re.MULTILINE)


def test_a_delivery_is_shown_with_what_the_plugin_said(reader):
    """Outcome, output and log lines of each attempt are there."""
    done = reader("delivery", "show", "15:greet", "-o", "json")

    assert done.json["delivery"]["state"] == "succeeded"
    [attempt] = done.json["attempts"]
    assert attempt["output"]["result"]["greeting"] == "hello acme.runaway 1.0.0, now enabled"
    assert attempt["logs"] == [{"level": "info", "text": "hello acme.runaway 1.0.0, now enabled"}]
    assert attempt["fuel_units"] > 0


def test_an_event_is_shown_in_full(reader):
    """The reason is beside the event, without the controls that somebody put into it."""
    rows = reader("event", "list", "-o", "json").json
    [position] = [row["position"] for row in rows if row["topic"] == "HookDisabled@1"]

    done = reader("event", "show", str(position))

    assert "topic        HookDisabled@1" in done.out
    assert "reason       too noisy[2J\n" in done.out


def test_the_audit_log_says_who_and_why(reader):
    """Actor and reason stand beside what happened."""
    done = reader("audit", "log", "--actor", "operator:ada", "-o", "json")

    assert {row["actor"] for row in done.json} == {"operator:ada"}
    [why] = {row["reason"] for row in done.json if row["topic"] == "SkillEnabled@1"} - {"to see it fail"}
    assert why == "reviewed"


def test_hooks_are_shown_as_they_were(reader):
    """Before it was disabled, the hook was enabled."""
    now = {row["hook_id"]: row for row in reader("hook", "list", "-o", "json").json}

    then = reader("hook", "list", "--at", str(now["hello"]["valid_from"] - 1), "-o", "json").json

    assert now["hello"]["is_enabled"] is False
    assert [row["is_enabled"] for row in then if row["hook_id"] == "hello"] == [True]


def test_a_home_is_made_once(fresh):
    """The first init makes the database and says where; the second finds it."""
    first, second = fresh("init", "-o", "json"), fresh("init", "-o", "json")

    assert first.json == {
        "home": str(fresh.home),
        "database_url": f"sqlite:///{fresh.home / 'palyra.db'}",
        "actor": "operator:ada",
        "created": True,
    }
    assert second.json == {**first.json, "created": False}


def test_listings_of_nothing_say_what_to_do(fresh):
    """An empty table is a remark on standard error; an empty document is an empty array."""
    fresh("init")

    assert fresh("skill", "list").err == (
        "No skill is installed. Install one with: palyra skill install FILE\n"
    )
    assert fresh("skill", "list", "-o", "json").json == []
    assert fresh("skill", "list", "-o", "ndjson").out == ""


def test_the_whole_story(fresh, samples):
    """From an empty folder to a greeting, by commands alone."""
    for line in (
        "init",
        f"skill install {samples}/greeter.palyra-skill --trust-on-first-use --reason wanted",
        "plugin bind greeter --skill acme.greeter",
        "hook bind greet --event skill:enabled --plugin greeter",
        "skill enable acme.greeter",
        "hook disable greet",
        "hook enable greet",
        "delivery drain",
        "skill quarantine acme.greeter --reason odd",
        "skill enable acme.greeter",
        "skill disable acme.greeter",
    ):
        done = fresh(*line.split())
        assert done.code == 0, done.err
        # What an enable changes is told before it is done.
        assert done.err == "" or line.startswith("skill enable"), line

    assert fresh("gateway", "run", "--once").out == "1 delivery scheduled; 1 skipped.\n"
    assert [row["state"] for row in fresh("delivery", "list", "-o", "json").json] == ["succeeded", "skipped"]


def test_views_are_built_anew(shell):
    """All views, or those that are named, get a new generation with the same rows."""
    before = shell("hook", "list", "-o", "json").json

    done = shell("projection", "rebuild", "hook", "-o", "json")

    assert {row["name"]: row["generation"] for row in done.json}["hook"] == 2
    assert {row["name"]: row["generation"] for row in done.json}["skill"] == 1
    assert shell("hook", "list", "-o", "json").json == before


def test_a_release_that_fails_its_audit_is_told_twice(shell, samples):
    """The result is on standard output, the finding on standard error, and the exit code says so."""
    shell = Shell(shell.home.with_name("other"))
    shell("init")

    done = shell("skill", "install", f"{samples}/hostile.palyra-skill", "--trust-on-first-use", "-o", "json")

    assert done.code == 6
    assert (done.json["skill_id"], done.json["state"]) == ("acme.hostile", "quarantined")
    assert done.error["code"] == "RELEASE_QUARANTINED"
    assert "fd_write" in done.error["details"]["failures"][0]


def test_no_color_by_default_off_a_terminal(reader):
    """What is piped has no colours; who wants them can have them."""
    assert "\x1b" not in reader("skill", "list").out
    assert "\x1b[32m" in reader("--color", "always", "skill", "list").out
    assert "\x1b" not in reader("--color", "never", "skill", "--help").out
    assert "\x1b" not in reader("--color", "always", "skill", "list", "-o", "json").out


def test_a_screen_may_be_wide(reader):
    """COLUMNS gives a table more room."""
    wide = Shell(reader.home, {"COLUMNS": "200"})

    assert "out_of_fuel: The guest used up its fuel." in wide("delivery", "list").out


@pytest.mark.parametrize("listing", ["event list", "delivery list", "audit log"])
def test_a_long_listing_comes_in_pages(reader, listing):
    """A page that may not be the last one says how to go on, and the next one begins there."""
    page = reader(*listing.split(), "--after", "0", "--limit", "1")

    [after] = re.findall(r"^There may be more: go on with --after (\d+)$", page.err, re.MULTILINE)
    rows = reader(*listing.split(), "-o", "json").json
    assert reader(*listing.split(), "--after", after, "-o", "json").json == rows[1:]
    assert reader(*listing.split(), "--after", "0", "--limit", "1", "-o", "json").err == ""


def test_the_newest_events_are_listed_in_order(reader):
    """Without a place to begin, a listing ends with what happened last."""
    events = [row["position"] for row in reader("event", "list", "-o", "json").json]
    trail = [row["position"] for row in reader("audit", "log", "--limit", "3", "-o", "json").json]

    assert events == list(range(1, len(events) + 1))
    assert trail == events[-3:]


@pytest.mark.parametrize("locale", ["C", "POSIX", "de_DE.ISO-8859-1"])
def test_the_output_is_utf_8_in_any_locale(reader, locale):
    """An ellipsis does not depend on the machine that a script runs on."""
    shell = Shell(reader.home, {"LC_ALL": locale, "PYTHONIOENCODING": "ascii"})

    done = shell("delivery", "list")

    assert (done.code, done.err) == (0, "")
    assert "…" in done.out


def test_a_closed_pipe_is_quiet(reader):
    """Who reads only the first line gets no complaint about the rest."""
    with subprocess.Popen(
        [*COMMAND, "event", "list", "-o", "json"],
        env=reader.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (141, b"")


def test_output_that_cannot_be_written_is_an_error(reader):
    """A full disk does not look like success."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "skill", "list"],
            env=reader.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )

    assert done.returncode == 7
    assert done.stderr.startswith("error: The output cannot be written: No space left on device.\n")


def test_an_error_that_nobody_can_be_told_has_its_exit_code(reader):
    """As where the disk is full that the output and the errors go to."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "skill", "show", "acme.nobody"],
            env=reader.environment,
            stdout=full,
            stderr=full,
            check=False,
        )

    assert done.returncode == 3


def test_streams_may_be_closed(reader):
    """A daemon that starts a command without streams gets its exit code."""
    script = "exec >&- 2>&- <&-; exec " + " ".join(COMMAND) + " skill show acme.nobody"

    done = subprocess.run(["/bin/sh", "-c", script], env=reader.environment, check=False)

    assert done.returncode == 3


HEAVY = {"sqlalchemy", "wasmtime", "pydantic", "eventsourcing", "cryptography", "asyncio"}


@pytest.mark.parametrize("arguments", [["--help"], ["skill", "install", "--help"], ["--version"]])
def test_help_is_light(arguments):
    """Help opens no engine and no database: what makes other commands slow is not even imported."""
    script = (
        "import json, sys\n"
        "from palyra_runtime.cli import main\n"
        f"code = main({arguments!r})\n"
        "print(json.dumps([code, sorted(sys.modules)]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, encoding="utf-8", check=True
    )

    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert HEAVY & set(modules) == set()


def test_garbage_is_not_looked_for_among_imports(reader):
    """What a command imports is kept out of every collection, and then garbage is collected as ever."""
    script = (
        "import gc, json\n"
        "from palyra_runtime.cli import main\n"
        "code = main(['skill', 'list'])\n"
        "print(json.dumps([code, gc.isenabled(), gc.get_freeze_count() > 100_000]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        env=reader.environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )

    assert json.loads(done.stdout.splitlines()[-1]) == [0, True, True]


@pytest.mark.parametrize("arguments", [["skill", "list"], ["skill", "show", "acme.nobody"], ["--help"]])
def test_a_fork_is_as_good_as_a_start(reader, arguments):
    """What tests are told by forks of one process is what people are told who start the program."""
    started = Shell(reader.home, {"PYTHONHASHSEED": "0"})

    assert started(*arguments) == reader(*arguments)


def test_the_program_is_installed(reader):
    """The package brings a command of its name."""
    program = Path(sys.executable).with_name("palyra")

    done = subprocess.run(
        [program, "--version"], env=reader.environment, capture_output=True, encoding="utf-8", check=True
    )

    assert re.fullmatch(r"palyra \d+\.\d+\.\d+\n", done.stdout)


def test_versions_are_told(reader):
    """A report of a mistake can say what was at work."""
    assert {"palyra", "python", "sqlite", "wasmtime"} <= reader("version", "-o", "json").json.keys()


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_a_shell_completes(reader, shell_name):
    """The printed lines ask the program itself, and it answers with commands."""
    lines = reader("completion", shell_name).out
    # fish gives the word that is typed, the others its number
    asking = Shell(
        reader.home,
        {
            "_PALYRA_COMPLETE": f"{shell_name}_complete",
            "COMP_WORDS": "palyra ski",
            "COMP_CWORD": "ski" if shell_name == "fish" else "1",
        },
    )

    assert f"_PALYRA_COMPLETE={shell_name}_complete" in lines
    assert "skill" in asking().out


def test_a_command_can_be_interrupted(shell):
    """Ctrl-C ends a command that waits with 130, and without a traceback."""
    path = shell.home / "palyra.db.dispatch.lock"
    with path.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            [*COMMAND, "delivery", "drain"], env=shell.environment, stderr=subprocess.PIPE
        ) as process:
            while path not in opened_files(process.pid):
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            complaint = process.stderr.read()

    assert (process.returncode, complaint) == (130, b"")


def opened_files(pid):
    """Yield the files that a process has open."""
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        # It may be closed between two looks.
        with suppress(FileNotFoundError):
            yield descriptor.readlink()
