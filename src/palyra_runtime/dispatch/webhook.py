"""Messages as signed HTTP requests.

The signature says that the body comes from somebody who has the channel's secret, and when it was
made, so that a recorded request is of no use later on. Receivers check it as Stripe's users do:
recompute ``v1`` over ``t``, a dot and the body, compare in constant time, and refuse an old ``t``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from palyra_events.errors import PalyraError
from palyra_runtime.capabilities.egress import Client
from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.egress.request import IDEMPOTENCY_HEADER, Request
from palyra_runtime.capabilities.egress.rules import Destination
from palyra_runtime.capabilities.egress.url import Origin, Url
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.capabilities.secrets import SecretSource
from palyra_runtime.dispatch.sender import Outgoing, SendFailed
from palyra_runtime.version import VERSION

SIGNATURE_HEADER = "Palyra-Signature"

#: seconds for one try, from looking up the name to the last byte of the answer
_TIMEOUT_S = 10.0
#: bytes of an answer; nothing is read out of it
_ANSWER_BYTES_MAX = 64 * 1024

_SUCCESS = range(200, 300)


class WebhookSender:
    """Posts each message to one URL."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        url: Url,
        destination: Destination,
        secret: str,
        secrets: SecretSource,
        client: Client,
        now: Callable[[], datetime],
    ) -> None:
        self._url = url
        self._destination = destination
        self._secret = secret
        self._secrets = secrets
        self._client = client
        self._now = now

    def send(self, outgoing: Outgoing) -> None:
        """Post the message; any answer of the 200s says that it was taken."""
        request = self._request(outgoing)
        try:
            url, response = self._client.send(
                request, self._permit, Deadline.after(_TIMEOUT_S), _ANSWER_BYTES_MAX
            )
        except Refused as refused:
            raise SendFailed(refused.code, refused.message) from refused
        if url != self._url:
            # What follows a redirect may be a GET, without the message.
            raise SendFailed("redirect", "The receiver redirects; name the URL that takes the message.")
        if response.status not in _SUCCESS:
            raise SendFailed(f"http_{response.status}", f"The receiver answered {response.status}.")

    def _permit(self, origin: Origin) -> Destination | None:
        return self._destination if origin == self._url.origin else None

    def _request(self, outgoing: Outgoing) -> Request:
        body = outgoing.document()
        headers = (
            ("Content-Type", "application/json"),
            ("User-Agent", f"palyra/{VERSION}"),
            (IDEMPOTENCY_HEADER, outgoing.idempotency_key),
            (SIGNATURE_HEADER, signature(self._key(), int(self._now().timestamp()), body)),
        )
        return Request("POST", self._url, headers, body)

    def _key(self) -> bytes:
        try:
            value = self._secrets.read(self._secret)
        except PalyraError as error:
            raise SendFailed("secret", f"The secret {self._secret} cannot be read: {error.code}.") from error
        if value is None:
            raise SendFailed("secret", f"The secret {self._secret} is not set on this host.")
        return value.value


def signature(key: bytes, timestamp_s: int, body: bytes) -> str:
    """Return the signature of ``body`` at a time in seconds since 1970: ``t=…,v1=…``, HMAC-SHA256 in hex."""
    signed = b"%d." % timestamp_s + body
    return f"t={timestamp_s},v1={hmac.new(key, signed, hashlib.sha256).hexdigest()}"
