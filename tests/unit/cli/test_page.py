from __future__ import annotations

import io
import re

import pytest

from palyra_runtime.cli.page import Page, screen_width, wants_color
from palyra_runtime.cli.table import Column

ESCAPES = re.compile("\x1b\\[[0-9;]*m")
TRICK = "\x1b[2J\x1b]52;c;eA==\x07enabled\u202e"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(write, *, color=False):
    stream = io.StringIO()
    write(Page(stream, color=color, width=40))
    return stream.getvalue()


def everything(page):
    page.line(TRICK)
    page.heading(TRICK)
    page.label("error:", TRICK, style="red")
    page.fields([("name", TRICK), ("lines", f"{TRICK}\n{TRICK}")])
    page.table([Column("A", lambda row: row), Column("B", lambda row: row, is_whole=True)], [TRICK])
    page.items([TRICK])
    page.block(TRICK)
    page.document({TRICK: TRICK})
    page.record([TRICK])


def test_no_text_reaches_the_stream_unsafe():
    """Whatever a page writes, it writes no control of a stranger."""
    text = written(everything)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_colours_are_the_only_escapes():
    """In colour, escapes set colours and weights, and nothing else."""
    text = written(everything, color=True)

    assert "\x1b[" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", ESCAPES.sub("", text))


def test_colours_do_not_change_the_text():
    """Who cannot see colours misses nothing."""
    assert ESCAPES.sub("", written(everything, color=True)) == written(everything)


def test_states_have_colours():
    """A state is green where things are well."""
    text = written(lambda page: page.fields([("state", "enabled")]), color=True)

    assert "\x1b[32menabled\x1b[0m" in text


def test_fields_are_aligned_and_empty_ones_left_out():
    """Values stand below each other, also those of several lines; zero is a value."""
    text = written(lambda page: page.fields([("a", 0), ("b", None), ("c", ""), ("long", "x\ny")]))

    assert text == "a     0\nlong  x\n      y\n"


def test_a_block_is_indented():
    """Nobody takes the lines of a plugin for lines of ours."""
    assert written(lambda page: page.block("error: no\nhint: no")) == "  error: no\n  hint: no\n"


SENTENCE = "A sentence of many words that does not fit on a screen of forty columns."


def test_a_sentence_is_wrapped_on_a_screen():
    """Lines hang below where the sentence began, and words stay whole."""
    text = written(lambda page: page.label("error:", SENTENCE, style="red"))

    assert text.splitlines() == [
        "error: A sentence of many words that",
        "       does not fit on a screen of forty",
        "       columns.",
    ]


def test_a_sentence_is_one_line_where_there_is_no_screen():
    """Programs such as grep find it."""
    stream = io.StringIO()

    Page(stream).label("error:", SENTENCE, style="red")

    assert stream.getvalue() == f"error: {SENTENCE}\n"


def test_a_long_word_is_never_broken():
    """A path or a digest in a sentence can be copied."""
    digest = "d" * 64

    assert digest in written(lambda page: page.fields([("digest", digest)]))


def test_indented_lines_keep_their_indent():
    """JSON in a block stays readable where its lines are long."""
    text = written(lambda page: page.block(f'[\n  "{SENTENCE}"\n]'))

    assert [len(line) - len(line.lstrip()) for line in text.splitlines()] == [2, 4, 4, 4, 2]


@pytest.mark.parametrize(
    ("stream", "environment", "width"),
    [
        (io.StringIO(), {}, None),
        (io.StringIO(), {"COLUMNS": "120"}, 120),
        (io.StringIO(), {"COLUMNS": "0"}, None),
        (io.StringIO(), {"COLUMNS": "wide"}, None),
    ],
)
def test_the_screen_is_as_wide_as_columns_says(stream, environment, width):
    """COLUMNS is heeded also where there is no terminal; nonsense in it is not."""
    assert screen_width(stream, environment) == width


@pytest.mark.parametrize(
    ("choice", "stream", "environment", "wanted"),
    [
        ("auto", Terminal(), {}, True),
        ("auto", Terminal(), {"TERM": "xterm"}, True),
        ("auto", Terminal(), {"NO_COLOR": "1"}, False),
        ("auto", Terminal(), {"NO_COLOR": ""}, True),
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("auto", io.StringIO(), {}, False),
        ("always", io.StringIO(), {"NO_COLOR": "1"}, True),
        ("never", Terminal(), {}, False),
    ],
)
def test_colour_is_for_terminals_and_for_who_wants_it(choice, stream, environment, wanted):
    """NO_COLOR, if it is not empty, and a dumb terminal switch colours off; an option says otherwise."""
    assert wants_color(choice, stream, environment) is wanted
