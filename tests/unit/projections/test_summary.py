from __future__ import annotations

import pytest

from palyra_events.delivery import DeliveryCancelled, DeliveryState
from palyra_events.errors import UnknownEventType
from palyra_events.event import Event
from palyra_events.registry import REGISTRY
from projections.summary import summarize
from tests.sample_events import BARE_STAMP, SAMPLES

FULL = {type(sample.full): sample.full for sample in SAMPLES}

#: what is said of the samples
SAID = {
    "SkillInstalled": ("skill", "acme.echo", "1.2.3 of acme installed"),
    "SkillAudited": ("skill", "acme.echo", "1.2.3 failed its audit: too many exports and 1 more"),
    "SkillEnabled": ("skill", "acme.echo", "1.2.3 enabled by override"),
    "SkillQuarantined": ("skill", "acme.echo", "1.2.3 quarantined: memory is shared"),
    "SkillDisabled": ("skill", "acme.echo", "1.2.3 disabled (superseded)"),
    "SkillRemoved": ("skill", "acme.echo", "1.2.3 removed and erased"),
    "PluginEnabled": ("plugin", "echo", "enabled"),
    "PluginDisabled": ("plugin", "echo", "disabled"),
    "PluginUnbound": ("plugin", "echo", "unbound"),
    "PluginShowedSurface": ("plugin", "echo", "shows its first surface, approvals"),
    "FormSubmitted": ("surface", "approvals", "form decision of version 4 submitted"),
    "SurfaceClosed": ("surface", "approvals", "closed"),
    "PluginBound": ("plugin", "echo", "bound to acme.echo, modules/echo.wasm, with 4 grants"),
    "PluginRebound": ("plugin", "echo", "bound anew to acme.echo, modules/echo.wasm, with 4 grants"),
    "HookBound": ("hook", "greet", "bound: skill:enabled to plugin echo"),
    "HookRebound": ("hook", "greet", "bound anew: skill:enabled to plugin echo"),
    "HookEnabled": ("hook", "greet", "enabled"),
    "HookDisabled": ("hook", "greet", "disabled"),
    "HookUnbound": ("hook", "greet", "unbound"),
    "GatewayStarted": ("gateway", "0f1e2d", "started, version 0.1.0"),
    "GatewayStopped": ("gateway", "0f1e2d", "stopped (signal)"),
    "DeliveryScheduled": ("delivery", "41:greet", "scheduled: skill:enabled to plugin echo"),
    "AttemptSucceeded": (
        "delivery",
        "41:greet",
        "attempt 2 succeeded, with 2 writes, 1 message and a patch for surface approvals",
    ),
    "AttemptFailed": (
        "delivery",
        "41:greet",
        "attempt 2 failed: trapped:unreachable; next at 2026-03-01 12:30:17 UTC",
    ),
    "DeliveryDeadLettered": ("delivery", "41:greet", "given up after 3 attempts: out_of_fuel"),
    "MessageSent": ("message", "47.1", "sent to ops at try 2"),
    "MessageFailed": (
        "message",
        "47.1",
        "try 2 to ops failed: http_503; next at 2026-03-01 12:30:18 UTC",
    ),
    "MessageRequeued": ("message", "47.1", "to be retried at once"),
    "MessageDiscarded": ("message", "47.1", "discarded"),
    "DeliverySkipped": ("delivery", "41:greet", "skipped: skill_quarantined as of 44"),
    "DeliveryCancelled": ("delivery", "41:greet", "cancelled"),
    "DeliveryRequeued": ("delivery", "41:greet", "requeued: round 2"),
    "DeliveryHastened": ("delivery", "41:greet", "to be retried at once"),
    "DecisionTaken": ("decision", "7b" * 16, "run:before_tool: block by hook guard, 1 hook asked"),
    "PluginInvoked": (
        "invocation",
        "9a" * 16,
        (
            "acme.echo of plugin echo run: ok, approved, "
            "with 2 writes, 1 message and a patch for surface approvals"
        ),
    ),
    "PublisherPinned": ("publisher", "acme", "key ed25519:0123456789abcdef pinned"),
    "PublisherTrusted": (
        "publisher",
        "acme",
        "key ed25519:0123456789abcdef trusted for acme.* and 1 more",
    ),
    "PublisherKeyRotated": (
        "publisher",
        "acme",
        "key ed25519:0123456789abcdef replaced by ed25519:fedcba9876543210, endorsed by the old key",
    ),
    "PublisherRevoked": ("publisher", "acme", "key ed25519:0123456789abcdef revoked"),
    "SubjectErased": ("subject", "operator:f3k9", "erased: 17 blobs dropped"),
    "KeyRotated": ("key", "5c" * 32, "signs the ledger; the key 4b4b4b4b4b4b4b4b is revoked"),
    "TokenIssued": (
        "token",
        "3f2a",
        "session issued to operator:f3k9 as operator until 2026-03-02 00:30 UTC",
    ),
    "LoginUsed": ("token", "3f2a", "login used for session 91c0"),
    "TokenRevoked": ("token", "3f2a", "revoked"),
}


@pytest.mark.parametrize("event", REGISTRY.topics, ids=lambda event: event.__name__)
def test_there_are_words_for_every_event(event: type[Event]):
    """Each registered type is told with its subject, in one line."""
    summary = summarize(FULL[event])

    assert (*summary.subject, summary.text) == SAID[event.__name__]


def test_a_dead_letter_is_discarded_and_not_cancelled():
    """It is one event, and two things to a person."""
    discarded = BARE_STAMP.on(DeliveryCancelled, delivery_id="41:greet", was=DeliveryState.DEAD)

    assert summarize(discarded).text == "discarded"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample.minimal).__name__)
def test_an_event_with_little_in_it_is_told_too(sample):
    """What may be absent leaves no gap in the words."""
    text = summarize(sample.minimal).text

    assert text
    assert text == text.strip()
    assert "None" not in text


def test_an_event_without_words_is_refused():
    """A new event type cannot slip past the auditors."""

    class Unheard(Event):
        """Nobody has words for it."""

    with pytest.raises(UnknownEventType, match="Unheard"):
        summarize(BARE_STAMP.on(Unheard))
