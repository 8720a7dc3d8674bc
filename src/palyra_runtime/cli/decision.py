"""``palyra decision``: what hooks decided at the phases of runs; and ``palyra hook decide``, which asks."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import palyra_events
from palyra_events.strict_json import parse_object
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, limit_option, reason_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_runtime.dispatch import Decision, HookAnswer
    from palyra_runtime.records import DecisionRecord
    from projections import DecisionRow

#: those of `palyra_events.run_phase.RunPhase`, which help does not wait for
_PHASES = ("before_run", "before_tool", "after_tool", "before_delivery", "after_run")
#: those of `palyra_events.decision.DecisionKind`
_KINDS = ("continue", "annotate", "transform_preview", "request_approval", "block", "fail_run")
#: bytes; more than any question has
_PAYLOAD_BYTES_MAX = 1024**2
_STANDARD_INPUT = "-"

_COLUMNS: Sequence[Column[DecisionRow]] = (
    Column("POSITION", lambda row: row.position, is_number=True),
    Column("TAKEN (UTC)", lambda row: units.short_moment(row.taken_at), is_whole=True),
    Column("PHASE", lambda row: row.phase, is_whole=True),
    Column("DECISION", lambda row: row.kind, is_whole=True),
    Column("HOOK", lambda row: row.hook_id),
    Column("HOOKS", lambda row: row.asked, is_number=True),
    Column("FAILED", lambda row: row.failed, is_number=True),
)


def _said(answer: HookAnswer) -> str:
    decision = (answer.output or {}).get("lifecycle_decision", {})
    return answer.message or decision.get("reason") or ""


_ANSWERS: Sequence[Column[HookAnswer]] = (
    Column("HOOK", lambda answer: answer.hook_id, is_whole=True),
    Column("DECISION", lambda answer: answer.kind or "abstained", is_whole=True),
    Column("OUTCOME", lambda answer: answer.outcome, is_whole=True),
    Column(
        "TIME", lambda a: None if a.duration_us is None else units.duration(a.duration_us), is_number=True
    ),
    Column("SAID", _said, wraps=True),
)


@command(
    "decide",
    "hook decide before_tool --payload call.json",
    "hook decide run:before_run --payload - --key run-81 -o json",
)
@click.argument("phase")
@click.option(
    "--payload",
    required=True,
    metavar="FILE",
    help="What the hooks are told: a file that holds a JSON object, or - for standard input.",
)
@click.option(
    "--key",
    metavar="TEXT",
    help="Names this question: asked again, the recorded answer is given and nothing runs.",
)
@reason_option
@click.pass_obj
def decide(session: Session, *, phase: str, payload: str, key: str | None, reason: str | None) -> None:
    """Ask the hooks of PHASE as an agent does, and show what they decide; it is recorded.

    The exit code is 0 where the run may go on, and 4 where a hook asks for an approval, blocks, or
    fails the run.
    """
    asked = parse_object(_content(payload), size_max=_PAYLOAD_BYTES_MAX)
    with session.palyra() as palyra:
        decision = palyra.decide(phase, asked, idempotency_key=key, reason=reason)
    _show(session, decision)
    decision.enforce()


@command("list", "decision list", "decision list --kind block --phase before_tool -o json")
@click.option("--phase", type=click.Choice(_PHASES), help="Only decisions at this phase.")
@click.option("--kind", type=click.Choice(_KINDS), help="Only decisions of this kind.")
@click.option("--before", type=click.IntRange(min=0), metavar="POSITION", help="Begin before a position.")
@limit_option(50)
@at_option
@click.pass_obj
def list_decisions(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    phase: str | None,
    kind: str | None,
    before: int | None,
    limit: int,
    at: datetime | int | None,
) -> None:
    """List the decisions that were taken, the newest first."""
    wanted = palyra_events.DecisionKind(kind) if kind else None
    with session.palyra() as palyra:
        rows = palyra.decisions.list(phase=phase, kind=wanted, before=before, limit=limit, at=at)
    session.list(rows, _COLUMNS, empty="There is no such decision.")
    if len(rows) == limit:
        session.remark(f"There may be more: go on with --before {rows[-1].position}")


@command("show", "decision show 8254c329a92850f6d539dd376f4816ee", "decision show 8 -o json")
@click.argument("decision")
@click.pass_obj
def show(session: Session, decision: str) -> None:
    """Show DECISION, by its id or its position: what was asked, and what each hook answered."""
    with session.palyra() as palyra:
        found = palyra.decisions.show(decision)
    _show(session, found)


def _show(session: Session, decision: Decision) -> None:
    session.show(_record(decision), lambda page: _describe(page, decision))


def _record(decision: Decision) -> DecisionRecord:
    from palyra_runtime.records import DecisionRecord  # noqa: PLC0415 - help does not wait for it

    return DecisionRecord.of(decision)


def _describe(page: Page, decision: Decision) -> None:
    selected = decision.resolution.selected
    page.line(f"{decision.phase.event_kind}: {decision.kind}")
    page.fields(
        [
            ("by", f"hook {selected.hook_id} of plugin {selected.plugin_id}"),
            ("reason", decision.reason),
            ("conflicts", ", ".join(decision.resolution.conflicts)),
            ("decision", decision.decision_id),
            ("recorded", f"at position {decision.position}{', earlier' if decision.is_repeated else ''}"),
            ("duration", units.duration(decision.duration_us)),
        ]
    )
    if decision.transformed_preview is not None:
        page.line("deliver instead")
        page.block(json.dumps(decision.transformed_preview, ensure_ascii=False, indent=2))
    if decision.answers:
        page.table(_ANSWERS, decision.answers)


def _content(given: str) -> bytes:
    try:
        if given == _STANDARD_INPUT:
            return sys.stdin.buffer.read(_PAYLOAD_BYTES_MAX + 1)
        with Path(given).open("rb") as file:
            return file.read(_PAYLOAD_BYTES_MAX + 1)
    except OSError as error:
        raise click.BadParameter(
            f"{given} cannot be read: {error.strerror}.", param_hint="'--payload'"
        ) from error


DECISION = group(
    "decision", "See what hooks decided at the phases of runs.", [list_decisions, show], plural="decisions"
)
