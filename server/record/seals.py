"""Seals: what the record held at a moment, signed. The number of a seal is a records revision.

An entry belongs to the first seal that found it committed. A seal covers its entries by a Merkle root, and
all before them by the digest of the seal before it. Learners' writes do not wait for it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, exists, func, insert, select

from server.record.entries import canonical
from server.record.merkle import MerkleTree, leaf_digest
from server.record.signing import SigningKey
from server.storage import tables
from server.storage.engine import writing

TURN = "seals"
"""Whoever seals waits for whoever else does, and for nobody but those who write about everybody."""

LATEST_COMMIT = 24 * 60 * 60 * 1000
"""Milliseconds after which an entry that was written is committed, or never will be."""

BATCH = 5_000
FIRST = "0" * 64


@dataclass(frozen=True)
class Seal:
    """`root`, `previous` and `digest`: SHA-256 in hexadecimal; `previous` of the first one is all noughts."""

    number: int
    at: datetime
    entries: int
    root: str
    previous: str
    key_id: str
    signature: bytes

    @property
    def message(self) -> bytes:
        """What is signed."""
        return canonical(
            {
                "number": self.number,
                "at": moment(self.at),
                "entries": self.entries,
                "root": self.root,
                "previous": self.previous,
                "key": self.key_id,
            }
        ).encode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.message).hexdigest()

    @cached_property
    def mark(self) -> str:
        """Number and half of the digest, as files print it and `verify --expect` takes it."""
        return f"{self.number}-{self.digest[:32]}"


def seal_now(engine: Engine, key: SigningKey, at: datetime) -> Seal:
    """Seal what is committed. The newest seal, where nothing came since."""
    with writing(engine, TURN) as connection:
        return seal(connection, key, at)


def seal(connection: Connection, key: SigningKey, at: datetime) -> Seal:
    newest = newest_seal(connection)
    number = newest.number + 1 if newest else 1
    entries, root = _take_in(connection, number)
    if newest is not None and not entries:
        return newest
    made = Seal(number, at, entries, root, newest.digest if newest else FIRST, key.id, b"")
    signature = key.sign(made.message)
    connection.execute(
        insert(tables.seal).values(
            number=number,
            at=at,
            entries=entries,
            root=root,
            previous=made.previous,
            key_id=key.id,
            signature=signature,
        )
    )
    return Seal(number, at, entries, root, made.previous, key.id, signature)


def newest_seal(connection: Connection) -> Seal | None:
    query = select(tables.seal).order_by(tables.seal.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return _seal(row) if row else None


def seals(connection: Connection) -> Iterator[Seal]:
    """The oldest first."""
    for row in connection.execute(select(tables.seal).order_by(tables.seal.c.number)):
        yield _seal(row)


def sealed_up_to(revision: int) -> ColumnElement[bool]:
    """The condition that picks the entries that were known at a records revision."""
    sealed = tables.sealed_entry
    return exists().where(sealed.c.entry_id == tables.entry.c.id, sealed.c.seal <= revision)


def unsealed(connection: Connection) -> Select[Any]:
    """The entries that the next seal will find, in their order. Those older than any that may still come
    are not looked for: they are `overlooked`.
    """
    return _unsealed_from(_floor(connection))


def _unsealed_from(first: str) -> Select[Any]:
    """Said of both tables: else what is sealed would be read from its beginning for every batch."""
    entry, sealed = tables.entry, tables.sealed_entry
    is_sealed = exists().where(sealed.c.entry_id == entry.c.id, sealed.c.entry_id >= first)
    return select(entry).where(entry.c.id >= first, ~is_sealed).order_by(entry.c.id)


def overlooked(connection: Connection) -> Select[Any]:
    """The entries in no seal that no seal will find. Whoever put one in pretends that it is old."""
    entry = tables.entry
    return _without_seal().where(entry.c.id < _floor(connection)).order_by(entry.c.id)


def _without_seal() -> Select[Any]:
    entry, sealed = tables.entry, tables.sealed_entry
    return select(entry).where(~exists().where(sealed.c.entry_id == entry.c.id))


def form_of(entry: Row[Any]) -> bytes:
    """What of an entry its leaf covers: everything."""
    return canonical(
        {
            "id": entry.id,
            "kind": entry.kind,
            "person": entry.person_id,
            "module": entry.module_id,
            "body": entry.body,
            "actor": entry.actor,
            "effective": moment(entry.effective_at),
            "recorded": moment(entry.recorded_at),
            "payload": entry.payload_digest,
        }
    ).encode()


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _take_in(connection: Connection, number: int) -> tuple[int, str]:
    """How many entries, and their root."""
    tree, first = MerkleTree(), _floor(connection)
    while batch := connection.execute(_unsealed_from(first).limit(BATCH)).all():
        rows, first = [], batch[-1].id
        for entry in batch:
            leaf = leaf_digest(form_of(entry))
            rows.append({"entry_id": entry.id, "seal": number, "position": tree.size, "leaf": leaf.hex()})
            tree.add(leaf)
        connection.execute(insert(tables.sealed_entry), rows)
    return tree.size, tree.root().hex()


def _floor(connection: Connection) -> str:
    """An id that sorts before all that were made a day or less before the newest sealed one: ids begin with
    their time.
    """
    newest = connection.scalar(select(func.max(tables.sealed_entry.c.entry_id))) or ""
    return f"{max(0, int(newest[:12] or '0', 16) - LATEST_COMMIT):012x}"


def _seal(row: Row[Any]) -> Seal:
    return Seal(row.number, row.at, row.entries, row.root, row.previous, row.key_id, row.signature)
