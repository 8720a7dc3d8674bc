from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.term import FIELD_END, OCCURRENCES_MAX, TERM_LENGTH_MAX, joined_terms, terms_of


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Skill acme.echo 1.2.0", ["skill", "acme", "echo", "1", "2", "0"]),
        ("snake_case-kebab", ["snake", "case", "kebab"]),
        ("Größe ÉTÉ", ["grosse", "ete"]),
        ("ﬁnal ½", ["final", "1", "2"]),
        ("İstanbul", ["istanbul"]),
        ("審査OK", ["審", "査", "ok"]),
        ("Проверка", ["проверка"]),
        ("👍 \x00\n ---", []),
    ],
)
def test_a_text_is_taken_apart(text: str, terms: list[str]):
    """Case, accents and punctuation do not count; scripts without spaces are taken letter by letter."""
    assert terms_of(text) == terms


@given(st.text())
def test_terms_are_words_of_their_own(text: str):
    """What was taken apart once stays as it is, so a search finds what was written."""
    terms = terms_of(text)

    assert terms_of(" ".join(terms)) == terms
    assert all(term.isalnum() and len(term) <= TERM_LENGTH_MAX for term in terms)


def test_fields_end():
    """Between two fields is what nobody can type."""
    assert joined_terms(["one two", None, "", "three"]) == f"one two {FIELD_END} three {FIELD_END}"
    assert terms_of(FIELD_END) == []


def test_a_row_is_bounded():
    """A word counts so many times, and what comes after still counts."""
    terms = joined_terms(["ha " * 1000 + "end"]).split()

    assert (terms.count("ha"), terms[-2:]) == (OCCURRENCES_MAX, ["end", FIELD_END])
