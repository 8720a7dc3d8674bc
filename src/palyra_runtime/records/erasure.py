"""What is to be erased, or dropped, as programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from palyra_events.holding import BlobKind
from palyra_events.retention import KeepRule, KindUse, RetentionPlan
from palyra_runtime.erasure import ErasurePlan, Left


@dataclass(frozen=True, slots=True)
class ErasurePlanRecord:
    """What is erased with a person; see `palyra_runtime.erasure.ErasurePlan`."""

    subject: str
    head: int
    acts: int
    blobs: int
    bytes: int
    kinds: Mapping[BlobKind, int]
    left: tuple[Left, ...]
    open_deliveries: tuple[str, ...]

    @classmethod
    def of(cls, plan: ErasurePlan) -> Self:
        """Return a plan for programs: neither what is dropped nor whose words it is."""
        return cls(
            subject=plan.subject,
            head=plan.head,
            acts=plan.acts,
            blobs=plan.blobs,
            bytes=plan.dropped_bytes,
            kinds=plan.kinds,
            left=plan.left,
            open_deliveries=plan.open_deliveries,
        )


@dataclass(frozen=True, slots=True)
class KindRecord:
    """The room that bytes of one kind take, and how much of it a policy would give back."""

    kind: BlobKind
    blobs: int
    bytes: int
    dropped: int
    dropped_bytes: int


@dataclass(frozen=True, slots=True)
class RetentionPlanRecord:
    """What a policy drops; with ``head``, ``made_at`` and ``rules`` it can be made again."""

    head: int
    made_at: datetime
    rules: Mapping[BlobKind, KeepRule]
    blobs: int
    bytes: int
    kinds: tuple[KindRecord, ...]

    @classmethod
    def of(cls, plan: RetentionPlan) -> Self:
        """Return a plan for programs, with the kinds that there is something of."""
        return cls(
            head=plan.head,
            made_at=plan.made_at,
            rules=plan.rules,
            blobs=plan.blobs,
            bytes=plan.dropped_bytes,
            kinds=tuple(KindRecord(*use) for use in plan.kinds if use.blobs),
        )

    @property
    def plan(self) -> RetentionPlan:
        """The plan, as somebody who cannot carry it out has it."""
        kinds = tuple(
            KindUse(each.kind, each.blobs, each.bytes, each.dropped, each.dropped_bytes)
            for each in self.kinds
        )
        return RetentionPlan(self.head, self.made_at, self.rules, kinds, ())
