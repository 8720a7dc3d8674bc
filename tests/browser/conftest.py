from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_runtime.api.console import STATIC
from tests.browser.house import House
from tests.browser.operator import Operator, address_of
from tests.browser.scene import Scene
from tests.running_gateway import GatewayProcess, gateway_process
from tests.shell import Shell

CONSOLE = Path(__file__).parents[2] / "src/palyra_runtime/console"


@pytest.fixture(scope="session")
def played_home(tmp_path_factory) -> Path:
    """The home in which a scene was played. For copying only."""
    home = tmp_path_factory.mktemp("played") / "home"
    Scene(home).play()
    return home


@pytest.fixture
def shell(tmp_path, played_home) -> Shell:
    """A shell over a home in which the scene was played."""
    return Shell(shutil.copytree(played_home, tmp_path / "home"))


@pytest.fixture
def gateway(shell) -> Iterator[GatewayProcess]:
    """``palyra gateway run`` on a free port."""
    assert (STATIC / "index.html").is_file(), "Build the console: npm run build"
    with gateway_process(shell) as running:
        yield running


@pytest.fixture
def address(gateway) -> str:
    """Where the gateway listens."""
    return address_of(gateway)


@pytest.fixture
def operator(address, shell, chromium) -> Iterator[Operator]:
    """An admin who has logged in by a one-time link; at the end, his browser has found nothing wrong."""
    with Operator.logged_in(address, shell, chromium) as person:
        yield person
        assert person.complaints == []


@pytest.fixture(scope="session")
def lived_in(played_home, chromium, tmp_path_factory) -> Iterator[House]:
    """A gateway over the scene that was played, for tests that change nothing."""
    home = tmp_path_factory.mktemp("lived-in") / "home"
    with House.opened(shutil.copytree(played_home, home), chromium) as house:
        yield house


@pytest.fixture(scope="session")
def bare(chromium, tmp_path_factory) -> Iterator[House]:
    """A gateway at which nothing was done yet, for tests that change nothing."""
    home = tmp_path_factory.mktemp("bare") / "home"
    assert Shell(home)("init").code == 0
    with House.opened(home, chromium) as house:
        yield house


@pytest.fixture
def visitor(lived_in) -> Iterator[Operator]:
    """An admin who looks at the scene that was played, and changes nothing."""
    with lived_in.visitor() as person:
        yield person


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe, from the console's own packages."""
    source = CONSOLE / "node_modules/axe-core/axe.min.js"
    if not source.is_file():
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=CONSOLE, check=True, capture_output=True)
    return source.read_text()
