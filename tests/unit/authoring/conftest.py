from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

from palyra_runtime.authoring import (
    Language,
    Project,
    build_project,
    create_project,
    open_project,
    project_name,
)

NAME = project_name("acme.echo", None, "ada")


@pytest.fixture
def project(tmp_path) -> Project:
    """A new project in a language that needs no compiler."""
    return create_project(Language.WAT, NAME, tmp_path / "echo")


@pytest.fixture
def built(project) -> Project:
    """The same project, built."""
    build_project(project)
    return project


@pytest.fixture
def python(tmp_path) -> Callable[[str], Project]:
    """Makes a project in Python whose plugin is the body of a function of ``request``."""

    def make(body: str, **files: str) -> Project:
        place = Path(mkdtemp(dir=tmp_path))
        project = create_project(Language.PYTHON, NAME, place)
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        (project.folder / "src" / "plugin.py").write_text(f"import palyra\ndef main(request):\n{lines}")
        for name, content in files.items():
            (project.folder / "src" / f"{name}.py").write_text(content)
        return open_project(project.folder)

    return make


def edited(project: Project, path: str, before: str, after: str) -> Project:
    """Return the project with something in one of its files replaced."""
    file: Path = project.folder / path
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))
    return open_project(project.folder)
