"""Binding plugins as a file of the reference system has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from palyra_events.application import Application, Intent, Loaded
from palyra_events.capabilities import CAPABILITY_CLASSES
from palyra_events.errors import InvalidInput, NotAllowed, NotFound
from palyra_events.identifiers import normalize_identifier
from palyra_events.plugin import Binding, Plugin
from palyra_events.plugin_index import PluginBindingRecord, PluginOperator, parse_plugin_index
from palyra_runtime.facade.import_plan import ImportAction, ImportItem, ImportPlan


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An entry that can be bound, with the plugin as it is here."""

    item: ImportItem
    plugin: Loaded[Plugin]
    binding: Binding
    enabled: bool


class PluginImport:
    """Reads an index, says what it would do, and does it as a whole or not at all.

    ``prepare`` turns an entry into a binding, by the rules that a person's words are under. What the
    file does not speak of, configuration and the hosts of secrets, stays as it is here.
    """

    def __init__(
        self, *, application: Application, prepare: Callable[[PluginBindingRecord], Binding]
    ) -> None:
        self._application = application
        self._prepare = prepare

    def plan(self, document: bytes | str, *, replace: bool) -> ImportPlan:
        """Return what becomes of each entry.

        Raises:
            InvalidInput: it is no such file.
        """
        return ImportPlan.of(map(_item, self._judged(document, replace=replace)))

    def run(self, document: bytes | str, intent: Intent, *, replace: bool) -> ImportPlan:
        """Bind all of it in one step, and return what was done.

        Raises:
            InvalidInput: it is no such file.
            ImportRefused, ImportConflict: something stands in the way; nothing was bound.
            EventTooLarge: a binding has too many bytes; nothing was bound.
            StaleVersion: somebody changed one of these plugins at the same time; nothing was bound.
        """
        judged = self._judged(document, replace=replace)
        plan = ImportPlan.of(map(_item, judged))
        plan.check()
        wanted = [each for each in judged if isinstance(each, _Wanted)]
        self._application.adopt_plugins(
            [(each.plugin, each.binding, each.enabled) for each in wanted], intent
        )
        return plan

    def _judged(self, document: bytes | str, *, replace: bool) -> Sequence[_Wanted | ImportItem]:
        named: set[str] = set()
        judged: list[_Wanted | ImportItem] = []
        for record in parse_plugin_index(document).entries:
            try:
                judged.append(self._wanted(record, named, replace=replace))
            except (InvalidInput, NotFound, NotAllowed) as error:
                judged.append(_refused(record, error.message))
        return judged

    def _wanted(self, record: PluginBindingRecord, named: set[str], *, replace: bool) -> _Wanted | ImportItem:
        plugin_id = normalize_identifier(record.plugin_id, "plugin")
        if plugin_id in named:
            return _refused(record, f"The file has the plugin {plugin_id} twice.")
        named.add(plugin_id)
        plugin = self._application.loaded_plugin(plugin_id)
        binding = _with_what_stays(self._prepare(record), plugin.state.binding)
        return _Wanted(
            _compared(plugin.state, binding, record, replace=replace), plugin, binding, record.enabled
        )


def _with_what_stays(binding: Binding, held: Binding | None) -> Binding:
    """Return the binding with what was set here for the same skill, as far as it is still granted."""
    if held is None or held.skill_id != binding.skill_id:
        return binding
    hosts = {name: hosts for name, hosts in held.secret_hosts.items() if name in binding.grants.secrets}
    return binding.model_copy(update={"config": held.config, "secret_hosts": hosts})


def _item(judged: _Wanted | ImportItem) -> ImportItem:
    return judged.item if isinstance(judged, _Wanted) else judged


def _compared(plugin: Plugin, binding: Binding, record: PluginBindingRecord, *, replace: bool) -> ImportItem:
    wanted, left_out = _words(binding, enabled=record.enabled), _left_out(record)
    if plugin.binding is None:
        return ImportItem(plugin.plugin_id, ImportAction.BIND, wanted, left_out=left_out)
    if plugin.binding == binding and plugin.enabled is record.enabled:
        return ImportItem(plugin.plugin_id, ImportAction.KEEP, wanted, left_out=left_out)
    action = ImportAction.REBIND if replace else ImportAction.CONFLICT
    here = f"here it is {_words(plugin.binding, enabled=plugin.enabled)}, in the file {wanted}"
    return ImportItem(plugin.plugin_id, action, wanted, here, left_out)


def _left_out(record: PluginBindingRecord) -> tuple[str, ...]:
    """Return what somebody said in the file and Palyra does not keep; findings are made anew."""
    said = {
        "tool_id": record.tool_id is not None,
        "operator": record.operator != PluginOperator(),
        "config": record.config is not None,
    }
    return tuple(name for name, is_said in said.items() if is_said)


def _words(binding: Binding, *, enabled: bool) -> str:
    granted = [
        f"{name} {', '.join(values)}"
        for name in CAPABILITY_CLASSES
        if (values := getattr(binding.grants, name))
    ]
    parts = [
        f"{binding.module_path} of {binding.skill_id} ({binding.module_sha256[:12]})",
        *([f"entrypoint {binding.entrypoint}"] if binding.entrypoint else []),
        *granted,
        *([] if enabled else ["disabled"]),
    ]
    return ", ".join(parts)


def _refused(record: PluginBindingRecord, problem: str) -> ImportItem:
    return ImportItem(record.plugin_id, ImportAction.REFUSE, record.skill_id, problem)
