"""Passwords: what is refused, and how they are kept."""

import unicodedata
from collections.abc import Collection
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

SHORTEST = 8
LONGEST = 1024
"""Far above what anybody types; it only bounds the work of one request."""

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Weakness(StrEnum):
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    COMMON = "common"
    LOCAL = "local"


def weakness_of(password: str, local_words: Collection[str]) -> Weakness | None:
    """None when the password may be used. No rule about kinds of characters: length is what protects."""
    plain = normalised(password)
    if len(plain) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(plain) > LONGEST:
        return Weakness.TOO_LONG
    if plain.casefold() in common_passwords():
        return Weakness.COMMON
    if is_local(plain, local_words):
        return Weakness.LOCAL
    return None


def normalised(password: str) -> str:
    """The same password, whichever way a keyboard composes its characters."""
    return unicodedata.normalize("NFKC", password)


@cache
def common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # large, and needed only when a password is chosen

    return frozenset(FREQUENCY_LISTS["passwords"])


def is_local(password: str, words: Collection[str]) -> bool:
    """Whether nothing strong is left of it without the words that anybody here would try first."""
    rest = password.casefold()
    for word in sorted({normalised(word).casefold() for word in words}, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) >= 2 else rest
    is_weak = len(rest) < SHORTEST or rest in common_passwords()
    return rest != password.casefold() and is_weak


def hash_password(password: str) -> str:
    return hasher.hash(normalised(password))


def is_right(password: str, kept_hash: str | None) -> bool:
    """Without a kept hash the answer is no, after the same work."""
    try:
        hasher.verify(kept_hash or _nobodys_hash(), normalised(password[:LONGEST]))
    except VerifyMismatchError:
        return False
    return kept_hash is not None


def needs_new_hash(kept_hash: str) -> bool:
    return hasher.check_needs_rehash(kept_hash)


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")
