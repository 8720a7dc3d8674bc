"""What a person or a program reads when a command fails, and the exit code that goes with it.

0  done                        5  conflict: the state has moved on, or forbids this
1  declined                    6  findings: a check found something wrong
2  wrong usage or input        7  unavailable: try again later
3  not found                   8  partly done
4  not allowed                70  a mistake in Palyra itself
                             130  interrupted            141  nobody reads the output
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field

import click
from click.exceptions import NoArgsIsHelpError

from palyra_events.errors import Findings, PalyraError, RunFailed
from palyra_runtime.cli.document import plain
from palyra_runtime.cli.page import Page

USAGE = 2
INTERNAL = 70
INTERRUPTED = 130
#: 128 + SIGPIPE, as of a program that the closed pipe has ended
UNREAD = 141

#: set to anything, an internal error shows where it happened
DEBUG_VARIABLE = "PALYRA_DEBUG"


class Declined(PalyraError):
    """Nothing was done."""

    code = "DECLINED"
    advice = "Answer yes, or add --yes."


class ReleaseQuarantined(Findings):
    """The release is kept, but it is in quarantine and cannot run."""

    code = "RELEASE_QUARANTINED"
    advice = "Read the failed checks with: palyra skill show SKILL"


class ToolRunFailed(RunFailed):
    """The plugin did not do what the tool promises; how it went is recorded."""

    code = "TOOL_RUN_FAILED"
    advice = "Nothing that it would have changed has happened; the message says what its author can mend."


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in the four parts that are told."""

    code: str
    message: str
    hint: str
    exit_code: int
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def findings(self) -> list[str]:
        """What was found, where a check failed."""
        found = self.details.get("failures")
        return [str(each) for each in found] if isinstance(found, list | tuple) else []


def failure_of(error: Exception) -> Failure:
    """Return how ``error`` is told.

    Of an unforeseen one only its kind is: its text may hold what nobody should read.
    """
    if isinstance(error, PalyraError):
        return Failure(error.code, error.message, error.advice, error.exit_code, error.details)
    if isinstance(error, NoArgsIsHelpError):
        return Failure("USAGE", "A command is missing.", _usage_hint(error), USAGE)
    if isinstance(error, click.ClickException):
        return Failure("USAGE", error.format_message(), _usage_hint(error), USAGE)
    return Failure(
        "INTERNAL",
        f"Palyra made a mistake ({type(error).__name__}).",
        f"Run it again with {DEBUG_VARIABLE}=1 and report what it prints.",
        INTERNAL,
    )


def report(error: Exception, page: Page, *, as_json: bool) -> int:
    """Tell ``error`` on ``page`` and return the exit code."""
    if isinstance(error, NoArgsIsHelpError) and not as_json:
        click.echo(error.message, err=True)
        return USAGE
    failure = failure_of(error)
    if failure.exit_code == INTERNAL and os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(error, file=sys.stderr)
    if as_json:
        page.document({"error": _told(failure)})
    else:
        page.label("error:", failure.message, style="red")
        page.items(failure.findings)
        page.label("hint:", failure.hint, style="cyan")
    return failure.exit_code


def _told(failure: Failure) -> dict[str, object]:
    details = {name: _detail(value) for name, value in failure.details.items()}
    return {"code": failure.code, "message": failure.message, "hint": failure.hint, "details": details}


def _detail(value: object) -> object:
    try:
        return plain(value)
    except TypeError:
        return str(value)


def _usage_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "palyra"
    return f"Run: {command} --help"
