"""A gateway for many tests: it starts once, one person logs in once, and everybody looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser

from tests.browser.operator import Operator, address_of
from tests.running_gateway import GatewayProcess, gateway_process
from tests.shell import Shell


@dataclass(frozen=True)
class House:
    """A gateway that serves the console; ``keys`` is the cookie of an admin."""

    shell: Shell
    gateway: GatewayProcess
    address: str
    browser: Browser
    keys: Any

    @classmethod
    @contextmanager
    def opened(cls, home: Path, browser: Browser) -> Iterator[Self]:
        """Run a gateway over a home on a free port, and log in there."""
        shell = Shell(home)
        with gateway_process(shell) as gateway:
            address = address_of(gateway)
            with Operator.logged_in(address, shell, browser) as person:
                keys = person.page.context.storage_state()
            yield cls(shell, gateway, address, browser, keys)

    @contextmanager
    def visitor(self) -> Iterator[Operator]:
        """Let an admin in; when he leaves, his browser has found nothing wrong."""
        with Operator.at(self.address, self.browser, storage_state=self.keys) as person:
            yield person
            assert person.complaints == [], person.complaints

    @contextmanager
    def stranger(self) -> Iterator[Operator]:
        """Let somebody come who has not logged in."""
        with Operator.at(self.address, self.browser) as person:
            yield person
            assert person.complaints == [], person.complaints
