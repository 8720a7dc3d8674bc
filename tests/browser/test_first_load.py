from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, expect

pytestmark = pytest.mark.slow

_BUDGET_BYTES = 220_000


class Scale:
    """Weighs what comes over the network, by address; what comes over the API is no part of the console."""

    def __init__(self, session: CDPSession) -> None:
        self._addresses: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._come)

    def _asked(self, event) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _come(self, event) -> None:
        address = self._addresses[event["requestId"]]
        if "/api/" not in address:
            self.bytes[address] = int(event["encodedDataLength"])


def test_the_first_page_is_light(lived_in):
    """All that a browser without a cache loads for the overview, as it comes from the gateway: 220 kB."""
    with lived_in.visitor() as person:
        scale = Scale(person.page.context.new_cdp_session(person.page))
        page = person.visit("/")
        expect(page.get_by_text("Needs attention")).to_be_visible()
        page.evaluate("document.fonts.ready.then(() => undefined)")
    assert any(address.endswith(".js") for address in scale.bytes)
    assert any(address.endswith(".woff2") for address in scale.bytes)
    assert sum(scale.bytes.values()) <= _BUDGET_BYTES, scale.bytes


def test_what_was_loaded_once_is_not_asked_for_again(lived_in):
    """On the next page, the browser takes everything that has a name of its own from its cache."""
    sizes = "performance.getEntriesByType('resource').map(each => [each.name, each.transferSize])"
    with lived_in.visitor() as person:
        person.visit("/")
        page = person.visit("/timeline")
        assets = {name: size for name, size in page.evaluate(sizes) if "/assets/index-" in name}
    assert assets
    assert set(assets.values()) == {0}
