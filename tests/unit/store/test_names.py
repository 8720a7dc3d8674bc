from __future__ import annotations

from palyra_events.store import EventLog


def test_a_name_can_be_changed_and_taken_away(log: EventLog):
    """Names are ordinary rows, by the id of the actor."""
    log.names.put("operator:f3k9", "Ada")
    log.names.put("operator:a1", "Grace Höpper")
    log.names.put("operator:f3k9", "Ada Lovelace")
    assert log.names.all() == {"operator:a1": "Grace Höpper", "operator:f3k9": "Ada Lovelace"}

    log.names.forget("operator:f3k9")
    log.names.forget("operator:nobody")

    assert log.names.all() == {"operator:a1": "Grace Höpper"}
    assert log.head() == 0
