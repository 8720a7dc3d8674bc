"""One noun of the facade, each method of which is a request to a gateway."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, get_type_hints

from palyra_runtime import facade
from palyra_runtime.api.address import LocalOnly
from palyra_runtime.api.client import Client
from palyra_runtime.api.operation import Operation
from palyra_runtime.api.operations import BY_NAME
from palyra_runtime.api.parameters import UPLOAD, Parameters
from palyra_runtime.api.request import Request
from palyra_runtime.capabilities.egress import EgressRules
from palyra_runtime.facade.release_change import check_consent, unless_it_widens
from palyra_runtime.surroundings import open_client

#: the class behind each noun, whose methods say what is taken and returned
NOUNS: Mapping[str, type] = {
    "audit": facade.AuditTrail,
    "blobs": facade.Blobs,
    "configs": facade.PluginConfigs,
    "database": facade.Database,
    "decisions": facade.Decisions,
    "deliveries": facade.Deliveries,
    "dispatch": facade.Dispatch,
    "doctor": facade.Doctor,
    "events": facade.Events,
    "gateway": facade.Gateway,
    "hooks": facade.Hooks,
    "ledger": facade.Ledger,
    "messages": facade.Messages,
    "plugins": facade.Plugins,
    "projections": facade.Upkeep,
    "replay": facade.Replay,
    "retention": facade.Retention,
    "skills": facade.Skills,
    "storage": facade.PluginStorage,
    "subjects": facade.Subjects,
    "surfaces": facade.Surfaces,
    "tokens": facade.Tokens,
    "trust": facade.Trust,
    "verification": facade.Verification,
}


class RemoteNoun:
    """The methods of one noun, each of which is an operation.

    ``renamed`` are parameters that are called something else over a network.
    """

    renamed: ClassVar[Mapping[str, str]] = MappingProxyType({"place": UPLOAD})

    def __init__(self, client: Client, noun: str) -> None:
        self._client = client
        self._noun = noun

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a method of the facade, as a request."""
        method = None if name.startswith("_") else getattr(NOUNS[self._noun], name, None)
        if method is None:
            raise AttributeError(name)
        return partial(self._called, method)

    def __call__(self, *given: Any, **named: Any) -> Any:
        """List what there is, as the facade does where its nouns are called."""
        listing: Callable[..., Any] = self.list
        return listing(*given, **named)

    def _called(self, method: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Ask for what a method of the facade does."""
        signature = inspect.signature(method)
        said = _said(signature, given, named)
        arguments = {self.renamed.get(name, name): value for name, value in said.items()}
        if UPLOAD in arguments:
            arguments[UPLOAD] = _artifact(arguments[UPLOAD])
        if "consent" in signature.parameters:
            self._agree(method.__name__, arguments)
        hint = get_type_hints(method)["return"]
        return Request(self._client, self._operation(method.__name__), arguments).answer(hint)

    def _agree(self, name: str, arguments: dict[str, Any]) -> None:
        """Ask what would change, and whoever asks for it whether that is agreed to.

        Raises:
            ConsentRequired: it is not.
        """
        consent = arguments.pop("consent", unless_it_widens)
        operation = self._operation(f"plan_{name}")
        known = {key: value for key, value in arguments.items() if key in Parameters(operation).names}
        change = Request(self._client, operation, known).answer(facade.ReleaseChange | None)
        if change is not None:
            check_consent(change, consent)
        arguments["agreed"] = True

    def _operation(self, name: str) -> Operation:
        operation = BY_NAME.get(f"{self._noun}.{name}")
        if operation is None:
            raise LocalOnly(f"{self._noun} {name.replace('_', ' ')} is done on the gateway's own machine.")
        return operation


def _said(signature: inspect.Signature, given: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call that say something else than their defaults."""
    (_self, *bound) = signature.bind(None, *given, **named).arguments.items()
    return {name: value for name, value in bound if value != signature.parameters[name].default}


def _artifact(place: str | Path | bytes) -> bytes:
    """Return the bytes of an artifact that is here."""
    return facade.ArtifactSources(open_client, EgressRules(())).read(place)
