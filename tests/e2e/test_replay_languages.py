"""What plugins of each language did is done again, to the same bytes and the same fuel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_runtime.authoring import Language, build_project, create_project, project_name, read_build
from palyra_runtime.replay import RunKind
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.sdk import demo_key, pack_sample
from tests.scale import scaled
from tests.stage import Stage

pytestmark = pytest.mark.slow

#: attempts of each plugin
ATTEMPTS = scaled(40, 3_000)

#: no release is quarantined for what its guests are made to do
PATIENT = WasmPluginRunnerPolicy(faults_max=1_000_000)

#: the samples that can be enabled, by the name of their module: in AssemblyScript and WAT, and a component
SAMPLES = {
    "greeter": "greeter",
    "guard": "guard",
    "notifier": "notifier",
    "grow": "runaway",
    "spin": "runaway",
    "witness": "witness",
}


#: the languages that no sample is written in
PROJECTS = [Language.C, Language.RUST, Language.PYTHON, Language.WAT]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage that lets guests fail as often as they like."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=PATIENT) as opened:
        yield opened


def carry_out(stage: Stage, skill_id: str, module: str | None = None) -> int:
    """Let a plugin of a skill have so many deliveries, each with one attempt, and return their number."""
    stage.palyra.skills.enable(skill_id)
    stage.palyra.plugins.bind("plugin", skill=skill_id, module=module)
    stage.palyra.hooks.bind("hook", event="gateway:startup", plugin="plugin", attempts_max=1)
    for _ in range(ATTEMPTS):
        stage.fire()
    stage.palyra.dispatch.drain()
    return ATTEMPTS


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_sample_did_it_does_again(stage: Stage, tmp_path, name):
    """Components too, and those that use up their fuel or take all memory."""
    sample = SAMPLES[name]
    path = tmp_path / f"{sample}.palyra-skill"
    path.write_bytes(pack_sample(sample, demo_key()))
    stage.palyra.skills.install(path, trust_on_first_use=True)

    count = carry_out(stage, f"acme.{sample}", f"modules/{name}.wasm")
    report = stage.palyra.replay.run()

    assert (report.findings, report.causes) == ([], {})
    assert (report.replayed, report.deliveries) == ({RunKind.ATTEMPT: count}, count)


@pytest.mark.parametrize("language", PROJECTS)
def test_what_a_plugin_of_each_language_did_it_does_again(stage: Stage, tmp_path, language):
    """The project that an author begins with, built with the tools of its language."""
    project = create_project(language, project_name("acme.kit", None, "ada"), tmp_path / "kit")
    build_project(project)
    _, modules = read_build(project)
    stage.install(modules, "acme.kit")

    count = carry_out(stage, "acme.kit")
    report = stage.palyra.replay.run()

    assert (report.findings, report.causes, report.replayed) == ([], {}, {RunKind.ATTEMPT: count})
