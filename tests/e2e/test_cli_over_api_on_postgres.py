from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.postgres_server import Server
from tests.shell import Finished
from tests.twin_homes import ACTOR, play, run, serving, steady, token

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

#: what looks, of each noun, where the databases differ: order, search, pages, times past, documents
READS = """
skill list --at 30 --removed
skill history acme.weather --limit 2
plugin list --at 20
plugin storage list echo
hook list --at 20
decision list --phase before_tool --limit 1
delivery list --limit 2
delivery list --state dead --newest
delivery show {flaky} --at 60
delivery attempts {broken} --with input --with output --with logs --with transcript
delivery stats --by plugin
outbox list
surface history desk
event list --after 3 --limit 4
event list --at 12
projection status
projection query 'select count(*) as hooks, sum(valid_from) as places, avg(valid_from) as mean from hook'
projection query 'delete from hook'
audit log --limit 3
audit log --actor operator:alice --after 3 --limit 5
audit search weather --subject-kind plugin
audit verify --views
audit prove 12
replay explain {broken}
blob show {blob}
gateway status
token list --all
db stats
db check
""".strip().splitlines()

#: what changes something in each kind of stream, and waits for what the database holds
STORY = """
skill disable acme.weather --reason x
skill enable acme.weather --version 1.1.0 --reason newer
plugin config set weather unit=C
hook rebind greet --attempts-max 3
hook decide before_tool --payload {payload} --key second
delivery redeliver {broken} --reason again
delivery retry --all
surface submit desk decision reason=fine sure=yes --key once
outbox retry --all
projection rebuild
projection verify --all
projection pause hook
projection resume hook
audit checkpoint create
replay run --hook greet
token create --role viewer --days 3
erase operator:ada --reason 'asked for' --yes
audit verify --views
audit log --limit 100
""".strip().splitlines()


class Home:
    """A home whose database is on a server, in which one of each thing has happened."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.database = database
        self.names = dict(play(folder, database))
        self.token = token(folder, database=database)
        (folder / "payload.json").write_text('{"tool": "ls"}')
        self.names |= {"payload": str(folder / "payload.json")}

    def words(self, line: str) -> list[str]:
        """Return the words of a line, with what the things of this home are called."""
        return ["-o", "json", *shlex.split(line.format(**self.names))]


@pytest.fixture
def homes(tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch) -> tuple[Home, Home]:
    """Two homes alike, each with a database of its own; what a shell has is a home with none."""
    for name in ("PALYRA_API", "PALYRA_DATABASE_URL", "PALYRA_ACTOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PALYRA_HOME", str(tmp_path / "nothing"))
    return Home(tmp_path / "here", postgres.schema()), Home(tmp_path / "there", postgres.schema())


@contextmanager
def asked(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a home, whose admin the shell is."""
    monkeypatch.setenv("PALYRA_TOKEN", home.token)
    with serving(home.folder, database=home.database) as url:
        yield url


def here(home: Home, line: str) -> Finished:
    """Run a command over a database on the server."""
    return run("--home", str(home.folder), "--db", home.database, "--actor", ACTOR, *home.words(line))


def test_a_gateway_on_a_server_answers_as_its_database_does(homes, monkeypatch: pytest.MonkeyPatch):
    """Output, remarks and exit code are the same to the byte, also where nothing lies here."""
    home, _ = homes
    with asked(home, monkeypatch) as url:
        there = {line: run("--api", url, *home.words(line)) for line in READS}

    assert there == {line: here(home, line) for line in READS}


def test_what_is_done_on_a_server_is_done_alike(homes, monkeypatch: pytest.MonkeyPatch):
    """Each step of a story says and does the same over a network as where the database is at hand."""
    near, far = homes
    with asked(far, monkeypatch) as url:
        there = [run("--api", url, *far.words(line)) for line in STORY]
    beside = [here(near, line) for line in STORY]

    for line, *done in zip(STORY, there, beside, strict=True):
        over, at_hand = ((line, each.code, steady(each.out), steady(each.err)) for each in done)
        assert over == at_hand
