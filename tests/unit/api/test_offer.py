"""What the facade can do and a gateway offers: each method is an operation, or has a reason not to be one."""

from __future__ import annotations

import inspect

import pytest

from palyra_runtime.api.operations import BY_NAME
from palyra_runtime.api.remote_noun import NOUNS

#: methods that are no operation of their own, by what whoever asks a gateway does
IN_STEPS = {
    "deliveries.change": "is one of redeliver, retry, cancel and discard",
    "deliveries.changes": "reads the trail, and follows the stream",
    "deliveries.standings": "reads the figures of /metrics",
    "events.cloud_event": "is made of an event, where it is read",
    "events.export": "reads page by page",
    "events.head": "asks for the log",
    "events.wait": "follows the stream",
    "projections.wait": "asks for the pulse: a request that waits would hold up others",
    "surfaces.changes": "follows the stream of a surface",
}
#: methods that only the gateway's own machine has, and why
LOCAL = {
    "database.back_up": "writes a file there",
    "database.migrate": "is done while no gateway runs",
    "database.plan_migration": "is done while no gateway runs",
    "database.restore": "needs an empty database, where no gateway runs",
    "decisions.warm": "is what a gateway does as it begins",
    "gateway.check_alone": "is what a gateway does as it begins",
    "gateway.run": "is the gateway",
    "gateway.run_once": "is the gateway",
    "gateway.stop": "ends the process that it is called in",
    "tokens.create_login": "logs in whoever can use that machine",
    "tokens.exchange": "is what a browser does with its link",
    "tokens.identify": "is what the gate does with each request",
}
METHODS = {
    f"{noun}.{name}"
    for noun, kind in NOUNS.items()
    for name, _ in inspect.getmembers(kind, inspect.isfunction)
    if not name.startswith("_")
}


def test_each_method_is_offered_or_has_a_reason():
    """Whatever is new is offered over the network, or somebody says why it is not."""
    assert METHODS - set(BY_NAME) == {*IN_STEPS, *LOCAL}


@pytest.mark.parametrize("name", sorted({*IN_STEPS, *LOCAL}))
def test_no_reason_is_given_for_what_is_offered(name: str):
    """The tables tell nothing that is not so any more."""
    assert name in METHODS
    assert name not in BY_NAME
