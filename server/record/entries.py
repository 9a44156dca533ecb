"""Append to the record. Nothing here, or anywhere, changes or deletes an entry."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any, Literal

from sqlalchemy import Connection, insert

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
]


_APPEND = insert(tables.entry)
_APPEND_PAYLOAD = insert(tables.entry_payload)


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
        "body": dict(body),
        "actor": actor,
        "effective_at": effective_at or at,
        "recorded_at": at,
        "payload_digest": salted_digest(salt, text) if payload is not None else None,
    }
    connection.execute(_APPEND, values)
    if payload is not None:
        connection.execute(_APPEND_PAYLOAD, {"entry_id": entry_id, "salt": salt, "payload": text})
    return entry_id


def canonical(payload: Mapping[str, Any] | None) -> str:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def salted_digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
