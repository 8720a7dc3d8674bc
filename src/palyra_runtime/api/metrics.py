"""Figures for Prometheus: how far everything has come, and what this process has seen happen.

Gauges are read when they are asked for. Counters and histograms count the events of the log that were
appended since this process began, wherever they come from; several gateways of one log tell the same.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.event import Event
from palyra_events.invocation import Invocation
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.version import VERSION

if TYPE_CHECKING:
    from palyra_runtime.bootstrap import Face

#: runs of gateways among which those are looked for that are up
_RUNS = 16
#: events that are counted when somebody asks; what is more waits for the next time
_EVENTS_MAX = 50_000
_PAGE_SIZE = 1_000
#: seconds, from a cached invocation to one that ends at its time limit
_SECONDS = (0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_US_PER_S = 1_000_000


class Metrics:
    """Figures of one process over one log. For any number of threads."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._lock = Lock()
        self._counted = face.events.head()
        self._registry = CollectorRegistry()
        self._make_gauges(self._registry)
        self._make_counters(self._registry)

    def text(self) -> bytes:
        """Return all figures in the text format of Prometheus."""
        with self._lock:
            self._count_events()
            self._read_gauges()
            return generate_latest(self._registry)

    def _make_gauges(self, registry: CollectorRegistry) -> None:
        info = Gauge("palyra_info", "The version that runs.", ["version"], registry=registry)
        info.labels(VERSION).set(1)
        self._head = Gauge("palyra_log_position", "Position of the last event.", registry=registry)
        self._position = Gauge(
            "palyra_consumer_position", "How far a consumer has come.", ["consumer"], registry=registry
        )
        self._lag = Gauge(
            "palyra_consumer_lag_events", "Events that it has not seen.", ["consumer"], registry=registry
        )
        self._deliveries = Gauge("palyra_deliveries", "Deliveries by state.", ["state"], registry=registry)
        self._messages = Gauge("palyra_messages_waiting", "Messages that are not sent.", registry=registry)
        self._leases = Gauge("palyra_leases", "Attempts and runs under way.", registry=registry)
        self._gateways = Gauge("palyra_gateways_up", "Gateways that run over the log.", registry=registry)

    def _make_counters(self, registry: CollectorRegistry) -> None:
        self._events = Counter("palyra_events", "Events of the log.", ["event"], registry=registry)
        self._attempts = Counter("palyra_attempts", "Attempts by outcome.", ["outcome"], registry=registry)
        self._runs = Counter("palyra_tool_runs", "Tool runs by outcome.", ["outcome"], registry=registry)
        self._decisions = Counter(
            "palyra_decisions", "Decisions by what counts.", ["kind"], registry=registry
        )
        self._invocation = Histogram(
            "palyra_invocation_seconds", "Time in a guest.", buckets=_SECONDS, registry=registry
        )
        self._decision = Histogram(
            "palyra_decision_seconds", "Time of a decision.", buckets=_SECONDS, registry=registry
        )

    def _read_gauges(self) -> None:
        status = self._face.gateway.status(runs=_RUNS)
        self._head.set(status.head)
        for row in status.consumers:
            self._position.labels(row.name).set(row.position)
            self._lag.labels(row.name).set(row.lag)
        for state, number in self._face.deliveries.standings().items():
            self._deliveries.labels(state.value).set(number)
        self._messages.set(status.messages_waiting)
        self._leases.set(len(status.leases))
        self._gateways.set(sum(run.state == "up" for run in status.runs))

    def _count_events(self) -> None:
        until = self._counted + _EVENTS_MAX
        while self._counted < until:
            page = self._face.events.list(after=self._counted, limit=_PAGE_SIZE)
            if not page:
                return
            for detail in page:
                self._count(detail.event)
            self._counted = page[-1].position

    def _count(self, event: Event) -> None:
        self._events.labels(type(event).__name__).inc()
        if isinstance(event, AttemptSucceeded):
            self._attempts.labels("ok").inc()
            self._took(event.invocation)
        elif isinstance(event, AttemptFailed):
            self._attempts.labels(event.outcome).inc()
            self._took(event.invocation)
        elif isinstance(event, PluginInvoked):
            self._runs.labels(event.outcome).inc()
            self._took(event.invocation)
        elif isinstance(event, DecisionTaken):
            self._decisions.labels(event.kind.value).inc()
            self._decision.observe(event.duration_us / _US_PER_S)

    def _took(self, invocation: Invocation | None) -> None:
        if invocation is not None:
            self._invocation.observe(invocation.duration_us / _US_PER_S)
