"""The command line."""

from palyra_runtime.cli.program import main

__all__ = ["main"]
