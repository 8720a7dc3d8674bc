"""``palyra replay``: what ran runs again, and what would have happened with another module."""

from __future__ import annotations

from palyra_runtime.cli.command import group
from palyra_runtime.cli.replay_explain import explain
from palyra_runtime.cli.replay_run import run
from palyra_runtime.cli.replay_try import try_module

REPLAY = group(
    "replay",
    "Run again what ran, tell why it ran, and try a module on what has happened.",
    [run, explain, try_module],
)
