"""A plugin: the binding of one module of a skill, with the capabilities granted to it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from palyra_events.blob import HexDigest
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.errors import EventTooLarge
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Identifier

#: bytes of JSON; each attempt records path and grants again, beside what came out of it, and has to
#: fit into an event
BINDING_SIZE_MAX = 32 * 1024


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


class PluginBound(Event):
    """A module got a name under which hooks can use it."""

    plugin_id: Identifier
    binding: Binding


class PluginRebound(Event):
    """A plugin's module or grants were changed."""

    plugin_id: Identifier
    binding: Binding


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin as its events tell it; unbound where ``binding`` is None."""

    plugin_id: str
    binding: Binding | None = None

    @property
    def exclusive_key(self) -> str | None:
        """The key under which its attempts are made one after the other; None where they need not be.

        What one attempt stores the next one reads, so a plugin with storage has one.
        """
        has_storage = self.binding is not None and bool(self.binding.grants.storage_prefixes)
        return f"plugin:{self.plugin_id}" if has_storage else None


def evolve(plugin: Plugin, event: Event) -> Plugin:
    """Return the plugin after ``event``."""
    if isinstance(event, PluginBound | PluginRebound):
        return Plugin(plugin.plugin_id, event.binding)
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
