"""One request for an operation: what the facade takes becomes path, query and body."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, suppress
from itertools import chain, repeat
from typing import Any, get_type_hints
from urllib.parse import quote

from palyra_events.errors import InvalidIdentifier, Unavailable
from palyra_runtime.api.address import LocalOnly
from palyra_runtime.api.client import Client, GatewayUnreachable, NotAGateway, OutcomeUnknown, error_told
from palyra_runtime.api.operation import Operation
from palyra_runtime.api.parameters import PROGRESS, UPLOAD, Parameters
from palyra_runtime.api.result import row_type
from palyra_runtime.api.wire import read_value, written_value

#: where a value stands in a path
_PLACE = re.compile(r"\{(\w+)(:path)?\}")
#: rows of one request
PAGE_SIZE = 1_000
#: seconds between two looks at a job: soon at first, as many jobs are short
_LOOKS_S = (0.02, 0.05, 0.1)
_LOOK_S = 0.25


class RemoteJob:
    """A job of a gateway, which somebody waits for; who stops waiting cancels it."""

    def __init__(self, client: Client, job: Mapping[str, Any]) -> None:
        self._client = client
        self._job = job

    def steps(self) -> Generator[tuple[int, int]]:
        """Yield how far it is, and of how much, until it is over."""
        path = f"/jobs/{self._job['job_id']}"
        try:
            for pause in chain(_LOOKS_S, repeat(_LOOK_S)):
                if self._job["ended_at"] is not None:
                    return
                time.sleep(pause)
                self._job = self._client.ask("GET", path)
                if self._job["total"] is not None:
                    yield self._job["done"], self._job["total"]
        except (GeneratorExit, KeyboardInterrupt):
            # Where the gateway is gone, so is the job.
            with suppress(GatewayUnreachable, OutcomeUnknown):
                self._client.ask("POST", f"{path}/cancel")
            raise

    def result(self) -> Any:
        """Return the result, as JSON.

        Raises:
            PalyraError: what it failed with.
        """
        if self._job["error"] is not None:
            raise error_told(self._job["error"], Unavailable)
        return self._job["result"]


class Request:
    """One operation with what it is told."""

    def __init__(self, client: Client, operation: Operation, arguments: Mapping[str, Any]) -> None:
        self._client = client
        self._operation = operation
        self._parameters = Parameters(operation)
        self._arguments = dict(arguments)
        self._progress: Callable[[int, int], object] | None = self._arguments.pop(PROGRESS, None)

    def answer(self, hint: Any) -> Any:
        """Return the result as the facade would, of this type.

        Raises:
            LocalOnly: something is asked for that cannot be.
            PalyraError: what the gateway tells, or that there is none.
        """
        wanted = self._arguments.get("limit")
        if row_type(hint) is None or wanted is None or wanted <= PAGE_SIZE:
            return self._read(hint, self._result())
        return [row for page in self._pages(wanted) for row in self._read(hint, page)]

    def _read(self, hint: Any, answer: Any) -> Any:
        try:
            return read_value(hint, answer)
        except (ValueError, KeyError, TypeError) as error:
            self._client.check_version()
            raise NotAGateway(f"What {self._operation.name} answers is not what it promises.") from error

    def json(self) -> Any:
        """Return the answer as it is: of a job, what tells that it was begun."""
        return self._sent(self._told())

    def _result(self) -> Any:
        answer = self.json()
        if not self._operation.is_job:
            return answer
        job = RemoteJob(self._client, answer)
        with closing(job.steps()) as steps:
            for so_far in steps:
                if self._progress is not None:
                    self._progress(*so_far)
        return job.result()

    def _pages(self, wanted: int) -> Iterator[Any]:
        """Yield pages until there are so many rows, or no more."""
        told = self._told()
        turned: Mapping[str, Any] = {}
        while wanted > 0:
            page = self._sent({**told, "limit": min(wanted, PAGE_SIZE), **turned})
            yield page
            wanted -= len(page["items"])
            if (turned := page["next"]) is None:
                return

    def _told(self) -> dict[str, Any]:
        """Return what is told beside the path, as JSON has it."""
        told = dict(self._arguments)
        for name in self._parameters.filters:
            told |= _fields(told.pop(name)) if name in told else {}
        for name in set(told) - self._parameters.names:
            if told.pop(name):
                raise LocalOnly(f"{self._operation.name} takes no {name} over a network.")
        told.pop(UPLOAD, None)
        hints = get_type_hints(self._operation.call)
        return {
            name: written_value(hints.get(name), value) for name, value in told.items() if value is not None
        }

    def _sent(self, told: Mapping[str, Any]) -> Any:
        others = {name: value for name, value in told.items() if name not in self._parameters.in_path}
        path = _PLACE.sub(lambda match: _part(match, str(told[match[1]])), self._operation.path)
        if self._parameters.has_upload:
            content = self._arguments[UPLOAD]
            return self._client.ask(self._operation.verb, path, query=others, content=content)
        if self._operation.is_write:
            return self._client.ask(self._operation.verb, path, body=others)
        return self._client.ask(self._operation.verb, path, query=others)


def _part(place: re.Match[str], value: str) -> str:
    """Return a value as it stands in a path, where two dots would lead to another one.

    Raises:
        InvalidIdentifier: it names nothing: it is empty, or has a slash where no name has one.
    """
    if not value or ("/" in value and place[2] is None):
        raise InvalidIdentifier(f"{value[:80]!r} is no {place[1].replace('_', ' ')}.")
    return quote(value, safe="") if value.strip(".") else "%2E" * len(value)


def _fields(matching: Any) -> dict[str, Any]:
    """Return what a filter asks for, field by field."""
    found = {each.name: getattr(matching, each.name) for each in dataclasses.fields(matching)}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in found.items()}
