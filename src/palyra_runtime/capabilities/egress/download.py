"""Fetching a file for an operator, through the client that guests use and by nearly the same rules.

An operator who types a URL grants its host, and each host that it redirects to, for this one request.
All else holds: https at the default port and at public addresses, unless the policy's ``http_origins``
name another origin; addresses are checked and pinned at each hop; no proxy, cookie or netrc is known.
"""

from __future__ import annotations

import hashlib
import hmac

from palyra_events.errors import InvalidInput, NotAllowed, Unavailable
from palyra_runtime.capabilities.egress.client import Client
from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.egress.exchange import Response
from palyra_runtime.capabilities.egress.request import Request
from palyra_runtime.capabilities.egress.rules import Destination, EgressRules
from palyra_runtime.capabilities.egress.url import Origin, Url, parse_url
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.version import VERSION

_OK = 200
#: seconds for all hops together; 64 MiB take as long at half a megabyte a second
_SECONDS_MAX = 120.0


class DownloadFailed(Unavailable):
    """The file cannot be fetched."""

    code = "DOWNLOAD_FAILED"
    advice = "Nothing was changed. Check the URL and the network, then try again; or fetch the file yourself."


class DownloadRefused(NotAllowed):
    """The file is not to be fetched from there."""

    code = "DOWNLOAD_REFUSED"
    advice = "Use https at a public address, or name the origin in http_origins; see docs/configuration.md."


class DownloadTooLarge(InvalidInput):
    """The file is larger than it may be."""

    code = "DOWNLOAD_TOO_LARGE"
    advice = "Check that the URL leads to the file that you mean."


class DigestMismatch(NotAllowed):
    """The file is not the one whose digest was given."""

    code = "DIGEST_MISMATCH"
    advice = "Do not use this file. Ask whoever gave you the digest where the file is."


#: what the client's refusals are to an operator; the others mean that trying again may help
_KINDS = {"denied": DownloadRefused, "redirect": DownloadRefused, "too_large": DownloadTooLarge}


def is_url(text: str) -> bool:
    """Return whether a text is meant as a URL and not as the path of a file."""
    return "://" in text


def download(url: str, client: Client, rules: EgressRules, *, size_max: int) -> bytes:
    """Return the file at ``url``, of at most ``size_max`` bytes.

    Raises:
        InvalidUrl: that is no URL in its one spelling.
        DownloadRefused: it leads where operators' files do not come from, at whatever hop.
        DownloadTooLarge: it is larger.
        DownloadFailed: the server is away, or has no such file.
    """

    def permit(origin: Origin) -> Destination | None:
        return rules.destination(origin, (origin.host,))

    request = Request("GET", parse_url(url), (("User-Agent", f"palyra/{VERSION}"),))
    try:
        place, response = client.send(request, permit, Deadline.after(_SECONDS_MAX), size_max)
    except Refused as refusal:
        kind = _KINDS.get(refusal.code, DownloadFailed)
        raise kind(f"{url[:200]}: {refusal.message}", url=url, reason=refusal.code) from refusal
    return _content(place, response)


def check_digest(content: bytes, sha256: str | None) -> None:
    """Check that a file is the one that somebody told the digest of; without a digest, any is.

    Raises:
        InvalidInput: that is no SHA-256 in hexadecimal.
        DigestMismatch: it is another file.
    """
    if sha256 is None:
        return
    expected = sha256.strip().lower()
    if len(expected) != hashlib.sha256().digest_size * 2 or not set(expected) <= set("0123456789abcdef"):
        raise InvalidInput(f"{sha256[:80]!r} is not a SHA-256: 64 hexadecimal digits are needed.")
    actual = hashlib.sha256(content).hexdigest()
    if not hmac.compare_digest(expected, actual):
        raise DigestMismatch(f"The file's SHA-256 is {actual}.", expected=expected, actual=actual)


def _content(place: Url, response: Response) -> bytes:
    if response.status != _OK:
        raise DownloadFailed(
            f"{str(place)[:200]} answers with the status {response.status}.",
            url=str(place),
            status=response.status,
        )
    return response.body
