"""An answer posted when the sender was signed in no more: kept for the same person in the same browser.

It is held under the digest of a token in that browser's session and becomes a draft when that person signs
in next; anybody else's sign-in there throws it away. It is never counted as given.
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
    """Several tabs may each hold the answer to a question; of one question the newest stays."""
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
    """Turn this person's held answers into drafts; somebody else's are deleted.

    Returns attempt and question of the newest one.
    """
    held = tables.held_answer
    query = select(held).where(held.c.session_digest == session_digest).order_by(held.c.held_at)
    own = [row for row in connection.execute(query) if row.person_id == person_id]
    _forget(connection, session_digest)
    restored = [row for row in own if not _is_settled(connection, row.attempt_id, row.question_id)]
    for row in restored:
        values = {
            "attempt_id": row.attempt_id,
            "question_id": row.question_id,
            "form": row.form,
            "saved_at": at,
        }
        upsert(connection, tables.draft, values)
    return (restored[-1].attempt_id, restored[-1].question_id) if restored else None


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
