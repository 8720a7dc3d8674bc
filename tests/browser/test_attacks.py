from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hostile_scene import SKILL, STRINGS, SURFACES, HostileScene
from tests.browser.house import House
from tests.browser.operator import Operator

pytestmark = pytest.mark.slow

#: pages that show what strangers wrote
_PAGES = (
    "/",
    "/timeline",
    "/timeline?q=script",
    "/deliveries",
    "/surfaces",
    "/skills",
    f"/skills/{SKILL}?version=1.0.0",
    f"/skills/{SKILL}?version=1.0.0&tab=asks",
    f"/skills/{SKILL}?version=2.0.0",
    f"/skills/{SKILL}?version=2.0.0&tab=asks",
    f"/skills/{SKILL}?version=2.0.0&other=1.0.0&tab=compare",
    "/plugins",
    "/plugins/calling",
    "/plugins/shapes",
    "/hooks",
    "/hooks/texts",
    "/projections",
    "/audit?tab=proof&position=5",
    "/audit?tab=actors",
    "/hooks?at=40",
)

#: addresses that put what somebody was sent as a link onto the page
_REFLECTING = (
    "/timeline?q={}",
    "/timeline?kind={}&id={}",
    "/deliveries?hook={}&state={}",
    "/skills?q={}&at={}",
    "/skills/{}",
    "/surfaces/{}",
    "/audit?tab={}&position={}",
    "/login?next={}#{}",
    "/{}",
)

#: what no page of ours holds, and what no link of ours leads to
_FOREIGN = """() => {
    const made = [...document.body.querySelectorAll('*')].flatMap((each) => {
        const found = [];
        const says = (what) => found.push(`${what}: ${each.outerHTML.slice(0, 200)}`);
        if (/^(script|iframe|object|embed|base|link|style|meta|frame|math|video)$/i.test(each.tagName)) {
            says('element');
        }
        if (each.tagName === 'IMG' && each.getAttribute('src') !== '/mark.svg') says('image');
        if (each.tagName === 'FORM' && each.hasAttribute('action')) says('form');
        for (const {name, value} of each.attributes) {
            if (/^on|^srcdoc$|^formaction$|^ping$/i.test(name)) says(name);
            if (!/^(href|src|xlink:href)$/i.test(name)) continue;
            const url = new URL(value, location.href);
            if (url.origin === location.origin && /^https?:$/.test(url.protocol)) continue;
            if (!/^(https?|mailto):$/.test(url.protocol) || url.username || url.password) says(value);
            if (each.closest('.a2ui') === null) says('leads away');
            if (each.target !== '_blank' || !/noopener/.test(each.rel)) says('unguarded');
        }
        return found;
    });
    return made;
}"""

#: texts that turn the direction of what is written after them
_TURNED = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(walker.currentNode.data)) continue;
        const parent = walker.currentNode.parentElement;
        if (!/isolate|plaintext/.test(getComputedStyle(parent).unicodeBidi)) found.push(parent.outerHTML);
    }
    return found;
}"""

_STRUCK = """
window.struck = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
    window[name] = (...told) => void window.struck.push(name);
}
document.addEventListener("securitypolicyviolation", (event) => window.struck.push(event.blockedURI));
"""


@pytest.fixture(scope="module")
def hostile(chromium, tmp_path_factory) -> Iterator[House]:
    """A gateway whose history is full of attacks, for tests that change nothing."""
    home = tmp_path_factory.mktemp("hostile") / "home"
    HostileScene(home).play()
    with House.opened(home, chromium) as house:
        yield house


@pytest.fixture
def target(hostile) -> Iterator[Operator]:
    """An admin who looks at it; whatever runs there is remembered."""
    with hostile.visitor() as person:
        person.page.add_init_script(_STRUCK)
        yield person


def harm(page: Page) -> list[str]:
    """Return what an attack has come to on a page."""
    return [*page.evaluate(_FOREIGN), *page.evaluate(_TURNED), *page.evaluate("window.struck")]


def test_what_strangers_wrote_does_nothing_on_any_page(target):
    """Names, reasons, tools, imports, logs and outputs full of markup are text, wherever they are shown."""
    harmed = {}
    for path in _PAGES:
        harmed[path] = harm(target.visit(path))
    assert {path: found for path, found in harmed.items() if found} == {}


def test_names_and_reasons_are_shown_as_they_were_written(target):
    """Nothing is taken out in silence: who reads the page sees what somebody tried."""
    page = target.visit("/skills")
    expect(page.get_by_text(STRINGS[0], exact=True).first).to_be_visible()
    reasons = target.visit("/hooks/texts").locator(".course-reason").all_text_contents()
    assert {text.replace("\0", "\ufffd") for text in STRINGS[30:40]} <= {*reasons}


@pytest.mark.parametrize("surface", SURFACES)
def test_surfaces_full_of_attacks_do_nothing(target, surface):
    """Texts, markdown, lists, tables, forms and charts of the worst kind are drawn, and are inert."""
    page = target.visit(f"/surfaces/{surface}")
    expect(page.locator(".a2ui > article")).not_to_have_count(0)
    expect(page.locator(".a2ui")).to_contain_text("alert(1)")
    assert harm(page) == []


def test_links_of_plugins_lead_where_they_say(target):
    """All links are among those that the rules allow, and the browser tells nobody where it came from.

    A backslash in a path is escaped, so that no browser takes it for the beginning of a host.
    """
    page = target.visit("/surfaces/markdown")
    links = page.locator(".a2ui a")
    addresses = links.evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert {*addresses} == {"https://evil.example/", "/%5Cevil.example"}
    assert set(links.evaluate_all("all => all.map(each => each.rel)")) == {"noreferrer noopener nofollow"}


def test_what_a_plugin_said_in_an_attempt_does_nothing(target):
    """Output, log lines, host calls and input of attempts that say the worst are text."""
    harmed = {}
    page = target.visit("/deliveries?hook=failing")
    failing = page.locator(".ledger-link").first.get_attribute("href")
    page = target.visit("/deliveries?hook=calling")
    calling = page.locator(".ledger-link").first.get_attribute("href")
    for path in (failing, calling):
        for tab in ("output", "logs", "calls", "input"):
            page = target.visit(f"{path}?tab={tab}")
            for call in page.locator(".calls summary").all():
                call.click()
            harmed[path, tab] = harm(page)
    assert {place: found for place, found in harmed.items() if found} == {}


def test_events_that_bear_an_attack_do_nothing(target):
    """Each event that was given a reason is opened, whole, with its chain."""
    page = target.visit("/timeline?kind=hook&id=texts")
    links = page.locator(".ledger-link").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    harmed = {path: harm(target.visit(path)) for path in links[:12]}
    assert {path: found for path, found in harmed.items() if found} == {}


def test_addresses_full_of_attacks_do_nothing(target):
    """Who is sent a link with an attack in it sees an error or an empty page, and nothing runs."""
    harmed = {}
    for pattern in _REFLECTING:
        for text in (STRINGS[1], STRINGS[17], "__proto__"):
            path = pattern.replace("{}", quote(text, safe=""))
            target.page.goto(f"{target.address}{path}")
            target.page.locator("h1, .failure, .empty").first.wait_for()
            harmed[path] = harm(target.page)
    assert {path: found for path, found in harmed.items() if found} == {}
    for refusal in ("400", "401", "404", "422"):
        target.forgive(refusal)
