"""What a plugin may do, value by value: declared by its skill, granted by the operator, and in effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from palyra_events.capabilities import (
    CAPABILITY_CLASSES,
    CapabilityDiff,
    PluginCapabilityProfile,
    canonical,
    capability_diff,
)


@dataclass(frozen=True, slots=True)
class Entitled:
    """One value of one class; ``remarks`` are the kinds of its differences, by name."""

    capability_class: str
    value: str
    is_declared: bool
    is_granted: bool
    is_effective: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The three sets of one plugin under one release, and how they differ.

    ``effective`` is what it can use when it runs: nothing where one of its grants is not declared or not
    allowed any more, because every run is denied then, and nothing where its grants do not hold, because
    they were given to another module.
    """

    declared: PluginCapabilityProfile
    granted: PluginCapabilityProfile
    diff: CapabilityDiff
    holds: bool

    @classmethod
    def of(
        cls,
        declared: PluginCapabilityProfile,
        granted: PluginCapabilityProfile,
        allowed: PluginCapabilityProfile,
        *,
        holds: bool = True,
    ) -> Entitlement:
        """Compare what is declared, granted and allowed."""
        return cls(declared, granted, capability_diff(declared, granted, allowed), holds)

    @property
    def effective(self) -> PluginCapabilityProfile:
        """What every run of the plugin can use."""
        return self.diff.effective if self.diff.valid and self.holds else PluginCapabilityProfile()

    @property
    def values(self) -> tuple[Entitled, ...]:
        """Each value that is declared or granted, by class and value."""
        return tuple(self._values())

    def _values(self) -> Iterator[Entitled]:
        for name in CAPABILITY_CLASSES:
            declared, granted, effective = (
                getattr(profile, name) for profile in (self.declared, self.granted, self.effective)
            )
            for value in canonical([*declared, *granted]):
                remarks = tuple(d.kind.value for d in self.diff.differences if d[:2] == (name, value))
                yield Entitled(name, value, value in declared, value in granted, value in effective, remarks)


def values_beyond(more: PluginCapabilityProfile, less: PluginCapabilityProfile) -> tuple[str, ...]:
    """Return the values of one set that another has not, each with its class: ``channels: ops``."""
    return tuple(
        f"{name}: {value}"
        for name in CAPABILITY_CLASSES
        for value in getattr(more, name)
        if value not in getattr(less, name)
    )
