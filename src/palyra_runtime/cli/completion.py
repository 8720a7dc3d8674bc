"""``palyra completion``: let a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from palyra_runtime.cli.command import command

#: set by the shell's function when it asks for completions
COMPLETION_VARIABLE = "_PALYRA_COMPLETE"


@command(
    "completion", "completion bash >> ~/.bashrc", "completion fish > ~/.config/fish/completions/palyra.fish"
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the lines that make SHELL complete palyra's commands and options."""
    kind = get_completion_class(shell)
    assert kind is not None, "each choice has one"
    click.echo(kind(context.find_root().command, {}, "palyra", COMPLETION_VARIABLE).source())
