"""Which tool of a skill is meant."""

from __future__ import annotations

from palyra_events.errors import InvalidInput
from palyra_events.tool_run import TOOL_ID_LENGTH_MAX
from palyra_runtime.skills import Manifest
from palyra_runtime.skills.manifest import Tool


class UnknownTool(InvalidInput):
    """The skill has no such tool."""

    code = "UNKNOWN_TOOL"
    advice = "The manifest lists the tools under entrypoints.tools; the message names them."


class AmbiguousTool(InvalidInput):
    """The skill has several tools, so one must be named."""

    code = "AMBIGUOUS_TOOL"
    advice = "Name the tool with --tool."


def manifest_tool(manifest: Manifest, tool_id: str) -> Tool:
    """Return the tool of this id.

    Raises:
        UnknownTool: the manifest has none, or its id is too long to be recorded.
    """
    wanted = tool_id.strip()
    tool = next((tool for tool in manifest.entrypoints.tools if tool.id == wanted), None)
    if tool is None or len(tool.id) > TOOL_ID_LENGTH_MAX:
        raise UnknownTool(
            f"{manifest.skill_id} has no tool {wanted[:160]!r}; it has {_listed(manifest)}.",
            tool_id=wanted[:160],
        )
    return tool


def default_tool(manifest: Manifest) -> Tool:
    """Return the tool that is meant where none is named: the manifest's default, or the only one.

    Raises:
        AmbiguousTool: it says no default and has several.
    """
    default = manifest.operator.plugin.default_tool_id
    if default is not None:
        return manifest_tool(manifest, default)
    if len(manifest.entrypoints.tools) != 1:
        raise AmbiguousTool(f"{manifest.skill_id} has several tools: {_listed(manifest)}.")
    return manifest_tool(manifest, manifest.entrypoints.tools[0].id)


def _listed(manifest: Manifest) -> str:
    return ", ".join(tool.id[:TOOL_ID_LENGTH_MAX] for tool in manifest.entrypoints.tools)[:1_000]
