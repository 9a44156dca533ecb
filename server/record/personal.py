"""Everything that is kept about one person, to be handed to them or, without answers, to HR."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from server.rules.days import JAPAN
from server.storage import tables

OF_HR: Sequence[Table] = (
    tables.person_details, tables.posting, tables.leave, tables.completion, tables.standing, tables.duty,
    tables.tally, tables.deputy, tables.merged_person, tables.proposal,
)  # fmt: skip
PRIVATE: Sequence[Table] = (tables.reading, tables.attempt)
"""What only the person sees: how they went about it."""

LEFT_OUT = frozenset({"sort_key"})
NOT_FOR_HR = LEFT_OUT | {"certificate", "attempt_id"}
"""The number of a certificate is its holder's, and so is which attempt led to it."""


def kept_about(connection: Connection, person_id: str, *, with_private: bool) -> dict[str, Any]:
    """Table → rows as plain values. Entries with what lies beside them, where that is the person's to see."""
    shown = [*OF_HR, *(PRIVATE if with_private else ())]
    left_out = LEFT_OUT if with_private else NOT_FOR_HR
    return {
        **{table.name: _rows(connection, table, person_id, left_out) for table in shown},
        **({"answer": _answers(connection, person_id)} if with_private else {}),
        "entry": _entries(connection, person_id, with_private=with_private),
    }


def _rows(
    connection: Connection, table: Table, person_id: str, left_out: frozenset[str]
) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if column.name not in left_out]
    query = select(*columns).where(table.c.person_id == person_id).order_by(*table.primary_key)
    return [_plain(row) for row in connection.execute(query)]


def _answers(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    answer, attempt = tables.answer, tables.attempt
    query = (
        select(answer)
        .join(attempt, attempt.c.id == answer.c.attempt_id)
        .where(attempt.c.person_id == person_id)
        .order_by(answer.c.answered_at)
    )
    return [_plain(row) for row in connection.execute(query)]


def _entries(connection: Connection, person_id: str, *, with_private: bool) -> list[dict[str, Any]]:
    """To HR: without submitted attempts, which tell how somebody answered."""
    entry, payload = tables.entry, tables.entry_payload
    query = (
        select(entry, payload.c.payload)
        .outerjoin(payload, payload.c.entry_id == entry.c.id)
        .where(entry.c.person_id == person_id)
        .order_by(entry.c.id)
    )
    if not with_private:
        query = query.where(entry.c.kind != "submitted")
    return [
        {**_plain(row), "payload": json.loads(row.payload) if row.payload else None}
        for row in connection.execute(query)
    ]


def _plain(row: Row[Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row._mapping.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(JAPAN).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
