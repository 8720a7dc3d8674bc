from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from palyra_events.errors import (
    AlreadyExists,
    IllegalTransition,
    InvalidIdentifier,
    KeyRevoked,
    SkillOfAnotherPublisher,
    UnknownEvent,
    UnknownPublisher,
    UnknownPublisherKey,
)
from palyra_events.publisher import PublisherKeyRotated, PublisherRevoked
from palyra_events.skill import ReleaseState, SkillQuarantined
from palyra_runtime.skills import SigningKey, endorse, key_id
from palyra_runtime.skills.errors import (
    InvalidPublicKey,
    Serialization,
    SignatureVerificationFailed,
    TofuKeyMismatch,
    TrustedPublisherKeyMismatch,
    UntrustedPublisher,
)
from tests.sample_skills import KEY, OTHER_KEY, manifest_table
from tests.stage import SKILL, Stage, answering, unchanged

MINE, OTHER = KEY.public_key.hex(), OTHER_KEY.public_key.hex()
THIRD_KEY = SigningKey.from_seed(b"\x33" * 32)


def by_orchid(stage: Stage, skill_id: str, version: str = "1.0.0", key: SigningKey = OTHER_KEY) -> Path:
    """Write an artifact of another publisher."""
    (tool,) = manifest_table()["entrypoints"]["tools"]
    tools: dict[str, Any] = {"tools": [{**tool, "id": "orchid.echo"}]}
    return stage.pack(answering(), skill_id, version, key=key, publisher="orchid", entrypoints=tools)


def standings(stage: Stage) -> dict[str, str]:
    return {row.public_key: row.standing.value for row in stage.palyra.trust.list()}


def states(stage: Stage) -> dict[str, ReleaseState]:
    return {f"{row.skill_id} {row.version}": row.state for row in stage.palyra.skills.list()}


def test_a_trusted_publisher_needs_no_first_use(each_stage: Stage):
    """What is on the allow-list comes in without another word, and who said so is in the log."""
    rows = each_stage.palyra.trust.add("acme", MINE, reason="met them")

    row = each_stage.palyra.skills.install(each_stage.pack(answering()))

    assert [(row.publisher, row.public_key, row.key_id) for row in rows] == [
        ("acme", MINE, key_id(KEY.public_key))
    ]
    assert row.trust_decision == "allowlisted"
    assert each_stage.topics() == ["PublisherTrusted", "SkillInstalled", "SkillAudited"]
    event = each_stage.palyra.events.list()[0]
    assert (event.event.actor, event.reason) == ("operator:alice", "met them")


def test_the_allow_list_is_judged_before_the_pin(stage: Stage):
    """Once an operator has named keys, what was accepted on first use counts no more."""
    stage.install(answering())
    stage.palyra.trust.add("acme", OTHER)

    with unchanged(stage.log), pytest.raises(TrustedPublisherKeyMismatch):
        stage.install(answering(), version="2.0.0")


def test_trusting_twice_changes_nothing(stage: Stage):
    """The same word again is no event."""
    stage.palyra.trust.add("acme", MINE, skills=["acme.*"])

    with unchanged(stage.log):
        stage.palyra.trust.add(" acme ", MINE.upper(), skills=[" acme.*", "acme.*"])


@pytest.mark.parametrize(
    ("publisher", "key", "skills", "error"),
    [
        ("Acme", MINE, [], InvalidIdentifier),
        ("acme", "nonsense", [], InvalidPublicKey),
        ("acme", MINE, ["*"], InvalidIdentifier),
        ("acme", OTHER, ["orchid.*"], AlreadyExists),
    ],
)
def test_words_that_make_no_sense_are_refused(stage: Stage, publisher, key, skills, error):
    """Names, keys and skills are checked, and a skill is given to one publisher only."""
    stage.palyra.trust.add("orchid", OTHER, skills=["orchid.*", "lab.echo"])

    with unchanged(stage.log), pytest.raises(error):
        stage.palyra.trust.add(publisher, key, skills=skills)


