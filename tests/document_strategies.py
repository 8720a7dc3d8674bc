"""Hypothesis strategies for A2UI: what plugins write, good and bad, and what comes of it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from palyra_events.a2ui import Document, normalise

#: what breaks terminals, Markdown and HTML, beside ordinary words
TRICKS = [
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x9b2J",
    "\u202eevil\u202c",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](//evil.example) ![y](https://evil.example/t.png)",
    "# no\n- heading\n1. nor\n    list",
    "\ud800 half",
    "a&b|c~d`e*f_g\\h",
    "\U0001f600" * 300,
]
TEXTS = st.one_of(st.text(max_size=20), st.sampled_from(TRICKS), st.just("y" * 600))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _mostly(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What is asked for, and now and then something else."""
    return st.one_of(good, good, good, JSON)


_NUMBERS = _mostly(st.one_of(st.integers(-1000, 1000), st.floats(allow_nan=False, allow_infinity=False)))
_FLAGS = _mostly(st.booleans())
_WORDS = _mostly(TEXTS)
_IDS = _mostly(st.one_of(st.sampled_from(["a", "b", "a-2", "x" * 64, "x" * 70]), TEXTS))
_OPTIONS = st.fixed_dictionaries({}, optional={"label": _WORDS, "value": _IDS})
_FIELDS = st.fixed_dictionaries(
    {"type": _mostly(st.sampled_from(["text", "email", "number", "select", "checkbox"]))},
    optional={
        "id": _IDS,
        "label": _WORDS,
        "hint": _WORDS,
        "required": _FLAGS,
        "placeholder": _WORDS,
        "min": _NUMBERS,
        "max": _NUMBERS,
        "step": _NUMBERS,
        "options": _mostly(st.lists(_mostly(_OPTIONS), max_size=4)),
        "default": JSON,
        "defaultValue": JSON,
    },
)
_PROPS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "text": {"tone": _mostly(st.sampled_from(["normal", "muted", "success", "critical"])), "value": _WORDS},
    "markdown": {"value": _WORDS, "markdown": _WORDS},
    "list": {"ordered": _FLAGS, "items": _mostly(st.lists(JSON, max_size=4))},
    "table": {
        "columns": _mostly(st.lists(_WORDS, max_size=4)),
        "rows": _mostly(st.lists(_mostly(st.lists(JSON, max_size=4)), max_size=4)),
    },
    "form": {
        "title": _WORDS,
        "submitLabel": _WORDS,
        "submit_label": _WORDS,
        "fields": _mostly(st.lists(_mostly(_FIELDS), max_size=4)),
    },
    "chart": {
        "title": _WORDS,
        "series": _mostly(
            st.lists(_mostly(st.fixed_dictionaries({"label": _WORDS, "value": _NUMBERS})), max_size=4)
        ),
    },
    "unsupported": {"kind": _WORDS, "source": _WORDS},
    "video": {"src": _WORDS},
}
_COMPONENTS = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just(kind), "props": _mostly(st.fixed_dictionaries({}, optional=props))},
        optional={"id": _IDS, "extra": JSON},
    )
    for kind, props in _PROPS.items()
)

#: documents as plugins write them: they can be read, and much in them is to be mended
RAW_DOCUMENTS = st.fixed_dictionaries(
    {
        "v": st.just(1),
        "surface": st.sampled_from(["desk", " a b ", "ü" * 200]),
        "components": st.lists(_mostly(_COMPONENTS), max_size=6),
    },
    optional={"extra": JSON},
)


def documents() -> st.SearchStrategy[Document]:
    """Return documents as they are stored."""
    return RAW_DOCUMENTS.map(lambda raw: normalise(raw).document)


def _pointers(value: Any, path: str = "") -> list[str]:
    """Return the places in a JSON value."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    below = [_pointers(member, f"{path}/{key}") for key, member in members]
    return [path, *(place for places in below for place in places)]


@st.composite
def patches(draw: st.DrawFn, value: Any) -> dict[str, Any]:
    """Return patches of a JSON value; most of their places are there."""
    places = st.sampled_from(
        [*_pointers(value), "/components/-", "/nowhere", "/components/0/props/__proto__"]
    )
    changes = st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace"]), "path": places, "value": JSON}
    )
    removals = st.fixed_dictionaries({"op": st.just("remove"), "path": places})
    return {"v": 1, "ops": draw(st.lists(changes | removals, min_size=1, max_size=4))}
