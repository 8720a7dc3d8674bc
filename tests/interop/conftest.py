from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.operator import address_of
from tests.interop.client import RENDERERS
from tests.interop.desk import set_up
from tests.interop.project import pages
from tests.running_gateway import gateway_process
from tests.shell import Shell


@pytest.fixture(scope="session")
def set_up_home(tmp_path_factory) -> Path:
    """The home in which plugins show pages. For copying only."""
    home = tmp_path_factory.mktemp("interop") / "home"
    set_up(home)
    return home


@pytest.fixture(scope="module", params=RENDERERS)
def renderer(request) -> str:
    """One of Google's renderers."""
    return request.param


@pytest.fixture(scope="module")
def shell(renderer, tmp_path_factory, set_up_home) -> Shell:
    """A shell over a copy of that home, for one renderer."""
    return Shell(shutil.copytree(set_up_home, tmp_path_factory.mktemp(renderer) / "home"))


@pytest.fixture(scope="module")
def site(shell) -> Iterator[str]:
    """The pages, over a gateway that runs; who sits before them is ``operator:grace``."""
    issued = shell("token", "create", "--role", "operator", "--for", "operator:grace", "-o", "json").json
    with gateway_process(shell) as gateway, pages(address_of(gateway), issued["secret"]) as address:
        yield address
