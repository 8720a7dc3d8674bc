from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from palyra_events.a2ui import google
from palyra_events.submission import FormSubmitted
from palyra_events.token import Role
from tests.running_gateway import PATIENCE_S, events_of
from tests.stage import Stage, answering
from tests.web_stage import API, Web, problem, served, web_stage

DESK = f"{API}/surfaces/desk/a2ui"
#: when a button was pressed
MOMENT = "2026-03-01T12:00:00.000Z"


def form(title: str) -> dict[str, Any]:
    fields = [{"id": "why", "type": "text", "required": True}, {"id": "days", "type": "number"}]
    return {"id": "f", "type": "form", "props": {"title": title, "fields": fields}}


def text(value: str) -> dict[str, Any]:
    return {"id": "t", "type": "text", "props": {"value": value}}


def show(stage: Stage, version: str, *components: dict[str, Any], plugin: str = "echo") -> None:
    """Let a plugin show a page, by a release that shows it."""
    document = {"v": 1, "surface": "desk", "components": list(components)}
    stage.install(answering(output=json.dumps({"a2ui": document})), version=version)
    stage.palyra.skills.enable("acme.echo", version=version)
    stage.palyra.plugins.bind(plugin, skill="acme.echo")
    stage.palyra.hooks.bind("greet", event="gateway:startup", plugin=plugin)
    stage.fire()
    stage.dispatcher().drain()


@pytest.fixture
def web(stage: Stage) -> Iterator[Web]:
    """A gateway that shows a page with a form."""
    show(stage, "1.0.0", text("hello"), form("Decide"))
    with web_stage(stage) as opened:
        yield opened


def pressed(**changes: Any) -> dict[str, Any]:
    """Return what a client sends when the button of the form is pressed."""
    context = {"componentId": "f", "pageVersion": 1, "values_why": "because", "numbers_days": "7"}
    action = {
        "name": google.SUBMIT_EVENT,
        "surfaceId": "desk",
        "sourceComponentId": "c_f_submit",
        "timestamp": MOMENT,
        "context": context | changes.pop("context", {}),
    }
    return {"version": "v0.9", "action": action | changes}


def send(web: Web, message: object) -> Any:
    return web.client(Role.OPERATOR).post(DESK, json=message)


def test_a_surface_is_told_as_googles_messages(web: Web):
    """In the wrapper and under the media type that A2UI has for them, with the plugin's name beside it."""
    answer = web.client(Role.VIEWER).get(DESK)

    assert answer.headers["content-type"] == "application/a2ui+json"
    created, components, data = answer.json()["messages"]
    assert created["createSurface"]["theme"] == {"agentDisplayName": "echo"}
    shown = {each["id"]: each for each in components["updateComponents"]["components"]}
    assert shown["c_f_submit"]["action"]["event"]["context"]["pageVersion"] == 1
    assert data["updateDataModel"]["value"] == {"forms": {"f": {"why": "", "days": "0"}}}


def test_what_was_shown_is_told_too(web: Web):
    """At a version, or at a moment, as with surfaces in their own form."""
    show(web.stage, "1.1.0", text("bye"))
    client = web.client(Role.VIEWER)

    then, now = (client.get(DESK, params=asked).json()["messages"] for asked in ({"version": 1}, {}))
    assert (len(then), len(now)) == (3, 2)
    assert "bye" in str(now)
    assert problem(client.get(DESK, params={"version": 9})) == (404, "UNKNOWN_SURFACE")


def test_the_action_of_a_client_is_a_form_that_is_sent_off(web: Web):
    """It reaches the plugin with the values as the form has them, in the name of whoever asks."""
    answer = send(web, pressed())

    assert answer.status_code == 200
    [submitted] = events_of(web.stage.log, FormSubmitted)
    assert submitted.actor == "operator:operator"
    assert answer.json()["delivery_id"] == f"{web.stage.log.head()}:surface:echo"


def test_a_message_that_comes_again_is_one_submission(web: Web):
    """A client that has heard no answer sends the same message, and is told what became of it."""
    first, again = send(web, pressed()).json(), send(web, pressed()).json()

    assert (first["is_repeat"], again["is_repeat"]) == (False, True)
    assert first["submission_id"] == again["submission_id"]
    another = send(web, pressed(timestamp="2026-03-01T12:00:01.000Z")).json()
    assert another["submission_id"] != first["submission_id"]


