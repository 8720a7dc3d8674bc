from __future__ import annotations

import pytest

from tests.browser.operator import DESK, PHONE

pytestmark = pytest.mark.slow

PAGES = {
    "overview": "/",
    "timeline": "/timeline",
    "search": "/timeline?q=greeter",
    "event": "/timeline/82",
    "deliveries": "/deliveries",
    "no-deliveries": "/deliveries?hook=nobody",
    "dead": "/deliveries?state=dead",
    "delivery": "/deliveries/48:sync",
    "outbox": "/deliveries/outbox",
    "message": "/deliveries/outbox/88.0",
    "no-messages": "/deliveries/outbox?channel=nobody",
    "surfaces": "/surfaces",
    "surface": "/surfaces/approvals",
    "skills": "/skills",
    "release": "/skills/acme.hostile",
    "compare": "/skills/acme.ledger-sync?tab=compare",
    "asks": "/skills/acme.approval-desk?tab=asks",
    "plugins": "/plugins",
    "plugin": "/plugins/sync",
    "hooks": "/hooks",
    "hook": "/hooks/sync",
    "projections": "/projections",
    "projection": "/projections/skill",
    "verify": "/audit",
    "checkpoints": "/audit?tab=checkpoints",
    "proof": "/audit?tab=proof&position=48",
    "replay": "/audit?tab=replay",
    "actors": "/audit?tab=actors",
    "past": "/skills?at=30",
}


def test_each_page_can_be_used_by_everybody_in_both_themes(visitor, axe):
    """Axe finds nothing serious on any page, by light and by dark; the browser finds nothing wrong."""
    found = {}
    for theme in ("light", "dark"):
        visitor.wear(theme)
        for name, path in PAGES.items():
            visitor.visit(path)
            found[theme, name] = visitor.serious_findings(axe)
    assert {place: findings for place, findings in found.items() if findings} == {}


def test_no_page_is_wider_than_its_screen(visitor):
    """At 1280 and at 390 pixels nothing has to be scrolled sideways."""
    wide = {}
    for size in (DESK, PHONE):
        visitor.wear("light", size)
        for name, path in PAGES.items():
            page = visitor.visit(path)
            wide[size["width"], name] = page.evaluate("document.documentElement.scrollWidth")
    assert {place: width for place, width in wide.items() if width > place[0]} == {}
