"""The care of the database, over a gateway's whole life and not just a log."""

from __future__ import annotations

from palyra_runtime import Palyra
from palyra_runtime.facade import Database
from tests.stage import HOOK, answering


def test_a_restored_gateway_goes_on_where_the_backup_was_made(each_stage, tmp_path):
    """Its views, made anew, say the same, and what was due is carried out there."""
    each_stage.ready(answering())
    position = each_stage.fire()
    each_stage.palyra.database.back_up(tmp_path / "backup.db")
    skills = each_stage.palyra.skills.list()
    url = f"sqlite:///{tmp_path / 'other.db'}"
    Database(url).restore(tmp_path / "backup.db")

    with Palyra.open(url, home=tmp_path, actor="operator:bob", create=False) as restored:
        assert restored.skills.list() == skills
        restored.dispatch.drain()
        delivery = restored.delivery(f"{position}:{HOOK}")
    assert len(delivery.attempts) == 1
    assert delivery.row.state == "succeeded"


def test_the_store_under_a_gateway_is_sound_and_measured(each_stage):
    """Views and leases beside the log are no findings, and they are told apart from it."""
    each_stage.ready(answering())
    each_stage.fire()
    each_stage.palyra.dispatch.drain()
    database = each_stage.palyra.database

    assert database.check().findings == ()
    stats = database.stats()
    assert stats.head == each_stage.log.head()
    assert stats.view_bytes == sum(table.bytes for table in stats.tables if not table.is_log) > 0
    assert database.plan_migration().statements == ()
    assert database.migrate().backup is None
