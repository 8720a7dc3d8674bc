"""What an operator does with tokens, and how a gateway knows whose one it is shown."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from palyra_events.application import Application, Intent
from palyra_events.errors import InvalidInput
from palyra_events.identifiers import check_actor, normalize_identifier
from palyra_events.token import Role, TokenFacts, TokenKind
from palyra_runtime.facade.recorded import showing_recorded
from projections import Point, TokenRow, Views

#: seconds that a login can be used, and that the session lasts which a browser gets for it
LOGIN_S, SESSION_S = 300, 12 * 3600
#: days after which a token expires at the latest
DAYS_MAX = 3650

#: random bytes of a token's id and of its secret
_ID_SIZE, _SECRET_SIZE = 8, 32
_TEXT = re.compile(r"palyra_([0-9a-f]{16})_[A-Za-z0-9_-]{43}")
#: compared with where there is no token of an id, so that this takes as long
_NO_DIGEST = "0" * 64


class TokenLifetimeOutOfRange(InvalidInput):
    """A token lasts one day at least, and 3650 days at most."""

    code = "TOKEN_LIFETIME_OUT_OF_RANGE"
    advice = "Name a number of days from 1 to 3650, or none for a token that does not expire."


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token with its ``secret``, which is shown here and nowhere else."""

    secret: str
    token: TokenRow


class Tokens:
    """Issue and revoke tokens, and tell whose one is shown."""

    def __init__(
        self,
        *,
        application: Application,
        views: Views,
        now: Callable[[], datetime],
        entropy: Callable[[int], bytes],
        actor: str,
    ) -> None:
        self._application = application
        self._views = views
        self._now = now
        self._entropy = entropy
        self._actor = actor

    def create(
        self, role: Role, *, holder: str | None = None, days: int | None = None, reason: str | None = None
    ) -> IssuedToken:
        """Issue a token for a program that acts as ``holder``, which is whoever asks unless it is named.

        It lasts for so many ``days``; without them, until it is revoked.

        Raises:
            InvalidIdentifier: nobody can be called that, or it is no person.
            TokenLifetimeOutOfRange: the days are too many or too few.
        """
        if days is not None and not 1 <= days <= DAYS_MAX:
            raise TokenLifetimeOutOfRange(f"{days} days were asked for.", days=days)
        lifetime = None if days is None else timedelta(days=days)
        return self._issued(TokenKind.BEARER, role, check_actor(holder or self._actor), lifetime, reason)

    def create_login(self, role: Role = Role.ADMIN, *, holder: str | None = None) -> IssuedToken:
        """Issue what a browser can log in with, once, within the next five minutes.

        Raises:
            InvalidIdentifier: nobody can be called that, or it is no person.
        """
        lifetime = timedelta(seconds=LOGIN_S)
        return self._issued(TokenKind.LOGIN, role, check_actor(holder or self._actor), lifetime, None)

    def list(self, *, spent: bool = False, at: Point | None = None) -> Sequence[TokenRow]:
        """Return the tokens that count, or with ``spent`` also those that do not any more.

        Raises:
            UnknownEvent: the log is not that long.
        """
        now = self._now()
        return [row for row in self._views.tokens(at=at) if spent or row.counts(now)]

    def revoke(self, token_id: str, *, reason: str | None = None) -> TokenRow:
        """Let a token count no longer, from this moment on.

        Raises:
            UnknownToken: none of this id was issued.
            IllegalTransition: it was revoked, or used up, before.
        """
        token = normalize_identifier(token_id, "token")
        self._application.revoke_token(token, Intent(self._actor, reason))
        return self._row(token)

    def exchange(self, login: TokenRow) -> IssuedToken:
        """Use up a login, and return a session of its holder.

        Raises:
            IllegalTransition, StaleVersion: it was used before, or somebody uses it at this moment.
        """
        token_id, secret = self._made()
        facts = self._facts(TokenKind.SESSION, login.role, login.holder, timedelta(seconds=SESSION_S), secret)
        self._application.exchange_login(login.token_id, token_id, facts, Intent(login.holder))
        return IssuedToken(secret, self._row(token_id))

    def identify(self, secret: str) -> TokenRow | None:
        """Return the token that a secret is of, if it counts at this moment; else None."""
        named = _TEXT.fullmatch(secret)
        rows = self._views.tokens(named[1]) if named else []
        digest = hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
        if not hmac.compare_digest(rows[0].sha256 if rows else _NO_DIGEST, digest):
            return None
        return rows[0] if rows[0].counts(self._now()) else None

    def _issued(
        self, kind: TokenKind, role: Role, holder: str, lifetime: timedelta | None, reason: str | None
    ) -> IssuedToken:
        token_id, secret = self._made()
        facts = self._facts(kind, role, holder, lifetime, secret)
        self._application.issue_token(token_id, facts, Intent(self._actor, reason))
        return IssuedToken(secret, self._row(token_id))

    def _facts(
        self, kind: TokenKind, role: Role, holder: str, lifetime: timedelta | None, secret: str
    ) -> TokenFacts:
        expires_at = None if lifetime is None else self._now() + lifetime
        return TokenFacts(kind, role, holder, hashlib.sha256(secret.encode()).hexdigest(), expires_at)

    def _made(self) -> tuple[str, str]:
        token_id = self._entropy(_ID_SIZE).hex()
        secret = base64.urlsafe_b64encode(self._entropy(_SECRET_SIZE)).rstrip(b"=").decode()
        return token_id, f"palyra_{token_id}_{secret}"

    def _row(self, token_id: str) -> TokenRow:
        with showing_recorded():
            return next(iter(self._views.tokens(token_id)))
