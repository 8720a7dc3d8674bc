from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from palyra_events.application import Intent
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.bindings import BindingFileNotWritten, BindingFiles
from projections import BindingKind
from tests.running_gateway import PATIENCE_S, gateway_in_a_thread
from tests.sample_skills import artifact_bytes
from tests.stage import PLUGIN, SKILL, UNHURRIED, Stage, StageEntropy, answering


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder in which the files are kept."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def palyra(each_stage: Stage, home: Path) -> Iterator[Palyra]:
    """A face that keeps files, over a database where a plugin can be bound."""
    each_stage.install(answering())
    surroundings = Surroundings(
        each_stage.clock, StageEntropy("filing"), decisions=UNHURRIED, bindings_home=home
    )
    with Palyra.open(
        each_stage.url, home=each_stage.folder, actor="operator:ada", surroundings=surroundings
    ) as opened:
        yield opened


def hooks_in(home: Path) -> dict[str, bool]:
    """Return the hooks in the file, and whether they are enabled."""
    entries = json.loads((home / "hooks" / "bindings.json").read_bytes())["entries"]
    return {entry["hook_id"]: entry["enabled"] for entry in entries}


def test_a_command_returns_when_the_file_shows_what_it_did(palyra: Palyra, home: Path):
    """After each command the file is what an export says."""
    palyra.plugins.bind(PLUGIN, skill=SKILL)
    plugins = (home / "plugins" / "bindings.json").read_text()
    palyra.hooks.bind("greet", event="skill:enabled", plugin=PLUGIN)
    bound = hooks_in(home)
    palyra.hooks.disable("greet")
    disabled = hooks_in(home)
    palyra.hooks.unbind("greet")

    assert plugins == palyra.plugins.export_index()
    assert (bound, disabled, hooks_in(home)) == ({"greet": True}, {"greet": False}, {})
    assert (home / "hooks" / "bindings.json").read_text() == palyra.hooks.export_index()


def test_an_import_writes_the_file_once_it_is_whole(palyra: Palyra, home: Path):
    """The file of the old installation, lying where ours is to be, is read first and set aside then."""
    palyra.plugins.bind(PLUGIN, skill=SKILL)
    old = {"hook_id": "old", "event": "skill:enabled", "plugin_id": PLUGIN, "enabled": False}
    document = json.dumps({"entries": [{**old, "created_at_unix_ms": 1, "updated_at_unix_ms": 1}]})
    (home / "hooks").mkdir()
    (home / "hooks" / "bindings.json").write_text(document)

    palyra.hooks.import_index((home / "hooks" / "bindings.json").read_bytes())

    assert hooks_in(home) == {"old": False}
    assert [each.read_text() for each in (home / "hooks").glob("bindings.*.json")] == [document]


def test_what_others_did_is_followed(palyra: Palyra, each_stage: Stage, home: Path):
    """A process that keeps files writes what another one, which keeps none, has changed."""
    each_stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    each_stage.palyra.hooks.bind("greet", event="skill:enabled", plugin=PLUGIN)
    files = BindingFiles(home, each_stage.views)

    files.follow()
    followed = hooks_in(home)
    (home / "hooks" / "bindings.json").unlink()
    files.follow()
    is_gone = not (home / "hooks" / "bindings.json").exists()
    each_stage.palyra.hooks.disable("greet")
    files.follow()

    assert (followed, is_gone, hooks_in(home)) == ({"greet": True}, True, {"greet": False})


def test_a_gateway_keeps_the_files(palyra: Palyra, each_stage: Stage, home: Path):
    """What was bound before it started, and what others bind while it runs, comes into the files."""
    path = home / "hooks" / "bindings.json"
    each_stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    each_stage.palyra.hooks.bind("greet", event="skill:enabled", plugin=PLUGIN)

    with gateway_in_a_thread(palyra, each_stage.log):
        until(lambda: path.exists() and hooks_in(home) == {"greet": True})
        each_stage.palyra.hooks.disable("greet")
        until(lambda: hooks_in(home) == {"greet": False})


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    waiting, deadline = Event(), monotonic() + PATIENCE_S
    while not is_so():
        assert not waiting.wait(0.005)
        assert monotonic() < deadline


def test_a_file_that_cannot_be_written_is_told(palyra: Palyra, each_stage: Stage, home: Path):
    """The command is recorded, and says that the file is not; the next one mends it."""
    palyra.plugins.bind(PLUGIN, skill=SKILL)
    (home / "hooks").write_bytes(b"in the way")

    with pytest.raises(BindingFileNotWritten, match=r"hooks/bindings\.json cannot be written"):
        palyra.hooks.bind("greet", event="skill:enabled", plugin=PLUGIN)
    (home / "hooks").unlink()
    palyra.hooks.disable("greet")

    assert [row.hook_id for row in each_stage.palyra.hooks.list()] == ["greet"]
    assert hooks_in(home) == {"greet": False}


@pytest.mark.parametrize("home", [None, Path("/nowhere/at/all")])
def test_without_a_home_there_are_no_files(stage: Stage, home: Path | None):
    """Commands do what they do, and write nothing beside the log."""
    assert BindingFiles.open(home, stage.views) is None


def test_a_home_that_was_just_made_has_files(tmp_path: Path):
    """The first process that ever opens it keeps them already."""
    home = tmp_path / "new"
    with Palyra.open(f"sqlite:///{home / 'palyra.db'}", home=home, actor="operator:ada") as palyra:
        artifact = tmp_path / "echo.palyra-skill"
        artifact.write_bytes(artifact_bytes(modules={"plugin.wasm": answering()}))
        palyra.skills.install(artifact, trust_on_first_use=True)
        palyra.plugins.bind(PLUGIN, skill=SKILL)

    assert PLUGIN in (home / "plugins" / "bindings.json").read_text()


def test_the_same_log_makes_the_same_file(palyra: Palyra, each_stage: Stage, home: Path, tmp_path: Path):
    """Whoever writes it, and whenever, it is the same to the byte."""
    palyra.plugins.bind(PLUGIN, skill=SKILL)
    palyra.hooks.bind("greet", event="skill:enabled", plugin=PLUGIN)
    each_stage.clock.move(days=1)
    each_stage.application.start_gateway("0.1.0", Intent("system:gateway"))

    other = BindingFiles(tmp_path / "other", each_stage.views)
    for kind in BindingKind:
        other.write(kind)

    for name in ("hooks", "plugins"):
        paths = [folder / name / "bindings.json" for folder in (home, tmp_path / "other")]
        assert paths[0].read_bytes() == paths[1].read_bytes()
