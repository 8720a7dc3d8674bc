"""Who asks: a person behind a token, with the role that it gives."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from palyra_events.errors import NotAllowed
from palyra_events.token import Role, TokenKind
from projections import TokenRow


class NotAuthenticated(NotAllowed):
    """Nobody knows who is asking."""

    code = "NOT_AUTHENTICATED"
    advice = (
        "Send a token that counts, as Authorization: Bearer TOKEN; make one with: palyra token create. "
        "A browser logs in by the link of: palyra gateway login"
    )


class RoleTooLow(NotAllowed):
    """Another role is needed for this."""

    code = "ROLE_TOO_LOW"
    advice = "Ask an admin for a token of the role that is named."


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. ``secret`` is what was shown; it stays in this process."""

    token: TokenRow
    secret: str

    @property
    def is_browser(self) -> bool:
        """Whether the token came as a cookie, which browsers send by themselves."""
        return self.token.kind is TokenKind.SESSION

    @property
    def csrf_token(self) -> str:
        """What a page of ours shows with each write, and a page of somebody else cannot know."""
        return hmac.digest(self.secret.encode(), b"palyra csrf v1", hashlib.sha256).hex()


def needing(caller: Caller | None, role: Role) -> Caller:
    """Return who asks, if the role is enough.

    Raises:
        NotAuthenticated: nobody knows who it is.
        RoleTooLow: the role is not enough.
    """
    if caller is None:
        raise NotAuthenticated
    if not caller.token.role.covers(role):
        raise RoleTooLow(
            f"This needs the role {role}, and {caller.token.holder} asks as {caller.token.role}.", role=role
        )
    return caller
