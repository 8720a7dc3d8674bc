"""The host of a rehearsal: the real services, over what a fixture says stands behind them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from palyra_events.blob import BlobRef, keep
from palyra_runtime.authoring.fixture import PLUGIN_ID, Fixture, FixtureAnswer, FixtureHost
from palyra_runtime.capabilities import EffectCollector, HostBroker
from palyra_runtime.capabilities.broker import Service
from palyra_runtime.capabilities.channels import ChannelService
from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.effects import json_text
from palyra_runtime.capabilities.egress import EgressRules, HttpService, SecretHosts
from palyra_runtime.capabilities.egress.client import Permit
from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.egress.exchange import Response
from palyra_runtime.capabilities.egress.request import Request
from palyra_runtime.capabilities.egress.url import Url, parse_url
from palyra_runtime.capabilities.masking import Mask
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.capabilities.secrets import SecretService, SecretUse
from palyra_runtime.capabilities.secrets.source import check_value
from palyra_runtime.capabilities.storage import StorageService
from projections import StorageUse, StoredValue


class StandIn:
    """What one rehearsal meets in place of a gateway; ``effects`` are what it would have changed."""

    def __init__(self, fixture: Fixture) -> None:
        """Set the stage.

        Raises:
            InvalidSecret: a secret of the fixture could be none.
            InvalidUrl: a URL of the fixture is none.
            Refused: a stored value of the fixture is too large.
        """
        self.effects, mask = EffectCollector(), Mask()
        self.broker = HostBroker(
            lambda: fixture.host.now, _Randomness().take, self._services(fixture, mask), mask
        )

    def _services(self, fixture: Fixture, mask: Mask) -> Mapping[str, Service]:
        host = fixture.host
        use = SecretUse(_Secrets(host.secrets), mask)
        stored = _Stored(host)
        storage = StorageService(PLUGIN_ID, stored, stored.content, self.effects)
        http = HttpService(
            client=_Servers(host.http),
            rules=EgressRules(),
            secrets=use,
            secret_hosts=SecretHosts(fixture.secret_hosts),
            mask=mask,
            idempotency_prefix="rehearsal.1",
        )
        return {
            "channel.send": ChannelService(self.effects).send,
            "secret.hmac": SecretService(use),
            "http.request": http,
            "storage.get": storage.get,
            "storage.put": storage.put,
            "storage.delete": storage.delete,
            "storage.list": storage.list,
        }


class _Randomness:
    """Bytes that look random and are the same in each rehearsal."""

    def __init__(self) -> None:
        self._taken = 0

    def take(self, count: int) -> bytes:
        start, self._taken = self._taken, self._taken + count
        return hashlib.shake_256(b"palyra rehearsal").digest(self._taken)[start:]


class _Secrets:
    """The secrets of a fixture. They are in a file of the project, so they are none."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = {name: check_value(name, value.encode()) for name, value in secrets.items()}

    def read(self, name: str) -> Concealed | None:
        return self._secrets.get(name)


class _Stored:
    """The values that the fixture says are stored."""

    def __init__(self, host: FixtureHost) -> None:
        self._contents: dict[BlobRef, bytes] = {}
        self._values = {path: self._value(path, value, host.now) for path, value in host.storage.items()}

    @property
    def as_is(self) -> _Stored:
        return self

    def storage_use(self, _plugin_id: str) -> StorageUse:
        return StorageUse(keys=len(self._values), size=sum(value.size for value in self._values.values()))

    def stored_value(self, _plugin_id: str, path: str) -> StoredValue | None:
        return self._values.get(path)

    def stored_values(self, _plugin_id: str, *, beginning: str, after: str, limit: int) -> list[StoredValue]:
        paths = sorted(path for path in self._values if path.startswith(beginning) and path > after)
        return [self._values[path] for path in paths[:limit]]

    def content(self, reference: BlobRef) -> bytes:
        return self._contents[reference]

    def _value(self, path: str, value: Any, now: datetime) -> StoredValue:
        reference, blob = keep(json_text(value))
        self._contents[reference] = blob.content
        return StoredValue(PLUGIN_ID, path, reference.sha256, reference.size, now, 1)


class _Servers:
    """The answers of servers; nothing is sent anywhere."""

    def __init__(self, answers: tuple[FixtureAnswer, ...]) -> None:
        self._answers: dict[tuple[str, str], FixtureAnswer] = {
            (answer.method, str(parse_url(answer.url))): answer for answer in answers
        }

    def send(
        self, request: Request, _permit: Permit, _deadline: Deadline, size_max: int
    ) -> tuple[Url, Response]:
        answer = self._answers.get((request.method, str(request.url)))
        if answer is None:
            raise Refused("connect", f"The fixture has no answer to {request.method} {request.url}.")
        body = answer.body.encode()
        if len(body) > size_max:
            raise Refused("too_large", "The answer is larger than the room that is left for it.")
        headers = tuple((name.lower(), value.encode()) for name, value in answer.headers.items())
        return request.url, Response(answer.status, headers, body)
