"""``palyra outbox retry`` and ``discard``: change the course of messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from palyra_events.errors import Conflict
from palyra_runtime.cli import units
from palyra_runtime.cli.bulk import PartlyDone
from palyra_runtime.cli.command import command, reason_option
from palyra_runtime.cli.interruption import interruptible
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime import Palyra
    from palyra_runtime.facade import MessageDetail

#: messages that are looked up at once, and refusals that are told, as a sample
_PAGE_SIZE, _SAMPLE_SIZE = 100, 10

_some = click.argument("messages", metavar="[MESSAGE]...", nargs=-1)
_all = click.option("--all", "all_", is_flag=True, help="All that were given up, not named ones.")
_channel = click.option("--channel", metavar="NAME", help="With --all, only messages to this channel.")


@dataclass(frozen=True, slots=True)
class _Course:
    """What is done to each message, and how it is called: to be done, being done, done."""

    change: Callable[[str], MessageDetail]
    words: tuple[str, str, str]


@command(
    "retry",
    "outbox retry 57.0 --reason 'the receiver is up again'",
    "outbox retry --all --channel ops",
)
@_some
@_all
@_channel
@reason_option
@click.pass_obj
def retry(
    session: Session, *, messages: tuple[str, ...], all_: bool, channel: str | None, reason: str | None
) -> None:
    """Try each MESSAGE again at once that failed, as often as at first."""
    with session.palyra() as palyra:
        chosen = _chosen(palyra, messages, channel, takes_all=all_)
        course = _Course(
            lambda message: palyra.messages.retry(message, reason=reason),
            ("Retry", "retrying", "to be retried"),
        )
        _change(session, course, chosen)


@command(
    "discard",
    "outbox discard 57.0 --reason 'too late to be of use'",
    "outbox discard --all --channel old-ops --reason 'nobody is there any more'",
)
@_some
@_all
@_channel
@click.option("--reason", required=True, metavar="TEXT", help="Why you do this; it is kept beside the log.")
@click.pass_obj
def discard(
    session: Session, *, messages: tuple[str, ...], all_: bool, channel: str | None, reason: str
) -> None:
    """Do not send MESSAGE, and say why; a try that is under way may still bring it."""
    with session.palyra() as palyra:
        chosen = _chosen(palyra, messages, channel, takes_all=all_)
        course = _Course(
            lambda message: palyra.messages.discard(message, reason=reason),
            ("Discard", "discarding", "discarded"),
        )
        _change(session, course, chosen)


def _chosen(
    palyra: Palyra, messages: tuple[str, ...], channel: str | None, *, takes_all: bool
) -> Sequence[str]:
    if bool(messages) == takes_all or (messages and channel):
        raise click.UsageError("Name messages, or choose all that were given up with --all.")
    return list(_given_up(palyra, channel)) if takes_all else list(dict.fromkeys(messages))


def _given_up(palyra: Palyra, channel: str | None) -> Iterator[str]:
    from palyra_events.message import MessageState  # noqa: PLC0415 - help does not wait for it

    after = (0, 0)
    while page := palyra.messages.list(
        state=MessageState.DEAD, channel=channel, after=after, limit=_PAGE_SIZE
    ):
        yield from (row.message_id for row in page)
        after = (page[-1].position, page[-1].place)


def _change(session: Session, course: _Course, chosen: Sequence[str]) -> None:
    """Change one message at once; several after a question, and as far as nobody interrupts it."""
    if len(chosen) == 1:
        detail = course.change(chosen[0])
        sentence = f"Message {detail.message_id} is {course.words[2]}."
        session.show(detail, lambda page: page.line(sentence))
        return
    if chosen:
        session.confirm(f"{course.words[0]} {units.plural(len(chosen), 'message')}?")
    done, refusals = _change_all(session, course, chosen)
    stopped = done + len(refusals) < len(chosen)
    told = {
        "total": len(chosen),
        "done": done,
        "left": len(refusals),
        "refusals": refusals[:_SAMPLE_SIZE],
        "interrupted": stopped,
    }
    session.show(told, lambda page: _describe(page, course, told))
    if stopped:
        raise click.Abort
    if refusals:
        raise PartlyDone(f"{units.plural(len(refusals), 'message')} were left as they are.")


def _change_all(session: Session, course: _Course, chosen: Sequence[str]) -> tuple[int, list[str]]:
    """Return how many messages were changed, and why others could not be; the rest was interrupted."""
    done, refusals = 0, list[str]()
    with interruptible() as is_stopped, session.progress(course.words[1]) as progress:
        for message in chosen:
            if is_stopped():
                break
            try:
                course.change(message)
                done += 1
            except Conflict as error:
                refusals.append(error.message)
            if progress is not None:
                progress(done, len(chosen))
    return done, refusals


def _describe(page: Page, course: _Course, told: dict[str, object]) -> None:
    if told["interrupted"]:
        page.line(f"Interrupted: {told['done']:,} of {told['total']:,} messages {course.words[2]}.")
    else:
        page.line(f"{told['done']:,} of {told['total']:,} messages {course.words[2]}.")
