from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from palyra_events.a2ui import normalise
from palyra_events.effect import SurfaceForm
from palyra_events.errors import InvalidInput
from palyra_events.shown import Output, OutputRefused, Shown, close, show
from palyra_events.strict_json import parse_object
from tests.document_strategies import JSON, RAW_DOCUMENTS, patches

#: what happens to one surface, in the order of the log
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["echo", "echo", "other"]), st.sampled_from(["document", "patch", "any", "close"])
    ),
    min_size=1,
    max_size=8,
)


def written(value: Any) -> bytes | None:
    """Return what a guest has written as the host keeps it; None where its output is refused before."""
    try:
        text = json.dumps({"a2ui": value}, ensure_ascii=False, allow_nan=False).encode()
        kept = parse_object(text, size_max=2**24)["a2ui"]
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    except (InvalidInput, ValueError):
        return None


def drawn(data: st.DataObject, kind: str, before: Shown | None) -> tuple[SurfaceForm, Any]:
    if kind == "patch" and before is not None:
        return SurfaceForm.PATCH, data.draw(patches(before.document))
    if kind == "document":
        return SurfaceForm.DOCUMENT, data.draw(RAW_DOCUMENTS)
    form = data.draw(st.sampled_from(SurfaceForm))
    return form, data.draw(JSON if form is SurfaceForm.PATCH else st.dictionaries(st.text(max_size=5), JSON))


@settings(deadline=None)
@given(steps=STEPS, data=st.data())
def test_whatever_plugins_write_a_surface_shows_a_document_or_what_it_showed(steps, data):
    """A view that stopped at somebody's page would stop all dispatch: nothing but a refusal comes of it."""
    before: Shown | None = None
    told: list[dict[str, str]] = []
    for plugin, kind in steps:
        if kind == "close":
            before = close(before) if before is not None and before.is_open else before
            continue
        form, value = drawn(data, kind, before)
        text = written(value)
        if text is None:
            continue
        output = Output("desk", plugin, form, len(text), lambda text=text: text)
        try:
            after = show(before, output)
        except OutputRefused as refused:
            told.append(asdict(refused.problem))
            continue
        assert after.version == (1 if before is None else before.version + 1)
        assert before is None or not before.is_open or after.plugin_id == before.plugin_id
        again = normalise(json.loads(json.dumps(after.document)))
        assert again.problems == ()
        assert after.document["surface"] == "desk"
        before = after
    assert json.loads(json.dumps(told)) == told