def test_an_installed_skill_belongs_to_its_publisher(each_stage: Stage):
    """Another publisher cannot update it, however well it is trusted."""
    each_stage.install(answering())
    each_stage.palyra.trust.add("orchid", OTHER)

    with unchanged(each_stage.log), pytest.raises(SkillOfAnotherPublisher, match="belongs to acme"):
        each_stage.palyra.skills.install(by_orchid(each_stage, SKILL, "2.0.0"))


def test_a_skill_changes_hands_by_the_operators_word(stage: Stage):
    """The new publisher is named with the skill; from its first release on, the old one is locked out."""
    stage.install(answering())
    stage.palyra.trust.add("orchid", OTHER, skills=[SKILL])

    row = stage.palyra.skills.install(by_orchid(stage, SKILL, "2.0.0"))

    assert (row.publisher, row.state) == ("orchid", ReleaseState.INSTALLED)
    with pytest.raises(SkillOfAnotherPublisher, match="belongs to orchid"):
        stage.install(answering(), version="3.0.0")
    with pytest.raises(SkillOfAnotherPublisher, match="belongs to orchid"):
        stage.palyra.skills.enable(SKILL, "1.0.0")


def test_a_bound_name_is_kept_for_its_publisher(stage: Stage):
    """Nobody is first with a skill that was promised to somebody else."""
    stage.palyra.trust.add("acme", MINE, skills=["acme.*"])

    with unchanged(stage.log), pytest.raises(SkillOfAnotherPublisher):
        stage.palyra.skills.install(by_orchid(stage, "acme.weather"), trust_on_first_use=True)


def test_a_bound_key_signs_nothing_else(stage: Stage):
    """What a key may sign is a list, not a beginning."""
    stage.palyra.trust.add("acme", MINE, skills=["acme.weather"])

    with unchanged(stage.log), pytest.raises(SkillOfAnotherPublisher, match=r"may sign acme\.weather"):
        stage.palyra.skills.install(stage.pack(answering()))


def test_revoking_stops_what_runs_in_the_same_append(each_stage: Stage):
    """There is no moment at which the key is revoked and its release may run."""
    each_stage.install(answering())
    each_stage.palyra.skills.enable(SKILL)
    head = each_stage.log.head()

    done = each_stage.palyra.trust.revoke("acme", reason="the key leaked")

    revoked, quarantined = each_stage.events(after=head)
    assert isinstance(revoked, PublisherRevoked)
    assert isinstance(quarantined, SkillQuarantined)
    assert quarantined.reasons == ("the key that signed it was revoked",)
    assert revoked.correlation_id == quarantined.correlation_id
    assert [(row.public_key, row.standing.value) for row in done.keys] == [(MINE, "revoked")]
    assert [(row.skill_id, row.state) for row in done.quarantined] == [(SKILL, ReleaseState.QUARANTINED)]


def test_what_a_revoked_key_signed_cannot_come_in_or_run(stage: Stage):
    """Neither a first use nor an override nor another name helps."""
    stage.install(answering())
    stage.palyra.trust.revoke("acme")
    new = stage.pack(answering(), version="2.0.0")
    borrowed = by_orchid(stage, "orchid.echo", key=KEY)

    for attempt in (
        lambda: stage.palyra.skills.install(new, trust_on_first_use=True),
        lambda: stage.palyra.skills.enable(SKILL),
        lambda: stage.palyra.skills.enable(SKILL, override=True, reason="I must"),
        lambda: stage.palyra.skills.install(borrowed, trust_on_first_use=True),
        lambda: stage.palyra.trust.add("acme", MINE),
    ):
        with unchanged(stage.log), pytest.raises(KeyRevoked):
            attempt()


