"""What a guest was granted, and the numbers by which it names that.

A handle is an index into a canonical list, so a guest learns how many grants it has and nothing
else; it means nothing outside its invocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from palyra_events.capabilities import canonical
from palyra_runtime.sandbox.errors import TooManyGrants
from palyra_runtime.sandbox.handles import (
    GRANTS_PER_CLASS_MAX,
    HANDLE_BASES,
    CapabilityClass,
    handle_of,
)


def _bounded(values: tuple[str, ...]) -> tuple[str, ...]:
    grants = canonical(values)
    if len(grants) > GRANTS_PER_CLASS_MAX:
        raise TooManyGrants(f"{len(grants)} grants of one class; {GRANTS_PER_CLASS_MAX} are the most.")
    return grants


GrantList = Annotated[tuple[str, ...], AfterValidator(_bounded)]


class CapabilityGrantSet(BaseModel):
    """The grants of one invocation; each list is trimmed, sorted by bytes and unique.

    Raises:
        TooManyGrants: a class has more than 10000 of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    http_hosts: GrantList = ()
    secret_keys: GrantList = ()
    storage_prefixes: GrantList = ()
    channels: GrantList = ()

    def of_class(self, name: CapabilityClass) -> tuple[str, ...]:
        """Return the values granted in one class, in the order of their handles."""
        by_class = {
            "http": self.http_hosts,
            "secret": self.secret_keys,
            "storage": self.storage_prefixes,
            "channel": self.channels,
        }
        return by_class[name]

    def counts(self) -> tuple[int, ...]:
        """Return how many values were granted of each class, in the order of `CAPABILITY_CLASSES`."""
        return len(self.http_hosts), len(self.secret_keys), len(self.storage_prefixes), len(self.channels)

    def handle(self, name: CapabilityClass, index: int) -> int:
        """Return the handle of the grant at ``index``, or -1 where there is none."""
        return handle_of(name, index, len(self.of_class(name)))

    def handles(self) -> dict[CapabilityClass, list[int]]:
        """Return every handle by class."""
        return {
            name: [base + i for i in range(len(self.of_class(name)))] for name, base in HANDLE_BASES.items()
        }

    def resolve(self, handle: int) -> Grant | None:
        """Return what ``handle`` stands for, or None where it was not granted."""
        for name, base in HANDLE_BASES.items():
            values = self.of_class(name)
            if base <= handle < base + len(values):
                return Grant(name, values[handle - base])
        return None


@dataclass(frozen=True, slots=True)
class Grant:
    """One granted value and its class."""

    capability: CapabilityClass
    value: str
