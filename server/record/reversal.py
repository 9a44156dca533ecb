"""Take entries back by entries that say so: what they did to postings, leave and departments is undone.

Nothing is deleted from the record. Each reversed entry is named by a correction of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, delete, select, update

from server.record.entries import append
from server.record.facts import BATCH
from server.record.standing import refresh, refreshed_at_the_end
from server.storage import tables

RESTING = ("posting", "leave", "exemption", "started", "submitted", "completion", "confirmation")
"""What somebody's later entries may rest on where they were, or that they were there."""


Undo = Callable[[Connection, Row[Any]], None]
"""Puts back what an entry did to the rows beside it."""


@dataclass(frozen=True)
class Dependent:
    """A later entry about one of the people or departments concerned."""

    entry_id: str
    kind: str
    person_id: str | None
    recorded_at: datetime


def reverse(connection: Connection, entry_ids: Sequence[str], *, at: datetime, actor: str) -> list[Dependent]:
    """Undo these entries, the last one first; or nothing, and what rests on them. Empty is done."""
    entries = _entries(connection, entry_ids)
    dependents = _dependents(connection, entries)
    if dependents:
        return dependents
    with refreshed_at_the_end(connection):
        take_back(connection, entries, at=at, actor=actor)
    return []


def take_back(connection: Connection, entries: Sequence[Row[Any]], *, at: datetime, actor: str) -> None:
    """Undo these entries, the last one first, whatever rests on them."""
    for entry in reversed(entries):
        UNDO[entry.kind](connection, entry)
        append(
            connection,
            "correction",
            at=at,
            actor=actor,
            person_id=entry.person_id,
            body={"reverses": entry.id},
        )
        if entry.person_id:
            refresh(connection, [entry.person_id])


def _entries(connection: Connection, entry_ids: Sequence[str]) -> list[Row[Any]]:
    """In the order in which they were written."""
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(entry_ids), BATCH):
        batch = entry_ids[start : start + BATCH]
        rows = connection.execute(select(tables.entry).where(tables.entry.c.id.in_(batch)))
        found |= {row.id: row for row in rows}
    return [found[entry_id] for entry_id in entry_ids]


def _dependents(connection: Connection, entries: Sequence[Row[Any]]) -> list[Dependent]:
    """Every later entry about the same people, and every posting or change in a department that began."""
    if not entries:
        return []
    first, own = entries[0].id, {entry.id for entry in entries}
    people = sorted({entry.person_id for entry in entries if entry.person_id})
    begun = {entry.body["department"] for entry in entries if entry.kind == "department"}
    table = tables.entry
    later: list[Row[Any]] = []
    for start in range(0, len(people), BATCH):
        of_people = table.c.person_id.in_(people[start : start + BATCH]) & table.c.kind.in_(RESTING)
        later += connection.execute(_after(first, of_people)).all()
    if begun:
        of_departments = connection.execute(_after(first, table.c.kind.in_(("posting", "department"))))
        later += [row for row in of_departments if row.body.get("department") in begun]
    return [
        Dependent(row.id, row.kind, row.person_id, row.recorded_at)
        for row in {row.id: row for row in later}.values()
        if row.id not in own
    ]


def _after(entry_id: str, condition: ColumnElement[bool]) -> Select[Any]:
    """Ids sort by the time at which they were made."""
    table = tables.entry
    return select(table).where(table.c.id > entry_id, condition).order_by(table.c.id)


def _dated(table: Table, name: str) -> Undo:
    """Of rows with a last day: one that began is gone, one that ended has the last day that it had before."""

    def undo(connection: Connection, entry: Row[Any]) -> None:
        this_one = table.c.id == entry.body[name]
        if "first" in entry.body:
            connection.execute(delete(table).where(this_one))
        else:
            was = entry.body["was"]
            last = date.fromisoformat(was) if was else None
            connection.execute(update(table).where(this_one).values(last_day=last))

    return undo


def _undo_department(connection: Connection, entry: Row[Any]) -> None:
    """A period that began is gone, and the one before it goes on."""
    period = tables.department_period
    theirs = period.c.department_id == entry.body["department"]
    first = date.fromisoformat(entry.body["first"])
    connection.execute(delete(period).where(theirs, period.c.first_day == first))
    earlier = connection.scalar(
        select(period.c.first_day)
        .where(theirs, period.c.first_day < first)
        .order_by(period.c.first_day.desc())
    )
    if earlier is None:
        is_it = tables.department.c.id == entry.body["department"]
        connection.execute(delete(tables.department).where(is_it))
    else:
        connection.execute(update(period).where(theirs, period.c.first_day == earlier).values(last_day=None))


UNDO: dict[str, Undo] = {
    "posting": _dated(tables.posting, "posting"),
    "leave": _dated(tables.leave, "leave"),
    "department": _undo_department,
}
