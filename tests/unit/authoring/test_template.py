from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palyra_runtime.authoring import (
    LANGUAGES,
    Language,
    create_project,
    fixture_names,
    project_name,
    read_fixture,
)
from palyra_runtime.authoring.errors import InvalidProjectName, ProjectExists, ProjectNotWritten
from palyra_runtime.authoring.shipped import kit_files
from palyra_runtime.skills import manifest_warnings, parse_manifest

each_language = pytest.mark.parametrize("language", LANGUAGES)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@each_language
def test_a_project_is_about_the_skill(tmp_path, language):
    """Manifest, recipe and fixtures have its names, no blank is left, and nothing warns."""
    project = create_project(language, project_name("acme.tools.echo", None, "ada"), tmp_path / "echo")

    manifest = project.manifest
    assert (manifest.skill_id, manifest.publisher) == ("acme.tools.echo", "acme")
    assert [tool.id for tool in manifest.entrypoints.tools] == ["acme.echo"]
    assert [(module.name, module.language) for module in project.recipe.modules] == [("echo", language)]
    assert fixture_names(project) == ["event", "tool"]
    assert read_fixture(project, "tool").tool.id == "acme.echo"
    assert [
        path for path, text in contents(project.folder).items() if b"{{" in text and "kit/" not in path
    ] == []
    assert manifest_warnings(manifest) == ()


@each_language
def test_a_project_has_a_copy_of_the_kit(tmp_path, language):
    """What the author edits is not what comes with Palyra. WAT has none: its source is all there is."""
    project = create_project(language, project_name("acme.echo", None, "ada"), tmp_path / "echo")

    assert contents(project.folder / "kit") == kit_files(language)
    assert bool(kit_files(language)) is (language is not Language.WAT)


def test_two_projects_are_alike(tmp_path):
    """Nothing of the place or the time is in a project."""
    first, second = (
        create_project(Language.C, project_name("acme.echo", None, "ada"), tmp_path / name) for name in "ab"
    )

    assert contents(first.folder) == contents(second.folder)


@pytest.mark.parametrize(
    ("name", "publisher", "skill_id", "publisher_id"),
    [
        ("acme.echo", None, "acme.echo", "acme"),
        ("echo", None, "ada.echo", "ada"),
        ("echo", "acme", "acme.echo", "acme"),
        ("tools.echo", "acme", "tools.echo", "acme"),
        ("0_x-y", "a", "a.0_x-y", "a"),
    ],
)
def test_a_name_says_who_publishes(name, publisher, skill_id, publisher_id):
    """The first word of a name with dots does, if nobody else says it."""
    named = project_name(name, publisher, "ada")

    assert (named.skill_id, named.publisher) == (skill_id, publisher_id)


WEIRD = [
    "",
    ".",
    "..",
    "a..b",
    ".a",
    "a.",
    "A",
    "ä",
    "a b",
    "a/b",
    "../a",
    "-a",
    "a.-b",
    "a\n",
    "a:b",
    "x" * 64,
]


@pytest.mark.parametrize("name", WEIRD, ids=repr)
def test_a_name_that_no_skill_can_have(name):
    """It is refused before anything is written."""
    with pytest.raises(InvalidProjectName):
        project_name(name, None, "ada")


@pytest.mark.parametrize("publisher", ["A", "a b", "a.b", "-"], ids=repr)
def test_a_publisher_that_nobody_can_be(publisher):
    """The publisher is one word."""
    with pytest.raises(InvalidProjectName):
        project_name("echo", publisher, "ada")


@given(name=st.text(max_size=140), publisher=st.none() | st.text(max_size=20))
def test_what_is_named_can_be_packed(name, publisher):
    """Every name that is taken makes a valid manifest; all others are refused."""
    try:
        named = project_name(name, publisher, "ada")
    except InvalidProjectName:
        return
    document = f"""
        skill_id = "{named.skill_id}"
        name = "{named.short}"
        version = "0.1.0"
        publisher = "{named.publisher}"
        compat = {{ required_protocol_major = 1, min_palyra_version = "0.1.0" }}
        [[entrypoints.tools]]
        id = "{named.publisher}.{named.short}"
        name = "x"
        description = "x"
        input_schema = {{}}
        output_schema = {{}}
    """
    assert parse_manifest(document.encode()).skill_id == named.skill_id


@pytest.mark.parametrize("kind", ["file", "folder", "link", "dangling"])
def test_nothing_is_overwritten(tmp_path, kind):
    """What is there stays as it is, whatever it is."""
    place = tmp_path / "echo"
    if kind == "file":
        place.write_text("mine")
    elif kind == "folder":
        place.mkdir()
        (place / "mine").write_text("mine")
    else:
        (tmp_path / "real").mkdir()
        place.symlink_to(tmp_path / ("real" if kind == "link" else "nowhere"))
    before = sorted(tmp_path.iterdir()), contents(tmp_path)

    with pytest.raises(ProjectExists):
        create_project(Language.C, project_name("acme.echo", None, "ada"), place)

    assert (sorted(tmp_path.iterdir()), contents(tmp_path)) == before


def test_an_empty_folder_is_taken(tmp_path):
    """A folder that somebody has just made for it is where the project goes."""
    (tmp_path / "echo").mkdir()

    create_project(Language.C, project_name("acme.echo", None, "ada"), tmp_path / "echo")

    assert (tmp_path / "echo" / "skill.toml").is_file()


def test_a_place_that_cannot_be_is_told(tmp_path):
    """Below a file there is no folder, and nothing is left behind."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ProjectNotWritten):
        create_project(Language.C, project_name("acme.echo", None, "ada"), tmp_path / "file" / "echo")

    assert [each.name for each in tmp_path.iterdir()] == ["file"]
