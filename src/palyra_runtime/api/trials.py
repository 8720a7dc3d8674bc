"""Trying a module on what has happened, as a job: one that is sent, or that of an installed release."""

from __future__ import annotations

from palyra_runtime.api.operation import Progress
from palyra_runtime.facade import Replay
from palyra_runtime.facade.replay import TRIAL_LIMIT
from palyra_runtime.replay import TrialReport
from projections import Point


def try_module(  # noqa: PLR0913 - what an operator may choose
    replay: Replay,
    artifact: bytes,
    *,
    plugin: str | None = None,
    hook: str | None = None,
    since: Point | None = None,
    limit: int = TRIAL_LIMIT,
    progress: Progress,
) -> TrialReport:
    """Run a module that is sent on what a plugin ran on, and compare; nothing reaches the world."""
    return replay.try_module(artifact, plugin=plugin, hook=hook, since=since, limit=limit, progress=progress)


def try_version(  # noqa: PLR0913 - what an operator may choose
    replay: Replay,
    version: str,
    *,
    plugin: str | None = None,
    hook: str | None = None,
    since: Point | None = None,
    limit: int = TRIAL_LIMIT,
    progress: Progress,
) -> TrialReport:
    """Run the module of an installed release on what a plugin ran on, and compare."""
    return replay.try_module(
        version=version, plugin=plugin, hook=hook, since=since, limit=limit, progress=progress
    )
