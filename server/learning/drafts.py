"""Drafts: a choice that is not confirmed yet. Working state, never graded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from server.learning.attempts import load_attempt
from server.storage import tables
from server.storage.upsert import upsert

_IS_IT = (tables.draft.c.attempt_id == bindparam("attempt_id")) & (
    tables.draft.c.question_id == bindparam("question_id")
)
_DRAFT = select(tables.draft).where(_IS_IT)
_FORGET = delete(tables.draft).where(_IS_IT)


@dataclass(frozen=True)
class Draft:
    form: Mapping[str, Sequence[str]]
    saved_at: datetime


def save_draft(
    connection: Connection,
    person_id: str,
    attempt_id: str,
    question_id: str,
    form: Mapping[str, Sequence[str]],
    *,
    at: datetime,
) -> bool:
    """Keep a choice that is not confirmed yet. Whether it was kept: an answered question has no draft."""
    attempt = load_attempt(connection, person_id, attempt_id)
    attempt.question(question_id)
    if question_id in attempt.answers:
        return False
    values = {"attempt_id": attempt_id, "question_id": question_id, "form": dict(form), "saved_at": at}
    upsert(connection, tables.draft, values)
    return True


def draft_of(connection: Connection, attempt_id: str, question_id: str) -> Draft | None:
    row = connection.execute(_DRAFT, {"attempt_id": attempt_id, "question_id": question_id}).one_or_none()
    return Draft(row.form, row.saved_at) if row else None


def forget_draft(connection: Connection, attempt_id: str, question_id: str) -> None:
    connection.execute(_FORGET, {"attempt_id": attempt_id, "question_id": question_id})
