"""The gateway over HTTP: operations, their document, and the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from palyra_events.exports import on_demand

if TYPE_CHECKING:
    from palyra_runtime.api.address import check_address
    from palyra_runtime.api.application import WebParts, openapi_document, web_application
    from palyra_runtime.api.client import Client
    from palyra_runtime.api.credential import token_of
    from palyra_runtime.api.operations import OPERATIONS
    from palyra_runtime.api.remote import RemotePalyra
    from palyra_runtime.api.server import ApiService

__all__ = [
    "OPERATIONS",
    "ApiService",
    "Client",
    "RemotePalyra",
    "WebParts",
    "check_address",
    "openapi_document",
    "token_of",
    "web_application",
]

# Help, and whatever else asks for a name only, needs no web framework.
__getattr__ = on_demand(
    __name__, __all__, ["address", "credential", "client", "operations", "remote", "application", "server"]
)
