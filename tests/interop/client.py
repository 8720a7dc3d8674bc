"""A person at a page of one of Google's renderers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, expect

#: milliseconds until a test gives up; nothing here takes as long
PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)

#: the packages whose pages there are
RENDERERS = ("react", "lit")


@dataclass
class Client:
    """A browser with one surface in it; ``complaints`` are what went wrong on the page, or out of it.

    What the browser says of requests that nobody answered is none where ``is_patient``.
    """

    page: Page
    site: str
    is_patient: bool = False
    complaints: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def at(cls, site: str, renderer: str, surface: str, browser: Browser) -> Iterator[Self]:
        """Open a surface; at the end, nothing has gone wrong."""
        context = browser.new_context(viewport={"width": 900, "height": 1200})
        context.set_default_timeout(PATIENCE_MS)
        client = cls(context.new_page(), site)
        client.page.on("console", client.heard)
        client.page.on("pageerror", lambda error: client.complaints.append(str(error)))
        client.page.on("dialog", client.asked)
        client.page.on("request", client.sent)
        client.page.goto(f"{site}/{renderer}.html?surface={surface}")
        yield client
        context.close()
        assert client.complaints == []

    def heard(self, message: ConsoleMessage) -> None:
        """Remember what the console of the browser says."""
        is_forgiven = self.is_patient and message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not is_forgiven:
            self.complaints.append(message.text)

    def asked(self, dialog: Dialog) -> None:
        """Remember a dialog: only a script of somebody else opens one."""
        self.complaints.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def sent(self, request: Request) -> None:
        """Remember what the page asks of anybody else."""
        if not request.url.startswith((self.site, "data:")):
            self.complaints.append(request.url)

    def reads(self, words: str) -> None:
        """Wait until these very words are on the page."""
        expect(self.page.get_by_text(words, exact=True).first).to_be_visible()
