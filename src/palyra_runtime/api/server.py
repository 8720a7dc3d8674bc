"""The service that answers HTTP requests, for as long as the gateway runs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import Receive, Scope, Send

from palyra_runtime.api.application import WebParts, web_application
from palyra_runtime.api.connection import PromptConnection
from palyra_runtime.api.listener import listen
from palyra_runtime.api.watch import Watch
from palyra_runtime.config import HttpSettings, InvalidConfig, http_url
from palyra_runtime.gateway.structured_log import fields

if TYPE_CHECKING:
    from palyra_runtime.bootstrap import Palyra
    from palyra_runtime.gateway import Stop

#: connections that are open at once
_CONNECTIONS_MAX = 512
#: seconds that a connection stays open without a request, and that answers have to end after the stop
_KEEP_ALIVE_S, _GRACE_S = 30, 3

_log = logging.getLogger(__name__)


class CertificateUnusable(InvalidConfig):
    """Certificate or key cannot be used."""

    code = "CERTIFICATE_UNUSABLE"
    advice = "Correct certificate and key of [gateway.http] in palyra.toml: two files in PEM."


class ApiService:
    """Answers requests on a socket that is bound when it is made, so that a taken port is told at once."""

    name = "http"

    def __init__(self, palyra: Palyra, settings: HttpSettings, *, insecure: bool = False) -> None:
        """Bind the socket.

        Raises:
            CertificateUnusable: certificate or key cannot be read, or do not belong together.
            InsecureAddress, AddressUnusable: see `listen`.
        """
        _check_certificate(settings)
        self._socket = listen(settings, insecure=insecure)
        self._settings = settings
        self._palyra = palyra

    @property
    def port(self) -> int:
        """The port that it listens on, also where a free one was asked for."""
        return int(self._socket.getsockname()[1])

    @property
    def address(self) -> str:
        """Where it listens, as a URL."""
        return http_url(self._settings.model_copy(update={"port": self.port}))

    def run(self, stop: Stop) -> None:
        """Answer until the stop."""
        parts = WebParts.of(self._palyra, self._settings, self.port)
        config = uvicorn.Config(
            web_application(parts),
            http=PromptConnection,
            ws="none",
            ssl_certfile=self._settings.certificate,
            ssl_keyfile=self._settings.key,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="warning",
            limit_concurrency=_CONNECTIONS_MAX,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_GRACE_S,
        )
        _log.info("listening on %s", self.address, extra=fields(address=self.address))
        # A copy of the socket, because the server closes the one that it is given.
        _Server(config, stop, parts.watch).run([self._socket.dup()])

    def close(self) -> None:
        """Give the port back. Safe to repeat."""
        self._socket.close()


def _check_certificate(settings: HttpSettings) -> None:
    if settings.certificate is None:
        return
    config = uvicorn.Config(
        _nothing, ssl_certfile=settings.certificate, ssl_keyfile=settings.key, log_config=None
    )
    try:
        config.load()
    except OSError as error:
        raise CertificateUnusable(
            f"{settings.certificate} and {settings.key} are no certificate and its key: {error}.",
            certificate=settings.certificate,
            key=settings.key,
        ) from error


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Stand for the application where only the certificate is read."""


class _Server(uvicorn.Server):
    """A server that ends with the gateway."""

    def __init__(self, config: uvicorn.Config, stop: Stop, watch: Watch) -> None:
        super().__init__(config)
        self._stop = stop
        self._watch = watch

    async def on_tick(self, counter: int) -> bool:
        """Say, ten times a second, whether it is time to end."""
        if self._stop.asked:
            # Those who follow the stream would not end by themselves.
            self._watch.end()
        return await super().on_tick(counter) or self._stop.asked
