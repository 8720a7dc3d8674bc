from __future__ import annotations

import pytest

from palyra_events.ledger import EMPTY_ROOT, Frontier, node_hash
from tests.unit.ledger.rfc6962 import leaves, tree_head

SIZE = 130
LEAVES = leaves(SIZE)


def test_empty_tree_has_the_root_of_the_rfc():
    """The root over nothing is the hash of nothing."""
    assert Frontier().root == EMPTY_ROOT == tree_head(())


@pytest.mark.parametrize("size", range(SIZE + 1))
def test_root_is_that_of_the_rfc(size: int):
    """For every size the peaks give the root that the recursive definition gives."""
    assert Frontier.over(LEAVES[:size]).root == tree_head(LEAVES[:size])


def test_growing_step_by_step_gives_the_same():
    """However the leaves are divided over calls, the frontier is the same."""
    whole = Frontier.over(LEAVES)
    stepwise = Frontier()
    for start in range(0, SIZE, 7):
        stepwise = stepwise.extended(LEAVES[start : start + 7])
    assert stepwise == whole
    assert whole.size == SIZE


def test_frontier_has_one_peak_for_each_bit():
    """The state that is kept grows with the logarithm of the log."""
    assert [len(Frontier.over(LEAVES[:size]).peaks) for size in (1, 2, 3, 64, 127, 128)] == [1, 1, 2, 1, 7, 1]


def test_node_is_no_leaf():
    """An inner node has another prefix than a leaf, so neither can be passed off as the other."""
    left, right = LEAVES[:2]
    assert node_hash(left, right) == Frontier.over([left, right]).root
    assert node_hash(left, right) != node_hash(right, left)
