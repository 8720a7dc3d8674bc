from __future__ import annotations

from palyra_events.plugin import (
    PluginBound,
    PluginDisabled,
    PluginEnabled,
    PluginRebound,
    PluginUnbound,
)
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


def test_a_plugin_is_switched_off_and_on(views: Views, journal: Journal):
    """The row says whether it may run, and since when."""
    journal.add(PluginBound, plugin_id="echo", binding=BINDING)
    off = journal.add(PluginDisabled, plugin_id="echo")
    disabled = views.plugins()[0]
    journal.add(PluginEnabled, plugin_id="echo")
    enabled = views.plugins()[0]

    assert (disabled.is_enabled, disabled.changed_position) == (False, off)
    assert (enabled.is_enabled, enabled.grants) == (True, GRANTS)


def test_a_plugin_that_is_bound_anew_stays_as_it_was_switched(views: Views, journal: Journal):
    """Another binding does not switch it on."""
    journal.add(PluginBound, plugin_id="echo", binding=BINDING)
    journal.add(PluginDisabled, plugin_id="echo")
    journal.add(PluginRebound, plugin_id="echo", binding=BARE_BINDING)

    assert views.plugins()[0].is_enabled is False


def test_an_unbound_plugin_is_gone_and_can_come_back(views: Views, journal: Journal):
    """Its name is free, and whatever is bound under it next begins enabled."""
    journal.add(PluginBound, plugin_id="echo", binding=BINDING)
    journal.add(PluginDisabled, plugin_id="echo")
    journal.add(PluginUnbound, plugin_id="echo")
    gone = views.plugins()
    journal.add(PluginBound, plugin_id="echo", binding=BARE_BINDING)
    (row,) = views.plugins()

    assert gone == []
    assert (row.is_enabled, row.grants.is_empty) == (True, True)


def test_plugins_of_one_skill(views: Views, journal: Journal):
    """Who updates a skill asks for its plugins alone."""
    journal.add(PluginBound, plugin_id="echo", binding=BINDING)
    other = BARE_BINDING.model_copy(update={"skill_id": "acme.other"})
    journal.add(PluginBound, plugin_id="other", binding=other)

    assert [row.plugin_id for row in views.plugins(skill_id="acme.other")] == ["other"]
