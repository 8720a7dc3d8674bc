from __future__ import annotations

import json
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import trustme

from palyra_events.token import Role
from palyra_runtime.cli.reach import LOCAL
from palyra_runtime.skills import SigningKey
from tests.command_tree import LEAVES
from tests.sample_skills import artifact_bytes
from tests.shell import COMMAND, Finished, Shell
from tests.stage import answering
from tests.twin_homes import ACTOR, UNHINDERED, play, run, serving, steady, token

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
delivery retry --all --dry-run
delivery discard --all --reason why --dry-run
delivery recover --since 1 --dry-run
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
projection dead list
projection verify --all
projection verify hook audit
projection query 'select count(*) as hooks from hook'
projection query 'delete from hook'
projection rebuild hook --dry-run
projection wait --timeout 5
projection wait hook --position 999999 --timeout 0
projection wait nobody --timeout 0
audit log
audit log --limit 3
audit log --after 3 --limit 5
audit log --actor operator:alice
audit log --subject-kind hook
audit search weather --subject-kind plugin
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
db check
db check --quick
erase operator:ada --dry-run
erase operator:nobody --dry-run
erase nonsense --dry-run
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
skill remove acme.new 1.0.0 --reason gone
skill remove acme.weather 1.1.0 --erase --reason 'the licence ran out'
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
hook decide before_tool --payload {folder}/payload.json --key second
hook decide before_tool --payload {folder}/payload.json --key second
hook decide after_run --payload {folder}/payload.json
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
delivery cancel --all --reason 'all of it'
delivery redeliver 1:x 2:y
delivery redeliver {broken} {flaky} {greeted} --reason 'all of them'
delivery retry --all
delivery recover --since 1 --hook greet
delivery discard --all --reason old
delivery tail --limit 60
delivery list --limit 1000
outbox retry {message} --reason up
outbox discard 11.1 --reason late
outbox retry --all
outbox discard --all --reason late
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
trust add other {key} --reason known
trust add other nonsense
trust revoke other --dry-run
trust revoke other --reason lost
trust rotate acme {new_key} --reason 'called them'
trust import {folder}/trust.json
trust list
actor name operator:bob 'Bob B'
actor name nonsense x
actor unname operator:bob
actor unname operator:bob
token create --role viewer --days 3
token create --role operator --for plugin:x
token revoke nonsense
token revoke {spare} --reason lost
token list
""",
    "keeping": """
delivery drain
db prune --dry-run
db prune --kind logs --keep-bytes 0 --dry-run
db prune --yes
db prune --kind logs --kind transcript --keep-bytes 0 --yes
blob sizes
erase operator:ada --yes
erase operator:nobody --reason gone --yes
erase operator:ada --reason 'asked for' --yes
audit log
audit verify --views
audit report
""",
    "upkeep": """
projection rebuild hook
projection rebuild
projection rebuild hook audit --from 12
projection diff hook
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

#: what is told of a line that no command understands
MISTYPED = "--help"


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
    (folder / "payload.json").write_text('{"tool": "ls"}')
    (folder / "page.json").write_text('{"v": 1, "surface": "desk", "components": [{"type": "gone"}]}')
    return folder


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> tuple[Path, Mapping[str, str]]:
    """A home in which one of each thing has happened, and what the things are called. For reading only."""
    home = tmp_path_factory.mktemp("played") / "home"
    names = dict(play(home))
    names |= {"folder": str(folder), "page": str(folder / "page.json"), "token": token(home)}
    keys = (SigningKey.from_seed(seed * 32).public_key.hex() for seed in (b"\x33", b"\x44"))
    names |= dict(zip(("key", "new_key"), keys, strict=True))
    names |= {"checkpoint": str(max((home / "checkpoints").glob("*.checkpoint")))}
    names |= {"spare": token(home).split("_")[1]}
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

    there = run("--api", address, *line)

    assert there == here(home, *line)
    assert MISTYPED not in there.err


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
    assert [words for words, *_, err in told[1] if MISTYPED in err] == []


def test_each_command_was_tried_or_asks_no_gateway():
    """What is offered here and not over a network has a reason that people are told."""
    lines = [*READS, *(line for story in STORIES.values() for line in story.strip().splitlines())]
    tried = {path_of(line) for line in lines}

    assert {f"palyra {words}" for words in LOCAL} == set(LEAVES) - tried


def test_a_token_that_does_not_count_is_refused(address, monkeypatch: pytest.MonkeyPatch):
    """Nothing is told but that, and the token is not shown."""
    monkeypatch.setenv("PALYRA_TOKEN", "palyra_of-somebody-else")

    done = run("--api", address, "hook", "list")

    assert (done.code, done.out) == (4, "")
    assert "The token does not count" in done.err
    assert "somebody-else" not in done.err


def test_a_viewer_may_look_and_change_nothing(played, address, monkeypatch: pytest.MonkeyPatch):
    """Who may do too little is told which role it takes."""
    monkeypatch.setenv("PALYRA_TOKEN", token(played[0], Role.VIEWER))

    looked = run("--api", address, "hook", "list")
    changed = run("--api", address, "-o", "json", "hook", "disable", "greet", "--reason", "x")

    assert looked.code == 0
    assert (changed.code, changed.error["code"]) == (4, "ROLE_TOO_LOW")
    assert "operator" in changed.error["message"]


def test_the_token_comes_from_a_file(address, played, tmp_path, monkeypatch: pytest.MonkeyPatch):
    """One that was named, or the one in the home."""
    monkeypatch.delenv("PALYRA_TOKEN")
    monkeypatch.setenv("PALYRA_API", address)
    file = tmp_path / "token"
    file.write_text(played[1]["token"])
    file.chmod(0o600)

    assert run("hook", "list").code == 4
    assert run("--token-file", str(file), "hook", "list").code == 0
    assert run("--home", str(tmp_path), "hook", "list").code == 0


def test_a_gateway_elsewhere_proves_who_it_is(played, tmp_path, monkeypatch: pytest.MonkeyPatch):
    """It is asked where somebody vouches for its certificate: the system, or the file that was named."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "certificate.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    files = {"certificate": str(tmp_path / "certificate.pem"), "key": str(tmp_path / "key.pem")}
    with serving(played[0], UNHINDERED.model_copy(update=files)) as url:
        unproved = run("--api", url, "-o", "json", "hook", "list")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        proved = run("--api", url, "hook", "list")

    assert url.startswith("https://")
    assert (unproved.code, unproved.error["code"]) == (7, "GATEWAY_NOT_TRUSTED")
    assert proved == here(played[0], "hook", "list")


def test_a_tail_goes_on_until_ctrl_c(played, tmp_path):
    """What happens is shown when it happens, and the program ends as one that was interrupted."""
    home = shutil.copytree(played[0], tmp_path / "there")
    shell = Shell(tmp_path / "nothing", {"PALYRA_TOKEN": played[1]["token"]})
    with (
        serving(home) as url,
        subprocess.Popen(
            [*COMMAND, "--api", url, "delivery", "tail", "-f", "--limit", "1", "-o", "ndjson"],
            env=shell.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        before = json.loads(process.stdout.readline())
        here(home, "delivery", "redeliver", played[1]["broken"], "--reason", "again")
        after = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read(), process.stderr.read()

    assert after["position"] > before["position"]
    assert (after["delivery_id"], after["event"]) == (played[1]["broken"], "DeliveryRequeued")
    assert (process.returncode, rest) == (130, ("", ""))
