"""The strict reading of a document's outer part: what an author is told before a plugin is shipped.

`normalise` mends what it can, because a page that is shown is better than none. This mends nothing, takes
names in snake case only, and looks at no component.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NoReturn

from palyra_events.a2ui.document import DOCUMENT_VERSION, AmbientMode, RolloutStage
from palyra_events.errors import InvalidInput


class EnvelopeFault(StrEnum):
    """What is wrong with the outer part of a document."""

    NOT_AN_OBJECT = "not_an_object"
    MISSING_FIELD = "missing_field"
    INVALID_TYPE = "invalid_type"
    EMPTY_FIELD = "empty_field"
    UNSUPPORTED_VERSION = "unsupported_version"
    INVALID_EXPERIMENTAL_VALUE = "invalid_experimental_value"
    AMBIENT_CONSENT_REQUIRED = "ambient_consent_required"


class EnvelopeInvalid(InvalidInput):
    """The document's outer part is not as it is written down.

    ``details`` hold the ``fault`` (an `EnvelopeFault`) and the ``field``, with dots between names.
    """

    code = "ENVELOPE_INVALID"
    advice = "docs/a2ui.md lists the fields of a document."


def check_envelope(raw: object) -> None:
    """See that ``raw``, a JSON value, says version, surface and components, and any experiment in full.

    Raises:
        EnvelopeInvalid: it does not; the first fault is told.
    """
    if not isinstance(raw, dict):
        _refuse(EnvelopeFault.NOT_AN_OBJECT, "", "is not an object")
    _check(raw, _FIELDS, "")
    if "experimental" in raw:
        _check_experiment(raw["experimental"])


def _check_experiment(value: Any) -> None:
    if not isinstance(value, dict):
        _refuse(EnvelopeFault.INVALID_TYPE, "experimental", "is not an object")
    _check(value, _EXPERIMENT_FIELDS, _EXPERIMENT)
    if value.get("ambient_mode") == AmbientMode.PUSH_TO_TALK and value.get("consent_required") is not True:
        _refuse(
            EnvelopeFault.AMBIENT_CONSENT_REQUIRED,
            f"{_EXPERIMENT}consent_required",
            "must be true for push_to_talk",
        )


def _check(raw: dict[str, Any], fields: Mapping[str, tuple[bool, _Check]], prefix: str) -> None:
    for name, (is_required, check) in fields.items():
        if name in raw:
            check(raw[name], f"{prefix}{name}")
        elif is_required:
            _refuse(EnvelopeFault.MISSING_FIELD, f"{prefix}{name}", "is missing")


def _version(value: object, field: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        _refuse(EnvelopeFault.INVALID_TYPE, field, "is not a positive whole number")
    if value != DOCUMENT_VERSION:
        _refuse(EnvelopeFault.UNSUPPORTED_VERSION, field, f"must be {DOCUMENT_VERSION}")


def _name(value: object, field: str) -> None:
    if not isinstance(value, str):
        _refuse(EnvelopeFault.INVALID_TYPE, field, "is not a text")
    if not value:
        _refuse(EnvelopeFault.EMPTY_FIELD, field, "is empty")


def _statement(value: object, field: str) -> None:
    _name(value, field)
    if not str(value).strip():
        _refuse(EnvelopeFault.EMPTY_FIELD, field, "is blank")


def _list(value: object, field: str) -> None:
    if not isinstance(value, list):
        _refuse(EnvelopeFault.INVALID_TYPE, field, "is not a list")
    if not value:
        _refuse(EnvelopeFault.EMPTY_FIELD, field, "is empty")


def _checklist(value: Any, field: str) -> None:
    _list(value, field)
    for item in value:
        _statement(item, field)


def _flag(value: object, field: str) -> None:
    if not isinstance(value, bool):
        _refuse(EnvelopeFault.INVALID_TYPE, field, "is not true or false")


def _one_of(words: type[StrEnum]) -> _Check:
    def check(value: object, field: str) -> None:
        if not isinstance(value, str):
            _refuse(EnvelopeFault.INVALID_TYPE, field, "is not a text")
        if value not in set(words):
            _refuse(EnvelopeFault.INVALID_EXPERIMENTAL_VALUE, field, f"is none of {', '.join(words)}")

    return check


def _refuse(fault: EnvelopeFault, field: str, what: str) -> NoReturn:
    subject = f"The document's {field}" if field else "The document"
    raise EnvelopeInvalid(f"{subject} {what}.", fault=fault.value, field=field)


_Check = Callable[[Any, str], None]
_EXPERIMENT: Final = "experimental."
#: whether a field must be there, and what it must be; in the order in which they are looked at
_FIELDS: Mapping[str, tuple[bool, _Check]] = MappingProxyType(
    {"v": (True, _version), "surface": (True, _name), "components": (True, _list)}
)
_EXPERIMENT_FIELDS: Mapping[str, tuple[bool, _Check]] = MappingProxyType(
    {
        "track_id": (True, _statement),
        "feature_flag": (True, _statement),
        "support_summary": (True, _statement),
        "security_review": (True, _checklist),
        "exit_criteria": (True, _checklist),
        "rollout_stage": (False, _one_of(RolloutStage)),
        "ambient_mode": (False, _one_of(AmbientMode)),
        "consent_required": (False, _flag),
    }
)
