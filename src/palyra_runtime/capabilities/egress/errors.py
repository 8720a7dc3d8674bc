"""What can be wrong with a URL or an origin, as the people who write them see it."""

from __future__ import annotations

from palyra_events.errors import InvalidInput


class InvalidUrl(InvalidInput):
    """The URL is not one that this host follows."""

    code = "INVALID_URL"
    advice = "Write https://host/path?query in lower-case ASCII, without user name, fragment or default port."


class InvalidOrigin(InvalidInput):
    """An origin is not a scheme, a host and a port, with the networks that it may lead to."""

    code = "INVALID_ORIGIN"
    advice = (
        "Write it as http://127.0.0.1:8080, or as https://wiki.internal 10.1.0.0/16 where a name is local."
    )
