from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from palyra_runtime import Palyra
from palyra_runtime.sdk import demo_key, pack_sample, sample_names
from tests.shell import Reader, Shell


@pytest.fixture(scope="session")
def samples(tmp_path_factory) -> Path:
    """A folder with the sample skills, packed."""
    folder = tmp_path_factory.mktemp("samples")
    for name in sample_names():
        (folder / f"{name}.palyra-skill").write_bytes(pack_sample(name, demo_key()))
    return folder


@pytest.fixture(scope="session")
def told_home(tmp_path_factory, samples) -> Path:
    """The home of a gateway where one of each thing has happened. For reading only."""
    home = tmp_path_factory.mktemp("told") / "home"
    with Palyra.open(f"sqlite:///{home / 'palyra.db'}", home=home, actor="operator:ada") as palyra:
        palyra.skills.install(samples / "greeter.palyra-skill", trust_on_first_use=True)
        palyra.skills.install(samples / "runaway.palyra-skill")
        palyra.skills.enable("acme.greeter", reason="reviewed")
        palyra.plugins.bind("greeter", skill="acme.greeter")
        palyra.plugins.bind("spinner", skill="acme.runaway", module="modules/spin.wasm")
        palyra.hooks.bind("greet", event="skill:enabled", plugin="greeter")
        palyra.hooks.bind("spin", event="skill:enabled", plugin="spinner", attempts_max=1)
        palyra.hooks.bind("hello", event="gateway:startup", plugin="greeter")
        palyra.hooks.disable("hello", reason="too noisy\x1b[2J")
        palyra.skills.enable("acme.runaway", reason="to see it fail")
        palyra.skills.install(samples / "hostile.palyra-skill")
        palyra.dispatch.drain()
    return home


@pytest.fixture(scope="session")
def reader(told_home) -> Reader:
    """The command line over that home. For reading only."""
    return Reader(told_home)


@pytest.fixture
def shell(told_home, tmp_path) -> Shell:
    """The command line over a copy of that home, to change."""
    shutil.copytree(told_home, tmp_path / "home")
    return Shell(tmp_path / "home")


@pytest.fixture
def fresh(tmp_path) -> Shell:
    """The command line where there is nothing yet."""
    return Shell(tmp_path / "home")
