"""What happens to departments: they begin, get other names and places, merge, split and end.

A change ends a period and begins another. So a report of an earlier day calls everything as it was called
then, and what was known then can be told from the entries.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, or_, select, update

from server.record.department_history import Period, department_history
from server.record.entries import append
from server.record.facts import shared_facts
from server.record.standing import refresh_everybody
from server.rules.days import ONE_DAY, Span, start_of
from server.storage import tables
from server.storage.ids import new_id

BEGINNING = date(1900, 1, 1)
"""The first day of a department of which nobody said since when it is there."""


Contradiction = Literal["code-taken", "under-itself", "changed-later", "has-people", "has-departments"]


class DepartmentRefused(ValueError):
    """It would contradict the history of the departments, or leave people in one that is gone."""

    def __init__(self, contradiction: Contradiction) -> None:
        super().__init__(contradiction)
        self.contradiction: Contradiction = contradiction


def begin_department(
    connection: Connection,
    code: str,
    name: str,
    first: date,
    *,
    parent_id: str | None = None,
    at: datetime,
    actor: str,
) -> str:
    """A department is there from a day on. Returns its id. A code belongs to one department a day."""
    if department_with_code(connection, code, first) is not None:
        raise DepartmentRefused("code-taken")
    department_id = new_id()
    connection.execute(insert(tables.department).values(id=department_id))
    _enter(connection, Period(department_id, code, name, parent_id, Span(first)), at=at, actor=actor)
    return department_id


def rename_department(
    connection: Connection, department_id: str, name: str, first: date, *, at: datetime, actor: str
) -> None:
    """It is called so from a day on. The code stays, and so does all that was under the old name."""
    now = _newest_period(connection, department_id)
    _change(
        connection, now, Period(department_id, now.code, name, now.parent_id, Span(first)), at=at, actor=actor
    )


def place_department(
    connection: Connection,
    department_id: str,
    parent_id: str | None,
    first: date,
    *,
    at: datetime,
    actor: str,
) -> None:
    """It stands under another one (or at the top) from a day on, with all who are posted below it.

    Where policies are about departments, others may be asked of them from then on.
    """
    if parent_id is not None and department_id in _line_up(connection, parent_id, first):
        raise DepartmentRefused("under-itself")
    now = _newest_period(connection, department_id)
    _change(
        connection, now, Period(department_id, now.code, now.name, parent_id, Span(first)), at=at, actor=actor
    )
    if shared_facts(connection).tree.places:
        refresh_everybody(connection)


def end_department(
    connection: Connection,
    department_id: str,
    last: date,
    *,
    successors: Sequence[str] = (),
    at: datetime,
    actor: str,
) -> None:
    """It is no longer there after a day. Whoever is posted to it has to be moved first.

    `successors`: the ids of the departments that go on with its work: one after a merger, several after
    a split.
    """
    now = _newest_period(connection, department_id)
    if now.days.last is not None or last < now.days.first:
        raise DepartmentRefused("changed-later")
    if _has_people(connection, department_id, last + ONE_DAY):
        raise DepartmentRefused("has-people")
    if _has_below(connection, department_id, last + ONE_DAY):
        raise DepartmentRefused("has-departments")
    body = {"department": department_id, "last": last.isoformat(), "successors": list(successors)}
    append(connection, "department", at=at, actor=actor, effective_at=start_of(last + ONE_DAY), body=body)
    _end_period(connection, now, last)
    for successor in successors:
        connection.execute(
            insert(tables.department_successor).values(
                department_id=department_id, successor_id=successor, first_day=last + ONE_DAY
            )
        )


def find_or_begin(
    connection: Connection, code: str, name: str, day: date, *, at: datetime, actor: str
) -> str:
    """The id of the department with this code on a day, which is called by this name from that day on."""
    department_id = department_with_code(connection, code, day)
    if department_id is None:
        first = day if _is_used(connection, code) else BEGINNING
        return begin_department(connection, code, name, first, at=at, actor=actor)
    if _newest_period(connection, department_id).name != name:
        rename_department(connection, department_id, name, day, at=at, actor=actor)
    return department_id


def department_with_code(connection: Connection, code: str, day: date) -> str | None:
    period = tables.department_period
    return connection.scalar(select(period.c.department_id).where(period.c.code == code, _covers(day)))


def is_there(connection: Connection, department_id: str, day: date) -> bool:
    period = tables.department_period
    return bool(
        connection.scalar(select(exists().where(period.c.department_id == department_id, _covers(day))))
    )


def _enter(connection: Connection, period: Period, *, at: datetime, actor: str) -> None:
    first = period.days.first
    body = {
        "department": period.department_id,
        "code": period.code,
        "name": period.name,
        "parent": period.parent_id,
        "first": first.isoformat(),
    }
    entry_id = append(connection, "department", at=at, actor=actor, effective_at=start_of(first), body=body)
    connection.execute(
        insert(tables.department_period).values(
            department_id=period.department_id,
            first_day=first,
            last_day=None,
            entry_id=entry_id,
            code=period.code,
            name=period.name,
            parent_id=period.parent_id,
        )
    )


def _change(connection: Connection, now: Period, then: Period, *, at: datetime, actor: str) -> None:
    if now.days.last is not None or then.days.first < now.days.first:
        raise DepartmentRefused("changed-later")
    if then.days.first == now.days.first:
        connection.execute(delete(tables.department_period).where(_is_row(now)))
    else:
        _end_period(connection, now, then.days.first - ONE_DAY)
    _enter(connection, then, at=at, actor=actor)


def _end_period(connection: Connection, period: Period, last: date) -> None:
    connection.execute(update(tables.department_period).where(_is_row(period)).values(last_day=last))


def _newest_period(connection: Connection, department_id: str) -> Period:
    period = tables.department_period
    row = connection.execute(
        select(period)
        .where(period.c.department_id == department_id)
        .order_by(period.c.first_day.desc())
        .limit(1)
    ).one()
    return Period(row.department_id, row.code, row.name, row.parent_id, Span(row.first_day, row.last_day))


def _is_row(period: Period) -> ColumnElement[bool]:
    table = tables.department_period
    return (table.c.department_id == period.department_id) & (table.c.first_day == period.days.first)


def _covers(day: date) -> ColumnElement[bool]:
    period = tables.department_period
    return (period.c.first_day <= day) & or_(period.c.last_day.is_(None), period.c.last_day >= day)


def _is_used(connection: Connection, code: str) -> bool:
    return bool(connection.scalar(select(exists().where(tables.department_period.c.code == code))))


def _has_people(connection: Connection, department_id: str, day: date) -> bool:
    """On the day, or any later one."""
    posting = tables.posting
    later = or_(posting.c.last_day.is_(None), posting.c.last_day >= day)
    return bool(connection.scalar(select(exists().where(posting.c.department_id == department_id, later))))


def _has_below(connection: Connection, department_id: str, day: date) -> bool:
    period = tables.department_period
    later = or_(period.c.last_day.is_(None), period.c.last_day >= day)
    return bool(connection.scalar(select(exists().where(period.c.parent_id == department_id, later))))


def _line_up(connection: Connection, department_id: str, day: date) -> set[str]:
    """The department and all above it on the day."""
    history = department_history(connection)
    line: set[str] = set()
    above: str | None = department_id
    while above is not None and above not in line:
        line.add(above)
        above = history.named(above, day).parent_id
    return line
