"""A person at the console."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, Response, expect

from tests.running_gateway import GatewayProcess
from tests.shell import Shell

#: milliseconds until a test gives up; nothing here takes as long
PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)

_LISTENS = "listening on"

_LISTENING = """
window.told = [];
window.EventSource = class extends window.EventSource {
    constructor(...told) {
        super(...told);
        this.addEventListener("audit", (event) => window.told.push(Number(event.lastEventId)));
    }
};
"""

DESK: Mapping[str, int] = {"width": 1280, "height": 900}
PHONE: Mapping[str, int] = {"width": 390, "height": 844}


@dataclass
class Operator:
    """A browser that is logged in; ``complaints`` are the errors that it has told of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def at(cls, address: str, browser: Browser, **options: Any) -> Iterator[Self]:
        """Open a browser in which nobody has gone anywhere yet, for a gateway that listens at an address."""
        size: Any = {"width": DESK["width"], "height": DESK["height"]}
        context = browser.new_context(viewport=size, **options)
        context.set_default_timeout(PATIENCE_MS)
        person = cls(context.new_page(), address)
        person.page.on("console", person.heard)
        person.page.on("pageerror", lambda error: person.complaints.append(str(error)))
        person.page.on("response", person.answered)
        person.page.on("request", person.asked)
        person.page.on("dialog", person.addressed)
        yield person
        context.close()

    @classmethod
    @contextmanager
    def logged_in(
        cls, address: str, shell: Shell, browser: Browser, *, role: str = "admin"
    ) -> Iterator[Self]:
        """Open a browser by the one-time link of a gateway that listens at an address."""
        link = shell("gateway", "login", "--role", role, "--url", address, "-o", "json").json["url"]
        with cls.at(address, browser) as person:
            person.page.goto(link)
            person.page.wait_for_url(f"{address}/")
            yield person

    def heard(self, message: ConsoleMessage) -> None:
        """Remember what the console of the browser says."""
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def answered(self, response: Response) -> None:
        """Remember an answer that tells a mistake of the gateway."""
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    def asked(self, request: Request) -> None:
        """Remember that somebody else than the gateway was asked for something."""
        if not request.url.startswith((f"{self.address}/", "blob:")):
            self.complaints.append(f"asked for {request.url}")

    def addressed(self, dialog: Dialog) -> None:
        """Remember that a script has shown a dialog; ours never do."""
        self.complaints.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def listen(self) -> None:
        """From the next page on, note the positions that the stream tells, in their order."""
        self.page.add_init_script(_LISTENING)

    def told(self, head: int) -> list[int]:
        """Wait until the stream has told of a position, and return all that it has told of."""
        self.page.wait_for_function("head => window.told.at(-1) >= head", arg=head)
        told: list[int] = self.page.evaluate("window.told")
        return told

    def forgive(self, words: str) -> None:
        """Take back the complaints about refusals that a test has asked for."""
        self.complaints = [each for each in self.complaints if words not in each]

    def visit(self, path: str) -> Page:
        """Go to a page, and wait until all that it asked for is there."""
        self.page.goto(f"{self.address}{path}")
        self.page.locator("h1").wait_for()
        self.page.locator(".loading").first.wait_for(state="detached")
        return self.page

    def wear(self, theme: str, size: Mapping[str, int] = DESK) -> None:
        """Look at everything in a theme, and on a screen of a size."""
        self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def serious_findings(self, axe: str) -> list[str]:
        """Return what axe finds that keeps people from using the page."""
        self.page.evaluate(axe)
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {node['html']} {node.get('failureSummary', '')}"
            for each in found["violations"]
            if each["impact"] in {"serious", "critical"}
            for node in each["nodes"]
        ]


def address_of(gateway: GatewayProcess) -> str:
    """Return where a gateway that has come up listens."""
    said = [line for line in gateway.lines if _LISTENS in line] or [gateway.hear(_LISTENS)]
    return said[0].rpartition("address=")[2].strip()
