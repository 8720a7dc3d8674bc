"""The face of a gateway somewhere else: the nouns of the facade, each call of which is a request.

It is made of the table of operations: what the facade's own method takes and returns is what is taken and
returned here, so the command line need not know which of the two it has.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from palyra_events.holding import BlobKind
from palyra_events.retention import KeepRule, RetentionPlan
from palyra_runtime.api.address import LocalOnly
from palyra_runtime.api.client import Client
from palyra_runtime.api.parameters import PROGRESS, UPLOAD
from palyra_runtime.api.remote_deliveries import RemoteDeliveries
from palyra_runtime.api.remote_log import RemoteEvents, RemoteLedger
from palyra_runtime.api.remote_noun import NOUNS, RemoteNoun
from palyra_runtime.api.request import Request
from palyra_runtime.dispatch import DrainReport
from palyra_runtime.facade import CandidateNotChosen, Dispatch, InstalledSkill, RetentionReport
from palyra_runtime.facade.replay import module_bytes
from palyra_runtime.facade.verification import What, place_of
from palyra_runtime.gateway import Told
from palyra_runtime.replay import TrialReport
from projections import Progress, Status, UnknownProjection

#: seconds between two looks at how far views have come
_LOOK_S = 0.25


class RemotePalyra:
    """What an actor can do over the log of a gateway, by requests. A context manager, for one thread."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __getattr__(self, noun: str) -> RemoteNoun:
        """Return what one noun can do."""
        if noun not in NOUNS:
            raise AttributeError(noun)
        return _SPECIAL.get(noun, RemoteNoun)(self._client, noun)

    @property
    def decide(self) -> Callable[..., Any]:
        """Ask the hooks of a phase; see `Decisions.take`."""
        taken: Callable[..., Any] = self.decisions.take
        return taken

    def delivery(self, delivery_id: str) -> Any:
        """Return one delivery; see `Deliveries.show`."""
        return self.deliveries.show(delivery_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection. Safe to repeat."""
        self._client.close()


class RemoteVerification(RemoteNoun):
    """Looking at installed releases; what lies in files here, a gateway cannot see."""

    renamed = MappingProxyType({"what": "skill_id"})

    def _called(self, method: Callable[..., Any], *given: Any, **named: Any) -> Any:
        what, *others = given
        return super()._called(method, _skill_id(what), *others, **named)


class RemoteRetention(RemoteNoun):
    """What a gateway keeps, and what its policy drops."""

    @property
    def rules(self) -> Mapping[BlobKind, KeepRule]:
        """The policy that is configured there."""
        asked = Request(self._client, self._operation("policy"), {})
        rules: Mapping[BlobKind, KeepRule] = asked.answer(Mapping[BlobKind, KeepRule])
        return rules

    def run(
        self, plan: RetentionPlan | None = None, *, shrink: bool = False, progress: Progress | None = None
    ) -> RetentionReport:
        """Drop what a plan says, or a new one; see `Retention.run`."""
        told = {"rules": plan.rules, "head": plan.head, "made_at": plan.made_at} if plan else {}
        asked = {**told, "shrink": shrink, PROGRESS: progress}
        report: RetentionReport = Request(self._client, self._operation("run"), asked).answer(RetentionReport)
        return report


class RemoteDispatch(RemoteNoun):
    """Carrying out what is due, where it is due."""

    def drain(self, told: Told | None = None) -> DrainReport:  # noqa: ARG002 - there, nobody is told
        """Wait until all that is due now is carried out; see `Dispatch.drain`."""
        report: DrainReport = self._called(Dispatch.drain)
        return report


class RemoteReplay(RemoteNoun):
    """Replays, and trials of modules; the file of a candidate lies here."""

    def try_module(
        self, module: bytes | Path | None = None, *, version: str | None = None, **others: Any
    ) -> TrialReport:
        """Run a module, or that of a version, on what a plugin ran on; see `Replay.try_module`."""
        if (module is None) is (version is None):
            raise CandidateNotChosen
        asked = {"version": version} if module is None else {UPLOAD: module_bytes(module)}
        operation = self._operation("try_version" if module is None else "try_module")
        report: TrialReport = Request(self._client, operation, {**asked, **others}).answer(TrialReport)
        return report


class RemoteUpkeep(RemoteNoun):
    """The views of a gateway."""

    def wait(
        self, position: int | None = None, names: Collection[str] | None = None, *, timeout_s: float = 30.0
    ) -> bool:
        """Wait until views have come to a position, or the head; see `Upkeep.wait`."""
        until = RemoteNoun(self._client, "events").identity().head if position is None else position
        deadline = time.monotonic() + timeout_s
        while not self._have_come(until, names):
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_S)
        return True

    def _have_come(self, position: int, names: Collection[str] | None) -> bool:
        """Tell whether these views, or all, have come to a position.

        Raises:
            UnknownProjection: there is no view of this name.
        """
        reached = {each.name: each.position for each in self.pulse().builds if each.state == Status.LIVE}
        wanted = reached.keys() if names is None else names
        for name in wanted:
            if name not in reached:
                raise UnknownProjection(f"There is no view {name!r}.", projection=name)
        return all(reached[name] >= position for name in wanted)


def _skill_id(what: What) -> str:
    """Return the id of the installed skill that is asked about.

    Raises:
        LocalOnly: it is a file, or a URL.
    """
    if (place := place_of(what)) is not None:
        raise LocalOnly(f"{str(place)[:80]!r} is a file here or a URL; a gateway looks at what is installed.")
    return what.skill_id if isinstance(what, InstalledSkill) else str(what)


#: nouns of which something is done in another way than by one request
_SPECIAL: Mapping[str, type[RemoteNoun]] = MappingProxyType(
    {
        "deliveries": RemoteDeliveries,
        "dispatch": RemoteDispatch,
        "events": RemoteEvents,
        "ledger": RemoteLedger,
        "projections": RemoteUpkeep,
        "replay": RemoteReplay,
        "retention": RemoteRetention,
        "verification": RemoteVerification,
    }
)
