"""What people type to search: words, beginnings of words, and phrases.

All of what is asked for must be in a row, wherever in it. ``word*`` is the beginning of a word,
``"two words"`` stand next to each other, and a word with punctuation in it, such as ``acme.echo``,
is a phrase of its parts. There are no operators: whatever else is typed is a word, or nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from palyra_events.errors import InvalidInput
from projections.term import terms_of

#: characters of a search, and phrases in it
SEARCH_LENGTH_MAX = 1000
PHRASES_MAX = 32

_PHRASE = re.compile(r'"(?P<quoted>[^"]*)"(?P<star>\*?)|(?P<plain>[^\s"]+)')


class InvalidSearch(InvalidInput):
    """Nothing can be searched for with these words."""

    code = "INVALID_SEARCH"
    advice = 'Search for words, beginnings like quaran*, or phrases like "failed its audit".'


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that stand next to each other; where it ``is_beginning``, the last one may go on."""

    terms: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Phrases that must all be in a row."""

    phrases: tuple[Phrase, ...]

    def for_sqlite(self) -> str:
        """Return it in the language of FTS5 (https://sqlite.org/fts5.html, section 3).

        Terms are letters and digits, so nothing in them is an operator, or ends the quotes.
        """
        return " AND ".join(
            f'"{" ".join(phrase.terms)}"{"*" if phrase.is_beginning else ""}' for phrase in self.phrases
        )

    def for_postgresql(self) -> str:
        """Return it in the language of ``tsquery`` (PostgreSQL's documentation, section 8.11.2)."""
        return " & ".join(_tsquery(phrase) for phrase in self.phrases)


def parse_search(text: str) -> Search:
    """Return what somebody typed as a search.

    Raises:
        InvalidSearch: it is too long, a quote has no end, or there is no word in it.
    """
    if len(text) > SEARCH_LENGTH_MAX:
        raise InvalidSearch(f"The search has {len(text):,} characters; {SEARCH_LENGTH_MAX:,} are allowed.")
    if text.count('"') % 2:
        raise InvalidSearch("The search has a quote without an end.")
    phrases = tuple(dict.fromkeys(phrase for phrase in map(_phrase, _PHRASE.finditer(text)) if phrase.terms))
    if not phrases:
        raise InvalidSearch("The search has no word in it: there is no letter and no digit.")
    if len(phrases) > PHRASES_MAX:
        raise InvalidSearch(f"The search has {len(phrases)} words; {PHRASES_MAX} are allowed.")
    return Search(phrases)


def _phrase(found: re.Match[str]) -> Phrase:
    plain = found["plain"]
    if plain is None:
        return Phrase(tuple(terms_of(found["quoted"])), bool(found["star"]))
    return Phrase(tuple(terms_of(plain)), plain.endswith("*"))


def _tsquery(phrase: Phrase) -> str:
    *before, last = (f"'{term}'" for term in phrase.terms)
    return f"({' <-> '.join([*before, last + (':*' if phrase.is_beginning else '')])})"
