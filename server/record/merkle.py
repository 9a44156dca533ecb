"""The root of a Merkle tree, as RFC 9162 (section 2.1) defines it, over leaves that come one at a time."""

import hashlib

EMPTY = hashlib.sha256(b"").digest()


def leaf_digest(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


class MerkleTree:
    """Keeps one digest for each whole subtree: as many as the number of leaves has binary digits."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """`leaf`: its digest, 32 bytes."""
        self.size += 1
        height, digest = 0, leaf
        while self._whole and self._whole[-1][0] == height:
            digest = _node(self._whole.pop()[1], digest)
            height += 1
        self._whole.append((height, digest))

    def root(self) -> bytes:
        """The leaves that came so far stay: more may follow."""
        if not self._whole:
            return EMPTY
        digest = self._whole[-1][1]
        for _, left in reversed(self._whole[:-1]):
            digest = _node(left, digest)
        return digest


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
