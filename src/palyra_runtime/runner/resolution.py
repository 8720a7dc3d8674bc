"""From a request to the module that it means, and to what its skill says about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.errors import NotFound, UnknownBlob
from palyra_runtime.runner.errors import InvalidRunRequest, RuntimeFailure
from palyra_runtime.runner.request import RunRequest, inline_module
from palyra_runtime.runner.tool import manifest_tool
from palyra_runtime.sandbox import is_binary_module, wasm_from_text
from palyra_runtime.skills import Artifact, declared_capabilities, select_module
from palyra_runtime.skills.manifest import Quotas

Source = Literal["installed_skill_artifact", "inline_module"]


class InstalledSkills(Protocol):
    """Where installed artifacts come from."""

    def artifact(self, skill_id: str, version: str | None) -> Artifact:
        """Return the artifact of a release that may run; without a version, of the enabled one.

        Raises:
            NotFound: there is no such skill or release, or its bytes are not kept.
            NotAllowed: it may not run.
        """
        ...


@dataclass(frozen=True, slots=True)
class SkillModule:
    """Which module of which release, and the tool that it was asked for."""

    skill_id: str
    version: str
    module_path: str
    tool_id: str | None


@dataclass(frozen=True, slots=True)
class ResolvedModule:
    """A module to run. ``declared`` and ``quotas`` are its manifest's, None where it is inline."""

    content: bytes
    resolved_from: Source
    skill: SkillModule | None = None
    declared: PluginCapabilityProfile | None = None
    quotas: Quotas | None = None

    def binary(self) -> bytes:
        """Return the module in binary form.

        Only an inline module may be text: of a skill, what runs is the binary that was signed.

        Raises:
            InvalidModule: it is neither a binary nor module text.
        """
        if self.skill is not None or is_binary_module(self.content):
            return self.content
        return wasm_from_text(self.content)

    def skill_document(self) -> dict[str, Any] | None:
        """Return the skill as a run reports it."""
        return None if self.skill is None else asdict(self.skill)


def resolve_inline(request: RunRequest) -> ResolvedModule:
    """Return the module that a request brings along.

    Raises:
        InvalidRunRequest: it is not valid base64.
    """
    return ResolvedModule(inline_module(request), "inline_module")


def resolve_installed(request: RunRequest, installed: InstalledSkills) -> ResolvedModule:
    """Return the module of an installed skill.

    Raises:
        InvalidRunRequest: there is no such skill or release.
        UnknownTool, UnknownModule, AmbiguousModule, InvalidModulePath: it has no such tool or module.
        NotAllowed: the release may not run.
        RuntimeFailure: its bytes are not kept any more.
        LogDamaged: its bytes are not those that were installed.
    """
    artifact = _artifact(request, installed)
    manifest = artifact.manifest
    tool_id = None if request.tool_id is None else manifest_tool(manifest, request.tool_id).id
    path = select_module(artifact.modules, request.module_path)
    return ResolvedModule(
        content=artifact.modules[path],
        resolved_from="installed_skill_artifact",
        skill=SkillModule(manifest.skill_id, manifest.version, path, tool_id),
        declared=declared_capabilities(manifest),
        quotas=manifest.capabilities.quotas,
    )


def _artifact(request: RunRequest, installed: InstalledSkills) -> Artifact:
    version = None if request.skill_version is None else request.skill_version.strip()
    try:
        return installed.artifact((request.skill_id or "").strip(), version)
    except UnknownBlob as error:
        raise RuntimeFailure(error.message, skill_id=request.skill_id) from error
    except NotFound as error:
        raise InvalidRunRequest(error.message, skill_id=request.skill_id) from error
