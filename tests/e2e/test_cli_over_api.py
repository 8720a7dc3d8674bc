from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from palyra_runtime.cli.reach import LOCAL
from tests.command_tree import LEAVES
from tests.sample_skills import artifact_bytes
from tests.shell import Finished
from tests.stage import answering
from tests.twin_homes import ACTOR, play, run, serving, token

pytestmark = pytest.mark.slow

#: what looks, and changes nothing but what views hold
READS = """
skill list
skill list --at 30 --removed
skill show acme.weather
skill show acme.hostile
skill show nobody
skill history acme.weather --limit 2
skill diff acme.weather 1.0.0 1.1.0
skill inspect acme.weather 1.0.0
skill verify acme.echo
skill sbom acme.echo
skill provenance acme.echo
trust list
trust list acme
trust export
plugin list
plugin list --at 20
plugin export
plugin grants show echo
plugin grants diff echo
plugin config get weather
plugin storage list echo
plugin storage show echo notes/last
plugin storage show echo notes/sly
plugin storage show echo notes/none
hook list
hook list --at 20
hook export
decision list
decision list --phase before_tool --limit 1
decision show {decision}
decision show nothing
delivery list
delivery list --limit 2
delivery list --state dead --newest
delivery list --dead
delivery show {greeted}
delivery show {broken}
delivery show {flaky} --at 60
delivery show 1:nobody
delivery attempts {broken} --with input --with output --with logs --with transcript
delivery attempts {greeted} --with transcript
delivery stats
delivery stats --by plugin
delivery tail
delivery tail --troubles --limit 3
delivery redeliver --all --dry-run
delivery retry --all --dry-run
delivery discard --all --reason why --dry-run
delivery recover --all --dry-run
outbox list
outbox list --limit 1
outbox show {message}
surface list
surface show desk
surface show nothing
surface history desk
surface problems
surface problems desk
event list
event list --after 3 --limit 4
event list --at 12
event list --limit 2500
event show 1
event show 20
event show 999999
event export
event export --format cloudevents
event export --after 20 --until 30
projection list
projection status
projection show hook
projection diff hook
projection dead list
projection verify
projection query 'select count(*) as hooks from hook'
projection query 'delete from hook'
projection rebuild hook --dry-run
projection wait --timeout 5
projection wait 999999 --timeout 0
projection wait --projection nobody
audit log
audit log --limit 3
audit log --after 3 --limit 5
audit log --actor operator:alice
audit search weather
audit search '"'
audit checkpoint list
audit verify
audit verify --views
audit verify --since {checkpoint}
audit verify --since nowhere
audit prove 12
audit prove 999
audit verifier
audit export
audit report
replay explain {broken}
replay explain 12
blob sizes
blob show {blob}
blob show 12
actor list
gateway status
gateway openapi
token list
token list --all
doctor
db stats
surface validate {page}
surface convert {page}
completion bash
version
""".strip().splitlines()

#: what changes something, in the order in which somebody does it
STORIES = {
    "releases": """
skill install {folder}/new.palyra-skill --reason why
skill install {folder}/new.palyra-skill
skill install {folder}/nonsense.palyra-skill
skill install {folder}/nowhere.palyra-skill
skill enable acme.new --reason 'looked at it'
skill disable acme.new --reason x
skill quarantine acme.new --reason bad
skill enable acme.new
skill enable acme.new --override --reason needed
skill update {folder}/wider.palyra-skill
skill update {folder}/wider.palyra-skill --rebind --yes --reason because
skill rollback acme.echo --reason back
skill rollback acme.echo --reason back --yes
skill remove acme.new --reason gone
skill reaudit
skill audit acme.echo
skill audit acme.hostile --quarantine-on-fail --reason monthly
skill history acme.new
skill list
""",
    "plugins": """
plugin bind second --skill acme.weather
plugin bind second --skill nobody
plugin disable second --reason x
plugin enable second
plugin rebind second
plugin rebind echo --yes
plugin grants set echo --storage-prefix notes
plugin config set weather unit=C
plugin config set weather unit=X
plugin config clear weather --reason x
plugin run weather --input '{{"a": 1}}'
plugin run broken --input '{{}}'
plugin run desk --tool nothing
plugin import {folder}/plugins.json --dry-run
plugin import {folder}/plugins.json --replace
plugin import {folder}/nonsense.palyra-skill
plugin unbind second --reason x
plugin list
""",
    "hooks": """
hook bind again --event skill:enabled --plugin weather
hook bind again --event nonsense --plugin weather
hook rebind again --attempts-max 3
hook disable again --reason x
hook enable again
hook unbind again --reason y
hook unbind again
hook decide before_tool --payload '{{"tool": "ls"}}' --key second
hook decide before_tool --payload '{{"tool": "ls"}}' --key second
hook decide after_run --payload '{{}}'
hook import {folder}/hooks.json --dry-run
hook import {folder}/hooks.json --replace
hook list
""",
    "deliveries": """
delivery redeliver {broken} --reason again
delivery redeliver {broken}
delivery retry {flaky}
delivery cancel {flaky} --reason no
delivery discard {broken} --reason old
delivery cancel --all --reason 'all of it' --yes
delivery redeliver 1:x 2:y
delivery redeliver --all --hook greet --yes
delivery retry --all --yes
delivery recover --all --reason 'mended' --yes
delivery tail --limit 60
delivery list --limit 1000
outbox retry {message} --reason up
outbox discard 11.1 --reason late
outbox retry --all --yes
outbox retry 1.7
outbox list
surface submit desk decision reason=fine sure=yes
surface submit desk decision reason=fine --key once
surface submit desk decision reason=fine --key once
surface submit desk decision
surface submit desk nothing
surface close desk --reason done
surface submit desk decision reason=x
surface list
""",
    "people": """
trust add other --key {key} --reason known
trust add other --key nonsense
trust revoke other --reason lost --yes
trust rotate acme --new-key {key} --reason r
trust import {folder}/trust.json
trust list
actor name operator:bob 'Bob B'
actor name nonsense x
actor unname operator:bob
actor unname operator:bob
token create --role viewer --days 3
token create --role operator --for plugin:x
token revoke nonsense
token list
""",
    "upkeep": """
projection rebuild hook
projection rebuild --all
projection pause hook
projection status
projection resume hook
projection show hook
projection rollback hook
projection drop hook
projection dead retry audit
projection dead discard audit --all
audit checkpoint create
audit checkpoint create
audit verify
replay run
replay run --hook greet
replay try --module {folder}/plugin.wasm --hook greet
replay try --module {folder}/nonsense.palyra-skill --hook greet
replay try --version 1.0.0 --plugin broken --limit 2
replay try --plugin broken
key rotate --reason monthly --yes
audit verify
audit prove 12 --checkpoint 3
""",
}

