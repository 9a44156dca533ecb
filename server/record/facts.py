"""Read the facts of people from the record, in the form in which the rules take them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from server.rules.days import Span, day_of
from server.rules.facts import Completion, Exemption, Facts, Policy, Release
from server.storage import tables

BATCH = 500
"""People per query: SQLite allows a limited number of values in a statement."""


def policies(connection: Connection) -> tuple[Policy, ...]:
    rows = connection.execute(
        select(tables.entry.c.body).where(tables.entry.c.kind == "policy").order_by(tables.entry.c.id)
    )
    return tuple(_policy(row.body) for row in rows)


def _policy(body: Mapping[str, Any]) -> Policy:
    return Policy(
        first=date.fromisoformat(body["first"]),
        modules=frozenset(body["modules"]),
        days=body["days"],
        grace_days=body["grace_days"],
        valid_days=body["valid_days"],
    )


def releases(connection: Connection) -> tuple[Release, ...]:
    """Those in force: one that was withdrawn is as if it had never been."""
    rows = connection.execute(
        select(tables.entry.c.body, tables.entry.c.effective_at)
        .where(tables.entry.c.kind == "release")
        .order_by(tables.entry.c.effective_at, tables.entry.c.id)
    )
    withdrawn = withdrawn_releases(connection)
    return tuple(
        Release(day_of(row.effective_at), row.body["versions"])
        for row in rows
        if row.body["release"] not in withdrawn
    )


def withdrawn_releases(connection: Connection) -> set[str]:
    """Their numbers."""
    bodies = connection.scalars(select(tables.entry.c.body).where(tables.entry.c.kind == "withdrawal"))
    return {body["release"] for body in bodies}


def facts_of(connection: Connection, person_ids: Sequence[str]) -> dict[str, Facts]:
    """The facts of each person; one without any has only the policies and releases."""
    shared = {"policies": policies(connection), "releases": releases(connection)}
    found: dict[str, Facts] = {}
    for start in range(0, len(person_ids), BATCH):
        batch = person_ids[start : start + BATCH]
        found |= _facts_of_batch(connection, batch, shared)
    return found


def _facts_of_batch(
    connection: Connection, person_ids: Sequence[str], shared: Mapping[str, Any]
) -> dict[str, Facts]:
    postings = _by_person(connection, tables.posting, person_ids, tables.posting.c.kind == "main")
    leaves = _by_person(connection, tables.leave, person_ids)
    completions = _by_person(connection, tables.completion, person_ids)
    events = _by_person(
        connection, tables.entry, person_ids, tables.entry.c.kind.in_(("started", "exemption"))
    )
    return {
        person_id: Facts(
            main_postings=tuple(_span(row) for row in postings[person_id]),
            leaves=tuple(_span(row) for row in leaves[person_id]),
            exemptions=tuple(_exemption(row) for row in events[person_id] if row.kind == "exemption"),
            completions=tuple(
                Completion(row.module_id, row.module_version, day_of(row.completed_at))
                for row in completions[person_id]
            ),
            begun=_begun(row for row in events[person_id] if row.kind == "started"),
            **shared,
        )
        for person_id in person_ids
    }


def _by_person(
    connection: Connection, table: Any, person_ids: Sequence[str], *conditions: Any
) -> dict[str, list[Row[Any]]]:
    query = select(table).where(table.c.person_id.in_(person_ids), *conditions).order_by(table.c.id)
    rows: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        rows[row.person_id].append(row)
    return rows


def _span(row: Row[Any]) -> Span:
    return Span(row.first_day, row.last_day)


def _exemption(row: Row[Any]) -> Exemption:
    first, last = row.body["first"], row.body["last"]
    return Exemption(
        row.module_id, Span(date.fromisoformat(first), date.fromisoformat(last) if last else None)
    )


def _begun(rows: Iterable[Row[Any]]) -> dict[str, date]:
    begun: dict[str, date] = {}
    for row in rows:
        day = day_of(row.effective_at)
        begun[row.module_id] = min(day, begun.get(row.module_id, day))
    return begun
