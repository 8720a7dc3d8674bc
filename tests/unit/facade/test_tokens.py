from __future__ import annotations

import pytest

from palyra_events.errors import IllegalTransition, InvalidIdentifier, UnknownToken
from palyra_events.token import LoginUsed, Role, TokenIssued, TokenKind
from palyra_runtime.facade import TokenLifetimeOutOfRange
from tests.stage import Stage, unchanged


def test_a_token_is_known_by_its_secret(stage: Stage):
    """It says whom it speaks for, and as what."""
    issued = stage.palyra.tokens.create(Role.VIEWER, holder="operator:wall", days=1, reason="the screen")

    assert stage.palyra.tokens.identify(issued.secret) == issued.token
    assert (issued.token.kind, issued.token.role, issued.token.holder) == (
        "bearer",
        "viewer",
        "operator:wall",
    )


def test_whoever_names_nobody_speaks_for_himself(stage: Stage):
    """The holder is the actor who asks."""
    issued = stage.palyra.tokens.create(Role.ADMIN)

    assert (issued.token.holder, issued.token.issued_by) == ("operator:alice", "operator:alice")


@pytest.mark.parametrize("holder", ["system:scheduler", "plugin:echo", "ada", ""])
def test_a_token_speaks_for_people(stage: Stage, holder: str):
    """Nobody acts as a part of Palyra, or as a plugin, because somebody made a token for it."""
    with unchanged(stage.log), pytest.raises(InvalidIdentifier):
        stage.palyra.tokens.create(Role.ADMIN, holder=holder or "operator:")


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_lifetime_has_bounds(stage: Stage, days: int):
    """A token of no days would count for nothing, and one of a hundred years is a mistake."""
    with unchanged(stage.log), pytest.raises(TokenLifetimeOutOfRange):
        stage.palyra.tokens.create(Role.ADMIN, days=days)


def test_secrets_differ(stage: Stage):
    """And so do the ids, which are no part of what is secret."""
    first, second = (stage.palyra.tokens.create(Role.VIEWER) for _ in range(2))

    assert first.secret != second.secret
    assert len(first.secret.split("_", 2)[2]) == 43


def test_what_counts_is_listed(each_stage: Stage):
    """What was revoked or has expired is listed where that is asked for, on every kind of database."""
    tokens = each_stage.palyra.tokens
    kept, lent, lost = (tokens.create(Role.VIEWER, days=days).token for days in (None, 1, 9))
    tokens.revoke(lost.token_id, reason="left in a train")
    each_stage.clock.move(days=1)

    assert [row.token_id for row in tokens.list()] == [kept.token_id]
    assert {row.token_id for row in tokens.list(spent=True)} == {kept.token_id, lent.token_id, lost.token_id}


def test_tokens_of_the_past_are_listed(stage: Stage):
    """An auditor sees who could ask at a position."""
    token = stage.palyra.tokens.create(Role.ADMIN).token
    position = stage.log.head()
    stage.palyra.tokens.revoke(token.token_id)

    assert [row.spent_at for row in stage.palyra.tokens.list(at=position)] == [None]


def test_what_is_spent_is_not_revoked_again(stage: Stage):
    """The second one is told that it comes too late."""
    token = stage.palyra.tokens.create(Role.ADMIN).token
    stage.palyra.tokens.revoke(token.token_id)

    with unchanged(stage.log), pytest.raises(IllegalTransition):
        stage.palyra.tokens.revoke(token.token_id)


def test_an_unknown_token_is_told(stage: Stage):
    """Its id is that of none."""
    with pytest.raises(UnknownToken):
        stage.palyra.tokens.revoke("0123456789abcdef")


def test_a_login_becomes_a_session_once(stage: Stage):
    """In one step, so that two browsers cannot both have it."""
    tokens = stage.palyra.tokens
    login = tokens.create_login(Role.OPERATOR, holder="operator:ada").token
    session = tokens.exchange(login).token

    with unchanged(stage.log), pytest.raises(IllegalTransition):
        tokens.exchange(login)
    assert (session.kind, session.role, session.holder) == (TokenKind.SESSION, "operator", "operator:ada")
    (used,) = stage.events(LoginUsed)
    assert used.session_id == session.token_id
    assert [event.actor for event in stage.events(TokenIssued)] == ["operator:alice", "operator:ada"]


def test_a_bearer_token_is_no_login(stage: Stage):
    """Whoever has one needs no session."""
    token = stage.palyra.tokens.create(Role.ADMIN).token

    with unchanged(stage.log), pytest.raises(IllegalTransition):
        stage.palyra.tokens.exchange(token)
