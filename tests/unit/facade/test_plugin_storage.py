from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.errors import InvalidIdentifier
from palyra_runtime.facade import UnknownStoredValue
from tests.stage import OPEN_POLICY, Stage, asking


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A gateway whose plugin keeps two values."""
    values = {"drafts/one": {"seen": 1}, "last": "größer"}
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as opened:
        puts = [{"op": "storage.put", "handle": 30000, "key": key, "value": values[key]} for key in values]
        opened.ready_with_effects(asking(*puts))
        opened.fire()
        opened.dispatcher().drain()
        yield opened


def test_what_a_plugin_keeps_is_listed(stage: Stage):
    """By path, with the outcome that wrote it; and how much it is in all."""
    rows = stage.palyra.storage.list(" ECHO ")

    assert [row.path for row in rows] == ["notes/drafts/one", "notes/last"]
    assert {row.changed_position for row in rows} == {stage.log.head()}
    assert stage.palyra.storage.use("echo").keys == 2
    assert stage.palyra.storage.use("echo").size == sum(row.size for row in rows)


def test_a_listing_can_be_narrowed_and_turned(stage: Stage):
    """By the beginning of the path, and after a path."""
    storage = stage.palyra.storage

    assert [row.path for row in storage.list("echo", prefix="notes/d")] == ["notes/drafts/one"]
    assert [row.path for row in storage.list("echo", after="notes/drafts/one")] == ["notes/last"]
    assert [row.path for row in storage.list("echo", limit=1)] == ["notes/drafts/one"]


def test_a_value_is_shown_as_it_was_kept(stage: Stage):
    """The JSON value, and where it came from."""
    detail = stage.palyra.storage.show("echo", "notes/last")

    assert (detail.value, detail.is_erased) == ("größer", False)
    assert detail.row.path == "notes/last"


def test_an_erased_value_says_so(stage: Stage):
    """Its place is still known, its bytes are not kept any more."""
    row, _ = stage.palyra.storage.list("echo")
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM blob WHERE digest = X'{row.sha256}'")

    detail = stage.palyra.storage.show("echo", row.path)

    assert (detail.value, detail.is_erased) == (None, True)


@pytest.mark.parametrize("path", ["", "notes", "notes/drafts", "last", "notes/\0", "notes/\ud800"], ids=ascii)
def test_a_path_under_which_nothing_is_kept(stage: Stage, path):
    """Also one that no database could keep."""
    with pytest.raises(UnknownStoredValue):
        stage.palyra.storage.show("echo", path)


def test_other_plugins_keep_nothing_of_it(stage: Stage):
    """Storage belongs to the plugin's id; and what is no id is refused."""
    assert stage.palyra.storage.list("other") == []
    assert stage.palyra.storage.list("echo", prefix="\0") == []
    with pytest.raises(InvalidIdentifier):
        stage.palyra.storage.list("no plugin")
