"""Encryption of backups, in the format of age: for a public key, so that the server need not keep the other.

https://age-encryption.org/v1. Any program that reads it can decrypt a backup.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

MAGIC = b"age-encryption.org/"


class WrongKey(ValueError):
    """It is encrypted for somebody else, damaged, or there is no key to read it with."""


class NoKey(ValueError):
    """The text is no key of age."""


def new_identity() -> tuple[str, str]:
    """A secret key, and the public one that backups are encrypted for."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def is_encrypted(file: IO[bytes]) -> bool:
    start = file.read(len(MAGIC))
    file.seek(0)
    return start == MAGIC


@contextmanager
def encrypting(out: IO[bytes], recipient: str) -> Iterator[IO[bytes]]:
    """What is written in arrives encrypted in `out`; nothing of it touches the disk as it is."""
    try:
        key = x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise NoKey(recipient) from error
    reading_end, writing_end = os.pipe()
    failed: list[BaseException] = []

    def encrypt() -> None:
        try:
            with os.fdopen(reading_end, "rb") as source:
                pyrage.encrypt_io(source, out, [key])
        except BaseException as error:  # told to whoever waits below
            failed.append(error)

    worker = threading.Thread(target=encrypt)
    worker.start()
    try:
        with os.fdopen(writing_end, "wb") as plain:
            yield plain
    finally:
        worker.join()
    if failed:
        raise failed[0]


def decrypt(file: IO[bytes], out: IO[bytes], identity: Path) -> None:
    """Raises WrongKey, NoKey."""
    lines = identity.read_text("utf-8").splitlines()
    text = next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
    try:
        key = x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise NoKey(str(identity)) from error
    try:
        pyrage.decrypt_io(file, out, [key])
    except (pyrage.DecryptError, OSError) as error:
        raise WrongKey from error
    out.seek(0)
