from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from palyra_runtime.cli.reach import LOCAL
from tests.command_tree import LEAVES
from tests.twin_homes import run

#: nobody listens there
NOBODY = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder with nothing in it, and a token for whoever wants one."""
    for name in ("PALYRA_API", "PALYRA_DATABASE_URL", "PALYRA_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PALYRA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PALYRA_TOKEN", "palyra_secret-of-the-test")
    monkeypatch.chdir(tmp_path)


def example(words: str) -> list[str]:
    """Return the first example of a command, from its name to where its output goes."""
    (first, *_) = [line for line in LEAVES[f"palyra {words}"].epilog.splitlines() if line.startswith("$ ")]
    typed = shlex.split(first.partition(" > ")[0])
    return typed[typed.index(words.split(maxsplit=1)[0]) :]


def code(*words: str) -> str:
    """Return the code of the error that a command ends with."""
    done = run("-o", "json", *words)
    assert done.code != 0
    return json.loads(done.err)["error"]["code"]


@pytest.mark.parametrize("words", sorted(LOCAL))
def test_what_asks_no_gateway_says_so(tmp_path: Path, words: str):
    """Before anything is done: nobody should believe that it was done over there."""
    done = run("--api", NOBODY, *example(words))

    assert done.code == 4
    assert f"palyra {words} {LOCAL[words]}" in done.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_done_on_the_gateways_machine_is_not_done_here_by_accident(monkeypatch: pytest.MonkeyPatch):
    """Who has a gateway for all commands means that one, and not a database that is here."""
    monkeypatch.setenv("PALYRA_API", NOBODY)

    assert code("init") == "LOCAL_ONLY"
    assert code("gateway", "run") == "LOCAL_ONLY"


def test_what_works_on_files_works_beside_a_gateway(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Who has a gateway for all commands can write skills all the same."""
    monkeypatch.setenv("PALYRA_API", NOBODY)

    assert run("skill", "new", "greeting", "--lang", "wat", "--publisher", "acme").code == 0
    assert (tmp_path / "greeting").is_dir()


def test_what_is_typed_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A database that is named is opened, whatever the environment says."""
    assert run("init").code == 0
    url = f"sqlite:///{tmp_path / 'home' / 'palyra.db'}"
    monkeypatch.setenv("PALYRA_API", NOBODY)

    assert code("hook", "list") == "GATEWAY_UNREACHABLE"
    assert run("--db", url, "hook", "list").code == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--api", NOBODY, "--db", "sqlite:///x.db"],
        ["--api", NOBODY, "--actor", "operator:ada"],
        ["--token-file", "token"],
        ["--insecure"],
    ],
)
def test_options_that_do_not_go_together(options: list[str]):
    """Nobody has to guess which of them counts."""
    assert code(*options, "hook", "list") == "USAGE"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--api", "gateway"], "INVALID_GATEWAY_URL"),
        (["--api", "http://192.0.2.1"], "PLAIN_GATEWAY_URL"),
        (["--api", NOBODY, "--token-file", "nowhere"], "TOKEN_MISSING"),
        (["--api", NOBODY], "GATEWAY_UNREACHABLE"),
        (["--api", "http://localhost:1", "--insecure"], "GATEWAY_UNREACHABLE"),
    ],
)
def test_what_stands_in_the_way_is_told(options: list[str], error: str):
    """By its code, before or when the gateway is asked."""
    assert code(*options, "hook", "list") == error


def test_a_token_file_that_others_can_read_is_refused(tmp_path: Path):
    """With what to do about it."""
    file = tmp_path / "token"
    file.write_text("palyra_secret-of-the-test")
    file.chmod(0o644)

    assert code("--api", NOBODY, "--token-file", str(file), "hook", "list") == "TOKEN_EXPOSED"


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch):
    """Neither in an error, nor in what a developer sees of it."""
    monkeypatch.setenv("PALYRA_DEBUG", "1")

    done = run("--api", NOBODY, "-o", "json", "hook", "list")

    assert done.code == 7
    assert "secret-of-the-test" not in done.out + done.err


def test_the_page_tells_what_asks_no_gateway():
    """docs/cli.md has all of these commands, in two rows, and no other."""
    page = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
    (_, table) = page.split("end with `LOCAL_ONLY`:\n\n", 1)
    rows = [row.split("|")[1] for row in table.partition("\n\n")[0].splitlines()[2:]]

    by_reason = [
        sorted(words for words, why in LOCAL.items() if why == reason)
        for reason in dict.fromkeys(LOCAL.values())
    ]
    assert [sorted(re.findall("`([^`]+)`", row)) for row in rows] == by_reason
