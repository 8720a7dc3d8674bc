from __future__ import annotations

import inspect
import shlex
from pathlib import Path

import click
import pytest

from palyra_runtime.cli.program import root
from tests.command_tree import LEAVES

DOCUMENT = Path(__file__).parents[3] / "docs" / "cli.md"

#: options that are told of once, for all commands
COMMON = {"output", "help"}

each_command = pytest.mark.parametrize("path", sorted(LEAVES))


def examples(path):
    """Return the examples at the end of a command's help."""
    lines = [line.strip() for line in LEAVES[path].epilog.splitlines()]
    return [line for line in lines if line.startswith("$ ")]


def parsed(words):
    """Return the command that the words of a command line, up to a redirection, lead to."""
    name, *words = words[: next((i for i, word in enumerate(words) if word.startswith(">")), None)]
    command, context = root, None
    while isinstance(command, click.Group):
        context = command.make_context(name, words, parent=context)
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
    command.make_context(name, words, parent=context)
    return command


def section(path):
    """Return what the reference has to say about a command."""
    command = LEAVES[path]
    context = click.Context(command, info_name=path)
    arguments = [p.make_metavar(context) for p in command.params if isinstance(p, click.Argument)]
    told = [p for p in command.params if isinstance(p, click.Option) and p.name not in COMMON]
    options = [f"- `{' '.join(o.get_help_record(context)[0].split())}`: {o.help}" for o in told]
    return "\n".join(
        [
            f"### `{' '.join([path, *arguments])}`",
            "",
            inspect.cleandoc(command.help),
            "",
            *([*options, ""] if options else []),
            "```console",
            *examples(path),
            "```",
        ]
    )


@each_command
def test_a_command_says_what_it_is_for(path):
    """The first line of its help is one sentence."""
    purpose = inspect.cleandoc(LEAVES[path].help).split("\n\n")[0]

    assert purpose.endswith(".")
    assert len(purpose) <= 120


@each_command
def test_every_option_says_what_it_does(path):
    """No option is left to be guessed, and each text is a sentence."""
    told = [option for option in LEAVES[path].params if isinstance(option, click.Option)]

    assert [option.name for option in told if not (option.help or "").endswith(".")] == []


@each_command
def test_the_examples_can_be_typed(path):
    """There is one at least, and each one is a command line that this command understands."""
    commands = [parsed(shlex.split(line)[1:]) for line in examples(path)]

    assert commands
    assert commands == [LEAVES[path]] * len(commands)


@each_command
def test_the_reference_tells_of_a_command(path):
    """docs/cli.md says what the help says."""
    assert section(path) in DOCUMENT.read_text(encoding="utf-8")


def test_the_reference_tells_of_no_other_command():
    """What was renamed or taken away is not described any more."""
    titles = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("### `")]

    assert sorted(titles) == sorted(section(path).partition("\n")[0] for path in LEAVES)