#: what no two homes have alike: moments, digests and ids that come of them, and how long something took
_UNLIKE = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?", "<moment>"),
    (r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{12,}\b|[A-Za-z0-9+/_-]{40,}=*", "<id>"),
    (r"(duration +)[\d.,]+ [µm]?s", r"\1<time>"),
    (r'("(?:duration_us|runs_per_s)": )\d+', r"\1<time>"),
)


def steady(text: str) -> str:
    """Return a text without what no two homes have alike."""
    for pattern, stand_in in _UNLIKE:
        text = re.sub(pattern, stand_in, text)
    return text


def path_of(words: str) -> str:
    """Return which command a line gives."""
    return next(path for path in LEAVES if f"palyra {words} ".startswith(f"{path} "))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of whoever types."""
    folder = tmp_path_factory.mktemp("files")
    wider = {"filesystem": {"write_roots": ["notes", "more"]}, "node_capabilities": ["ops"]}
    modules = {"plugin.wasm": answering()}
    (folder / "wider.palyra-skill").write_bytes(
        artifact_bytes(modules=modules, skill_id="acme.echo", version="2.0.0", capabilities=wider)
    )
    (folder / "new.palyra-skill").write_bytes(artifact_bytes(modules=modules, skill_id="acme.new"))
    (folder / "nonsense.palyra-skill").write_bytes(b"nonsense")
    (folder / "plugin.wasm").write_bytes(answering())
    (folder / "page.json").write_text('{"v": 1, "surface": "desk", "components": [{"type": "gone"}]}')
    return folder


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> tuple[Path, Mapping[str, str]]:
    """A home in which one of each thing has happened, and what the things are called. For reading only."""
    home = tmp_path_factory.mktemp("played") / "home"
    names = dict(play(home))
    names |= {"folder": str(folder), "page": str(folder / "page.json"), "token": token(home)}
    names |= {"key": "22" * 32, "checkpoint": str(next((home / "checkpoints").iterdir()))}
    for noun in ("hook", "plugin", "trust"):
        name = "trust.json" if noun == "trust" else f"{noun}s.json"
        (folder / name).write_text(run("--home", str(home), noun, "export").out)
    return home, names


@pytest.fixture(scope="module")
def address(played: tuple[Path, Mapping[str, str]]) -> Iterator[str]:
    """Where that home is served."""
    with serving(played[0]) as url:
        yield url


@pytest.fixture(autouse=True)
def environment(
    monkeypatch: pytest.MonkeyPatch, played: tuple[Path, Mapping[str, str]], tmp_path: Path
) -> None:
    """What a shell has: a token, and no home with a database."""
    for name in ("PALYRA_API", "PALYRA_DATABASE_URL", "PALYRA_ACTOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PALYRA_TOKEN", played[1]["token"])
    monkeypatch.setenv("PALYRA_HOME", str(tmp_path / "nothing"))


def here(home: Path, *words: str) -> Finished:
    """Run a command over the database that lies here."""
    return run("--home", str(home), "--actor", ACTOR, *words)


@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize("words", READS)
def test_a_gateway_answers_as_its_database_does(played, address, words: str, output: str):
    """Output, remarks and exit code are the same to the byte, wherever the database lies."""
    home, names = played
    line = ["-o", output, *shlex.split(words.format(**names))]

    assert run("--api", address, *line) == here(home, *line)


@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize("story", STORIES)
def test_what_is_done_over_a_network_is_done_alike(played, tmp_path, story: str, output: str):
    """Each step of a story says and does the same in a copy of the home, and in one behind a gateway."""
    home, names = played
    copies = [shutil.copytree(home, tmp_path / name) for name in ("here", "there")]
    told: list[list[tuple[str, int, str, str]]] = [[], []]

    with serving(copies[1]) as url:
        for words in STORIES[story].strip().splitlines():
            line = ["-o", output, *shlex.split(words.format(**names))]
            for steps, done in zip(told, (here(copies[0], *line), run("--api", url, *line)), strict=True):
                steps.append((words, done.code, steady(done.out), steady(done.err)))

    assert told[1] == told[0]


def test_each_command_was_tried_or_asks_no_gateway():
    """What is offered here and not over a network has a reason that people are told."""
    lines = [*READS, *(line for story in STORIES.values() for line in story.strip().splitlines())]
    tried = {path_of(line) for line in lines}

    assert {f"palyra {words}" for words in LOCAL} == set(LEAVES) - tried
