"""The commands of the program, by their paths."""

from __future__ import annotations

from collections.abc import Iterator

import click

from palyra_runtime.cli.program import root


def _leaves(
    command: click.Command = root, path: tuple[str, ...] = ("palyra",)
) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _leaves(each, (*path, name))
    else:
        yield " ".join(path), command


#: each command that does something, such as ``palyra hook list``
LEAVES = dict(_leaves())
