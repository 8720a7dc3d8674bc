"""What stands behind the broker of each attempt: wired once, opened anew for every attempt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from palyra_events.blob import BlobRef
from palyra_events.store import EventLog
from palyra_runtime.capabilities.broker import HostBroker, Service
from palyra_runtime.capabilities.channels import ChannelService
from palyra_runtime.capabilities.effects import EffectCollector
from palyra_runtime.capabilities.egress import Client, EgressRules, HttpService, SecretHosts
from palyra_runtime.capabilities.masking import Mask
from palyra_runtime.capabilities.secrets import SecretService, SecretSource, SecretUse
from palyra_runtime.capabilities.storage import StorageService
from palyra_runtime.sandbox import Broker, CapabilityGrantSet
from projections import Views


@dataclass(frozen=True, slots=True)
class AttemptHost:
    """The host as one attempt meets it: it answers requests, and collects what they will change."""

    broker: Broker
    effects: EffectCollector = field(default_factory=EffectCollector)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose requests are answered: a plugin in one attempt of a delivery, or in one tool run.

    ``work_id`` is the same in every attempt of a round and different in all others: writes to other
    servers are told apart by it. ``secret_hosts`` says which secret may be sent where.
    """

    plugin_id: str
    grants: CapabilityGrantSet
    work_id: str
    secret_hosts: Mapping[str, Sequence[str]] = field(default_factory=dict)


#: opens the host for one attempt
HostOpener: TypeAlias = Callable[[Caller], AttemptHost]


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What reaches beyond this process: the network, by the operator's rules, and the secrets.

    The client is made when a guest first asks, because that reads the system's certificates.
    """

    client: Callable[[], Client]
    rules: EgressRules
    secrets: SecretSource


class HostServices:
    """The services of a gateway. Safe to share between threads."""

    def __init__(
        self,
        *,
        log: EventLog,
        views: Views,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
        ways_out: WaysOut,
    ) -> None:
        self._log = log
        self._views = views
        self._now = now
        self._random_bytes = random_bytes
        self._ways_out = ways_out

    def open(self, caller: Caller) -> AttemptHost:
        """Return the host for one attempt.

        A plugin with storage sees in it what its last outcome left, so its attempts are to be made
        one after the other.

        Raises:
            ProjectionFailed: the view of what it has stored cannot take in an event.
        """
        effects, mask = EffectCollector(), Mask()
        services = self._services(caller, effects, mask)
        return AttemptHost(HostBroker(self._now, self._random_bytes, services, mask), effects)

    def _services(self, caller: Caller, effects: EffectCollector, mask: Mask) -> dict[str, Service]:
        """Return the operations on what was granted, by name."""
        grants, use = caller.grants, SecretUse(self._ways_out.secrets, mask)
        services: dict[str, Service] = {
            "channel.send": ChannelService(effects).send,
            "secret.hmac": SecretService(use),
        }
        if grants.http_hosts:
            services["http.request"] = self._http(caller, use, mask)
        if grants.storage_prefixes:
            storage = StorageService(caller.plugin_id, self._views, self._content, effects)
            services |= {
                "storage.get": storage.get,
                "storage.put": storage.put,
                "storage.delete": storage.delete,
                "storage.list": storage.list,
            }
        return services

    def _http(self, caller: Caller, use: SecretUse, mask: Mask) -> HttpService:
        return HttpService(
            client=self._ways_out.client(),
            rules=self._ways_out.rules,
            secrets=use,
            secret_hosts=SecretHosts(caller.secret_hosts),
            mask=mask,
            idempotency_prefix=f"{self._log.log_id}.{caller.work_id}",
        )

    def _content(self, reference: BlobRef) -> bytes:
        return reference.check(self._log.blob(reference.digest))
