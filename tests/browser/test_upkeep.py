from __future__ import annotations

import pytest
from playwright.sync_api import expect

from palyra_events.store import EventLog
from tests.tampering import run_sql

pytestmark = pytest.mark.slow


def test_all_views_are_built_anew(operator):
    """The job is shown until it is done, and each view has one more build."""
    page = operator.visit("/projections")
    page.get_by_role("button", name="Rebuild").click()
    page.get_by_role("dialog").get_by_role("button", name="Rebuild").click()
    expect(page.locator(".job .badge")).to_have_text("done")
    expect(page.get_by_role("progressbar", name="Rebuild")).to_have_attribute("aria-valuenow", "100")


def test_a_sound_history_is_called_sound(operator, shell):
    """All of it is read, the views are compared, and the head can be signed."""
    page = operator.visit("/audit")
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("Nobody has edited this history.")).to_be_visible()
    page.get_by_role("tab", name="Checkpoints").click()
    page.get_by_role("button", name="Sign the head").click()
    with EventLog.open(f"sqlite:///{shell.home / 'palyra.db'}") as log:
        expect(page.get_by_role("rowheader").first).to_have_text(str(log.head()))


def test_a_tampered_history_is_called_out_with_the_place(operator, shell):
    """Somebody with the database changes one row: the verdict names its position, and what was done to it."""
    with EventLog.open(f"sqlite:///{shell.home / 'palyra.db'}") as log:
        change = "UPDATE event SET state = CAST(replace(state, 'ada', 'eve') AS BLOB) WHERE position = 30"
        run_sql(log, change)
    page = operator.visit("/audit")
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("First bad position: 30")).to_be_visible()
    expect(page.locator(".finding").first).to_contain_text("at 30")
