"""``palyra skill test|bench``: run a project's modules on its fixtures, in the sandbox and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import Decorator, command
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.skill_project import folder_option
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from palyra_runtime.authoring import Measurement, Project, Rehearsal, Theatre

_fixtures_argument: Decorator = click.argument("fixtures", nargs=-1, metavar="[FIXTURE]...")
_module_option: Decorator = click.option(
    "--module", metavar="NAME", help="The module to run; by default the manifest's, or the only one."
)


def _fuel_range(row: Measurement) -> str:
    least, most = units.count(row.fuel_units_min), units.count(row.fuel_units_max)
    return least if least == most else f"{least}-{most}"


_MEASURED: Sequence[Column[Measurement]] = (
    Column("FIXTURE", lambda row: row.name, is_whole=True),
    Column("OUTCOME", lambda row: row.outcome, is_whole=True),
    Column("P50", lambda row: units.duration(row.duration_us_p50), is_number=True),
    Column("P99", lambda row: units.duration(row.duration_us_p99), is_number=True),
    Column("FUEL", _fuel_range, is_number=True),
    Column("MEMORY", lambda row: units.size(row.memory_bytes_peak), is_number=True),
)


@dataclass(frozen=True, slots=True)
class _Compared:
    """A rehearsal, and how its answer differs from the golden file; None where it does not."""

    rehearsal: Rehearsal
    difference: list[str] | None
    updated: bool


@command("test", "skill test", "skill test event --update", "skill test --dir work/echo -o ndjson")
@_fixtures_argument
@_module_option
@click.option("--update", is_flag=True, help="Write the answers into the golden files.")
@folder_option
@click.pass_obj
def test(
    session: Session, fixtures: tuple[str, ...], module: str | None, folder: Path, *, update: bool
) -> None:
    """Run a project on its fixtures, or on those named, and compare the answers with its golden files.

    It shows what the plugin answered and logged, and what it took. Nothing leaves the sandbox. If an
    answer differs from its golden file, or there is none, the exit code is 6.
    """
    from palyra_runtime.authoring import RehearsalDiffers, difference, read_fixture, write_golden  # noqa: PLC0415

    compared = []
    with _theatre(folder, module) as (project, theatre):
        for name in _names(project, fixtures):
            rehearsal = theatre.rehearse(name, read_fixture(project, name))
            found = difference(project, name, rehearsal.answer)
            if update and found is not None:
                write_golden(project, name, rehearsal.answer)
            compared.append(_Compared(rehearsal, None if update else found, update and found is not None))
    _show(session, compared)
    if differing := [each.rehearsal.name for each in compared if each.difference is not None]:
        raise RehearsalDiffers(
            f"{units.plural(len(differing), 'fixture')} of {len(compared)}: {', '.join(differing)}.",
            fixtures=differing,
        )


@command("bench", "skill bench", "skill bench event --runs 1000 -o json")
@_fixtures_argument
@_module_option
@click.option(
    "--runs",
    type=click.IntRange(1, 100_000),
    default=200,
    show_default=True,
    metavar="N",
    help="Run each fixture N times, each time in a new instance.",
)
@folder_option
@click.pass_obj
def bench(session: Session, fixtures: tuple[str, ...], module: str | None, runs: int, folder: Path) -> None:
    """Measure fresh runs of a project on its fixtures, or on those named: time, fuel and memory.

    Times count all but compiling, which happens once. Fuel is the same in every run.
    """
    from palyra_runtime.authoring import measure, read_fixture  # noqa: PLC0415

    rows = []
    with _theatre(folder, module) as (project, theatre):
        for name in _names(project, fixtures):
            with session.progress(f"fixture {name}") as told:
                rows.append(measure(theatre, name, read_fixture(project, name), runs=runs, told=told))
    session.list(rows, _MEASURED, empty="The project has no fixture.")


@contextmanager
def _theatre(folder: Path, module: str | None) -> Iterator[tuple[Project, Theatre]]:
    from palyra_runtime.authoring import Theatre, open_project, read_build  # noqa: PLC0415
    from palyra_runtime.sandbox import Sandbox  # noqa: PLC0415
    from palyra_runtime.skills import select_module  # noqa: PLC0415

    project = open_project(folder)
    _, modules = read_build(project)
    wanted = f"modules/{module}.wasm" if module else project.manifest.operator.plugin.default_module_path
    path = select_module([f"modules/{name}" for name in modules], wanted)
    with Sandbox() as sandbox:
        yield project, Theatre(sandbox, project.manifest, modules[path.removeprefix("modules/")])


def _names(project: Project, fixtures: tuple[str, ...]) -> Sequence[str]:
    from palyra_runtime.authoring import fixture_names  # noqa: PLC0415

    return fixtures or fixture_names(project)


def _show(session: Session, compared: Sequence[_Compared]) -> None:
    if session.is_for_people:
        for each in compared:
            _describe(session.results(), each)
        if not compared:
            session.remark("The project has no fixture: put one into fixtures/NAME.json")
    else:
        session.list(compared, [], empty="", record=_record)


def _record(each: _Compared) -> dict[str, object]:
    rehearsal = each.rehearsal
    return {
        "fixture": rehearsal.name,
        "as_expected": each.difference is None,
        "updated": each.updated,
        "difference": each.difference or [],
        "answer": rehearsal.answer,
        "message": rehearsal.message,
        "fuel_units": rehearsal.fuel_units,
        "fuel_budget": rehearsal.fuel_budget,
        "memory_bytes_peak": rehearsal.memory_bytes_peak,
        "duration_us": rehearsal.duration_us,
    }


def _describe(page: Page, each: _Compared) -> None:
    rehearsal, answer = each.rehearsal, each.rehearsal.answer
    page.heading(f"{rehearsal.name}: {_verdict(each)}")
    page.fields(
        [
            ("outcome", answer.outcome),
            ("message", rehearsal.message),
            ("fuel", f"{units.count(rehearsal.fuel_units)} of {units.count(rehearsal.fuel_budget)}"),
            ("memory", units.size(rehearsal.memory_bytes_peak)),
            ("duration", units.duration(rehearsal.duration_us)),
            ("host calls", len(answer.host_calls)),
        ]
    )
    _describe_answer(page, rehearsal)
    if each.difference is not None:
        page.line("difference")
        page.block("\n".join(each.difference))


def _describe_answer(page: Page, rehearsal: Rehearsal) -> None:
    answer = rehearsal.answer
    if answer.output is not None:
        page.line("output")
        page.block(json.dumps(answer.output, ensure_ascii=False, indent=2))
    parts = [
        ("log", [f"{line['level']:<7}  {line['text']}" for line in answer.logs]),
        ("calls", [f"{_text(call['request'])} -> {_text(call['answer'])}" for call in answer.host_calls]),
        ("would store", [_text(write) for write in answer.storage]),
        ("would send", [_text(message) for message in answer.messages]),
    ]
    for title, lines in parts:
        if lines:
            page.line(title)
            page.block("\n".join(lines))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _verdict(each: _Compared) -> str:
    if each.updated:
        return "golden file written"
    return "as expected" if each.difference is None else "not as expected"
