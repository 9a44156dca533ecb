"""Append to the record. Nothing here, or anywhere, changes or deletes an entry."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select

from server.storage import tables
from server.storage.ids import new_id

EntryKind = Literal[
    "department",
    "posting",
    "leave",
    "exemption",
    "policy",
    "release",
    "started",
    "submitted",
    "completion",
    "confirmation",
    "withdrawal",
    "correction",
    "erasure",
]


WRITTEN = "kyozai.entries-written"
AGREED = "kyozai.agreed-by"

_APPEND = insert(tables.entry)
_APPEND_PAYLOAD = insert(tables.entry_payload)


@contextmanager
def collecting(connection: Connection) -> Iterator[list[str]]:
    """The ids of the entries that are appended meanwhile, in their order."""
    written: list[str] = []
    connection.info[WRITTEN] = written
    try:
        yield written
    finally:
        del connection.info[WRITTEN]


@contextmanager
def agreed_by(connection: Connection, person_id: str | None) -> Iterator[None]:
    """The entries that are appended meanwhile name whoever agreed to what somebody else asked for."""
    connection.info[AGREED] = {"agreed_by": person_id} if person_id else {}
    try:
        yield
    finally:
        del connection.info[AGREED]


def append(
    connection: Connection,
    kind: EntryKind,
    *,
    at: datetime,
    actor: str,
    body: Mapping[str, Any],
    person_id: str | None = None,
    module_id: str | None = None,
    effective_at: datetime | None = None,
    payload: Mapping[str, Any] | None = None,
) -> str:
    """Returns the entry's id.

    `body` holds ids, codes and dates. `payload` is what may have to be erased one day (given answers,
    free text): it lies beside the entry, which keeps a salted digest of it. `actor` is a person's id
    or the name of a command.
    """
    entry_id = new_id()
    salt, text = token_hex(16), canonical(payload)
    values = {
        "id": entry_id,
        "kind": kind,
        "person_id": person_id,
        "module_id": module_id,
        "body": {**body, **connection.info.get(AGREED, {})},
        "actor": actor,
        "effective_at": effective_at or at,
        "recorded_at": at,
        "payload_digest": salted_digest(salt, text) if payload is not None else None,
    }
    connection.execute(_APPEND, values)
    connection.info.get(WRITTEN, []).append(entry_id)
    if payload is not None:
        connection.execute(_APPEND_PAYLOAD, {"entry_id": entry_id, "salt": salt, "payload": text})
    return entry_id


@dataclass(frozen=True)
class Doing:
    """That an entry was made, for those who made their plans before it."""

    kind: str
    actor: str
    recorded_at: datetime


OF_THE_OFFICE = (
    "department", "posting", "leave", "exemption", "policy", "release", "withdrawal", "correction",
)  # fmt: skip
"""What is entered about people and what they have to do; the rest is what learners do."""


def newest_of_the_office(connection: Connection) -> str | None:
    entry = tables.entry
    newest: str | None = connection.scalar(
        select(func.max(entry.c.id)).where(entry.c.kind.in_(OF_THE_OFFICE))
    )
    return newest


def since(connection: Connection, entry_id: str | None) -> list[Doing]:
    """What the office entered after an entry, each kind of each hand and moment once."""
    entry = tables.entry
    query = (
        select(entry.c.kind, entry.c.actor, entry.c.recorded_at)
        .distinct()
        .where(entry.c.kind.in_(OF_THE_OFFICE), entry.c.id > (entry_id or ""))
        .order_by(entry.c.recorded_at, entry.c.kind)
    )
    return [Doing(*row) for row in connection.execute(query)]


def canonical(payload: Mapping[str, Any] | None) -> str:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def salted_digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def reason_in(payload: str | None) -> str:
    """Empty where none was given, or it was erased."""
    return str(json.loads(payload).get("reason", "")) if payload else ""
