"""Text for A2UI's ``Text``, which reads Markdown: what is plain must stay plain.

Without this a cell that says ``[x](http://evil.example)`` would become a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from palyra_events.a2ui.markdown import Block, BlockKind, Span, SpanKind, parse_markdown

#: what has a meaning anywhere in a line (CommonMark 0.31 section 6), with ``~`` and ``|`` of GitHub's dialect
_INLINE = re.compile(r"([\\`*_\[\]<>&~|!])")
#: what has one at the start of a line (section 4): headings, their underlines, rules, lists
_LEADING = re.compile(r"^([0-9]{0,9})([-+=#.)])", re.MULTILINE)
#: four blanks at the start of a line would make it code
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
#: in an address, what would end it early or start something else
_IN_TARGET = re.compile(r"[()<>\\\s]")


def escaped(text: str) -> str:
    """Return Markdown that shows ``text`` as it is, but for the blanks that its lines start with."""
    return _marked_off(_INDENT.sub("", _LINE_END.sub("\n", text)))


def _marked_off(text: str) -> str:
    return _LEADING.sub(r"\1\\\2", _INLINE.sub(r"\\\1", text))


def rewritten(text: str) -> str:
    """Return Markdown with nothing but what documents know: no images, no HTML, only checked links."""
    return "\n\n".join(_block(block) for block in parse_markdown(text))


def _block(block: Block) -> str:
    lines = ["".join(map(_span, line)) for line in block.lines]
    return "\n".join(_marker(block, place) + line for place, line in enumerate(lines, start=1))


def _marker(block: Block, place: int) -> str:
    markers = {
        BlockKind.HEADING: f"{'#' * block.level} ",
        BlockKind.BULLETS: "- ",
        BlockKind.NUMBERED: f"{place}. ",
    }
    return markers.get(block.kind, "")


def _span(span: Span) -> str:
    return _WRITERS[span.kind](span)


def _link(span: Span) -> str:
    target = _IN_TARGET.sub(lambda found: f"%{ord(found[0]):02X}", span.target or "")
    return f"[{_marked_off(span.text)}]({target})"


_WRITERS: Mapping[SpanKind, Callable[[Span], str]] = MappingProxyType(
    {
        SpanKind.PLAIN: lambda span: _marked_off(span.text),
        SpanKind.CODE: lambda span: f"`{span.text}`",
        SpanKind.STRONG: lambda span: f"**{_marked_off(span.text)}**",
        SpanKind.EM: lambda span: f"*{_marked_off(span.text)}*",
        SpanKind.LINK: _link,
    }
)
