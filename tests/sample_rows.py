"""Rows of views with every field filled, for tests of what is made of them."""

from __future__ import annotations

from projections import AuditRow
from tests.sample_events import MOMENT

#: what a test is about, it replaces
AUDIT_ROW = AuditRow(
    position=1,
    timestamp=MOMENT,
    topic="HookBound@1",
    actor="operator:alice",
    reason=None,
    is_reason_erased=False,
    subject_kind="hook",
    subject_id="greet",
    summary="was bound",
    correlation_id="c0ffee",
    causation_id=None,
    stream_id="s",
    stream_version=1,
)
