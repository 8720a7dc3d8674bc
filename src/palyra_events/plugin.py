"""A plugin: the binding of one module of a skill, with the capabilities granted to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from palyra_events.blob import BlobRef, HexDigest
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.errors import EventTooLarge, IllegalTransition, PluginInUse, UnknownPlugin
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Identifier

#: bytes of JSON; each attempt records path and grants again, beside what came out of it, and has to
#: fit into an event
BINDING_SIZE_MAX = 32 * 1024


class PluginConfig(BaseModel):
    """Values that an operator set for a plugin, kept beside the log, and the contract that they fit.

    They were held against the manifest of the release ``payload_sha256``. Secrets are not in them, only
    references to secrets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    contract_schema_version: Annotated[int, Field(ge=1, lt=2**32)]
    payload_sha256: HexDigest
    values: BlobRef


class Binding(BaseModel):
    """What a plugin runs: a module of a skill, in whichever release is enabled.

    ``module_sha256`` is the module that the operator looked at. Grants belong to that digest: a
    plugin with grants does not run another module before somebody binds it again. ``secret_hosts``
    names, for each secret, the hosts that it may be sent to; a secret without any is good for
    signatures only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    skill_id: Identifier
    module_path: str
    module_sha256: HexDigest
    entrypoint: str | None = None
    grants: PluginCapabilityProfile = PluginCapabilityProfile()
    secret_hosts: dict[str, tuple[str, ...]] = {}
    config: PluginConfig | None = None


class PluginBound(Event):
    """A module got a name under which hooks can use it."""

    plugin_id: Identifier
    binding: Binding


class PluginRebound(Event):
    """A plugin's module or grants were changed."""

    plugin_id: Identifier
    binding: Binding


class PluginEnabled(Event):
    """A plugin may run again."""

    plugin_id: Identifier


class PluginDisabled(Event):
    """A plugin does not run until it is enabled again, whoever asks."""

    plugin_id: Identifier


class PluginUnbound(Event):
    """A plugin's name stands for nothing any more; what it has stored stays under that name."""

    plugin_id: Identifier


