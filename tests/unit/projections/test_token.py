from __future__ import annotations

from datetime import timedelta

from palyra_events.token import LoginUsed, Role, TokenIssued, TokenKind, TokenRevoked
from projections import Views
from tests.journal import Journal
from tests.sample_events import MOMENT

SHA256 = "7e" * 32


def issue(journal: Journal, token_id: str, kind: TokenKind = TokenKind.BEARER, **facts: object) -> int:
    given = {"role": Role.VIEWER, "holder": "operator:f3k9", "sha256": SHA256, **facts}
    return journal.add(TokenIssued, token_id=token_id, kind=kind, **given)


def test_a_token_has_a_row(views: Views, journal: Journal):
    """It tells whom it speaks for, what it is known by, and until when it counts."""
    issue(journal, "3f2a", expires_at=MOMENT + timedelta(hours=1))

    (row,) = views.tokens("3f2a")

    assert (row.kind, row.role, row.holder, row.sha256) == ("bearer", "viewer", "operator:f3k9", SHA256)
    assert (row.issued_by, row.spent_at) == ("operator:alice", None)
    assert row.counts(MOMENT)
    assert not row.counts(MOMENT + timedelta(hours=1))


def test_what_was_revoked_or_used_is_spent(views: Views, journal: Journal):
    """From the moment of the event on; before it, it was not."""
    issue(journal, "3f2a")
    before = issue(journal, "91c0", TokenKind.LOGIN)
    journal.add(TokenRevoked, token_id="3f2a")
    journal.add(LoginUsed, token_id="91c0", session_id="5e55")

    assert [row.counts(MOMENT) for row in views.tokens()] == [False, False]
    assert [row.counts(MOMENT) for row in views.tokens(at=before)] == [True, True]


def test_tokens_come_in_the_order_of_issue(views: Views, journal: Journal):
    """And nobody else has the id of one."""
    for token_id in ("b", "a"):
        issue(journal, token_id)

    assert [row.token_id for row in views.tokens()] == ["b", "a"]
    assert views.tokens("c") == []
