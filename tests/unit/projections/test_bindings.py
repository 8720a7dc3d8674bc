from __future__ import annotations

from palyra_events.hook import HookBound, HookDisabled, HookUnbound
from palyra_events.plugin import PluginBound
from projections import BindingChange, BindingKind, Views
from tests.journal import Journal
from tests.sample_events import BINDING, TARGET


def test_nothing_was_ever_bound(views: Views):
    """A file of no hooks is as of no event."""
    assert views.last_binding_changes() == {kind: BindingChange() for kind in BindingKind}
    assert views.hook_bindings() == (BindingChange(), [])


def test_each_kind_has_its_last_change(views: Views, journal: Journal):
    """Hooks are as of the last event of a hook, also when it took one away; plugins likewise."""
    journal.add(HookBound, hook_id="greet", target=TARGET)
    journal.add(PluginBound, plugin_id="echo", binding=BINDING)
    views.hooks()
    journal.add(HookDisabled, hook_id="greet")
    gone = journal.add(HookUnbound, hook_id="greet")

    (hooks_at, hooks), (plugins_at, plugins) = views.hook_bindings(), views.plugin_bindings()

    assert (hooks_at.position, hooks) == (gone, [])
    assert (plugins_at.position, [row.plugin_id for row in plugins]) == (2, ["echo"])
    assert plugins_at.timestamp == plugins[0].changed_at < hooks_at.timestamp
    assert views.last_binding_changes() == {BindingKind.HOOK: hooks_at, BindingKind.PLUGIN: plugins_at}
