"""The small part of Markdown that documents know.

Headings of four levels, lists without nesting, paragraphs of one line each; in a line ``code``, strong and
emphasised words, and links. There are no images, no HTML, no addresses that become links by themselves:
everything else is text. The terminal and the view for other clients show what this module finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from palyra_events.a2ui.link import safe_url

_HEADING = re.compile(r"(#{1,4})[ \t]+(.+)")
_BULLET = re.compile(r"[ \t]*[-*][ \t]+(.+)")
_NUMBERED = re.compile(r"[ \t]*[0-9]+\.[ \t]+(.+)")
_LINE_END = re.compile("\r\n?")

#: Each alternative ends at the first mark that can end it, and none holds another: one pass, no nesting.
_SPAN = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\*\*(?P<strong>[^*]+)\*\*"
    r"|\*(?P<em>[^*]+)\*"
    r"|\[(?P<label>[^\[\]]+)\]\((?P<target>[^)]{0,2048})\)"
)


class BlockKind(StrEnum):
    """What stands on a line of its own."""

    HEADING = "heading"
    BULLETS = "bullets"
    NUMBERED = "numbered"
    PARAGRAPH = "paragraph"


class SpanKind(StrEnum):
    """How a part of a line is meant."""

    PLAIN = "plain"
    CODE = "code"
    STRONG = "strong"
    EM = "em"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line; a link has its ``target``, already checked."""

    kind: SpanKind
    text: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading of ``level`` 1 to 4, a paragraph, or a list; ``lines`` has one entry for each item."""

    kind: BlockKind
    lines: tuple[tuple[Span, ...], ...]
    level: int = 0


def parse_markdown(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text, in order."""
    blocks: list[Block] = []
    for line in _LINE_END.sub("\n", text).split("\n"):
        if not line.strip():
            continue
        block = _block(line)
        if blocks and block.kind in _LISTS and blocks[-1].kind is block.kind:
            block = Block(block.kind, blocks.pop().lines + block.lines)
        blocks.append(block)
    return tuple(blocks)


_LISTS = frozenset({BlockKind.BULLETS, BlockKind.NUMBERED})


def _block(line: str) -> Block:
    if found := _HEADING.fullmatch(line):
        return Block(BlockKind.HEADING, (spans(found[2]),), level=len(found[1]))
    if found := _BULLET.fullmatch(line):
        return Block(BlockKind.BULLETS, (spans(found[1]),))
    if found := _NUMBERED.fullmatch(line):
        return Block(BlockKind.NUMBERED, (spans(found[1]),))
    return Block(BlockKind.PARAGRAPH, (spans(line.strip()),))


def spans(line: str) -> tuple[Span, ...]:
    """Return the parts of a line. A link that may not be followed is its plain label."""
    return tuple(_spans(line))


def _spans(line: str) -> Iterator[Span]:
    end = 0
    for found in _SPAN.finditer(line):
        if found.start() > end:
            yield Span(SpanKind.PLAIN, line[end : found.start()])
        yield _marked(found)
        end = found.end()
    if end < len(line):
        yield Span(SpanKind.PLAIN, line[end:])


def _marked(found: re.Match[str]) -> Span:
    if found["label"] is None:
        kind = SpanKind(found.lastgroup or "")
        return Span(kind, found[kind.value])
    target = safe_url(found["target"])
    return Span(SpanKind.LINK if target else SpanKind.PLAIN, found["label"], target)
