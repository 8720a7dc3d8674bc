"""Binding hooks as a file of the reference system has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from palyra_events.application import Application, Intent, Loaded
from palyra_events.decision_taken import HOOKS_MAX
from palyra_events.errors import InvalidInput
from palyra_events.hook import Hook, Target
from palyra_events.hook_index import HookBindingRecord, HookOperator, parse_hook_index
from palyra_events.identifiers import normalize_identifier
from palyra_events.lifecycle import HookEventKind, normalize_kind
from palyra_runtime.facade.import_plan import ImportAction, ImportItem, ImportPlan
from projections import Views


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An entry that can be bound, with the hook as it is here."""

    item: ImportItem
    hook: Loaded[Hook]
    target: Target
    enabled: bool


class HookImport:
    """Reads an index, says what it would do, and does it as a whole or not at all.

    What the file does not speak of, attempts and ordering, stays as it is here, or is the default.
    """

    def __init__(self, *, application: Application, views: Views, attempts_max: int) -> None:
        self._application = application
        self._views = views
        self._attempts_max = attempts_max

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
            StaleVersion: somebody changed one of these hooks at the same time; nothing was bound.
        """
        judged = self._judged(document, replace=replace)
        plan = ImportPlan.of(map(_item, judged))
        plan.check()
        wanted = [each for each in judged if isinstance(each, _Wanted)]
        self._application.adopt_hooks([(each.hook, each.target, each.enabled) for each in wanted], intent)
        return plan

    def _judged(self, document: bytes | str, *, replace: bool) -> Sequence[_Wanted | ImportItem]:
        plugins = {row.plugin_id for row in self._views.plugins()}
        named: set[str] = set()
        judged: list[_Wanted | ImportItem] = []
        for record in parse_hook_index(document).entries:
            try:
                judged.append(self._wanted(record, plugins, named, replace=replace))
            except InvalidInput as error:
                judged.append(_refused(record, error.message))
        return self._within_phases(judged)

    def _wanted(
        self, record: HookBindingRecord, plugins: set[str], named: set[str], *, replace: bool
    ) -> _Wanted | ImportItem:
        hook_id = normalize_identifier(record.hook_id, "hook")
        kind, plugin_id = normalize_kind(record.event), normalize_identifier(record.plugin_id, "plugin")
        if hook_id in named:
            return _refused(record, f"The file has the hook {hook_id} twice.")
        named.add(hook_id)
        if plugin_id not in plugins:
            return _refused(record, f"Plugin {plugin_id} is not bound.")
        hook = self._application.loaded_hook(hook_id)
        target = self._target(hook.state.target, kind, plugin_id)
        item = _compared(hook.state, target, record, replace=replace)
        return _Wanted(item, hook, target, record.enabled)

    def _target(self, held: Target | None, kind: HookEventKind, plugin_id: str) -> Target:
        if held is not None and held.event_kind.is_queued is kind.is_queued:
            return held.model_copy(update={"event_kind": kind, "plugin_id": plugin_id})
        attempts = self._attempts_max if kind.is_queued else 1
        return Target(event_kind=kind, plugin_id=plugin_id, attempts_max=attempts)

    def _within_phases(self, judged: Sequence[_Wanted | ImportItem]) -> Sequence[_Wanted | ImportItem]:
        """Refuse what would give a phase of a run more hooks than it can ask."""
        kinds = {row.hook_id: row.event_kind for row in self._views.hooks()}
        kinds |= {e.hook.state.hook_id: e.target.event_kind for e in judged if isinstance(e, _Wanted)}
        counts = Counter(kind for kind in kinds.values() if not kind.is_queued)
        return [
            _crowded(each, counts[each.target.event_kind])
            if isinstance(each, _Wanted) and counts[each.target.event_kind] > HOOKS_MAX
            else each
            for each in judged
        ]


def _item(judged: _Wanted | ImportItem) -> ImportItem:
    return judged.item if isinstance(judged, _Wanted) else judged


def _compared(hook: Hook, target: Target, record: HookBindingRecord, *, replace: bool) -> ImportItem:
    left_out = () if record.operator == HookOperator() else ("operator",)
    wanted = _words(target, enabled=record.enabled)
    if hook.target is None:
        return ImportItem(hook.hook_id, ImportAction.BIND, wanted, left_out=left_out)
    if hook.target == target and hook.enabled is record.enabled:
        return ImportItem(hook.hook_id, ImportAction.KEEP, wanted, left_out=left_out)
    action = ImportAction.REBIND if replace else ImportAction.CONFLICT
    here = f"here it is {_words(hook.target, enabled=hook.enabled)}, in the file {wanted}"
    return ImportItem(hook.hook_id, action, wanted, here, left_out)


def _words(target: Target, *, enabled: bool) -> str:
    return f"{target.event_kind} to {target.plugin_id}{'' if enabled else ', disabled'}"


def _refused(record: HookBindingRecord, problem: str) -> ImportItem:
    return ImportItem(record.hook_id, ImportAction.REFUSE, f"{record.event} to {record.plugin_id}", problem)


def _crowded(wanted: _Wanted, count: int) -> ImportItem:
    kind = wanted.target.event_kind
    return ImportItem(
        wanted.item.name,
        ImportAction.REFUSE,
        wanted.item.wanted,
        f"{kind} would have {count} hooks; {HOOKS_MAX} are allowed.",
    )
