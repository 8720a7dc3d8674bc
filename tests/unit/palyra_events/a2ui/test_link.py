from __future__ import annotations

import json
from pathlib import Path

import pytest

from palyra_events.a2ui import safe_url

CORPUS = json.loads((Path(__file__).parents[3] / "corpus/a2ui/links.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["given"])
def test_only_harmless_addresses_are_linked(case):
    """Web, mail and the page's own host, without a user in front; all else is no link."""
    assert safe_url(case["given"]) == case["expect"]


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["given"])
def test_an_address_that_was_made_safe_stays(case):
    """What was normalised once is its own normal form."""
    if case["expect"] is not None:
        assert safe_url(case["expect"]) == case["expect"]
