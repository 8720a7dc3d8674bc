"""Sets of capabilities, and how what a skill declares, an operator grants and a policy allows differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict


def canonical(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values trimmed, without blank ones, unique and in byte order."""
    return tuple(sorted({value.strip() for value in values} - {""}, key=_byte_order))


def _byte_order(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


Values = Annotated[tuple[str, ...], AfterValidator(canonical)]


class PluginCapabilityProfile(BaseModel):
    """Values of each class of capability: declared, granted or allowed, by whoever gives it.

    Each list is made canonical, because the number of a guest's handle is a place in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    http_hosts: Values = ()
    secrets: Values = ()
    storage_prefixes: Values = ()
    channels: Values = ()

    @property
    def is_empty(self) -> bool:
        """True where there is no value in any class."""
        return not any(getattr(self, name) for name in type(self).model_fields)


#: the classes, in the order in which they are compared and reported
CAPABILITY_CLASSES = tuple(PluginCapabilityProfile.model_fields)


class DifferenceKind(StrEnum):
    """How a value differs between what is declared, granted and allowed."""

    EXCESS_GRANT = "excess_grant"
    MISSING_GRANT = "missing_grant"
    POLICY_RESTRICTED = "policy_restricted"
    UNUSED_DECLARED_CAPABILITY = "unused_declared_capability"
    WILDCARD_RISK = "wildcard_risk"


class Difference(NamedTuple):
    """One value of one class that is not the same everywhere."""

    capability_class: str
    value: str
    kind: DifferenceKind


class CapabilityDiff(NamedTuple):
    """The comparison; it is valid where each grant is both declared and allowed."""

    valid: bool
    effective: PluginCapabilityProfile
    differences: tuple[Difference, ...]


#: differences that make a binding unusable; the others are remarks
_FATAL = frozenset({DifferenceKind.EXCESS_GRANT, DifferenceKind.POLICY_RESTRICTED})


def capability_diff(
    declared: PluginCapabilityProfile, granted: PluginCapabilityProfile, allowed: PluginCapabilityProfile
) -> CapabilityDiff:
    """Compare what a skill declares, an operator granted and a policy allows.

    Effective is what all three have. Differences are sorted by class name, value and kind.
    """
    effective: dict[str, tuple[str, ...]] = {}
    differences: list[Difference] = []
    for name in CAPABILITY_CLASSES:
        values = [set(canonical(getattr(profile, name))) for profile in (declared, granted, allowed)]
        effective[name] = canonical(set.intersection(*values))
        differences += (Difference(name, value, kind) for kind, value in _differences(*values))
    return CapabilityDiff(
        valid=not any(difference.kind in _FATAL for difference in differences),
        effective=PluginCapabilityProfile(**effective),
        differences=tuple(sorted(differences)),
    )


def _differences(
    declared: set[str], granted: set[str], allowed: set[str]
) -> Iterator[tuple[DifferenceKind, str]]:
    effective = declared & granted & allowed
    for kind, values in (
        (DifferenceKind.EXCESS_GRANT, granted - declared),
        (DifferenceKind.MISSING_GRANT, declared - granted),
        (DifferenceKind.POLICY_RESTRICTED, granted - effective),
        (DifferenceKind.UNUSED_DECLARED_CAPABILITY, declared - granted),
        (DifferenceKind.WILDCARD_RISK, {value for value in declared if "*" in value}),
    ):
        yield from ((kind, value) for value in values)
