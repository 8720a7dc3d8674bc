"""Events in the form of CloudEvents 1.0, which brokers and warehouses read.

The attributes are those of the specification and of its extensions for sequences and partitions
(https://github.com/cloudevents/spec, version 1.0.2); the others are extensions of ours, whose names may
have lower-case letters and digits alone.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palyra_runtime.facade.event_detail import EventDetail

#: digits of the largest position, so that the order of texts is that of the log
_SEQUENCE_DIGITS = 19


def cloud_event(detail: EventDetail, log_id: UUID, topic: str) -> dict[str, Any]:
    """Return an event of the log ``log_id``; ``topic`` is its type in the version of its facts."""
    name, _, version = topic.partition("@")
    optional = {
        "correlationid": detail.event.correlation_id,
        "causationid": detail.event.causation_id,
        "reason": detail.reason,
    }
    return {
        "specversion": "1.0",
        "id": str(detail.position),
        "source": f"urn:uuid:{log_id}",
        "type": f"palyra.{name}.v{version}",
        "time": detail.facts["timestamp"],
        "sequence": str(detail.position).zfill(_SEQUENCE_DIGITS),
        "partitionkey": str(detail.stream_id),
        "actor": detail.event.actor,
        **{attribute: value for attribute, value in optional.items() if value is not None},
        "leaf": detail.leaf.hex(),
        "datacontenttype": "application/json",
        "data": detail.own_facts,
    }
