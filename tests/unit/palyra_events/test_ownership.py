from __future__ import annotations

import pytest

from palyra_events.errors import SkillOfAnotherPublisher
from palyra_events.ownership import Signer, check_signer, covers
from palyra_events.publisher import KeyStanding, Publisher, SigningKeyRecord

KEY, OTHER = "4b" * 32, "5c" * 32
TRUSTED, RETIRED = KeyStanding.TRUSTED, KeyStanding.RETIRED


def known(name, *skills: str, key=KEY, standing=TRUSTED):
    return Publisher(name, {key: SigningKeyRecord("ed25519:01", key, standing, skills)})


def check(skill_id, *publishers: Publisher, owner=None, publisher="acme"):
    return check_signer(Signer(skill_id, publisher, KEY), publishers, owner)


@pytest.mark.parametrize(
    ("pattern", "skill_id", "expected"),
    [
        ("acme.echo", "acme.echo", True),
        ("acme.echo", "acme.echo2", False),
        ("acme.*", "acme.echo", True),
        ("acme.*", "acme.labs.echo", True),
        ("acme.*", "acme", False),
        ("acme.*", "acmes.echo", False),
        ("acme.labs.*", "acme.echo", False),
    ],
)
def test_what_a_pattern_covers(pattern, skill_id, expected):
    """A prefix ends at a dot, so a name that only begins alike is another one."""
    assert covers(pattern, skill_id) is expected


@pytest.mark.parametrize("publishers", [[], [known("acme")], [known("acme"), known("orchid")]])
@pytest.mark.parametrize("owner", [None, "acme"])
def test_a_skill_that_is_nobodys_or_ones_own(publishers, owner):
    """Without any binding, who came first may go on."""
    assert check("acme.echo", *publishers, owner=owner) is False


def test_a_skill_that_is_installed_belongs_to_its_publisher():
    """Another one cannot update it, whatever its key is worth."""
    with pytest.raises(SkillOfAnotherPublisher) as refused:
        check("orchid.echo", known("acme"), owner="orchid")

    assert refused.value.details == {"skill_id": "orchid.echo", "owner": "orchid", "publisher": "acme"}


def test_the_operators_word_gives_a_skill_to_another_publisher():
    """A skill changes hands by name only."""
    assert check("orchid.echo", known("acme", "orchid.echo"), owner="orchid") is True


def test_a_key_signs_nothing_but_what_it_is_bound_to():
    """A binding is a limit as well as a claim."""
    with pytest.raises(SkillOfAnotherPublisher, match=r"may sign acme\.\* and not orchid\.echo"):
        check("orchid.echo", known("acme", "acme.*"))


@pytest.mark.parametrize(
    ("own", "others", "is_allowed"),
    [
        ((), ("acme.echo",), False),
        ((), ("acme.*",), False),
        (("acme.*",), ("acme.echo",), False),
        (("acme.*",), ("acme.labs.*",), True),
        (("acme.echo",), ("acme.*",), True),
        (("acme.*",), ("acme.*",), True),
        (("acme.echo",), ("acme.echo",), True),
        ((), ("orchid.*",), True),
    ],
)
def test_the_strongest_claim_wins(own, others, is_allowed):
    """A name is stronger than a prefix, and any word of the operator is stronger than none."""
    publishers = known("acme", *own), known("orchid", *others, key=OTHER)

    if is_allowed:
        check("acme.echo", *publishers)
    else:
        with pytest.raises(SkillOfAnotherPublisher, match="belongs to orchid"):
            check("acme.echo", *publishers)


def test_of_two_prefixes_the_longer_one_wins():
    """As with the routes of a network."""
    publishers = known("acme", "acme.*"), known("orchid", "acme.labs.*", key=OTHER)

    with pytest.raises(SkillOfAnotherPublisher):
        check("acme.labs.echo", *publishers)


def test_what_a_retired_key_was_bound_to_is_free():
    """Only current keys keep others out."""
    assert check("acme.echo", known("orchid", "acme.echo", key=OTHER, standing=RETIRED)) is False
