"""Authoring: from a new project to a signed artifact, on the author's own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from palyra_events.exports import on_demand

if TYPE_CHECKING:
    from palyra_runtime.authoring.build import (
        BuildRecord,
        BuiltModule,
        build_project,
        module_problems,
        read_build,
    )
    from palyra_runtime.authoring.errors import BuildFailed, ModuleDoesNotFit, RehearsalDiffers
    from palyra_runtime.authoring.fixture import Fixture, fixture_names, read_fixture
    from palyra_runtime.authoring.golden import difference, write_golden
    from palyra_runtime.authoring.key_file import PublicKey, generate_key, read_key, read_public_key
    from palyra_runtime.authoring.measurement import Measurement, measure
    from palyra_runtime.authoring.packing import EPOCH_VARIABLE, Packed, epoch, pack_project
    from palyra_runtime.authoring.project import Project, open_project
    from palyra_runtime.authoring.recipe import Language
    from palyra_runtime.authoring.rehearsal import Answer, Rehearsal, Theatre
    from palyra_runtime.authoring.template import LANGUAGES, ProjectName, create_project, project_name

__all__ = [
    "EPOCH_VARIABLE",
    "LANGUAGES",
    "Answer",
    "BuildFailed",
    "BuildRecord",
    "BuiltModule",
    "Fixture",
    "Language",
    "Measurement",
    "ModuleDoesNotFit",
    "Packed",
    "Project",
    "ProjectName",
    "PublicKey",
    "Rehearsal",
    "RehearsalDiffers",
    "Theatre",
    "build_project",
    "create_project",
    "difference",
    "epoch",
    "fixture_names",
    "generate_key",
    "measure",
    "module_problems",
    "open_project",
    "pack_project",
    "project_name",
    "read_build",
    "read_fixture",
    "read_key",
    "read_public_key",
    "write_golden",
]

# Help, and making a key, need neither the sandbox nor the library that writes bills of materials.
__getattr__ = on_demand(
    __name__,
    __all__,
    [
        "errors", "recipe", "key_file", "project", "template", "build", "fixture", "rehearsal", "golden",
        "measurement", "packing",
    ],
)  # fmt: skip
