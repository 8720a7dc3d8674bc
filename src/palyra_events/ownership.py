"""Whose skill it is: which publisher's key may sign the releases of a skill.

The strongest claim wins. An operator's word is stronger than who came first; the name of a skill is
stronger than a prefix, and of two prefixes the longer one is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from palyra_events.errors import SkillOfAnotherPublisher
from palyra_events.publisher import Publisher

_PREFIX_END = ".*"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who has signed a release of a skill; the key is 32 bytes in hexadecimal."""

    skill_id: str
    publisher: str
    public_key: str


def check_signer(signer: Signer, publishers: Iterable[Publisher], owner: str | None) -> bool:
    """Check that a release may be signed so, and return whether the operator has said so by name.

    ``owner`` is the publisher that the skill belongs to, because releases of it are installed.

    Raises:
        SkillOfAnotherPublisher: the key is bound to other skills, or somebody has a stronger claim.
    """
    known = {publisher.publisher: publisher for publisher in publishers}
    own = _own_claim(signer, known.get(signer.publisher))
    others = (each for each in known.values() if each.publisher != signer.publisher)
    claims = {each.publisher: _strongest(each, signer.skill_id) for each in others}
    stronger = max(claims, key=lambda name: claims[name], default="")
    if claims.get(stronger, 0) > own:
        raise _refusal(signer, stronger)
    if own == 0 and owner not in {None, signer.publisher}:
        raise _refusal(signer, str(owner))
    return own > 0


def covers(pattern: str, skill_id: str) -> bool:
    """Return whether ``acme.echo`` or ``acme.*`` speaks of a skill."""
    prefix = pattern.removesuffix("*")
    return skill_id == pattern or (pattern.endswith(_PREFIX_END) and skill_id.startswith(prefix))


def _own_claim(signer: Signer, publisher: Publisher | None) -> int:
    key = publisher.keys.get(signer.public_key) if publisher else None
    if key is None or not key.skills:
        return 0
    claim = _strength(key.skills, signer.skill_id)
    if claim == 0:
        raise SkillOfAnotherPublisher(
            f"The key {key.key_id} of {signer.publisher} may sign {', '.join(key.skills[:5])} "
            f"and not {signer.skill_id}.",
            skill_id=signer.skill_id,
            publisher=signer.publisher,
            key_id=key.key_id,
        )
    return claim


def _strongest(publisher: Publisher, skill_id: str) -> int:
    return max((_strength(key.skills, skill_id) for key in publisher.current), default=0)


def _strength(patterns: Iterable[str], skill_id: str) -> int:
    """Return 0 for no claim, and more the more characters of the skill's id are named.

    The dot and star of a prefix count less than the letter that stands there in a name.
    """
    return max(
        (len(pattern.removesuffix(_PREFIX_END)) for pattern in patterns if covers(pattern, skill_id)),
        default=0,
    )


def _refusal(signer: Signer, owner: str) -> SkillOfAnotherPublisher:
    return SkillOfAnotherPublisher(
        f"{signer.skill_id} belongs to {owner}, and this release is {signer.publisher}'s.",
        skill_id=signer.skill_id,
        owner=owner,
        publisher=signer.publisher,
    )