def test_nobody_is_the_second_first(stage: Stage):
    """A publisher whose keys are revoked is not unknown: its next key needs an operator's word."""
    stage.install(answering())
    stage.palyra.trust.revoke("acme")
    path = stage.pack(answering(), version="2.0.0", key=OTHER_KEY)

    with unchanged(stage.log), pytest.raises(UntrustedPublisher):
        stage.palyra.skills.install(path, trust_on_first_use=True)

    stage.palyra.trust.add("acme", OTHER)
    assert stage.palyra.skills.install(path).trust_decision == "allowlisted"


def test_of_several_keys_one_is_revoked(stage: Stage):
    """What the other keys signed goes on."""
    stage.palyra.trust.add("acme", MINE)
    stage.palyra.trust.add("acme", OTHER)
    stage.palyra.skills.install(stage.pack(answering()))
    stage.palyra.skills.install(stage.pack(answering(), "acme.other", key=OTHER_KEY))
    stage.palyra.skills.enable(SKILL)
    stage.palyra.skills.enable("acme.other")

    stage.palyra.trust.revoke(key_id(OTHER_KEY.public_key))

    assert standings(stage) == {MINE: "trusted", OTHER: "revoked"}
    assert states(stage) == {
        f"{SKILL} 1.0.0": ReleaseState.ENABLED,
        "acme.other 1.0.0": ReleaseState.QUARANTINED,
    }


def test_a_key_that_two_publishers_share_is_revoked_for_both(stage: Stage):
    """Who has the key can sign as either."""
    stage.palyra.trust.add("acme", MINE)
    stage.palyra.trust.add("orchid", MINE)
    stage.palyra.skills.install(stage.pack(answering()))
    stage.palyra.skills.install(by_orchid(stage, "orchid.echo", key=KEY))
    stage.palyra.skills.enable(SKILL)
    stage.palyra.skills.enable("orchid.echo")

    done = stage.palyra.trust.revoke(MINE)

    assert [row.publisher for row in done.keys] == ["acme", "orchid"]
    assert {row.skill_id for row in done.quarantined} == {SKILL, "orchid.echo"}


def test_a_plan_changes_nothing(stage: Stage):
    """It names what a revocation would do, as it stands."""
    stage.install(answering())
    stage.palyra.skills.enable(SKILL)

    with unchanged(stage.log):
        plan = stage.palyra.trust.plan_revocation("acme")

    assert [row.standing.value for row in plan.keys] == ["pinned"]
    assert [row.state for row in plan.quarantined] == [ReleaseState.ENABLED]


def test_revoking_what_is_not_there(stage: Stage):
    """Unknown names are refused, and so is a second time."""
    stage.palyra.trust.add("acme", MINE)
    stage.palyra.trust.revoke("acme")

    for name, error in (("nobody", UnknownPublisher), (OTHER, UnknownPublisher), ("acme", IllegalTransition)):
        with unchanged(stage.log), pytest.raises(error):
            stage.palyra.trust.revoke(name)


@pytest.mark.parametrize("first_use", [True, False])
def test_a_rotation_lets_the_old_releases_stay(each_stage: Stage, first_use):
    """What is installed goes on and can be enabled; what is new needs the new key."""
    if not first_use:
        each_stage.palyra.trust.add("acme", MINE)
    each_stage.install(answering())
    each_stage.palyra.trust.rotate("acme", OTHER, reason="as every year")

    assert standings(each_stage) == {MINE: "retired", OTHER: "pinned" if first_use else "trusted"}
    each_stage.palyra.skills.enable(SKILL)
    with pytest.raises(TofuKeyMismatch if first_use else TrustedPublisherKeyMismatch):
        each_stage.install(answering(), version="2.0.0")
    new = each_stage.pack(answering(), version="2.0.0", key=OTHER_KEY)
    assert each_stage.palyra.skills.install(new).version == "2.0.0"


