"""An answer posted after the session ran idle: kept for the same person in the same browser.

It is held under the old session's digest and becomes a draft when that person signs in next; anybody
else's sign-in there throws it away. It is never counted as given.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from server.storage import tables
from server.storage.upsert import upsert


def hold(
    connection: Connection,
    session_digest: str,
    person_id: str,
    attempt_id: str,
    question_id: str,
    form: Mapping[str, Any],
    at: datetime,
) -> None:
    """One per session: the newest is the one the person last saw."""
    values = {
        "session_digest": session_digest,
        "person_id": person_id,
        "attempt_id": attempt_id,
        "question_id": question_id,
        "form": dict(form),
        "held_at": at,
    }
    upsert(connection, tables.held_answer, values)


def claim(
    connection: Connection, session_digest: str, person_id: str, at: datetime
) -> tuple[str, str] | None:
    """Turn the held answer of this person into a draft: its attempt and question. Another's is deleted."""
    held = tables.held_answer
    row = connection.execute(select(held).where(held.c.session_digest == session_digest)).one_or_none()
    _forget(connection, session_digest)
    if row is None or row.person_id != person_id or _is_settled(connection, row.attempt_id, row.question_id):
        return None
    values = {
        "attempt_id": row.attempt_id,
        "question_id": row.question_id,
        "form": row.form,
        "saved_at": at,
    }
    upsert(connection, tables.draft, values)
    return row.attempt_id, row.question_id


def forget_old_answers(connection: Connection, before: datetime) -> None:
    connection.execute(delete(tables.held_answer).where(tables.held_answer.c.held_at < before))


def _is_settled(connection: Connection, attempt_id: str, question_id: str) -> bool:
    """Whether the question was answered on another device meanwhile: a confirmed answer is final."""
    answer = tables.answer
    return (
        connection.scalar(
            select(answer.c.question_id).where(
                answer.c.attempt_id == attempt_id, answer.c.question_id == question_id
            )
        )
        is not None
    )


def _forget(connection: Connection, session_digest: str) -> None:
    connection.execute(
        delete(tables.held_answer).where(tables.held_answer.c.session_digest == session_digest)
    )
