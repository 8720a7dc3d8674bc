from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palyra_runtime.authoring.errors import InvalidRecipe
from palyra_runtime.authoring.recipe import Language, parse_recipe

MODULE = '[[modules]]\nname = "echo"\nsource = "src/plugin.c"\nlanguage = "c"\n'


def test_a_recipe_names_its_modules():
    """Each has a name, a source and a language."""
    (module,) = parse_recipe(MODULE.encode()).modules

    assert (module.name, module.source, module.language) == ("echo", "src/plugin.c", Language.C)
    assert module.file_name == "echo.wasm"


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("", "modules"),
        ("modules = []", "modules"),
        ("modules = 3", "modules"),
        ("[[modules]", "cannot be read"),
        (MODULE + "colour = 1", "colour"),
        (MODULE + MODULE, "two modules have one name"),
        (MODULE.replace('"c"', '"cobol"'), "language"),
        (MODULE.replace('"echo"', '"../echo"'), "name"),
        (MODULE.replace('"echo"', '""'), "name"),
        (MODULE.replace('"echo"', '"Echo"'), "name"),
        (MODULE.replace("src/", ""), "not in the folder src"),
        (MODULE.replace("src/", "/src/"), "absolute"),
        (MODULE.replace("src/", "src/../../"), "segment"),
        (MODULE.replace("src/", "src//"), "segment"),
        (MODULE.replace("src/plugin", "src\\\\plugin"), "spelled"),
        ("#" * 70_000, "larger"),
    ],
)
def test_what_makes_no_sense_is_told(document, complaint):
    """The message names what is wrong."""
    with pytest.raises(InvalidRecipe, match=complaint):
        parse_recipe(document.encode())


def test_a_module_of_another_tool_lies_where_that_tool_puts_it():
    """Only sources have to be in the folder of sources."""
    document = '[[modules]]\nname = "echo"\nsource = "target/release/echo.wasm"\nlanguage = "wasm"\n'

    (module,) = parse_recipe(document.encode()).modules

    assert module.source == "target/release/echo.wasm"


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_a_recipe_or_an_error(document):
    """Nothing but our own errors leaves the reader."""
    with suppress(InvalidRecipe):
        parse_recipe(document)
