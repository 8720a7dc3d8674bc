"""A fixture: an event or a tool call to try a plugin with, and the host that it meets there.

What a fixture does not say is the same on each day and on each machine, so a plugin's answer is too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.lifecycle import HookEventKind
from palyra_events.strict_json import InvalidJson, parse_json
from palyra_runtime.authoring.errors import InvalidFixture, UnknownFixture
from palyra_runtime.authoring.project import FIXTURES, Project
from palyra_runtime.dispatch.attempt import INPUT_SCHEMA, json_bytes

#: what a plugin in a rehearsal is told about itself
PLUGIN_ID = "rehearsed"
HOOK_ID = "rehearsal"

#: bytes
_FIXTURE_BYTES_MAX = 1024**2

_NINE_O_CLOCK = datetime(2026, 1, 31, 9, tzinfo=UTC)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class FixtureEvent(_Part):
    """An event that a hook reacts to."""

    kind: HookEventKind
    payload: dict[str, JsonValue] = {}
    position: Annotated[int, Field(ge=1)] = 12
    timestamp: AwareDatetime = _NINE_O_CLOCK
    actor: str = "operator:ada"


class FixtureTool(_Part):
    """A call of one of the skill's tools."""

    id: str
    input: JsonValue = {}


class FixtureAnswer(_Part):
    """What a server answers; a request that no answer is for cannot be made."""

    url: str
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    status: Annotated[int, Field(ge=200, le=599)] = 200
    headers: dict[str, str] = {}
    body: str = ""


class FixtureHost(_Part):
    """What stands behind host calls: the time, stored values by path, secrets by name, servers."""

    now: AwareDatetime = _NINE_O_CLOCK
    storage: dict[str, JsonValue] = {}
    secrets: dict[str, str] = {}
    http: tuple[FixtureAnswer, ...] = ()


class Fixture(_Part):
    """The content of ``fixtures/NAME.json``; without ``grants``, all that the manifest declares."""

    description: str = ""
    event: FixtureEvent | None = None
    tool: FixtureTool | None = None
    attempt: Annotated[int, Field(ge=1)] = 1
    config: dict[str, JsonValue] = {}
    grants: PluginCapabilityProfile | None = None
    secret_hosts: dict[str, tuple[str, ...]] = {}
    host: FixtureHost = FixtureHost()

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.event is None) == (self.tool is None):
            raise ValueError("has to hold either an event or a tool")
        return self

    def input(self) -> bytes:
        """Return the document that the guest is given."""
        return json_bytes({"schema": INPUT_SCHEMA, **self._ids(), **self._subject(), "config": self.config})

    def _ids(self) -> dict[str, Any]:
        if self.event is None:
            return {"invocation_id": "0" * 32, "plugin_id": PLUGIN_ID}
        return {
            "delivery_id": f"{self.event.position}:{HOOK_ID}",
            "attempt": self.attempt,
            "hook_id": HOOK_ID,
            "plugin_id": PLUGIN_ID,
        }

    def _subject(self) -> dict[str, Any]:
        if self.event is None:
            return {"tool": self.tool.model_dump() if self.tool else None}
        event = self.event.model_dump()
        return {"event": {**event, "timestamp": self.event.timestamp.isoformat().replace("+00:00", "Z")}}


def fixture_names(project: Project) -> list[str]:
    """Return the names of a project's fixtures, sorted."""
    return sorted(path.stem for path in _paths(project))


def read_fixture(project: Project, name: str) -> Fixture:
    """Return a fixture of a project.

    Raises:
        UnknownFixture: there is none of this name.
        InvalidFixture: it is not JSON, or not of this form; the message names what is wrong.
    """
    path = project.folder / FIXTURES / f"{name}.json"
    if path not in set(_paths(project)):
        raise UnknownFixture(f"There is no fixture {name!r} in {path.parent}.", name=name)
    try:
        return Fixture.model_validate(parse_json(path.read_bytes(), size_max=_FIXTURE_BYTES_MAX))
    except InvalidJson as error:
        raise InvalidFixture(f"{path}: {error.message}", path=str(path)) from error
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}".removeprefix(": ")
            for each in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise InvalidFixture(f"{path}: {'; '.join(problems)}.", path=str(path)) from error


def _paths(project: Project) -> Iterator[Path]:
    folder = project.folder / FIXTURES
    return (path for path in folder.glob("*.json") if path.is_file())
