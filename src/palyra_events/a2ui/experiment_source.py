"""Reading what a document says about the experiment that it is part of."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from palyra_events.a2ui.document import (
    CHECKLIST_ITEMS_MAX,
    CHECKLIST_LENGTH_MAX,
    FEATURE_FLAG_LENGTH_MAX,
    SUPPORT_SUMMARY_LENGTH_MAX,
    TRACK_ID_LENGTH_MAX,
    AmbientMode,
    RolloutStage,
)
from palyra_events.a2ui.refusal import DocumentRefused
from palyra_events.a2ui.scalar import string
from palyra_events.a2ui.source import Source

_ValueT = TypeVar("_ValueT", str, list[str])

_NOT_IN_FLAG = re.compile(r"[^A-Za-z0-9:._-]")


def read_experiment(document: Source) -> dict[str, Any] | None:
    """Return the statement in its stored form, or None where there is none.

    Names are taken in snake case and in camel case. Here little is mended: an experiment without its
    review, or a microphone without consent, is no experiment.

    Raises:
        DocumentRefused: the statement is incomplete or contradicts itself.
    """
    value = document.take("experimental")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise DocumentRefused("The statement about an experiment is not an object.", path="/experimental")
    source = Source(value, document.place("experimental"), document.problems)
    made = _experiment(source)
    source.finish()
    if made["ambientMode"] == AmbientMode.PUSH_TO_TALK and not made["consentRequired"]:
        raise DocumentRefused(
            "An experiment with push_to_talk must require consent.", path=source.place("consent_required")
        )
    return made


def _experiment(source: Source) -> dict[str, Any]:
    return {
        "trackId": _name(source, "track_id", "trackId", TRACK_ID_LENGTH_MAX),
        "featureFlag": _name(source, "feature_flag", "featureFlag", FEATURE_FLAG_LENGTH_MAX, _NOT_IN_FLAG),
        "rolloutStage": source.choice(
            "rollout_stage", "rolloutStage", default=RolloutStage.DARK_LAUNCH.value, among=tuple(RolloutStage)
        ),
        "ambientMode": source.choice(
            "ambient_mode", "ambientMode", default=AmbientMode.DISABLED.value, among=tuple(AmbientMode)
        ),
        "consentRequired": source.flag("consent_required", "consentRequired"),
        "supportSummary": _required(
            source,
            "support_summary",
            source.text(
                "support_summary", "supportSummary", default="", length_max=SUPPORT_SUMMARY_LENGTH_MAX
            ),
        ),
        "securityReview": _checklist(source, "security_review", "securityReview"),
        "exitCriteria": _checklist(source, "exit_criteria", "exitCriteria"),
    }


def _name(
    source: Source, name: str, alias: str, length_max: int, forbidden: re.Pattern[str] | None = None
) -> str:
    made = source.identifier(name, alias, default="", length_max=length_max, forbidden=forbidden)
    return _required(source, name, made)


def _checklist(source: Source, name: str, alias: str) -> list[str]:
    items = source.items(name, alias, count_max=CHECKLIST_ITEMS_MAX)
    texts = [string(item, "", CHECKLIST_LENGTH_MAX) for _, item in items]
    return _required(source, name, [text for text in texts if text])


def _required(source: Source, name: str, value: _ValueT) -> _ValueT:
    if not value:
        raise DocumentRefused(f"The experiment does not say its {name}.", path=source.place(name))
    return value
