from __future__ import annotations

import json

import pytest

from palyra_events.effect import SurfaceForm
from palyra_events.shown import CONTENT_BYTES_MAX, Change, Output, OutputRefused, Shown, close, show

DOCUMENT = {"v": 1, "surface": "desk", "components": [{"type": "text", "id": "t", "props": {"value": "a"}}]}
RENAME = {"v": 1, "ops": [{"op": "replace", "path": "/components/0/props/value", "value": "b"}]}


def output(value: object, *, plugin: str = "echo", form: SurfaceForm = SurfaceForm.DOCUMENT) -> Output:
    text = json.dumps(value).encode()
    return Output(surface="desk", plugin_id=plugin, form=form, size=len(text), read=lambda: text)


def patch(value: object, *, plugin: str = "echo") -> Output:
    return output(value, plugin=plugin, form=SurfaceForm.PATCH)


def shown() -> Shown:
    return show(None, output(DOCUMENT))


def why(before: Shown | None, said: Output) -> tuple[str, str]:
    with pytest.raises(OutputRefused) as refused:
        show(before, said)
    return refused.value.problem.code, refused.value.problem.path


def value_of(surface: Shown) -> str:
    return surface.document["components"][0]["props"]["value"]


def test_a_document_makes_a_surface():
    """Its first version shows the document in its one form; whoever showed it first owns it."""
    assert shown() == Shown(
        surface="desk",
        plugin_id="echo",
        version=1,
        change=Change.DOCUMENT,
        is_open=True,
        document={
            "v": 1,
            "surface": "desk",
            "components": [{"id": "t", "type": "text", "props": {"tone": "normal", "value": "a"}}],
        },
        problems=(),
    )


def test_a_patch_changes_what_is_shown():
    """It makes the next version, and what it does not name stays."""
    after = show(shown(), patch(RENAME))

    assert (value_of(after), after.version, after.change) == ("b", 2, Change.PATCH)
    assert after.document["components"][0]["id"] == "t"


def test_a_document_bears_the_id_of_its_surface():
    """However its plugin spells the name: what is shown can be asked for by it."""
    assert show(None, output({**DOCUMENT, "surface": " Desk "})).document["surface"] == "desk"


def test_what_was_mended_is_told():
    """A component that nobody knows is shown as such, and listed."""
    raw = {**DOCUMENT, "components": [{"type": "hologram", "id": "x"}]}

    after = show(None, output(raw))

    assert after.document["components"][0]["type"] == "unsupported"
    assert [problem.code for problem in after.problems] == ["unsupported"]


def test_a_surface_belongs_to_the_plugin_that_made_it():
    """Another one can neither replace nor patch what is shown."""
    assert why(shown(), output(DOCUMENT, plugin="other")) == ("not_the_owner", "")
    assert why(shown(), patch(RENAME, plugin="other")) == ("not_the_owner", "")


def test_a_closed_surface_belongs_to_whoever_shows_it_next():
    """Versions go on, so that who has filled in a form of the old one is not taken for one of the new."""
    closed = close(shown())
    after = show(closed, output(DOCUMENT, plugin="other"))

    assert (closed.version, closed.change, closed.is_open) == (2, Change.CLOSED, False)
    assert (after.plugin_id, after.version, after.is_open) == ("other", 3, True)


def test_a_patch_needs_a_page():
    """Where none is shown, or none any more, there is nothing to patch."""
    assert why(None, patch(RENAME)) == ("no_document", "")
    assert why(close(shown()), patch(RENAME)) == ("no_document", "")


@pytest.mark.parametrize(
    ("ops", "code", "path"),
    [
        ([{"op": "remove", "path": "/components/7"}], "conflict", "/components/7"),
        ([{"op": "move", "path": "/components/0"}], "invalid_patch", ""),
        ([{"op": "remove", "path": "/components/0"}] * 300, "budget_exceeded", ""),
    ],
)
def test_a_patch_that_does_not_apply_is_refused_with_its_code(ops, code, path):
    """The code says what to do, the path which operation is to blame."""
    found = why(shown(), patch({"v": 1, "ops": ops}))

    assert found[0] == code
    assert found[1] in {path, "/components/0"}


def test_what_is_no_document_is_refused():
    """With the place that is to be mended."""
    assert why(None, output({**DOCUMENT, "components": "none"})) == ("invalid_input", "/components")


def test_what_is_too_large_is_not_even_read():
    """A page is for people."""
    said = Output(
        surface="desk",
        plugin_id="echo",
        form=SurfaceForm.DOCUMENT,
        size=CONTENT_BYTES_MAX + 1,
        read=pytest.fail,
    )

    assert why(None, said) == ("budget_exceeded", "")


def test_what_was_erased_cannot_be_shown():
    """The log still says that there was something."""
    said = Output(surface="desk", plugin_id="echo", form=SurfaceForm.PATCH, size=10, read=lambda: None)

    assert why(shown(), said) == ("erased", "")
