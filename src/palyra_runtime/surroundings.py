"""What comes from outside, and what the operator chose of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from palyra_runtime import clock
from palyra_runtime.capabilities.egress import Client, SystemResolver, client_context
from palyra_runtime.capabilities.secrets import EnvironmentSecrets, SecretSource
from palyra_runtime.config import (
    DecisionSettings,
    DispatchSettings,
    GatewaySettings,
    LedgerSettings,
    RetentionSettings,
    Settings,
)
from palyra_runtime.dispatch import Sender, SenderParts, open_senders
from palyra_runtime.ledger import LedgerPlaces, Witness, open_witness
from palyra_runtime.sandbox import Isolation, ModuleCache, WasmPluginRunnerPolicy
from palyra_runtime.skills import AuditPolicy
from projections import Projection


@cache
def open_client() -> Client:
    """Return the process's way into the network."""
    return Client(SystemResolver(), client_context())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What comes from outside and a test can replace: time, randomness, policies, and the ways out.

    ``senders`` bring the messages of plugins to the channels of these names; ``client`` carries their
    requests, and ``secrets`` is where the secrets are that they may use. An audit without a policy of
    its own allows modules of the size that runs allow. Guests run in this process
    (``thread``) or in others without powers (``process``); compiled modules are kept in ``modules``.
    ``dispatch`` says how many of them run at once. The files of hooks and plugins are kept in
    ``bindings_home``, where there is one. ``projections`` are reports of the program that embeds this.
    Checkpoints of the log lie in ``places``, and are shown to the ``witness``.
    """

    now: clock.Clock = clock.now
    entropy: clock.Entropy = clock.entropy
    policy: WasmPluginRunnerPolicy = field(default_factory=WasmPluginRunnerPolicy)
    audit_policy: AuditPolicy | None = None
    senders: Mapping[str, Sender] = field(default_factory=dict)
    client: Callable[[], Client] = open_client
    secrets: SecretSource = field(default_factory=EnvironmentSecrets)
    isolation: Isolation = "thread"
    modules: ModuleCache | None = None
    dispatch: DispatchSettings = field(default_factory=lambda: DispatchSettings(workers=1))
    decisions: DecisionSettings = field(default_factory=DecisionSettings)
    gateway: GatewaySettings = field(default_factory=GatewaySettings)
    bindings_home: Path | None = None
    projections: Sequence[type[Projection]] = ()
    ledger: LedgerSettings = field(default_factory=LedgerSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    places: LedgerPlaces | None = None
    witness: Witness | None = None


def configured(settings: Settings, home: Path) -> Surroundings:
    """Return the real surroundings, as the operator configured them."""
    parts = SenderParts(
        console=sys.stderr,
        secrets=EnvironmentSecrets(),
        client=open_client,
        now=clock.now,
    )
    return Surroundings(
        policy=settings.policy,
        senders=open_senders(settings.channels, parts),
        isolation=settings.isolation,
        modules=_module_cache(home),
        dispatch=settings.dispatch,
        decisions=settings.decisions,
        gateway=settings.gateway,
        ledger=settings.ledger,
        retention=settings.retention,
        places=LedgerPlaces.under(home, settings.ledger.folder),
        witness=open_witness(settings.ledger.url, settings.ledger.networks, open_client),
        bindings_home=home if settings.binding_files else None,
    )


def _module_cache(home: Path) -> ModuleCache | None:
    """Return the compiled modules of this home; without a home that can be written, none are kept."""
    if not home.is_dir():
        return None
    try:
        return ModuleCache.open(home / "modules")
    except OSError:
        return None
