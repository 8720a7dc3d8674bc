from __future__ import annotations

from pathlib import Path

import pytest

from palyra_events.delivery import DeliveryState
from palyra_runtime import Palyra
from palyra_runtime.sdk import demo_key, pack_sample


def workers() -> list[str]:
    """Return the command lines of this process's children that belong to a sandbox."""
    children = [
        pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()
    ]
    lines = [Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in children]
    return [line for line in lines if "palyra_runtime.sandbox" in line or "palyra-" in line]


def greet(palyra: Palyra, folder: Path) -> None:
    """Let the greeter run at the start of a gateway."""
    artifact = folder / "greeter.palyra-skill"
    artifact.write_bytes(pack_sample("greeter", demo_key()))
    palyra.skills.install(artifact, trust_on_first_use=True)
    palyra.skills.enable("acme.greeter")
    palyra.plugins.bind("greeter", skill="acme.greeter")
    palyra.hooks.bind("hello", event="gateway:startup", plugin="greeter")
    palyra.gateway.run_once()


@pytest.mark.parametrize(("setting", "is_apart"), [("", True), ('isolation = "thread"', False)])
def test_a_gateway_runs_guests_where_its_configuration_says(tmp_path, setting, is_apart):
    """By default in processes of their own, which end with the gateway; the compiled module stays."""
    (tmp_path / "palyra.toml").write_text(setting)
    before = len(workers())
    with Palyra.open(f"sqlite:///{tmp_path}/palyra.db", home=tmp_path) as palyra:
        compiling = len(workers())
        greet(palyra, tmp_path)
        (delivery,) = palyra.deliveries()
        running = len(workers())

    assert delivery.state is DeliveryState.SUCCEEDED
    assert compiling == before
    assert (running - before >= 2) is is_apart
    assert len(workers()) == before
    assert len(list((tmp_path / "modules").glob("*.compiled"))) == 1
