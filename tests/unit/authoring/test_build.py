from __future__ import annotations

import json

import pytest

from palyra_runtime.authoring import (
    Language,
    build_project,
    create_project,
    module_problems,
    open_project,
    read_build,
)
from palyra_runtime.authoring.errors import BuildFailed, InvalidRecipe, NoProject, NotBuilt, ProjectNotWritten
from palyra_runtime.sandbox import default_sandbox, link_problems
from tests.unit.authoring.conftest import NAME, edited

each_compiler = pytest.mark.parametrize("language", [Language.RUST, Language.C])


@each_compiler
def test_a_new_project_builds(tmp_path, language):
    """The module fits the host, and says nothing about the machine that built it."""
    project = create_project(language, NAME, tmp_path / "echo")

    record = build_project(project)

    _, modules = read_build(project)
    assert link_problems(modules["echo.wasm"]) == []
    assert str(tmp_path).encode() not in modules["echo.wasm"]
    assert str(tmp_path) not in record.model_dump_json()


@each_compiler
def test_building_twice_gives_the_same_bytes(tmp_path, language):
    """In another folder, too."""
    first, second = (create_project(language, NAME, tmp_path / name) for name in "ab")

    assert build_project(first) == build_project(second)


@each_compiler
def test_a_mistake_is_told_in_the_compilers_words(tmp_path, language):
    """With the place of the mistake, and without the place of the build; what was built before stays."""
    project = create_project(language, NAME, tmp_path / "echo")
    source = project.recipe.modules[0].source
    (project.folder / source).write_text("oops")

    with pytest.raises(BuildFailed, match=source) as failed:
        build_project(project)

    assert f"{source}:1:1" in failed.value.details["output"]
    assert "/palyra-build-" not in failed.value.details["output"]
    assert not (project.folder / "build").exists()


def test_text_that_is_no_module_is_told(project):
    """WAT is read by Palyra itself, and its mistakes are told as others."""
    with pytest.raises(BuildFailed) as failed:
        build_project(edited(project, "src/plugin.wat", "(module", "(modul"))

    assert "modul" in failed.value.details["output"]


def test_a_record_says_what_a_module_was_built_from(built):
    """All files that it was built from, and what built it."""
    record, modules = read_build(built)

    (module,) = record.modules
    assert (module.name, module.size, module.language) == ("echo", len(modules["echo.wasm"]), "wat")
    assert list(module.sources) == ["src/plugin.wat"]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda folder: (folder / "src" / "plugin.wat").write_text("(module)"), "src/plugin.wat has changed"),
        (lambda folder: (folder / "src" / "more.wat").write_text(""), "src/more.wat has changed"),
        (lambda folder: (folder / "build" / "echo.wasm").write_bytes(b""), "not the module that was built"),
        (lambda folder: (folder / "build" / "echo.wasm").unlink(), "cannot be read"),
        (lambda folder: (folder / "build" / "build.json").unlink(), "not built yet"),
        (lambda folder: (folder / "build" / "build.json").write_text("[]"), "not the record"),
        (lambda folder: (folder / "build" / "build.json").write_text("{"), r"build\.json is not the record"),
        (
            lambda folder: (folder / "build.toml").write_text(
                (folder / "build.toml").read_text().replace('"echo"', '"other"')
            ),
            "other modules",
        ),
    ],
)
def test_what_was_not_built_from_these_sources_is_refused(built, spoil, complaint):
    """Nobody packs a module whose source is another one by now."""
    spoil(built.folder)

    with pytest.raises(NotBuilt, match=complaint):
        read_build(open_project(built.folder))


def test_a_kit_that_has_changed_is_another_source(tmp_path):
    """The kit is a part of what a module is built from."""
    project = create_project(Language.C, NAME, tmp_path / "echo")
    build_project(project)

    (project.folder / "kit" / "palyra.h").write_text("")

    with pytest.raises(NotBuilt, match=r"kit/palyra\.h"):
        read_build(project)


def test_without_a_copy_the_kit_is_the_one_that_comes_with_palyra(tmp_path):
    """Who wants the newest kit removes the old one, and gets the same module."""
    project = create_project(Language.C, NAME, tmp_path / "echo")
    before = build_project(project)
    (project.folder / "kit" / "palyra.h").unlink()
    (project.folder / "kit").rmdir()

    assert build_project(project) == before


def test_a_source_that_is_not_there_is_told(project):
    """The recipe names it."""
    with pytest.raises(InvalidRecipe, match=r"src/other\.wat is not there"):
        build_project(edited(project, "build.toml", "src/plugin.wat", "src/other.wat"))


def test_a_module_of_another_tool_is_taken_as_it_is(built):
    """It is copied, and the record says that nobody knows what built it."""
    module = (built.folder / "build" / "echo.wasm").read_bytes()
    (built.folder / "other.wasm").write_bytes(module)
    recipe = '[[modules]]\nname = "echo"\nsource = "other.wasm"\nlanguage = "wasm"\n'
    (built.folder / "build.toml").write_text(recipe)

    record = build_project(open_project(built.folder))

    assert (record.modules[0].tool.name, record.modules[0].size) == ("unknown", len(module))


def test_a_module_that_does_not_fit_is_known_before_it_is_packed(project):
    """By the checks that an audit makes."""
    build_project(edited(project, "src/plugin.wat", '"input-size"', '"input-sighs"'))
    module = (project.folder / "build" / "echo.wasm").read_bytes()

    problems = module_problems(module, default_sandbox().checks, "start")

    assert [problem for problem in problems if "input-sighs" in problem]
    assert [problem for problem in problems if "start" in problem]


def test_a_component_is_built_of_a_source_in_c(tmp_path):
    """The same source makes a module and a component."""
    project = create_project(Language.C, NAME, tmp_path / "echo")
    module = build_project(project).modules[0]

    component = build_project(edited(project, "build.toml", '"c"', '"c-component"')).modules[0]

    assert component.language == "c-component"
    assert component.sha256 != module.sha256
    _, modules = read_build(open_project(project.folder))
    assert modules["echo.wasm"][4:8] == b"\x0d\x00\x01\x00"


@pytest.mark.parametrize("missing", ["skill.toml", "build.toml"])
def test_a_folder_that_is_no_project_is_told(project, missing):
    """Both files make a project."""
    (project.folder / missing).unlink()

    with pytest.raises(NoProject, match=missing):
        open_project(project.folder)


def test_a_build_folder_that_cannot_be_written_is_told(project):
    """A file where the folder should be."""
    (project.folder / "build").write_text("")

    with pytest.raises(ProjectNotWritten):
        build_project(project)


def test_a_record_is_json_for_everybody(built):
    """Other tools can read what was built."""
    record = json.loads((built.folder / "build" / "build.json").read_text())

    assert record["modules"][0]["tool"]["name"] == "wat2wasm"
