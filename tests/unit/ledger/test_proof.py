from __future__ import annotations

import os

import pytest

from palyra_events.ledger import (
    OutsideLedger,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    subtree_hash,
)
from tests.unit.ledger import rfc6962

#: every pair of sizes up to this one is tried
SIZE_MAX = int(os.environ.get("PALYRA_PROOF_SIZE_MAX", "64"))
LEAVES = rfc6962.leaves(SIZE_MAX)
FOREIGN = bytes(32)

each_size = pytest.mark.parametrize("size", range(1, SIZE_MAX + 1))


@each_size
def test_inclusion_proofs_are_those_of_the_rfc(size: int):
    """For each leaf of each tree the proof is the recursive definition's, and it is accepted."""
    tree = LEAVES[:size]
    root = rfc6962.tree_head(tree)
    for index in range(size):
        proof = inclusion_proof(index, size, subtree_hash(tree))
        assert proof == rfc6962.path(index, tree)
        assert is_included(tree[index], index, size, proof, root)


@each_size
def test_consistency_proofs_are_those_of_the_rfc(size: int):
    """For each earlier size of each tree the proof is the recursive definition's, and it is accepted."""
    tree = LEAVES[:size]
    root = rfc6962.tree_head(tree)
    for old_size in range(1, size + 1):
        proof = consistency_proof(old_size, size, subtree_hash(tree))
        assert proof == rfc6962.proof(old_size, tree)
        assert is_consistent(old_size, rfc6962.tree_head(tree[:old_size]), size, root, proof)


@each_size
def test_forged_inclusion_is_refused(size: int):
    """No changed proof, other leaf, other place or other root is accepted."""
    tree = LEAVES[:size]
    root = rfc6962.tree_head(tree)
    for index in range(size):
        proof = rfc6962.path(index, tree)
        assert not any(
            is_included(tree[index], index, size, forged, root) for forged in rfc6962.mutations(proof)
        )
        assert not is_included(FOREIGN, index, size, proof, root)
        assert not is_included(tree[index], index, size, proof, FOREIGN)
        assert not any(
            is_included(tree[index], other, size, proof, root)
            for other in range(-1, size + 1)
            if other != index
        )


@each_size
def test_forged_consistency_is_refused(size: int):
    """No changed proof and no other root of either tree is accepted."""
    tree = LEAVES[:size]
    root = rfc6962.tree_head(tree)
    for old_size in range(1, size):
        old_root, proof = rfc6962.tree_head(tree[:old_size]), rfc6962.proof(old_size, tree)
        assert not any(
            is_consistent(old_size, old_root, size, root, forged) for forged in rfc6962.mutations(proof)
        )
        assert not is_consistent(old_size, FOREIGN, size, root, proof)
        assert not is_consistent(old_size, old_root, size, FOREIGN, proof)


def test_every_tree_continues_the_empty_one():
    """A checkpoint over nothing is continued by all logs, and only by an empty proof."""
    root = rfc6962.tree_head(LEAVES)
    empty = rfc6962.tree_head(())
    assert is_consistent(0, empty, SIZE_MAX, root, [])
    assert not is_consistent(0, empty, SIZE_MAX, root, [FOREIGN])
    assert not is_consistent(0, FOREIGN, SIZE_MAX, root, [])


def test_tree_continues_itself_only_with_its_own_root():
    """Two heads of one size are consistent where they are the same."""
    root = rfc6962.tree_head(LEAVES)
    assert is_consistent(SIZE_MAX, root, SIZE_MAX, root, [])
    assert not is_consistent(SIZE_MAX, FOREIGN, SIZE_MAX, root, [])
    assert not is_consistent(SIZE_MAX, root, SIZE_MAX, root, [FOREIGN])


@pytest.mark.parametrize(("old_size", "size"), [(3, 2), (-1, 2)])
def test_shrunken_tree_is_not_consistent(old_size: int, size: int):
    """A log never becomes smaller."""
    assert not is_consistent(old_size, LEAVES[0], size, LEAVES[0], [LEAVES[0]])


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_leaf_outside_of_the_tree_has_no_proof(index: int):
    """What is not there cannot be proved."""
    with pytest.raises(OutsideLedger) as caught:
        inclusion_proof(index, 5, subtree_hash(LEAVES))
    assert caught.value.details == {"index": index, "size": 5}


@pytest.mark.parametrize("old_size", [0, 6])
def test_sizes_in_the_wrong_order_have_no_proof(old_size: int):
    """A larger tree is not the beginning of a smaller one, and nothing begins with nothing."""
    with pytest.raises(OutsideLedger):
        consistency_proof(old_size, 5, subtree_hash(LEAVES))
