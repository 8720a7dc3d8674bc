from __future__ import annotations

import io

from rich.cells import cell_len

from palyra_events.a2ui import normalise
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.surface_page import write_document


def shown(*components: dict[str, object], color: bool = False) -> str:
    """Return what a terminal of 80 columns shows of a page."""
    stream = io.StringIO()
    document = normalise({"v": 1, "surface": "desk", "components": list(components)}).document
    write_document(Page(stream, width=80, color=color), document)
    return stream.getvalue()


def test_an_empty_page_says_so():
    """Nothing is told from a page that is not there."""
    assert shown() == "This page shows nothing.\n"


def test_tones_have_marks():
    """Who cannot see colours sees what is critical."""
    tones = ["normal", "muted", "success", "critical"]
    texts = [{"type": "text", "props": {"tone": tone, "value": tone}} for tone in tones]
    assert shown(*texts) == "normal\n\n· muted\n\n✓ success\n\n! critical\n"


def test_markdown_is_lines():
    """Headings stand alone, lists have their marks, links show where they lead."""
    text = "# Head\nsee **the** [rules](https://example.com/r) and [no](javascript:x)\n- a\n1. b"
    assert shown({"type": "markdown", "props": {"value": text}}) == (
        "\nHead\nsee the rules (https://example.com/r) and no\n  - a\n  1. b\n"
    )


def test_a_list_is_numbered_where_it_is():
    """The numbers are the order."""
    assert shown({"type": "list", "props": {"ordered": True, "items": ["a", "b"]}}) == "  1. a\n  2. b\n"


def test_a_table_fits_on_the_screen():
    """Long cells go on in the next line."""
    rows = [["a", "long words " * 20], ["b", "short"]]
    text = shown({"type": "table", "props": {"columns": ["Key", "Text"], "rows": rows}})
    assert text.startswith("Key  Text\na    long words")
    assert max(map(cell_len, text.splitlines())) <= 80


def test_a_wide_table_is_shown_row_by_row():
    """Sixteen columns do not fit side by side, and nothing is left out."""
    columns = [f"c{place}" for place in range(15)] + ["title " * 20]
    rows = [[f"cell {place} of the table" for place in range(16)]] * 2
    text = shown({"type": "table", "props": {"columns": columns, "rows": rows}})
    assert "cell 15 of the table" in text
    assert text.count("\n\n") == 1
    assert max(map(cell_len, text.splitlines())) <= 80


def test_a_form_shows_what_it_asks_for():
    """Ids are whole, because they are typed into the next command."""
    fields = [
        {"id": "why", "label": "Reason", "required": True, "placeholder": "reviewed", "hint": "kept"},
        {"id": "days", "type": "number", "min": 1, "max": 30, "step": 0.5, "default": 7},
        {
            "id": "kind",
            "type": "select",
            "options": [{"value": "a", "label": "Any"}, {"value": "b", "label": "b"}],
        },
        {"id": "mail", "type": "email"},
        {"id": "sure", "type": "checkbox", "default": True},
    ]
    props = {"title": "Decide", "submitLabel": "Send", "fields": fields}
    assert shown({"id": "f", "type": "form", "props": props}) == (
        "\n"
        "Decide (form f)\n"
        "FIELD  LABEL     VALUE  ASKS FOR\n"
        "why    Reason *         text, such as reviewed; kept\n"
        "days   days      7      1 to 30, steps of 0.5\n"
        "kind   kind      a      a (Any), b\n"
        "mail   mail             an address for mail\n"
        "sure   sure      yes    yes or no\n"
        "[ Send ]\n"
    )


def test_a_chart_is_bars():
    """Numbers below zero are told by their sign and by their bar."""
    series = [{"label": "up", "value": 4}, {"label": "down", "value": -2.5}]
    assert shown({"type": "chart", "props": {"title": "T", "series": series}}) == (
        f"\nT\nPOINT  VALUE\nup         4  {'█' * 30}\ndown    -2.5  {'▒' * 19}\n"
    )


def test_what_cannot_be_shown_is_said():
    """A component that nobody knows is not just missing."""
    assert shown({"type": "video", "props": {}}) == "? This part cannot be shown here: video.\n"


def test_titles_of_strangers_are_made_safe():
    """A column's title reaches the terminal by the same way as its cells."""
    narrow = {"type": "table", "props": {"columns": ["a\x1b[2J"], "rows": [["x"]]}}
    wide = {"type": "table", "props": {"columns": ["a\x1b[2J" * 3] * 16, "rows": [["x"] * 16]}}
    assert "\x1b" not in shown(narrow, wide)