class PluginShowedSurface(Event):
    """A plugin has a surface: from now on its attempts are made one after the other.

    It is its first one; the outcome at ``position`` shows it.
    """

    plugin_id: Identifier
    surface: Identifier
    position: Annotated[int, Field(ge=1, lt=2**63)]


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin as its events tell it; unbound where ``binding`` is None.

    ``has_surface`` stays true under its name, as what it shows does.
    """

    plugin_id: str
    binding: Binding | None = None
    enabled: bool = True
    has_surface: bool = False

    @property
    def exclusive_key(self) -> str | None:
        """The key under which its attempts are made one after the other; None where they need not be.

        What one attempt stores the next one reads, and what it shows the next one changes: so a plugin
        with storage or with a surface has one.
        """
        has_storage = self.binding is not None and bool(self.binding.grants.storage_prefixes)
        return exclusive_key(self.plugin_id) if has_storage or self.has_surface else None


def exclusive_key(plugin_id: str) -> str:
    """Return the key of all that a plugin does, where that is done one after the other."""
    return f"plugin:{plugin_id}"


def evolve(plugin: Plugin, event: Event) -> Plugin:
    """Return the plugin after ``event``."""
    match event:
        case PluginBound() | PluginRebound():
            return replace(plugin, binding=event.binding)
        case PluginEnabled() | PluginDisabled():
            return replace(plugin, enabled=isinstance(event, PluginEnabled))
        case PluginUnbound():
            return Plugin(plugin.plugin_id, has_surface=plugin.has_surface)
        case PluginShowedSurface():
            return replace(plugin, has_surface=True)
        case _:
            return plugin


def bind_plugin(plugin: Plugin, binding: Binding, stamp: Stamp) -> list[Event]:
    """Bind a plugin, or bind it anew; binding it to what it is bound to changes nothing.

    Raises:
        EventTooLarge: path and grants have more than `BINDING_SIZE_MAX` bytes together.
    """
    if plugin.binding == binding:
        return []
    if (size := len(binding.model_dump_json().encode())) > BINDING_SIZE_MAX:
        raise EventTooLarge(
            f"The binding of {plugin.plugin_id} has {size:,} bytes; {BINDING_SIZE_MAX:,} are allowed.",
            plugin_id=plugin.plugin_id,
        )
    event = PluginBound if plugin.binding is None else PluginRebound
    return [stamp.on(event, plugin_id=plugin.plugin_id, binding=binding)]


def adopt_plugin(plugin: Plugin, binding: Binding, stamp: Stamp, *, enabled: bool) -> list[Event]:
    """Bind a plugin as it is bound elsewhere, and let it run or not as it does there.

    Raises:
        EventTooLarge: path and grants have more than `BINDING_SIZE_MAX` bytes together.
    """
    events = bind_plugin(plugin, binding, stamp)
    after = reduce(evolve, events, plugin)
    return events if after.enabled is enabled else [*events, _switched(after, stamp, enabled=enabled)]


def configure_plugin(plugin: Plugin, config: PluginConfig | None, stamp: Stamp) -> list[Event]:
    """Give a bound plugin other values to run with, or none; all else of its binding stays.

    Raises:
        UnknownPlugin: it is not bound.
        EventTooLarge: the binding has no room for it.
    """
    binding = _check_bound(plugin)
    return bind_plugin(plugin, binding.model_copy(update={"config": config}), stamp)


def enable_plugin(plugin: Plugin, stamp: Stamp) -> list[Event]:
    """Let a plugin run again.

    Raises:
        UnknownPlugin: it is not bound.
        IllegalTransition: it is enabled.
    """
    return [_switched(plugin, stamp, enabled=True)]


def disable_plugin(plugin: Plugin, stamp: Stamp) -> list[Event]:
    """Stop a plugin from running; a run that has begun is not undone.

    Raises:
        UnknownPlugin: it is not bound.
        IllegalTransition: it is disabled.
    """
    return [_switched(plugin, stamp, enabled=False)]


def unbind_plugin(plugin: Plugin, hooks: Sequence[str], stamp: Stamp) -> list[Event]:
    """Take a plugin's name away; ``hooks`` are those that use it.

    Raises:
        UnknownPlugin: it is not bound.
        PluginInUse: there are such hooks; they are named.
    """
    _check_bound(plugin)
    if hooks:
        raise PluginInUse(
            f"Plugin {plugin.plugin_id} is used by {', '.join(hooks)}.",
            plugin_id=plugin.plugin_id,
            hooks=list(hooks),
        )
    return [stamp.on(PluginUnbound, plugin_id=plugin.plugin_id)]


def show_surface(plugin: Plugin, surface: str, position: int, stamp: Stamp) -> list[Event]:
    """Take note that the outcome at ``position`` shows a surface; nothing where the plugin had one before."""
    if plugin.has_surface:
        return []
    return [stamp.on(PluginShowedSurface, plugin_id=plugin.plugin_id, surface=surface, position=position)]


def _switched(plugin: Plugin, stamp: Stamp, *, enabled: bool) -> Event:
    _check_bound(plugin)
    if plugin.enabled is enabled:
        state = "enabled" if enabled else "disabled"
        raise IllegalTransition(f"Plugin {plugin.plugin_id} is already {state}.", plugin_id=plugin.plugin_id)
    return stamp.on(PluginEnabled if enabled else PluginDisabled, plugin_id=plugin.plugin_id)


def _check_bound(plugin: Plugin) -> Binding:
    if plugin.binding is None:
        raise UnknownPlugin(f"Plugin {plugin.plugin_id} is not bound.", plugin_id=plugin.plugin_id)
    return plugin.binding
