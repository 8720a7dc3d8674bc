from __future__ import annotations

import pytest

from palyra_events.application import FilledForm, Intent
from palyra_events.errors import UnknownDelivery
from tests.stage import Stage, answering


def why(stage: Stage, delivery_id: str) -> str:
    with pytest.raises(UnknownDelivery) as refused:
        stage.palyra.deliveries.show(delivery_id)
    return refused.value.message


def test_there_was_no_event(stage: Stage):
    """The log does not reach so far, or positions do not begin so early."""
    assert why(stage, "7:greet").endswith("the log has no event at position 7.")
    assert why(stage, "0:greet").endswith("the log has no event at position 0.")
    assert why(stage, f"{2**80}:greet").endswith(f"the log has no event at position {2**80}.")


def test_the_event_fires_no_hooks(stage: Stage):
    """Only lifecycle events do."""
    stage.ready(answering())

    assert why(stage, "1:greet").endswith("no hook can react to PublisherPinned at position 1.")


def test_the_hook_was_bound_too_late(stage: Stage):
    """Who binds a hook later has not missed a delivery: there was none."""
    position = stage.fire()
    stage.ready(answering())

    message = why(stage, f"{position}:greet")

    assert f"no hook greet was bound to gateway:startup when that happened at position {position}" in message


def test_the_hook_was_disabled(stage: Stage):
    """It is enabled by now, and was not when it mattered."""
    stage.ready(answering())
    stage.palyra.hooks.disable("greet")
    position = stage.fire()
    stage.palyra.hooks.enable("greet")

    assert f"the hook was disabled when gateway:startup happened at position {position}" in why(
        stage, f"{position}:greet"
    )


def test_nobody_has_scheduled_it_yet(stage: Stage):
    """The hook is there and the event is there: a gateway or a drain has to come."""
    stage.ready(answering())
    position = stage.fire()

    assert "no gateway and no drain has come so far yet" in why(stage, f"{position}:greet")


def test_a_form_is_for_one_hook(stage: Stage):
    """The one that its surface implies; that nobody has come so far is told as of any hook."""
    form = FilledForm("8c" * 16, "desk", 1, "echo", "decision", {})
    position = stage.application.submit_form(form, Intent("operator:ada")).head

    assert f"the form at position {position} is for surface:echo" in why(stage, f"{position}:greet")
    assert "no gateway and no drain has come so far yet" in why(stage, f"{position}:surface:echo")


@pytest.mark.parametrize(
    "text", ["", "greet", "12", ":greet", "12:", "x:greet", "١٢:greet", "1:\x1b[2J", "1:\ud800"]
)
def test_what_is_no_id_of_a_delivery_is_told_apart(stage: Stage, text):
    """The message says how ids look, and repeats nothing that a terminal obeys."""
    message = why(stage, text)

    assert "ids look like 12:greet" in message
    assert "\x1b" not in message
