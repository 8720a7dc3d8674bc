"""The witness: a URL that keeps the newest checkpoint, where nobody who has this machine can change it.

It answers a GET with the newest note it was given, or with 404, and takes notes by POST.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from palyra_runtime.capabilities.egress import Client, InvalidOrigin
from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.egress.exchange import Response
from palyra_runtime.capabilities.egress.request import Request
from palyra_runtime.capabilities.egress.rules import Destination, EgressRules
from palyra_runtime.capabilities.egress.url import Origin, Url, parse_url
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.ledger.errors import WitnessUnavailable
from palyra_runtime.version import VERSION

#: seconds for one request, from looking up the name to the last byte of the answer
_TIMEOUT_S = 10.0
#: bytes; a note of ours has about 500
_ANSWER_BYTES_MAX = 64 * 1024

#: what opens the process's way into the network
OpenClient: TypeAlias = Callable[[], Client]

_SUCCESS = range(200, 300)
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Witness:
    """Speaks to one URL, and follows no redirect from it."""

    url: Url
    destination: Destination
    client: Client

    def newest(self) -> bytes | None:
        """Return the newest note, unchecked; None where the witness has none.

        Raises:
            WitnessUnavailable: it cannot be reached, or has another answer.
        """
        response = self._send("GET", b"")
        if response.status == _NOT_FOUND:
            return None
        return self._accepted(response).body

    def submit(self, note: bytes) -> None:
        """Give the witness a note to keep.

        Raises:
            WitnessUnavailable: it cannot be reached, or does not take it.
        """
        self._accepted(self._send("POST", note))

    def _send(self, method: str, body: bytes) -> Response:
        headers = (("Content-Type", "text/plain; charset=utf-8"), ("User-Agent", f"palyra/{VERSION}"))
        request = Request(method, self.url, headers, body)
        try:
            url, response = self.client.send(
                request, self._permit, Deadline.after(_TIMEOUT_S), _ANSWER_BYTES_MAX
            )
        except Refused as refused:
            raise WitnessUnavailable(f"The witness cannot be reached: {refused.message}") from refused
        if url != self.url:
            raise WitnessUnavailable("The witness redirects; name the URL that takes the checkpoints.")
        return response

    def _permit(self, origin: Origin) -> Destination | None:
        return self.destination if origin == self.url.origin else None

    @staticmethod
    def _accepted(response: Response) -> Response:
        if response.status not in _SUCCESS:
            raise WitnessUnavailable(f"The witness answers with the status {response.status}.")
        return response


def open_witness(text: str | None, networks: Sequence[str], open_client: OpenClient) -> Witness | None:
    """Return the witness at a URL, None where there is none.

    Raises:
        InvalidUrl, InvalidOrigin: URL or networks make no sense.
    """
    if text is None:
        return None
    url = parse_url(text)
    rules = EgressRules([" ".join([str(url.origin), *networks])])
    destination = rules.destination(url.origin, [url.origin.host])
    if destination is None:
        raise InvalidOrigin(f"{url.origin} is no origin that a witness can have.")
    return Witness(url, destination, open_client())
