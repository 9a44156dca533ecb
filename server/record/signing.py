"""The keys that sign seals: Ed25519, in a folder outside the database.

One private key signs. The public keys of those before it stay beside it, so that what they signed can be
checked for as long as it is kept. A public key that is only in the database would prove nothing: whoever
rewrites the record could put one there.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

PRIVATE = "signing-key.pem"
PUBLIC = "public-{id}.pem"


class NoSigningKey(Exception):
    """There is none in the folder, or it is none of Ed25519. `folder`: where it was looked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


@dataclass(frozen=True)
class SigningKey:
    private: Ed25519PrivateKey

    @cached_property
    def id(self) -> str:
        return key_id(self.private.public_key())

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


@dataclass(frozen=True)
class KeyFolder:
    """The keys of one installation."""

    path: Path

    def current(self) -> SigningKey:
        """Raises NoSigningKey."""
        try:
            key = load_pem_private_key((self.path / PRIVATE).read_bytes(), password=None)
        except (FileNotFoundError, ValueError) as error:
            raise NoSigningKey(self.path) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise NoSigningKey(self.path)
        return SigningKey(key)

    def public(self, id: str) -> Ed25519PublicKey | None:
        """None where the key was never of this installation."""
        return next((key for key in self._public_keys() if key_id(key) == id), None)

    def make(self) -> SigningKey:
        """A new key in place of the current one, whose public key stays."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = SigningKey(Ed25519PrivateKey.generate())
        public = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        _write(self.path / PUBLIC.format(id=key.id), public)
        private = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(self.path / PRIVATE, private)
        return key

    def _public_keys(self) -> Iterator[Ed25519PublicKey]:
        for path in sorted(self.path.glob(PUBLIC.format(id="*"))):
            key = load_pem_public_key(path.read_bytes())
            assert isinstance(key, Ed25519PublicKey), f"{path} holds another kind of key"
            yield key


def is_signed(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def key_id(key: Ed25519PublicKey) -> str:
    """16 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _write(path: Path, data: bytes) -> None:
    """Beside the file first, and for its owner alone: a key is there whole or not at all."""
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        os.fsync(file.fileno())
    beside.replace(path)
