from __future__ import annotations

import pytest

from palyra_events.submission import (
    FormSubmitted,
    InvalidIdempotencyKey,
    Submission,
    submission_id_of,
    submit_form,
)
from tests.sample_events import BARE_STAMP, SAMPLES

SAMPLE = next(sample.full for sample in SAMPLES if isinstance(sample.full, FormSubmitted))


def test_a_submission_is_one_event():
    """It says which form of which surface, and seals the values."""
    submission = Submission(
        SAMPLE.submission_id,
        SAMPLE.surface,
        SAMPLE.version,
        SAMPLE.plugin_id,
        SAMPLE.component_id,
        SAMPLE.values,
    )

    assert submit_form(submission, BARE_STAMP) == [BARE_STAMP.on(FormSubmitted, **submission._asdict())]


def test_the_same_key_is_the_same_submission():
    """Of one surface: two surfaces do not get into each other's way."""
    first = submission_id_of("desk", "k")

    assert first == submission_id_of("desk", "k")
    assert len({first, submission_id_of("desk", "l"), submission_id_of("board", "k")}) == 3


@pytest.mark.parametrize("key", ["", " \t", "x" * 257, "\ud800"], ids=ascii)
def test_a_key_is_not_blank_and_not_too_long(key):
    """It is made by a program, for each form that somebody sends off."""
    with pytest.raises(InvalidIdempotencyKey):
        submission_id_of("desk", key)
