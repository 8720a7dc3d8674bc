from __future__ import annotations

import json
from pathlib import Path

import pytest

from palyra_runtime import Palyra
from tests.shell import Reader, Shell
from tests.stage import Stage, answering

PAGE = {
    "v": 1,
    "surface": "desk",
    "components": [
        {"type": "text", "id": "hello", "props": {"value": "hello\x1b[2J"}},
        {
            "type": "form",
            "id": "ask",
            "props": {
                "title": "Ask",
                "fields": [
                    {"id": "name", "type": "text", "required": True},
                    {"id": "sure", "type": "checkbox"},
                    {"id": "number", "type": "number", "max": 9, "step": 0.5},
                ],
            },
        },
    ],
}
MENDED = {**PAGE, "components": [*PAGE["components"], {"type": "hologram"}]}


@pytest.fixture(scope="module")
def shown_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a gateway whose plugin shows a page. For reading only."""
    home = tmp_path_factory.mktemp("shown")
    with Stage(f"sqlite:///{home / 'palyra.db'}", home) as stage:
        stage.ready(answering(output=json.dumps({"a2ui": MENDED})))
        stage.fire()
        stage.dispatcher().drain()
    return home


@pytest.fixture(scope="module")
def looking(shown_home: Path) -> Reader:
    """The command line over that home. For reading only."""
    return Reader(shown_home)


@pytest.fixture
def acting(shown_home: Path, tmp_path: Path) -> Shell:
    """The command line over a copy of that database, to change."""
    database = tmp_path / "palyra.db"
    database.write_bytes((shown_home / "palyra.db").read_bytes())
    return Shell(tmp_path)


def test_pages_are_listed(looking: Reader):
    """For people and for programs."""
    done = looking("surface", "list")
    (row,) = looking("surfaces", "list", "-o", "json").json

    assert done.out.splitlines()[1].split()[:6] == ["desk", "open", "echo", "1", "3", "1"]
    assert (row["surface"], row["version"], row["is_open"], row["repairs"]) == ("desk", 1, True, 1)
    assert looking("surface", "list", "--closed", "-o", "json").json == []
    assert looking("surface", "list", "--all", "--closed").code == 2


def test_a_page_is_shown_as_people_read_it(looking: Reader):
    """With what was mended; nothing that a plugin writes commands the terminal."""
    done = looking("surface", "show", "desk")

    assert (done.code, done.err) == (0, "")
    assert "Surface desk of plugin echo" in done.out
    assert "hologram" in done.out
    assert "Ask (form ask)" in done.out
    assert "\x1b" not in done.out


def test_a_page_is_shown_as_programs_read_it(looking: Reader):
    """All about it, the document by itself, or in Google's form."""
    detail = looking("surface", "show", "desk", "-o", "json").json
    document = looking("surface", "show", "desk", "--as", "json").json
    messages = looking("surface", "show", "desk", "--as", "a2ui", "-o", "ndjson").lines[0]

    assert detail["document"] == document
    assert [problem["code"] for problem in detail["problems"]] == ["unsupported"]
    assert messages[0]["createSurface"]["surfaceId"] == "desk"
    assert looking("surface", "show", "desk", "--version", "1", "--at", "3").code == 2
    assert looking("surface", "show", "other").code == 3


def test_a_form_is_sent_off_from_the_command_line(acting: Shell):
    """Texts become what the fields ask for; sent twice under one key, it counts once."""
    words = ("surface", "submit", "desk", "ask", "name=Ada", "sure=yes", "number=2.5", "--key", "k")
    first = acting(*words)
    again = acting(*words, "-o", "json").json

    assert (first.code, again["is_repeat"]) == (0, True)
    assert again["delivery_id"] in first.out
    with Palyra.open(f"sqlite:///{acting.home / 'palyra.db'}", home=acting.home) as palyra:
        palyra.dispatch.drain()
        (attempt,) = palyra.deliveries.show(again["delivery_id"]).attempts
    assert attempt.input["event"]["payload"]["values"] == {"name": "Ada", "sure": True, "number": 2.5}


def test_values_may_come_from_a_file(acting: Shell, tmp_path: Path):
    """As one JSON object; what is typed beside it wins."""
    values = tmp_path / "values.json"
    values.write_text('{"name": "Ada", "number": 7}', encoding="utf-8")

    sent = acting("surface", "submit", "desk", "ask", "number=8", "--values", str(values), "-o", "json")

    assert (sent.code, sent.json["component_id"]) == (0, "ask")


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["ask", "number=many"], 2, "FORM_INVALID"),
        (["ask", "name"], 2, "USAGE"),
        (["hello", "name=Ada"], 3, "UNKNOWN_FORM"),
        (["ask", "name=Ada", "--values", "nowhere.json"], 2, "USAGE"),
    ],
)
def test_what_cannot_be_sent_off_is_told(looking: Reader, words, code, error):
    """Each mistake has its exit code and its code."""
    done = looking("surface", "submit", "desk", *words, "-o", "json")

    assert (done.code, done.out, done.error["code"]) == (code, "", error)


def test_a_page_is_closed(acting: Shell):
    """With a reason; it is a version of its own, and takes no forms."""
    closed = acting("surface", "close", "desk", "--reason", "done")
    refused = acting("surface", "submit", "desk", "ask", "name=Ada", "-o", "json")

    assert (closed.code, closed.out) == (0, "Surface desk is closed.\n")
    assert (refused.code, refused.error["code"]) == (5, "SURFACE_CLOSED")
    assert [row["change"] for row in acting("surface", "history", "desk", "-o", "json").json] == [
        "closed",
        "document",
    ]


def test_a_document_is_tried_before_anything_shows_it(looking: Reader, tmp_path: Path):
    """What would be mended is named, and the exit code says so; what is no document is an error."""
    files = {"good": PAGE, "mended": MENDED, "none": {"v": 2}}
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")

    good, mended, none, missing = (
        looking("surface", "validate", str(tmp_path / name), "-o", "json")
        for name in ("good", "mended", "none", "missing")
    )

    assert (good.code, good.json) == (0, {"valid": True, "problems": []})
    assert (mended.code, mended.error["code"]) == (6, "DOCUMENT_NEEDS_MENDING")
    assert [problem["code"] for problem in mended.json["problems"]] == ["unsupported"]
    assert (none.code, none.error["code"]) == (2, "DOCUMENT_REFUSED")
    assert (missing.code, missing.error["code"]) == (2, "UNREADABLE_DOCUMENT")


def test_a_document_is_converted(looking: Reader, tmp_path: Path):
    """Into its stored form, which needs no more mending, or into Google's."""
    (tmp_path / "page").write_text(json.dumps(MENDED), encoding="utf-8")

    stored = looking("surface", "convert", str(tmp_path / "page")).json
    (tmp_path / "stored").write_text(json.dumps(stored), encoding="utf-8")

    assert looking("surface", "convert", str(tmp_path / "stored")).json == stored
    messages = looking("surface", "convert", str(tmp_path / "page"), "--to", "a2ui").json
    assert messages[0]["createSurface"]["surfaceId"] == "desk"
