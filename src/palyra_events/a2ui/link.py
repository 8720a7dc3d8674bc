"""Where a link in a document may lead."""

from __future__ import annotations

import re
from typing import Final

from pydantic_core import Url, ValidationError

from palyra_events.a2ui.scalar import trim

#: scripts, data, files and the schemes of other programs are not for plugins to link to
LINK_SCHEMES: Final = frozenset({"http", "https", "mailto"})

#: Browsers skip line ends and tabs inside an address, so these hide what it starts with.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: Browsers read two slashes of any kind as the start of a host.
_FOREIGN_HOST = re.compile(r"/[/\\]")


def safe_url(text: str) -> str | None:
    """Return the address that ``text`` links to, normalised as browsers do, or None where it may not.

    Allowed are web and mail addresses without a user or a password in them (those make one host look
    like another), and paths of the page's own host.
    """
    address = trim(text)
    if address.startswith("/"):
        return None if _FOREIGN_HOST.match(address) or _CONTROL.search(address) else address
    try:
        url = Url(address)
    except ValidationError:
        return None
    is_allowed = url.scheme in LINK_SCHEMES and url.username is None and url.password is None
    return str(url) if is_allowed else None
