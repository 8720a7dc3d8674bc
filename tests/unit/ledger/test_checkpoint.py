from __future__ import annotations

import pytest

from palyra_events.ledger import Checkpoint, InvalidNote

#: the example of the specification
PUBLISHED = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_published_example_is_read():
    """What other logs sign is a checkpoint here."""
    checkpoint = Checkpoint.parse(PUBLISHED)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    assert str(checkpoint) == PUBLISHED


def test_lines_for_others_are_kept():
    """Extension lines are part of what was signed."""
    text = f"{PUBLISHED}one more line\nand another\n"
    assert Checkpoint.parse(text).extensions == ("one more line", "and another")
    assert str(Checkpoint.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n",
        "origin\n1\n",
        f"origin\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"origin\n01\n{ROOT}\n",
        f"origin\n-1\n{ROOT}\n",
        f"origin\n1 \n{ROOT}\n",
        f"origin\n\u0661\n{ROOT}\n",
        f"origin\n1\n{ROOT[:-1]}\n",
        "origin\n1\nAAAA\n",
        f"origin\n1\n{ROOT[:-2]}J=\n",
        "origin\n1\nü\n",
        f"origin\n1\n{ROOT}\n\n",
        f"origin\n1\n{ROOT}\n\nmore\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str):
    """A checkpoint has one spelling; everything else is an error that says so."""
    with pytest.raises(InvalidNote):
        Checkpoint.parse(text)
