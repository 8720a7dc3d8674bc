"""How the modules of a skill are built: the file ``build.toml`` of a project.

``skill.toml`` says what the skill is, and everybody who installs it reads that. How its author makes
the modules concerns nobody else, so it stands in a file of its own and is not packed.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from palyra_events.errors import InvalidInput
from palyra_runtime.authoring.errors import InvalidRecipe
from palyra_runtime.skills.paths import MODULE_SUFFIX, normalize_path

RECIPE_PATH = "build.toml"
#: the folder of a project with what its author writes
SOURCES = "src"

#: bytes
_RECIPE_BYTES_MAX = 64 * 1024


class Language(StrEnum):
    """What a module is written in; ``wasm`` is one that another tool has built."""

    RUST = "rust"
    C = "c"
    #: the same sources as of C, made into a component
    C_COMPONENT = "c-component"
    ASSEMBLYSCRIPT = "assemblyscript"
    PYTHON = "python"
    WAT = "wat"
    WASM = "wasm"


def _source_path(path: str) -> str:
    normal = normalize_path(path)
    if normal != path:
        raise ValueError(f"is spelled {normal}")
    return path


class ModuleRecipe(BaseModel):
    """One module: built from ``source``, and ``modules/<name>.wasm`` in the artifact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_][a-z0-9._-]{0,63}$")]
    source: Annotated[str, AfterValidator(_source_path)]
    language: Language

    @model_validator(mode="after")
    def _lies_among_the_sources(self) -> Self:
        # What is built is recorded as built from all files of this folder, so it has to be there.
        if self.language is not Language.WASM and not self.source.startswith(f"{SOURCES}/"):
            raise ValueError(f"{self.source} is not in the folder {SOURCES}")
        return self

    @property
    def file_name(self) -> str:
        """The module's file, without a folder."""
        return f"{self.name}{MODULE_SUFFIX}"


class Recipe(BaseModel):
    """The content of ``build.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    modules: Annotated[tuple[ModuleRecipe, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        if len({module.name for module in self.modules}) < len(self.modules):
            raise ValueError("two modules have one name")
        return self


def parse_recipe(document: bytes) -> Recipe:
    """Return what ``build.toml`` says.

    Raises:
        InvalidRecipe: it is not TOML, or not of this form; the message names what is wrong.
    """
    if len(document) > _RECIPE_BYTES_MAX:
        raise InvalidRecipe(f"{RECIPE_PATH} is larger than {_RECIPE_BYTES_MAX} bytes.")
    try:
        return Recipe.model_validate(tomllib.loads(document.decode()))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise InvalidRecipe(f"{RECIPE_PATH}: {'; '.join(problems)}.", problems=problems) from error
    except (ValueError, RecursionError, InvalidInput) as error:
        raise InvalidRecipe(f"{RECIPE_PATH} cannot be read: {error}.") from error
