"""One run of a module: what goes in and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from palyra_runtime.sandbox.engine import fingerprint
from palyra_runtime.sandbox.grants import CapabilityGrantSet
from palyra_runtime.sandbox.limits import Limits
from palyra_runtime.sandbox.outcome import RuntimeKind, runtime_kind
from palyra_runtime.sandbox.session import Broker, Exchange


@dataclass(frozen=True, slots=True)
class Invocation:
    """All that a run depends on, besides the module and the engine.

    ``entrypoint`` None means ``palyra_plugin_main``, and ``run`` where that is absent. ``deadline``,
    on the clock of ``time.monotonic``, can end the run before ``limits.timeout_ms`` do.
    """

    broker: Broker
    input: bytes = b""
    entrypoint: str | None = None
    grants: CapabilityGrantSet = field(default_factory=CapabilityGrantSet)
    limits: Limits = field(default_factory=Limits)
    deadline: float | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line that the guest logged; ``level`` is 0 trace, 1 debug, 2 info, 3 warning, 4 error."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Execution:
    """How a run ended and what it left.

    ``exit_code`` is there whenever the guest returned; ``document`` is its output where that is valid.
    Fuel is counted apart for the instantiation with its start function and for the call of the
    entrypoint. ``memory_bytes_peak`` is the size of the exported memory at the end, which is its
    largest, or the declared minimum where the guest exports none or was never instantiated.
    A component shows its memories to nobody: for it there is the sum of their minima.
    ``duration_us`` does not count compiling. ``message`` is one bounded line for people. ``engine`` is the
    fingerprint of the engine that ran the guest, or would have.
    """

    outcome: str
    message: str = ""
    exit_code: int | None = None
    output: bytes = b""
    document: dict[str, Any] | None = None
    logs: tuple[LogLine, ...] = ()
    log_lines_dropped: int = 0
    transcript: tuple[Exchange, ...] = ()
    fuel_instantiate_units: int = 0
    fuel_call_units: int = 0
    memory_bytes_peak: int = 0
    duration_us: int = 0
    engine: str = field(default_factory=fingerprint)

    @property
    def kind(self) -> RuntimeKind | None:
        """The reference's name for the outcome; None where the guest ran to its end."""
        return runtime_kind(self.outcome)

    @property
    def fuel_units(self) -> int:
        """All fuel that the run used."""
        return self.fuel_instantiate_units + self.fuel_call_units

    @property
    def duration_ms(self) -> int:
        """The duration in whole milliseconds, rounded down."""
        return self.duration_us // 1000

    @property
    def retry_wanted(self) -> bool:
        """False where the guest's output says that trying again is of no use."""
        return self.document is None or self.document.get("retry", True) is not False
