"""What is not well with an installation, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from palyra_events.delivery import DeliveryState
from palyra_events.errors import PalyraError
from palyra_events.message import MessageState
from palyra_events.store import EventLog
from palyra_runtime.dispatch import Holder
from projections import DeliveryFilter, Projector, Views, dead_letters

#: events at the end of the log that are looked at; palyra audit verify looks at all
_EVENTS = 1000
#: of a file that only its owner may read
_OTHERS = 0o077
_DEAD = DeliveryFilter(states=frozenset({DeliveryState.DEAD}))


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined."""

    log: EventLog
    projector: Projector
    views: Views
    role_holder: Callable[[], Holder | None]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that can be wrong: ``look`` yields a sentence for each finding."""

    name: str
    look: Callable[[Patient], Iterator[str]]
    advice: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What a check has found; ``advice`` is there where something was."""

    check: str
    findings: tuple[str, ...]
    advice: str | None

    @property
    def is_good(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class Doctor:
    """Looks at what can be looked at quickly. Nothing is changed, but views come up to date."""

    def __init__(self, patient: Patient, checks: Sequence[Check] | None = None) -> None:
        self._patient = patient
        self._checks = CHECKS if checks is None else checks

    def examine(self) -> Sequence[Examined]:
        """Return what each check has found. What makes a check impossible is a finding of it."""
        return [self._examined(check) for check in self._checks]

    def _examined(self, check: Check) -> Examined:
        try:
            findings = tuple(check.look(self._patient))
        except PalyraError as error:
            return Examined(check.name, (error.message,), error.advice)
        return Examined(check.name, findings, check.advice if findings else None)


def _database(patient: Patient) -> Iterator[str]:
    """Look for gaps at the end of the log, and for a file that others may read."""
    head = patient.log.head()
    patient.log.read(max(0, head - _EVENTS), _EVENTS)
    path = patient.log.path
    if path is not None and path.stat().st_mode & _OTHERS:
        yield f"Others on this machine may read {path}."


def _views(patient: Patient) -> Iterator[str]:
    patient.projector.catch_up()
    for row in patient.views.status():
        if row.is_paused:
            yield f"The view {row.name} is paused at position {row.position}."


def _builds(patient: Patient) -> Iterator[str]:
    for row in patient.views.status():
        if row.is_changed:
            yield f"The view {row.name} was made by other code than this program has."
        if not row.is_known:
            yield f"The view {row.name} was made by a program that has more views than this one."


def _dead_letters(patient: Patient) -> Iterator[str]:
    for letter in dead_letters(patient.projector.folder.engine):
        yield f"The view {letter.name} went on without event {letter.position}: {letter.error}"


def _deliveries(patient: Patient) -> Iterator[str]:
    for hook, dead in patient.views.count_deliveries_by_hook(_DEAD).items():
        yield f"Of the hook {hook}, {dead} were given up."


def _messages(patient: Patient) -> Iterator[str]:
    for row in patient.views.messages(state=MessageState.DEAD):
        yield f"Message {row.message_id} to {row.channel} was given up: {row.outcome}."


def _gateway(patient: Patient) -> Iterator[str]:
    waiting = patient.views.open_deliveries() + patient.views.waiting_messages()
    if waiting and patient.role_holder() is None:
        yield f"Of deliveries and messages, {waiting} are waiting, and no gateway is up."


#: what is looked at, in this order
CHECKS: tuple[Check, ...] = (
    Check("database", _database, "Let only the owner read it: chmod 600 FILE"),
    Check("views", _views, "Let it go on with: palyra projection resume VIEW"),
    Check(
        "builds",
        _builds,
        "A gateway builds it anew when it starts, and so does: palyra projection rebuild --changed; drop an "
        "unknown one with: "
        "palyra projection drop VIEW --live",
    ),
    Check("dead letters", _dead_letters, "Try them again with: palyra projection dead retry VIEW"),
    Check("deliveries", _deliveries, "Look at them with: palyra delivery list --dead"),
    Check("outbox", _messages, "Look at them with: palyra outbox list --state dead"),
    Check(
        "gateway",
        _gateway,
        "Start one with: palyra gateway run, or carry out what waits: palyra delivery drain",
    ),
)
