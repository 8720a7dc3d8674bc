"""What can keep a skill from being made, built, tried or packed."""

from __future__ import annotations

from palyra_events.errors import Conflict, Findings, InvalidInput, NotFound, Unavailable


class ProjectExists(Conflict):
    """There is something in the folder already."""

    code = "PROJECT_EXISTS"
    advice = "Name another folder with --dir, or remove this one yourself: nothing is ever overwritten."


class InvalidProjectName(InvalidInput):
    """The name is not one that a skill can have."""

    code = "INVALID_PROJECT_NAME"
    advice = "Use lower-case letters, digits, hyphens and underscores, with dots between words: acme.echo."


class ProjectNotWritten(Unavailable):
    """A file of the project cannot be written."""

    code = "PROJECT_NOT_WRITTEN"
    advice = "Check the disk, and who may write to the folder."


class NoProject(NotFound):
    """The folder is not the project of a skill."""

    code = "NO_PROJECT"
    advice = "Go to the folder with skill.toml and build.toml in it, or make one with: palyra skill new"


class InvalidRecipe(InvalidInput):
    """The file build.toml does not say how the modules are built."""

    code = "INVALID_RECIPE"
    advice = "Correct build.toml; docs/writing-a-skill.md says what it holds."


class MissingToolchain(Unavailable):
    """No compiler for this language was found here."""

    code = "MISSING_TOOLCHAIN"
    advice = "Install what the message names, then run this again; no other step needs it."


class BuildFailed(InvalidInput):
    """The compiler refuses the source."""

    code = "BUILD_FAILED"
    advice = "Correct the source: the compiler's own words stand above."


class ModuleDoesNotFit(Findings):
    """A module was built, but it does not fit this host."""

    code = "MODULE_DOES_NOT_FIT"
    advice = "Keep to the guest contract: docs/guest-contract.md says what a module imports and exports."


class NotBuilt(Conflict):
    """The modules are not those that the sources build."""

    code = "NOT_BUILT"
    advice = "Build them with: palyra skill build"


class InvalidFixture(InvalidInput):
    """A fixture does not have the form of one."""

    code = "INVALID_FIXTURE"
    advice = "Correct the file; docs/writing-a-skill.md says what a fixture holds."


class UnknownFixture(NotFound):
    """The project has no such fixture."""

    code = "UNKNOWN_FIXTURE"
    advice = "A fixture NAME is the file fixtures/NAME.json of the project."


class RehearsalDiffers(Findings):
    """The skill does not answer as its golden files say."""

    code = "REHEARSAL_DIFFERS"
    advice = "Mend the skill, or, if the answers are right now, take them over with --update."


class KeyFileExists(Conflict):
    """There is a key file of this name already."""

    code = "KEY_FILE_EXISTS"
    advice = "Use the key that is there, or name another file with --out: a key is never overwritten."


class UnknownKeyFile(NotFound):
    """There is no key file of this name."""

    code = "UNKNOWN_KEY_FILE"
    advice = "Make a key with: palyra key generate PUBLISHER"