def test_a_form_that_has_changed_is_not_filled_in_blindly(web: Web):
    """The button tells which version was filled in, and another question is not answered by it."""
    show(web.stage, "1.1.0", text("hello"), form("Decide about something else"))

    assert problem(send(web, pressed())) == (409, "FORM_CHANGED")
    assert send(web, pressed(context={"pageVersion": 2})).status_code == 200


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (pressed(context={"values_why": ""}), "FORM_INVALID"),
        (pressed(context={"numbers_days": "many"}), "FORM_INVALID"),
        (pressed(name="other"), "ACTION_REFUSED"),
        (pressed(surfaceId="another"), "ACTION_REFUSED"),
        ({"version": "v0.9", "error": {}}, "INVALID_REQUEST"),
        ({"version": "v0.9"}, "INVALID_REQUEST"),
        (pressed() | {"data": {}}, "INVALID_REQUEST"),
    ],
)
def test_what_does_not_fit_is_refused(web: Web, message: Any, code: str):
    """Nothing of it is recorded, and the answer says what is wrong."""
    head = web.stage.log.head()
    answer = send(web, message)

    assert answer.status_code in {400, 422}
    assert problem(answer)[1] == code
    assert events_of(web.stage.log, FormSubmitted, after=head) == []


@contextmanager
def following(stage: Stage, url: str, **options: Any) -> Iterator[Iterator[tuple[int, Any]]]:
    """Follow the surface as a browser does; yields versions, with their messages."""
    headers = {"authorization": f"Bearer {stage.palyra.tokens.create(Role.VIEWER).secret}"}
    with (
        httpx2.Client(base_url=url, headers=headers, timeout=PATIENCE_S) as client,
        client.stream("GET", f"{DESK}/stream", **options) as answer,
    ):
        assert answer.status_code == 200
        yield told(answer.iter_lines())


def told(lines: Iterator[str]) -> Iterator[tuple[int, Any]]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "data" in fields:
            yield int(fields["id"]), json.loads(fields["data"])["messages"]
            fields = {}


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [name for each in messages for name in each if name != "version"]


def test_a_surface_is_followed(stage: Stage):
    """First all of it comes, then what changes: never what was typed, and each version is one event."""
    show(stage, "1.0.0", text("hello"), form("Decide"))
    with served(stage) as url, following(stage, url) as versions:
        first, messages = next(versions)
        assert (first, kinds(messages)) == (1, ["createSurface", "updateComponents", "updateDataModel"])
        show(stage, "1.1.0", text("bye"), form("Decide"))
        second, messages = next(versions)

    assert (second, kinds(messages)) == (2, ["updateComponents"])
    assert [each["id"] for each in messages[0]["updateComponents"]["components"]] == ["c_t", "c_f_submit"]


@pytest.mark.parametrize(
    "shown",
    [
        {"headers": {"last-event-id": "1"}},
        {"params": {"shown": 1}},
        {"headers": {"last-event-id": "1"}, "params": {"shown": 2}},
    ],
)
def test_who_comes_back_is_told_what_has_changed(stage: Stage, shown: dict[str, Any]):
    """A client names the version that it shows, by itself or as browsers do, and shows the latest at once."""
    for version, words in (("1.0.0", "one"), ("1.1.0", "two"), ("1.2.0", "three")):
        show(stage, version, text(words))
    with served(stage) as url, following(stage, url, **shown) as versions:
        version, [message] = next(versions)

    assert version == 3
    assert message["updateComponents"]["components"] == [{"id": "c_t", "component": "Text", "text": "three"}]


def test_a_surface_that_is_closed_goes(stage: Stage):
    """And comes back as a new one when a plugin shows something there again."""
    show(stage, "1.0.0", text("hello"))
    with served(stage) as url, following(stage, url) as versions:
        next(versions)
        stage.palyra.surfaces.close("desk", reason="nobody looks")
        assert next(versions) == (2, [google.deletion("desk")])
        show(stage, "1.1.0", text("hello again"))
        reopened = next(versions)

    assert (reopened[0], kinds(reopened[1])) == (3, ["createSurface", "updateComponents"])


def test_who_missed_that_it_was_another_one_begins_anew(stage: Stage):
    """A surface that was closed and opened in between is deleted first: it may be somebody else's."""
    show(stage, "1.0.0", text("hello"))
    stage.palyra.surfaces.close("desk", reason="nobody looks")
    stage.clock.move(minutes=1)
    show(stage, "1.1.0", text("hello again"))
    with served(stage) as url, following(stage, url, params={"shown": 1}) as versions:
        version, messages = next(versions)

    assert (version, kinds(messages)) == (3, ["deleteSurface", "createSurface", "updateComponents"])


def test_a_surface_that_nobody_shows_is_not_followed(web: Web):
    """The stream is refused at once, so that a client does not come back for ever."""
    client = web.client(Role.VIEWER)

    assert problem(client.get(f"{API}/surfaces/nothing/a2ui/stream")) == (404, "UNKNOWN_SURFACE")
    assert problem(client.get(f"{DESK}/stream", params={"shown": 99})) == (404, "UNKNOWN_SURFACE")
    assert problem(web.client().get(f"{DESK}/stream")) == (401, "NOT_AUTHENTICATED")
