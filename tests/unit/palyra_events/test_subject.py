from __future__ import annotations

import pytest

from palyra_events.errors import InvalidIdentifier, ReasonRequired
from palyra_events.subject import NotAPerson, Subject, SubjectErased, check_subject, erase_subject, evolve
from tests.sample_events import BARE_STAMP, FULL_STAMP


def test_an_erasure_says_whose_words_and_how_many():
    """The event holds the opaque id and a count, and nothing of what was erased."""
    (event,) = erase_subject(Subject("operator:f3k9"), 17, FULL_STAMP)
    assert event == FULL_STAMP.on(SubjectErased, subject="operator:f3k9", blobs=17)


def test_it_can_be_done_again():
    """Somebody may act after it, so each time is recorded."""
    first = evolve(Subject("operator:f3k9"), *erase_subject(Subject("operator:f3k9"), 3, FULL_STAMP))
    second = evolve(first, *erase_subject(first, 0, FULL_STAMP))
    assert (first.erasures, second.erasures) == (1, 2)


def test_somebody_says_why():
    """Nothing is erased without a word."""
    with pytest.raises(ReasonRequired):
        erase_subject(Subject("operator:f3k9"), 1, BARE_STAMP)


@pytest.mark.parametrize("actor", ["plugin:echo", "system:gateway"])
def test_programs_are_no_subjects(actor: str):
    """What a plugin or a part of the system wrote is nobody's own."""
    with pytest.raises(NotAPerson):
        check_subject(actor)


def test_a_subject_is_an_actor():
    """A bare name is no id."""
    with pytest.raises(InvalidIdentifier):
        check_subject("Ada Lovelace")
    assert check_subject("operator:f3k9") == "operator:f3k9"
