"""The commands on tokens."""

from __future__ import annotations

from palyra_events import token as tokens
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent
from palyra_events.token import Token, TokenFacts

TOKEN = Aggregate("token", Token, tokens.evolve)


class TokenCommands(Commands):
    """Issue, use and revoke tokens. Secrets stay with the caller: here are their digests only."""

    def issue_token(self, token_id: str, facts: TokenFacts, intent: Intent) -> Commit:
        """Record that somebody has a token.

        Raises:
            InvalidIdentifier: it would speak for a plugin, or for a part of Palyra.
            StaleVersion: there is a token of this id.
        """
        stamp, sealed = self.stamp(intent)
        token = self.load(TOKEN, token_id)
        return self.commit([(token, tokens.issue_token(token.state, facts, stamp))], sealed)

    def exchange_login(self, token_id: str, session_id: str, facts: TokenFacts, intent: Intent) -> Commit:
        """Record, in one step, that a login was used up, and that a session was given for it.

        Raises:
            IllegalTransition: the login was used before, was revoked, or is none.
            StaleVersion: somebody uses it at the same time.
        """
        stamp, sealed = self.stamp(intent)
        login, session = self.load(TOKEN, token_id), self.load(TOKEN, session_id)
        return self.commit(
            [
                (login, tokens.use_login(login.state, session_id, stamp)),
                (session, tokens.issue_token(session.state, facts, stamp)),
            ],
            sealed,
        )

    def revoke_token(self, token_id: str, intent: Intent) -> Commit:
        """Record that a token speaks for nobody any more.

        Raises:
            UnknownToken, IllegalTransition, StaleVersion: nothing was changed.
        """
        stamp, sealed = self.stamp(intent)
        token = self.load(TOKEN, token_id)
        return self.commit([(token, tokens.revoke_token(token.state, stamp))], sealed)
