from __future__ import annotations

import click
import pytest

from tests.command_tree import LEAVES

#: the words for looking at what the log gives
LOOKING = {"attempts", "history", "list", "log", "search", "show", "stats"}
#: what is not a view of the log, or never changes, with what it shows instead
TIMELESS = {
    "palyra actor list": "names of people, which are no part of the log",
    "palyra audit checkpoint list": "files beside the log",
    "palyra blob show": "bytes beside the log, which never change",
    "palyra db stats": "the database",
    "palyra decision show": "one event, which never changes",
    "palyra event show": "one event, which never changes",
    "palyra key show": "a file of keys",
    "palyra plugin grants show": "what the policy of today allows",
    "palyra projection dead list": "the builds of today",
    "palyra projection list": "the builds of today",
    "palyra projection show": "the builds of today",
}
looking = [path for path in LEAVES if path.split()[-1] in LOOKING]


@pytest.mark.parametrize("path", sorted(set(looking) - TIMELESS.keys()))
def test_every_listing_can_be_asked_of_the_past(path: str):
    """What the log gives now it gave at any moment, and --at asks for it."""
    options = {
        option for each in LEAVES[path].params if isinstance(each, click.Option) for option in each.opts
    }

    assert "--at" in options


def test_nothing_is_called_timeless_that_is_not_there():
    """Whoever takes a command away, or gives it --at, takes it from this list."""
    has_at = {path for path in looking if any(each.name == "at" for each in LEAVES[path].params)}

    assert TIMELESS.keys() & has_at == set()
    assert TIMELESS.keys() <= set(looking)
