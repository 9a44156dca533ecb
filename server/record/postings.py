"""Postings and leave: who was where, from when until when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from server.record.entries import append
from server.record.standing import refresh
from server.rules.days import ONE_DAY, Span, start_of
from server.storage import tables
from server.storage.ids import new_id

PostingKind = Literal["main", "concurrent"]
Appointment = Literal["regular", "seconded-in", "seconded-out", "fiscal-year"]
"""On what terms: 通常, 出向（受入）, 出向（派遣）, 会計年度任用."""


@dataclass(frozen=True)
class Terms:
    """Where somebody is posted, and how."""

    department_id: str
    kind: PostingKind = "main"
    appointment: Appointment = "regular"
    is_head: bool = False


class PostingRefused(ValueError):
    """It would contradict the history: two main postings on a day, or an end before its start."""


def begin_posting(
    connection: Connection,
    person_id: str,
    department_id: str,
    first: date,
    *,
    at: datetime,
    actor: str,
    kind: PostingKind = "main",
    appointment: Appointment = "regular",
    is_head: bool = False,
) -> str:
    """Post somebody to a department from a day on. Returns the posting's id."""
    if kind == "main" and main_posting_from(connection, person_id, first) is not None:
        raise PostingRefused("one main posting a day")
    terms = Terms(department_id, kind, appointment, is_head)
    return _enter(connection, person_id, terms, Span(first), at=at, actor=actor)


def enter_posting(
    connection: Connection, person_id: str, terms: Terms, days: Span, *, at: datetime, actor: str
) -> None:
    """A posting that may be over, and have others after it."""
    posting_id = _enter(connection, person_id, terms, days, at=at, actor=actor)
    if days.last is not None:
        end_posting(connection, posting_id, days.last, at=at, actor=actor)


def _enter(
    connection: Connection, person_id: str, terms: Terms, days: Span, *, at: datetime, actor: str
) -> str:
    posting_id = new_id()
    entry_id = append(
        connection,
        "posting",
        at=at,
        actor=actor,
        person_id=person_id,
        effective_at=start_of(days.first),
        body={
            "posting": posting_id,
            "department": terms.department_id,
            "kind": terms.kind,
            "first": days.first.isoformat(),
            "appointment": terms.appointment,
            "is_head": terms.is_head,
        },
    )
    connection.execute(
        insert(tables.posting).values(
            id=posting_id,
            entry_id=entry_id,
            person_id=person_id,
            department_id=terms.department_id,
            kind=terms.kind,
            first_day=days.first,
            last_day=days.last,
            appointment=terms.appointment,
            is_head=terms.is_head,
        )
    )
    refresh(connection, [person_id])
    return posting_id


def end_posting(connection: Connection, posting_id: str, last: date, *, at: datetime, actor: str) -> None:
    """`last` is the last day in the department: the person is no longer there on the next."""
    row = connection.execute(select(tables.posting).where(tables.posting.c.id == posting_id)).one()
    if last < row.first_day:
        raise PostingRefused("a posting cannot end before it begins")
    append(
        connection,
        "posting",
        at=at,
        actor=actor,
        person_id=row.person_id,
        effective_at=start_of(last + ONE_DAY),
        body={"posting": posting_id, "last": last.isoformat(), "was": _iso(row.last_day)},
    )
    connection.execute(update(tables.posting).where(tables.posting.c.id == posting_id).values(last_day=last))
    refresh(connection, [row.person_id])


def transfer(
    connection: Connection,
    person_id: str,
    department_id: str,
    first: date,
    *,
    at: datetime,
    actor: str,
    appointment: Appointment = "regular",
    is_head: bool = False,
) -> str:
    """End the main posting the day before and begin another. Returns the new posting's id."""
    current = main_posting_on(connection, person_id, first - ONE_DAY)
    if current is None:
        raise PostingRefused("no main posting to be transferred from")
    end_posting(connection, current, first - ONE_DAY, at=at, actor=actor)
    return begin_posting(
        connection,
        person_id,
        department_id,
        first,
        at=at,
        actor=actor,
        appointment=appointment,
        is_head=is_head,
    )


def take_leave(
    connection: Connection, person_id: str, first: date, last: date | None, *, at: datetime, actor: str
) -> None:
    """Leave with its days and without its reason. It exempts while it lasts."""
    if last is not None and last < first:
        raise PostingRefused("leave cannot end before it begins")
    leave_id = new_id()
    body = {"leave": leave_id, "first": first.isoformat(), "last": _iso(last)}
    entry_id = append(
        connection, "leave", at=at, actor=actor, person_id=person_id, effective_at=start_of(first), body=body
    )
    connection.execute(
        insert(tables.leave).values(
            id=leave_id, entry_id=entry_id, person_id=person_id, first_day=first, last_day=last
        )
    )
    refresh(connection, [person_id])


def end_leave(connection: Connection, leave_id: str, last: date, *, at: datetime, actor: str) -> None:
    """`last` is the last day of leave: the person is back on the next."""
    row = connection.execute(select(tables.leave).where(tables.leave.c.id == leave_id)).one()
    if last < row.first_day:
        raise PostingRefused("leave cannot end before it begins")
    body = {"leave": leave_id, "last": last.isoformat(), "was": _iso(row.last_day)}
    effective = start_of(last + ONE_DAY)
    append(
        connection, "leave", at=at, actor=actor, person_id=row.person_id, effective_at=effective, body=body
    )
    connection.execute(update(tables.leave).where(tables.leave.c.id == leave_id).values(last_day=last))
    refresh(connection, [row.person_id])


def main_posting_on(connection: Connection, person_id: str, day: date) -> str | None:
    """The id of the main posting that covers the day."""
    return connection.scalar(select(tables.posting.c.id).where(_main(person_id), covers(day)))


def main_posting_from(connection: Connection, person_id: str, day: date) -> str | None:
    """The id of a main posting that covers the day or any later one."""
    return connection.scalar(select(tables.posting.c.id).where(_main(person_id), _not_over(day)).limit(1))


def department_on(connection: Connection, person_id: str, day: date) -> str | None:
    """The department of the main posting that covers the day."""
    return connection.scalar(select(tables.posting.c.department_id).where(_main(person_id), covers(day)))


def covers(day: date) -> ColumnElement[bool]:
    """The condition that picks the postings, main and concurrent, that cover a day."""
    return (tables.posting.c.first_day <= day) & _not_over(day)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _main(person_id: str) -> ColumnElement[bool]:
    return (tables.posting.c.person_id == person_id) & (tables.posting.c.kind == "main")


def _not_over(day: date) -> ColumnElement[bool]:
    return or_(tables.posting.c.last_day.is_(None), tables.posting.c.last_day >= day)
