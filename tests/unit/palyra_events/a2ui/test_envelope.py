from __future__ import annotations

import pytest

from palyra_events.a2ui import EnvelopeFault, EnvelopeInvalid, check_envelope

EXPERIMENT = {
    "track_id": "t1",
    "feature_flag": "f.on",
    "support_summary": "a preview",
    "security_review": ["reviewed"],
    "exit_criteria": ["stable"],
}


def page(**more: object) -> dict[str, object]:
    return {"v": 1, "surface": "desk", "components": [{}], **more}


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in EXPERIMENT.items() if key != name}


@pytest.mark.parametrize(
    "raw",
    [
        page(),
        page(components=[42]),
        page(surface=" "),
        page(experimental=EXPERIMENT),
        page(experimental={**EXPERIMENT, "ambient_mode": "push_to_talk", "consent_required": True}),
    ],
)
def test_an_envelope_that_says_all_is_taken(raw):
    """Components are not looked at."""
    assert check_envelope(raw) is None


@pytest.mark.parametrize(
    ("raw", "fault", "field"),
    [
        ([], EnvelopeFault.NOT_AN_OBJECT, ""),
        ({"surface": "s", "components": [1]}, EnvelopeFault.MISSING_FIELD, "v"),
        (page(v="1"), EnvelopeFault.INVALID_TYPE, "v"),
        (page(v=True), EnvelopeFault.INVALID_TYPE, "v"),
        (page(v=-1), EnvelopeFault.INVALID_TYPE, "v"),
        (page(v=2), EnvelopeFault.UNSUPPORTED_VERSION, "v"),
        ({"v": 1, "components": [1]}, EnvelopeFault.MISSING_FIELD, "surface"),
        (page(surface=1), EnvelopeFault.INVALID_TYPE, "surface"),
        (page(surface=""), EnvelopeFault.EMPTY_FIELD, "surface"),
        (page(components={}), EnvelopeFault.INVALID_TYPE, "components"),
        (page(components=[]), EnvelopeFault.EMPTY_FIELD, "components"),
        (page(experimental=None), EnvelopeFault.INVALID_TYPE, "experimental"),
        (page(experimental=without("track_id")), EnvelopeFault.MISSING_FIELD, "experimental.track_id"),
        (
            page(experimental={**EXPERIMENT, "feature_flag": " "}),
            EnvelopeFault.EMPTY_FIELD,
            "experimental.feature_flag",
        ),
        (
            page(experimental={**EXPERIMENT, "exit_criteria": ["a", " "]}),
            EnvelopeFault.EMPTY_FIELD,
            "experimental.exit_criteria",
        ),
        (
            page(experimental={**EXPERIMENT, "rollout_stage": "beta"}),
            EnvelopeFault.INVALID_EXPERIMENTAL_VALUE,
            "experimental.rollout_stage",
        ),
        (
            page(experimental={**EXPERIMENT, "ambient_mode": 1}),
            EnvelopeFault.INVALID_TYPE,
            "experimental.ambient_mode",
        ),
        (
            page(experimental={**EXPERIMENT, "consent_required": "yes"}),
            EnvelopeFault.INVALID_TYPE,
            "experimental.consent_required",
        ),
        (
            page(experimental={**EXPERIMENT, "ambient_mode": "push_to_talk"}),
            EnvelopeFault.AMBIENT_CONSENT_REQUIRED,
            "experimental.consent_required",
        ),
    ],
)
def test_the_first_fault_is_told(raw, fault, field):
    """The fault has its name, and the message names the field."""
    with pytest.raises(EnvelopeInvalid) as refused:
        check_envelope(raw)
    assert field in str(refused.value)
    assert refused.value.details == {"fault": fault, "field": field}
