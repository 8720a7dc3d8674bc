from __future__ import annotations

import json
from typing import Any

import pytest

from palyra_events.effect import SurfaceForm
from palyra_runtime.capabilities import EffectCollector


def shown(a2ui: dict[str, Any]) -> tuple[str | None, SurfaceForm, Any]:
    """Return what the effects say of an output: surface, form and content."""
    effects = EffectCollector()
    effects.show({"result": 1, "a2ui": a2ui})
    surface = effects.effects().surface
    assert surface is not None
    (blob,) = effects.blobs()
    assert blob.digest == surface.content.digest
    return surface.surface, surface.form, json.loads(blob.content)


def test_a_document_is_kept_as_it_was_written():
    """Whether it can be shown is not decided here."""
    document = {"v": 7, "surface": " Desk ", "größe": None}

    assert shown(document) == ("desk", SurfaceForm.DOCUMENT, document)


def test_of_a_patch_only_the_patch_is_kept():
    """What is around it names the surface."""
    patch = {"v": 1, "ops": []}

    assert shown({"v": 1, "surface": "desk", "patch": patch}) == ("desk", SurfaceForm.PATCH, patch)


@pytest.mark.parametrize("name", [None, 7, "", "no surface", "x" * 129, ["desk"]])
def test_a_surface_that_cannot_be_is_none(name):
    """It is told as a problem later; the attempt has succeeded all the same."""
    assert shown({"surface": name})[0] is None
    assert shown({})[0] is None


@pytest.mark.parametrize("output", [None, {}, {"result": 1}])
def test_an_output_without_a_page_shows_nothing(output):
    """As most do."""
    effects = EffectCollector()
    effects.show(output)

    assert effects.effects().surface is None
    assert effects.blobs() == []
