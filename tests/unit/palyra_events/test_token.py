from __future__ import annotations

import pytest

from palyra_events.errors import IllegalTransition, InvalidIdentifier, UnknownToken
from palyra_events.event import Event
from palyra_events.token import (
    LoginUsed,
    Role,
    Token,
    TokenFacts,
    TokenIssued,
    TokenKind,
    TokenRevoked,
    evolve,
    issue_token,
    revoke_token,
    use_login,
)
from tests.sample_events import BARE_STAMP

FACTS = TokenFacts(TokenKind.LOGIN, Role.ADMIN, "operator:ada", "7e" * 32, None)


def token(*events: Event) -> Token:
    """Return a token after events."""
    state = Token("3f2a")
    for event in events:
        state = evolve(state, event)
    return state


@pytest.mark.parametrize(
    ("role", "covered"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.OPERATOR, {Role.VIEWER, Role.OPERATOR}),
        (Role.ADMIN, {Role.VIEWER, Role.OPERATOR, Role.ADMIN}),
    ],
)
def test_a_role_covers_the_ones_before_it(role: Role, covered: set[Role]):
    """Who may change something may look at it."""
    assert {each for each in Role if role.covers(each)} == covered


def test_an_issued_token_has_its_facts():
    """What is settled when it is made is what its events tell."""
    (issued,) = issue_token(token(), FACTS, BARE_STAMP)

    assert isinstance(issued, TokenIssued)
    assert token(issued).facts == FACTS


def test_a_token_speaks_for_people():
    """Nobody acts as a plugin."""
    facts = TokenFacts(TokenKind.BEARER, Role.ADMIN, "plugin:echo", "7e" * 32, None)

    with pytest.raises(InvalidIdentifier):
        issue_token(token(), facts, BARE_STAMP)


def test_a_login_is_used_once():
    """The second time it is no login any more."""
    issued = issue_token(token(), FACTS, BARE_STAMP)
    used = use_login(token(*issued), "91c0", BARE_STAMP)

    assert isinstance(used[0], LoginUsed)
    with pytest.raises(IllegalTransition):
        use_login(token(*issued, *used), "91c0", BARE_STAMP)


def test_a_token_is_revoked_once():
    """What was never issued, or is spent, cannot be."""
    issued = issue_token(token(), FACTS, BARE_STAMP)
    revoked = revoke_token(token(*issued), BARE_STAMP)

    assert isinstance(revoked[0], TokenRevoked)
    with pytest.raises(IllegalTransition):
        revoke_token(token(*issued, *revoked), BARE_STAMP)
    with pytest.raises(UnknownToken):
        revoke_token(token(), BARE_STAMP)
