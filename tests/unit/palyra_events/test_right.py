from __future__ import annotations

import pytest

from palyra_events.plugin import Plugin
from palyra_events.right import Refusal, Right, right_to_run
from palyra_events.skill import ReleaseState, Skill
from tests.sample_events import BARE_BINDING, BINDING, MODULE

GRANTED, UNGRANTED = Plugin("echo", BINDING), Plugin("echo", BARE_BINDING)


@pytest.mark.parametrize("plugin", [GRANTED, UNGRANTED])
def test_a_plugin_of_an_enabled_skill_may_run(skill_in, plugin):
    """It runs the module of the release that is enabled."""
    skill = skill_in(ReleaseState.ENABLED)
    assert right_to_run(plugin, skill) == Right(
        plugin.plugin_id, plugin.binding, skill.enabled, MODULE, plugin.exclusive_key
    )


def test_a_plugin_that_is_not_bound_may_not():
    """There is nothing to run."""
    assert right_to_run(Plugin("echo"), Skill("acme.echo")) is Refusal.PLUGIN_UNBOUND


@pytest.mark.parametrize("state", list(ReleaseState))
def test_a_disabled_plugin_may_not(skill_in, state):
    """Whatever its skill is, it was switched off itself, which says more."""
    plugin = Plugin("echo", BINDING, enabled=False)
    assert right_to_run(plugin, skill_in(state)) is Refusal.PLUGIN_DISABLED


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (ReleaseState.INSTALLED, Refusal.SKILL_NOT_ENABLED),
        (ReleaseState.DISABLED, Refusal.SKILL_NOT_ENABLED),
        (ReleaseState.QUARANTINED, Refusal.SKILL_QUARANTINED),
        (ReleaseState.REMOVED, Refusal.SKILL_NOT_ENABLED),
    ],
)
def test_a_plugin_of_a_skill_that_is_not_enabled_may_not(skill_in, state, refusal):
    """Only an enabled release runs, and the refusal says what stands in the way."""
    assert right_to_run(GRANTED, skill_in(state)) is refusal


def test_a_plugin_of_a_skill_that_is_not_installed_may_not():
    """A binding outlives its skill and has no power."""
    assert right_to_run(GRANTED, Skill("acme.echo")) is Refusal.SKILL_NOT_ENABLED


def test_a_module_that_the_release_lacks_cannot_run(skill_in):
    """An upgrade may drop a module."""
    plugin = Plugin("echo", BINDING.model_copy(update={"module_path": "modules/gone.wasm"}))
    assert right_to_run(plugin, skill_in(ReleaseState.ENABLED)) is Refusal.MODULE_MISSING


def test_grants_do_not_pass_to_another_module(skill_in):
    """An upgrade never inherits a power: somebody has to look at it and bind it again."""
    plugin = Plugin("echo", BINDING.model_copy(update={"module_sha256": "00" * 32}))
    assert right_to_run(plugin, skill_in(ReleaseState.ENABLED)) is Refusal.MODULE_CHANGED


def test_without_grants_an_upgrade_runs(skill_in):
    """What has no power needs no second look."""
    plugin = Plugin("echo", BARE_BINDING.model_copy(update={"module_sha256": "00" * 32}))
    assert right_to_run(plugin, skill_in(ReleaseState.ENABLED)).module == MODULE
