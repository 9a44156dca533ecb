"""Erasure: what names or describes somebody is gone; counts, seals and verification stay whole.

What lies beside the entries goes, with its salt, and an entry says so. The entries stay: they hold ids,
codes and dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from server.record.entries import append
from server.record.facts import BATCH
from server.storage import tables


@dataclass(frozen=True)
class Erased:
    """How much was erased: what lay beside so many entries, and the answers of so many attempts."""

    payloads: int
    attempts: int

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(self.payloads + other.payloads, self.attempts + other.attempts)


def erase_payloads(connection: Connection, person_id: str, *, at: datetime, actor: str) -> Erased:
    """Of one person's entries: given answers, reasons, free text; and the choices not yet confirmed."""
    erased = _erase(
        connection,
        person_id,
        _with_payload(connection, person_id),
        _attempts(connection, person_id),
        at=at,
        actor=actor,
    )
    proposal = tables.proposal
    connection.execute(update(proposal).where(proposal.c.person_id == person_id).values(reason=""))
    return erased


def people_with_answers_before(connection: Connection, moment: datetime) -> list[str]:
    """Whoever finished an attempt before the moment of which the answers are still there."""
    attempt, answer = tables.attempt, tables.answer
    is_kept = select(answer.c.attempt_id).where(answer.c.attempt_id == attempt.c.id).exists()
    query = select(attempt.c.person_id).distinct().where(attempt.c.finished_at < moment, is_kept)
    return list(connection.scalars(query.order_by(attempt.c.person_id)))


def erase_answers_before(
    connection: Connection, person_id: str, moment: datetime, *, at: datetime, actor: str
) -> Erased:
    """Of attempts that were finished before the moment. Passed or not stays, and so does the completion."""
    entry, attempt = tables.entry, tables.attempt
    finished = select(attempt.c.id).where(attempt.c.person_id == person_id, attempt.c.finished_at < moment)
    attempts = list(connection.scalars(finished.order_by(attempt.c.id)))
    submitted = select(entry.c.id, entry.c.body).where(
        entry.c.id.in_(_with_payload(connection, person_id)), entry.c.kind == "submitted"
    )
    entries = [row.id for row in connection.execute(submitted) if row.body["attempt"] in attempts]
    return _erase(connection, person_id, sorted(entries), attempts, at=at, actor=actor)


def _erase(
    connection: Connection,
    person_id: str,
    entries: Sequence[str],
    attempts: Sequence[str],
    *,
    at: datetime,
    actor: str,
) -> Erased:
    append(connection, "erasure", at=at, actor=actor, person_id=person_id, body={"entries": [*entries]})
    payload, answer, draft = tables.entry_payload, tables.answer, tables.draft
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        connection.execute(delete(payload).where(payload.c.entry_id.in_(batch)))
    for start in range(0, len(attempts), BATCH):
        batch = attempts[start : start + BATCH]
        connection.execute(delete(answer).where(answer.c.attempt_id.in_(batch)))
        connection.execute(delete(draft).where(draft.c.attempt_id.in_(batch)))
    return Erased(len(entries), len(attempts))


def _with_payload(connection: Connection, person_id: str) -> list[str]:
    entry, payload = tables.entry, tables.entry_payload
    query = select(entry.c.id).join(payload, payload.c.entry_id == entry.c.id)
    return list(connection.scalars(query.where(entry.c.person_id == person_id).order_by(entry.c.id)))


def _attempts(connection: Connection, person_id: str) -> list[str]:
    attempt = tables.attempt
    query = select(attempt.c.id).where(attempt.c.person_id == person_id)
    return list(connection.scalars(query.order_by(attempt.c.id)))
