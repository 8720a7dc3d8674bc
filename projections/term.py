"""Terms: the words of a text as a search compares them, the same for both databases.

The databases' own rules for what a word is differ, and change with their versions and locales. So
texts are taken apart here, and a database only finds what it is given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from unicodedata import category, normalize

#: characters of a term; what comes after them is not compared
TERM_LENGTH_MAX = 64
#: times that one term counts in a row, and terms of a row: what PostgreSQL keeps of each
OCCURRENCES_MAX = 255
TERMS_MAX = 16_000

#: stands between two fields, so that no phrase reaches from one into the next; nobody can search for it
FIELD_END = "¶"

#: characters of scripts that put no space between words: each of them is a term
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"(?=\w)[{_ALONE}]|[^\W_{_ALONE}]+")
_ASCII_WORD = re.compile("[a-z0-9]+")


def terms_of(text: str) -> list[str]:
    """Return the terms of a text: words without case, accents and punctuation, in their order."""
    if text.isascii():
        found = _ASCII_WORD.findall(text.lower())
        if len(text) <= TERM_LENGTH_MAX:
            return found
    else:
        # Folding can bring forth what has to be taken apart again, such as the dotted i of Turkish.
        folded = normalize("NFKD", normalize("NFKD", text).casefold())
        found = _WORD.findall("".join(each for each in folded if category(each) != "Mn"))
    return [term[:TERM_LENGTH_MAX] for term in found]


def joined_terms(fields: Iterable[str | None]) -> str:
    """Return the terms of some fields as one text, within what both databases can keep."""
    terms: list[str] = []
    for field in filter(None, fields):
        terms += terms_of(field)
        terms.append(FIELD_END)
    return " ".join(terms if len(terms) <= OCCURRENCES_MAX else _bounded(terms))


def _bounded(terms: Iterable[str]) -> Iterator[str]:
    counts = Counter[str]()
    for term in islice(terms, TERMS_MAX):
        counts[term] += 1
        if counts[term] <= OCCURRENCES_MAX:
            yield term
