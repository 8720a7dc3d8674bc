"""``palyra skill new|build|pack``: an author's way from nothing to a signed artifact."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import Decorator, command
from palyra_runtime.cli.key import key_option, signing_key_path
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime.authoring import BuildRecord, Packed, Project

#: in which a project can begin; `palyra_runtime.authoring` has them too, and is not imported for help
_LANGUAGES = ("rust", "c", "assemblyscript", "python", "wat")

#: what turns sources into a first build, where a language's own packages have to be fetched
_FETCH = {"assemblyscript": "npm install"}

folder_option: Decorator = click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    help="The project; by default the folder that you are in.",
)


@command(
    "new",
    "skill new --lang rust acme.echo",
    "skill new --lang python echo --publisher acme --dir work/echo",
)
@click.argument("name")
@click.option(
    "--lang", required=True, type=click.Choice(_LANGUAGES), help="The language that you will write in."
)
@click.option(
    "--publisher", metavar="NAME", help="Who publishes it; by default the first word of NAME, or else you."
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    help="Where to make it; by default a folder of the skill's name.",
)
@click.pass_obj
def new(session: Session, name: str, lang: str, publisher: str | None, folder: Path | None) -> None:
    """Make the project of a skill: a plugin that greets, fixtures to try it with, and the language's kit.

    NAME is an id such as acme.echo. Nothing is overwritten.
    """
    from palyra_runtime.authoring import Language, create_project, project_name  # noqa: PLC0415
    from palyra_runtime.config import read_config  # noqa: PLC0415

    config = read_config(home=session.home, actor=session.actor)
    named = project_name(name, publisher, _as_word(config.actor.partition(":")[2]))
    project = create_project(Language(lang), named, folder or Path(named.short))
    made = {
        "skill_id": named.skill_id,
        "publisher": named.publisher,
        "language": lang,
        "folder": project.folder,
    }
    steps = [f"cd {project.folder}", _FETCH.get(lang), "palyra skill build", "palyra skill test"]

    def describe(page: Page) -> None:
        page.line(f"{named.skill_id} is in {project.folder}. Go on with:")
        page.block("\n".join(filter(None, steps)))

    session.show(made, describe)


def _as_word(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "local"


@command("build", "skill build", "skill build --dir work/echo -o json")
@folder_option
@click.pass_obj
def build(session: Session, folder: Path) -> None:
    """Build the modules of a project into its folder build, with the compilers of this machine.

    A module that does not fit the guest contract is written all the same; what is wrong with it is
    shown, and the exit code is 6.
    """
    from palyra_runtime.authoring import (  # noqa: PLC0415
        BuildFailed,
        ModuleDoesNotFit,
        build_project,
        open_project,
    )

    project = open_project(folder)
    try:
        record = build_project(project)
    except BuildFailed as error:
        if session.is_for_people:
            session.remarks().block(str(error.details.get("output", "")))
        raise
    session.show(record, lambda page: _describe_build(page, project, record))
    if problems := _problems(project):
        raise ModuleDoesNotFit(f"{project.manifest.skill_id} does not fit this host.", failures=problems)


def _describe_build(page: Page, project: Project, record: BuildRecord) -> None:
    for module in record.modules:
        tool, version = module.tool.name, module.tool.version
        made_by = version if tool in version else f"{tool} {version}".strip()
        page.line(f"{project.modules / module.name}.wasm has {units.size(module.size)}, made by {made_by}.")


def _problems(project: Project) -> list[str]:
    from palyra_runtime.authoring import module_problems, read_build  # noqa: PLC0415
    from palyra_runtime.sandbox import Sandbox  # noqa: PLC0415

    _, modules = read_build(project)
    with Sandbox() as sandbox:
        return [
            f"{name}: {problem}"
            for name, module in modules.items()
            for problem in module_problems(module, sandbox.checks, project.manifest.entrypoint)
        ]


@command("pack", "skill pack", "skill pack --key acme.key --out dist/echo.palyra-skill")
@folder_option
@key_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the artifact; by default into the project's folder build.",
)
@click.pass_obj
def pack(session: Session, folder: Path, key: Path | None, out: Path | None) -> None:
    """Pack a project that was built: bill of materials, provenance, signature, one file.

    The same project and key give the same bytes on each day. The signature says the time that the
    variable SOURCE_DATE_EPOCH says, and none where it is not set.
    """
    from palyra_runtime.authoring import (  # noqa: PLC0415
        EPOCH_VARIABLE,
        epoch,
        open_project,
        pack_project,
        read_key,
    )
    from palyra_runtime.authoring.build import write_file  # noqa: PLC0415

    project = open_project(folder)
    path = key or signing_key_path(session, project.manifest.publisher)
    packed = pack_project(project, read_key(path), signed_at=epoch(os.environ.get(EPOCH_VARIABLE)))
    target = out or project.modules / f"{packed.skill_id.rpartition('.')[2]}.palyra-skill"
    write_file(target, packed.artifact)
    session.show(_told(packed, target), lambda page: _describe_pack(page, packed, target))


def _told(packed: Packed, target: Path) -> dict[str, object]:
    return {
        "skill_id": packed.skill_id,
        "version": packed.version,
        "publisher": packed.publisher,
        "key_id": packed.key_id,
        "artifact": target,
        "sha256": packed.sha256,
        "size": len(packed.artifact),
        "modules": packed.modules,
    }


def _describe_pack(page: Page, packed: Packed, target: Path) -> None:
    page.line(f"{packed.skill_id} {packed.version} is in {target}.")
    page.fields(
        [
            ("size", units.size(len(packed.artifact))),
            ("sha256", packed.sha256),
            ("signed by", f"{packed.publisher}, {packed.key_id}"),
        ]
    )
