"""HTTP for guests: to granted origins, at checked addresses, in bounded time and size."""

from __future__ import annotations

from palyra_runtime.capabilities.egress.client import Client
from palyra_runtime.capabilities.egress.connection import client_context
from palyra_runtime.capabilities.egress.download import (
    DigestMismatch,
    DownloadFailed,
    DownloadRefused,
    DownloadTooLarge,
    check_digest,
    download,
    is_url,
)
from palyra_runtime.capabilities.egress.errors import InvalidOrigin, InvalidUrl
from palyra_runtime.capabilities.egress.resolver import Resolver, SystemResolver
from palyra_runtime.capabilities.egress.rules import EgressRules
from palyra_runtime.capabilities.egress.secret_hosts import SecretHosts
from palyra_runtime.capabilities.egress.service import HttpService

__all__ = [
    "Client",
    "DigestMismatch",
    "DownloadFailed",
    "DownloadRefused",
    "DownloadTooLarge",
    "EgressRules",
    "HttpService",
    "InvalidOrigin",
    "InvalidUrl",
    "Resolver",
    "SecretHosts",
    "SystemResolver",
    "check_digest",
    "client_context",
    "download",
    "is_url",
]
