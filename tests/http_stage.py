"""One invocation with the http and secret services behind its broker."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from palyra_runtime.capabilities import HostBroker
from palyra_runtime.capabilities.egress import Client, EgressRules, HttpService, SecretHosts, client_context
from palyra_runtime.capabilities.egress.address import IPAddress
from palyra_runtime.capabilities.egress.connection import Connect, connect
from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.masking import Mask
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.capabilities.secrets import EnvironmentSecrets, SecretService, SecretUse
from palyra_runtime.sandbox import CapabilityGrantSet
from palyra_runtime.sandbox.session import HostCall

#: reading the system's authorities takes longer than a test
_CONTEXT = client_context()


@dataclass
class Names:
    """A name server. A name with several lists of answers gives the next one each time it is asked."""

    answers: Mapping[str, Sequence[Sequence[str]] | Refused] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def resolve(self, name: str, _deadline: Deadline) -> Sequence[IPAddress]:
        self.asked.append(name)
        lists = self.answers.get(name, Refused("dns", f"The name {name} has no address."))
        if isinstance(lists, Refused):
            raise lists
        return [ip_address(text) for text in lists[min(self.asked.count(name), len(lists)) - 1]]


class HttpStage:
    """Asks as a guest does, and reads the answer as a guest does."""

    def __init__(
        self,
        *,
        hosts: Sequence[str] = (),
        origins: Sequence[str] = (),
        names: Names | None = None,
        context: ssl.SSLContext | None = None,
        dial: Connect = connect,
        secrets: Mapping[str, str] | None = None,
        secret_hosts: Mapping[str, Sequence[str]] | None = None,
        seconds: float = 30.0,
        answer_bytes_max: int = 4 * 1024**2,
    ) -> None:
        self.seconds = seconds
        self.answer_bytes_max = answer_bytes_max
        keys = {f"PALYRA_SECRET_{name.upper()}": value for name, value in (secrets or {}).items()}
        self.grants = CapabilityGrantSet(http_hosts=tuple(hosts), secret_keys=tuple(secrets or ()))
        self.names = names or Names()
        mask = Mask()
        use = SecretUse(EnvironmentSecrets(keys), mask)
        http = HttpService(
            client=Client(self.names, context or _CONTEXT, dial),
            rules=EgressRules(origins),
            secrets=use,
            secret_hosts=SecretHosts(secret_hosts or {}),
            mask=mask,
            idempotency_prefix="log.12:greet.1",
        )
        self.broker = HostBroker(
            now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
            random_bytes=bytes,
            services={"http.request": http, "secret.hmac": SecretService(use)},
            mask=mask,
        )

    def ask(self, url: str, *, handle: int | None = None, **request: Any) -> dict[str, Any]:
        """Make an http.request. The handle is that of the URL's host, or else the first one."""
        host = url.partition("://")[2].partition("/")[0]
        spellings = {host, host.rpartition(":")[0], host.strip("[]")}
        indices = [i for i, grant in enumerate(self.grants.http_hosts) if grant in spellings]
        found = 10_000 + (indices or [0])[0] if handle is None else handle
        return self.call(op="http.request", handle=found, url=url, **request)

    def call(self, **request: Any) -> dict[str, Any]:
        """Make any host call."""
        asked = HostCall(0, json.dumps(request).encode(), self.grants, self.answer_bytes_max, self.seconds)
        return json.loads(self.broker.answer(asked))

    def code(self, url: str, **request: Any) -> str:
        """Make an http.request and return the code of its error, or ``ok``."""
        return self.ask(url, **request).get("error", {}).get("code", "ok")


def loopback(port: int) -> HttpStage:
    """A plugin that may speak to the plain server at this port, and has five seconds' patience."""
    return HttpStage(hosts=["127.0.0.1"], origins=[f"http://127.0.0.1:{port}"])
