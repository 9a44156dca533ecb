"""Hold the record against its seals: what was changed, taken away, put in, or rewritten from end to end."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select

from server.record.entries import salted_digest
from server.record.merkle import MerkleTree, leaf_digest
from server.record.seals import BATCH, FIRST, Seal, form_of, overlooked, seals, unsealed
from server.record.signing import KeyFolder, is_signed
from server.storage import tables


class Fault(StrEnum):
    """What can be wrong with a record."""

    CHANGED = "entry-changed"
    MISSING = "entry-missing"
    MOVED = "entry-moved"
    INSERTED = "entry-inserted"
    PAYLOAD_CHANGED = "payload-changed"
    PAYLOAD_MISSING = "payload-missing"
    BROKEN = "seal-broken"
    OUT_OF_CHAIN = "seal-out-of-chain"
    UNKNOWN_KEY = "seal-of-unknown-key"
    NOT_SIGNED = "seal-not-signed"
    NOT_EXPECTED = "seal-not-expected"


@dataclass(frozen=True)
class Finding:
    """Where: a seal, an entry, or both."""

    fault: Fault
    seal: int | None = None
    entry_id: str | None = None


@dataclass(frozen=True)
class Verified:
    """What was looked at. `waiting`: entries that came after the newest seal."""

    seals: int
    entries: int
    waiting: int
    newest: Seal | None
    findings: tuple[Finding, ...]


def verify(connection: Connection, keys: KeyFolder, expected: str | None = None) -> Verified:
    """`expected`: the mark of a seal, from an export or a closed report."""
    made = list(seals(connection))
    entries = sum(seal.entries for seal in made)
    waiting = connection.scalar(select(func.count()).select_from(unsealed(connection).subquery())) or 0
    findings = (
        *_faults_of_chain(made, keys),
        *_faults_of_entries(connection, made),
        *_inserted(connection),
        *_unexpected(made, expected),
    )
    return Verified(len(made), entries, waiting, made[-1] if made else None, findings)


def _faults_of_chain(made: list[Seal], keys: KeyFolder) -> Iterator[Finding]:
    previous, number = FIRST, 0
    for seal in made:
        number += 1
        if seal.previous != previous or seal.number != number:
            yield Finding(Fault.OUT_OF_CHAIN, seal.number)
        key = keys.public(seal.key_id)
        if key is None:
            yield Finding(Fault.UNKNOWN_KEY, seal.number)
        elif not is_signed(key, seal.signature, seal.message):
            yield Finding(Fault.NOT_SIGNED, seal.number)
        previous, number = seal.digest, seal.number


def _faults_of_entries(connection: Connection, made: list[Seal]) -> Iterator[Finding]:
    """The leaves that are kept name the entries; the roots that are signed hold the leaves."""
    roots = {seal.number: (seal.entries, seal.root) for seal in made}
    trees = {number: MerkleTree() for number in roots}
    erased = _erased(connection)
    last: tuple[int, str] = (0, "")
    for row in _sealed_entries(connection):
        trees[row.seal].add(bytes.fromhex(row.leaf))
        if row.seal == last[0] and row.entry_id < last[1]:
            yield Finding(Fault.MOVED, row.seal, row.entry_id)
        last = row.seal, row.entry_id
        fault = _fault_of(row, erased)
        if fault is not None:
            yield Finding(fault, row.seal, row.entry_id)
    for number, tree in trees.items():
        if (tree.size, tree.root().hex()) != roots[number]:
            yield Finding(Fault.BROKEN, number)


def _sealed_entries(connection: Connection) -> Iterator[Row[Any]]:
    entry, sealed, payload = tables.entry, tables.sealed_entry, tables.entry_payload
    query = (
        select(sealed, entry, payload.c.salt, payload.c.payload)
        .outerjoin(entry, entry.c.id == sealed.c.entry_id)
        .outerjoin(payload, payload.c.entry_id == sealed.c.entry_id)
        .order_by(sealed.c.seal, sealed.c.position)
        .execution_options(yield_per=BATCH)
    )
    yield from connection.execute(query)


def _fault_of(row: Row[Any], erased: frozenset[str]) -> Fault | None:
    if row.id is None:
        return Fault.MISSING
    if leaf_digest(form_of(row)).hex() != row.leaf:
        return Fault.CHANGED
    if row.payload_digest is None:
        return None
    if row.payload is None:
        return None if row.entry_id in erased else Fault.PAYLOAD_MISSING
    return None if salted_digest(row.salt, row.payload) == row.payload_digest else Fault.PAYLOAD_CHANGED


def _erased(connection: Connection) -> frozenset[str]:
    """The entries whose payload was erased, as entries say."""
    bodies = connection.scalars(select(tables.entry.c.body).where(tables.entry.c.kind == "erasure"))
    return frozenset(entry_id for body in bodies for entry_id in body["entries"])


def _inserted(connection: Connection) -> Iterator[Finding]:
    for row in connection.execute(overlooked(connection)):
        yield Finding(Fault.INSERTED, entry_id=row.id)


def _unexpected(made: list[Seal], expected: str | None) -> Iterator[Finding]:
    if expected is not None and expected not in {seal.mark for seal in made}:
        number = expected.partition("-")[0]
        yield Finding(Fault.NOT_EXPECTED, int(number) if number.isdecimal() else None)
