from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.delivery import AttemptSucceeded, DeliveryScheduled
from palyra_events.submission import FormSubmitted
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.sdk import demo_key, pack_sample
from tests.history import check_history, check_views
from tests.stage import Stage

POLICY = WasmPluginRunnerPolicy(allowed_storage_prefixes=("desk",))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A gateway with the approval desk, and a skill that can be quarantined."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/palyra.db" if is_sqlite else request.getfixturevalue("postgres").schema()
    with Stage(url, tmp_path, policy=POLICY) as opened:
        palyra = opened.palyra
        for name in ("approval-desk", "greeter"):
            artifact = tmp_path / f"{name}.palyra-skill"
            artifact.write_bytes(pack_sample(name, demo_key()))
            palyra.skills.install(artifact, trust_on_first_use=True)
        palyra.skills.enable("acme.approval-desk", reason="reviewed")
        palyra.plugins.bind("desk", skill="acme.approval-desk", storage_prefixes=["desk"])
        palyra.hooks.bind("cases", event="skill:quarantined", plugin="desk")
        palyra.hooks.bind("done", event="skill:enabled", plugin="desk")
        yield opened


def answered(stage: Stage, form: str, **values: object) -> None:
    """Send off a form, and let the desk answer."""
    stage.palyra.surfaces.submit("approvals", form, values, idempotency_key=f"{form}-{stage.log.head()}")
    stage.dispatcher().drain()


def test_a_conversation_by_forms_is_one_history_that_can_be_run_again(stage: Stage):
    """Each form has one delivery and one answer; views, rules and guests give the same a second time."""
    stage.palyra.skills.enable("acme.greeter", reason="reviewed")
    stage.palyra.skills.quarantine("acme.greeter", reason="too loud")
    stage.dispatcher().drain()
    (case,) = stage.palyra.surfaces.show("approvals").document["components"][3]["props"]["fields"]
    answered(stage, "choose", release=case["defaultValue"])
    answered(stage, "decide", decision="later", reason="has to ask", checked=True)
    answered(stage, "choose", release=case["defaultValue"])
    answered(stage, "decide", decision="keep", reason="still loud", checked=True)

    forms = stage.events(FormSubmitted)
    deliveries = [event for event in stage.events(DeliveryScheduled) if event.hook_id == "surface:desk"]
    assert (len(forms), len({event.delivery_id for event in deliveries})) == (4, 4)
    assert len(stage.palyra.surfaces.history("approvals")) == len(stage.events(AttemptSucceeded))
    assert stage.palyra.surfaces.problems() == []
    check_history(stage.log)
    check_views(stage.log)
    report = stage.palyra.replay.run()
    assert (report.findings, report.replayed.total()) == ([], len(stage.events(AttemptSucceeded)))
