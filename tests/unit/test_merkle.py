"""The root of a Merkle tree, against its definition in RFC 9162."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from server.record.merkle import EMPTY, MerkleTree, leaf_digest


def defined(leaves: list[bytes]) -> bytes:
    """Word for word: split at the largest power of two that is smaller than the number of leaves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_is_the_defined_one_after_every_leaf(contents: list[bytes]) -> None:
    leaves, tree = [leaf_digest(content) for content in contents], MerkleTree()
    assert tree.root() == EMPTY
    for number, leaf in enumerate(leaves, start=1):
        tree.add(leaf)
        assert (tree.size, tree.root()) == (number, defined(leaves[:number]))


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = leaf_digest(b"a"), leaf_digest(b"b")
    both, one = MerkleTree(), MerkleTree()
    both.add(left)
    both.add(right)
    one.add(leaf_digest(left + right))
    assert both.root() != one.root()
