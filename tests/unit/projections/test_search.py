from __future__ import annotations

import pytest

from projections.search import InvalidSearch, Phrase, parse_search


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Audit  FAILED", (Phrase(("audit",)), Phrase(("failed",)))),
        ('"failed its audit" echo', (Phrase(("failed", "its", "audit")), Phrase(("echo",)))),
        ("quaran*", (Phrase(("quaran",), is_beginning=True),)),
        ('"failed it"*', (Phrase(("failed", "it"), is_beginning=True),)),
        ("acme.echo*", (Phrase(("acme", "echo"), is_beginning=True),)),
        ('say"so now"', (Phrase(("say",)), Phrase(("so", "now")))),
        ("echo echo ECHO", (Phrase(("echo",)),)),
        ("echo - & !", (Phrase(("echo",)),)),
    ],
)
def test_a_search_is_words_beginnings_and_phrases(text: str, phrases: tuple[Phrase, ...]):
    """What is typed means what it looks like."""
    assert parse_search(text).phrases == phrases


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no word"),
        ("  \t", "no word"),
        ("* - ¶", "no word"),
        ('""', "no word"),
        ('echo "failed', "quote without an end"),
        ("a" * 1001, "1,001 characters"),
        (" ".join(f"w{number}" for number in range(33)), "33 words"),
    ],
)
def test_a_search_for_nothing_is_refused(text: str, problem: str):
    """Who made a mistake hears of it, and does not take no answer for an answer."""
    with pytest.raises(InvalidSearch, match=problem):
        parse_search(text)


def test_a_search_is_told_to_each_database_in_its_language():
    """Both are asked the same."""
    search = parse_search('acme.echo "failed it"* Größe')

    assert search.for_sqlite() == '"acme echo" AND "failed it"* AND "grosse"'
    assert search.for_postgresql() == "('acme' <-> 'echo') & ('failed' <-> 'it':*) & ('grosse')"