def test_an_endorsed_rotation_says_so(stage: Stage):
    """The old key's own word finds the key that is replaced, among several."""
    stage.palyra.trust.add("acme", THIRD_KEY.public_key.hex())
    stage.palyra.trust.add("acme", MINE, skills=["acme.*"])

    stage.palyra.trust.rotate("acme", OTHER, endorsement=endorse(KEY, "acme", OTHER))

    (event,) = stage.events(PublisherKeyRotated)
    assert (event.replaced_key, event.is_endorsed) == (MINE, True)
    assert {row.public_key: row.skills for row in stage.palyra.trust.list("acme")}[OTHER] == ("acme.*",)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"endorsement": endorse(OTHER_KEY, "acme", OTHER)}, SignatureVerificationFailed),
        ({"endorsement": endorse(THIRD_KEY, "acme", OTHER), "replaced": MINE}, SignatureVerificationFailed),
        ({"endorsement": endorse(KEY, "orchid", OTHER)}, SignatureVerificationFailed),
        ({"replaced": OTHER}, UnknownPublisherKey),
        ({"replaced": "nonsense"}, InvalidPublicKey),
        ({}, IllegalTransition),
    ],
    ids=["signer", "not the one replaced", "publisher", "key", "no key", "which one"],
)
def test_a_rotation_that_nobody_vouches_for(stage: Stage, arguments, error):
    """Nothing is replaced by a guess."""
    stage.palyra.trust.add("acme", MINE)
    stage.palyra.trust.add("acme", THIRD_KEY.public_key.hex())

    with unchanged(stage.log), pytest.raises(error):
        stage.palyra.trust.rotate("acme", OTHER, reason="they say so", **arguments)


def test_a_store_travels(stage: Stage):
    """What is exported is imported elsewhere as the same allow-list and the same pins."""
    stage.palyra.trust.add("acme", MINE, skills=["acme.*"])
    stage.palyra.trust.add("acme", OTHER)
    stage.palyra.skills.install(by_orchid(stage, "orchid.echo"), trust_on_first_use=True)
    document = json.dumps(stage.palyra.trust.export_store()).encode()
    head = stage.log.head()

    with unchanged(stage.log):
        stage.palyra.trust.import_store(document)
    (stage.folder / "there").mkdir()
    with Stage(f"sqlite:///{stage.folder / 'there' / 'palyra.db'}", stage.folder / "there") as there:
        there.palyra.trust.import_store(document, reason="moved")
        assert there.palyra.trust.export_store() == stage.palyra.trust.export_store()
        assert there.topics() == ["PublisherTrusted", "PublisherTrusted", "PublisherPinned"]

    assert stage.log.head() == head


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (b"[]", Serialization),
        (b'{"trusted_publishers": {"%s": ["%s"]}}' % (b"a" * 129, MINE.encode()), InvalidIdentifier),
        (b'{"trusted_publishers": {"orchid": ["%s"]}}' % OTHER.encode(), KeyRevoked),
        (b'{"tofu_publishers": {"acme": "%s", "zinnia": "%s"}}' % ((OTHER.encode(),) * 2), IllegalTransition),
    ],
    ids=["shape", "name", "revoked", "another pin"],
)
def test_a_store_is_taken_over_as_a_whole_or_not_at_all(stage: Stage, document, error):
    """One bad line, and nothing of it is believed."""
    stage.palyra.trust.add("acme", MINE)
    stage.palyra.trust.add("orchid", OTHER)
    stage.palyra.trust.revoke("orchid")

    with unchanged(stage.log), pytest.raises(error):
        stage.palyra.trust.import_store(document)


def test_the_past_can_be_asked(each_stage: Stage):
    """Who was trusted when, as of any position."""
    each_stage.palyra.trust.add("acme", MINE)
    position = each_stage.log.head()
    each_stage.palyra.trust.revoke("acme")

    before = each_stage.palyra.trust.list("acme", at=position)

    assert [row.standing.value for row in before] == ["trusted"]
    assert standings(each_stage) == {MINE: "revoked"}
    with pytest.raises(UnknownPublisher):
        each_stage.palyra.trust.list("nobody")
    with pytest.raises(UnknownEvent):
        each_stage.palyra.trust.list(at=position + 2)
