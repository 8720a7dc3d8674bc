"""The bytes of every event type, as they are in logs that people keep.

A golden file is never changed: a log that was written by an older Palyra must be read for ever. Who
adds an event type, or a new version of one, adds its samples to ``tests/sample_events.py`` and runs

    python tests/unit/palyra_events/test_golden_bytes.py

which writes the files that are missing and touches none that exists.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from palyra_events.event import Event
from palyra_events.registry import REGISTRY
from tests.sample_events import SAMPLES

CORPUS = Path(__file__).parents[2] / "corpus" / "events"


def golden_path(topic: str, suffix: str) -> Path:
    """Return where the bytes of a topic are, such as ``v1/SkillEnabled.json``."""
    name, _, version = topic.partition("@")
    return CORPUS / f"v{version}" / f"{name}{suffix}"


def golden_files() -> dict[Path, Event]:
    """Return the file of each sample of the current version of each type."""
    files: dict[Path, Event] = {}
    for sample in SAMPLES:
        files[golden_path(REGISTRY.topics[type(sample.full)], ".json")] = sample.full
        files[golden_path(REGISTRY.topics[type(sample.minimal)], ".minimal.json")] = sample.minimal
    return files


def topic_of(path: Path) -> str:
    """Return the topic whose bytes are in ``path``."""
    return f"{path.name.partition('.')[0]}@{path.parent.name.removeprefix('v')}"


GOLDEN = sorted(golden_files().items())
IDS = [f"{path.parent.name}/{path.name}" for path, _ in GOLDEN]


@pytest.mark.parametrize(("path", "event"), GOLDEN, ids=IDS)
def test_an_event_is_written_as_its_golden_bytes(path, event):
    """The same event is written as the same bytes in every version of Palyra."""
    assert REGISTRY.encode(event) == (topic_of(path), path.read_bytes())


@pytest.mark.parametrize(("path", "event"), GOLDEN, ids=IDS)
def test_golden_bytes_are_read_as_the_event(path, event):
    """What was written long ago is read as what it meant."""
    assert REGISTRY.decode(topic_of(path), path.read_bytes()) == event


def test_every_registered_type_has_samples():
    """No event type is in a log whose bytes nobody watches."""
    assert {type(sample.full) for sample in SAMPLES} == set(REGISTRY.topics)


def test_every_golden_file_has_a_sample():
    """No file stands for an event type that is gone."""
    current = {path for path in CORPUS.rglob("*.json") if topic_of(path) in REGISTRY.topics.values()}
    assert current == set(golden_files())


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.json")), ids=lambda path: path.name)
def test_every_golden_file_can_be_read(path):
    """Bytes of every version that ever was are read, through upcasters where the type moved on."""
    assert (
        type(REGISTRY.decode(topic_of(path), path.read_bytes())).__name__ == topic_of(path).partition("@")[0]
    )


def models_in(model: BaseModel) -> list[BaseModel]:
    """Return ``model`` and all models inside it."""
    found = [model]
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, tuple) else [value]:
            found += models_in(item) if isinstance(item, BaseModel) else []
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample.full).__name__)
def test_the_full_sample_leaves_nothing_out(sample):
    """Each field of a full sample has a value that is not its default, at every depth."""
    left_out = [
        f"{type(model).__name__}.{name}"
        for model in models_in(sample.full)
        for name, field in type(model).model_fields.items()
        if not field.is_required() and getattr(model, name) == field.default
    ]
    assert left_out == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample.full).__name__)
def test_the_minimal_sample_has_what_it_must_have(sample):
    """A minimal sample names the required fields and no other."""
    required = {name for name, field in type(sample.minimal).model_fields.items() if field.is_required()}
    assert sample.minimal.model_fields_set == required


def main() -> None:
    """Write the golden files that are missing."""
    for path, event in golden_files().items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(REGISTRY.encode(event)[1])


if __name__ == "__main__":
    main()
