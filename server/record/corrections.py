"""Corrections: what was entered wrongly counts no more, or counts again. The original stays visible."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from server.record.entries import append, reason_in
from server.record.standing import refresh
from server.storage import tables


@dataclass(frozen=True)
class Correction:
    """An entry that corrects another one. `reason` is empty where it was erased."""

    entry_id: str
    at: datetime
    actor: str
    reason: str


class CorrectionRefused(ValueError):
    """Somebody has corrected the same already: `earlier`. None: there is nothing to correct."""

    def __init__(self, earlier: Correction | None) -> None:
        super().__init__()
        self.earlier = earlier


def void_completion(
    connection: Connection, completion_id: str, *, reason: str, at: datetime, actor: str
) -> str:
    """It counts on no day any more. Returns the id of the entry that says so."""
    completion = _completion(connection, completion_id)
    if completion.voided_at is not None:
        raise CorrectionRefused(_void_of(connection, completion))
    return _correct(connection, completion, {"voids": completion.entry_id}, at, reason, at=at, actor=actor)


def reinstate_completion(
    connection: Connection, completion_id: str, *, reason: str, at: datetime, actor: str
) -> str:
    """A completion that was voided by mistake counts again. Returns the entry's id."""
    completion = _completion(connection, completion_id)
    void = _void_of(connection, completion)
    if completion.voided_at is None or void is None:
        raise CorrectionRefused(None)
    return _correct(connection, completion, {"reverses": void.entry_id}, None, reason, at=at, actor=actor)


def _correct(
    connection: Connection,
    completion: Row[Any],
    body: dict[str, str],
    voided_at: datetime | None,
    reason: str,
    *,
    at: datetime,
    actor: str,
) -> str:
    entry_id = append(
        connection,
        "correction",
        at=at,
        actor=actor,
        person_id=completion.person_id,
        module_id=completion.module_id,
        effective_at=completion.completed_at,
        body=body,
        payload={"reason": reason},
    )
    table = tables.completion
    connection.execute(update(table).where(table.c.id == completion.id).values(voided_at=voided_at))
    refresh(connection, [completion.person_id])
    return entry_id


def _completion(connection: Connection, completion_id: str) -> Row[Any]:
    table = tables.completion
    row = connection.execute(select(table).where(table.c.id == completion_id)).one_or_none()
    if row is None:
        raise CorrectionRefused(None)
    return row


def _void_of(connection: Connection, completion: Row[Any]) -> Correction | None:
    """The newest entry that voids it."""
    entries = corrections_of(connection, completion.person_id)
    voids = [row for row in entries if row.body.get("voids") == completion.entry_id]
    return told(connection, voids[-1]) if voids else None


def corrections_of(connection: Connection, person_id: str) -> list[Row[Any]]:
    """In the order in which they were entered."""
    entry = tables.entry
    query = select(entry).where(entry.c.person_id == person_id, entry.c.kind == "correction")
    return list(connection.execute(query.order_by(entry.c.id)))


def told(connection: Connection, entry: Row[Any]) -> Correction:
    payload = tables.entry_payload
    text = connection.scalar(select(payload.c.payload).where(payload.c.entry_id == entry.id))
    return Correction(entry.id, entry.recorded_at, entry.actor, reason_in(text))
