from __future__ import annotations

from palyra_events.plugin import PluginBound, PluginRebound
from projections import Views
from tests.journal import Journal
from tests.sample_events import BARE_BINDING, BINDING, GRANTS


def test_a_bound_plugin_has_its_whole_binding(views: Views, journal: Journal):
    """Module, entrypoint and each grant are in the row."""
    position = journal.add(PluginBound, plugin_id="echo", binding=BINDING)

    (row,) = views.plugins()

    assert (row.plugin_id, row.skill_id, row.entrypoint) == ("echo", "acme.echo", "run")
    assert (row.module_path, row.module_sha256) == (BINDING.module_path, BINDING.module_sha256)
    assert (row.grants, row.changed_position) == (GRANTS, position)


def test_a_plugin_that_is_bound_anew_keeps_nothing_of_the_old_binding(views: Views, journal: Journal):
    """Grants and entrypoint that were not given again are gone; when it was first bound stays."""
    journal.add(PluginBound, plugin_id="echo", binding=BINDING)
    before = views.plugins()[0]
    journal.add(PluginRebound, plugin_id="echo", binding=BARE_BINDING)

    (row,) = views.plugins()

    assert (row.entrypoint, row.grants.is_empty) == (None, True)
    assert row.bound_at == before.bound_at < row.changed_at


def test_plugins_are_listed_by_id(views: Views, journal: Journal):
    """The order is that of ids, not of binding."""
    for name in ("zeta", "alpha"):
        journal.add(PluginBound, plugin_id=name, binding=BARE_BINDING)

    assert [row.plugin_id for row in views.plugins()] == ["alpha", "zeta"]
