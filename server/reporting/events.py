"""当時所属: what happened in a period, counted where people were posted when it happened.

A completion counts where somebody was posted on its day, a duty where they were posted on its due date. So a
later transfer moves nothing, and each is counted once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from server.rules.rates import Duties
from server.storage import tables


@dataclass(frozen=True)
class Events:
    """`completions`: of a module by a person."""

    completions: int = 0
    duties: Duties = field(default_factory=Duties)

    def __add__(self, other: "Events") -> "Events":
        return Events(self.completions + other.completions, self.duties + other.duties)


def events_by_department(connection: Connection, first: date, last: date) -> dict[str, Events]:
    """Department → what happened from the first day to the end of the last one, without those below it."""
    completions = _completions(connection, first, last)
    duties = _duties(connection, first, last)
    return {
        department: Events(completions.get(department, 0), duties.get(department, Duties()))
        for department in completions.keys() | duties.keys()
    }


def summed(events: Mapping[str, Events], departments: Collection[str]) -> Events:
    return sum((events[each] for each in departments if each in events), Events())


def _completions(connection: Connection, first: date, last: date) -> dict[str, int]:
    completion, posting = tables.completion, tables.posting
    query = (
        select(posting.c.department_id, func.count().label("completions"))
        .join(completion, _was_mainly_there(completion.c.person_id, completion.c.completed_day))
        .where(completion.c.completed_day.between(first, last), completion.c.voided_at.is_(None))
        .group_by(posting.c.department_id)
    )
    return {row.department_id: row.completions for row in connection.execute(query)}


def _duties(connection: Connection, first: date, last: date) -> dict[str, Duties]:
    duty, posting = tables.duty, tables.posting
    on_time = func.sum(case((duty.c.on_time, 1), else_=0))
    holds = and_(duty.c.from_day <= last, or_(duty.c.until_day.is_(None), duty.c.until_day > last))
    query = (
        select(posting.c.department_id, func.count().label("due"), on_time.label("on_time"))
        .join(duty, _was_mainly_there(duty.c.person_id, duty.c.due_day))
        .where(duty.c.due_day.between(first, last), holds)
        .group_by(posting.c.department_id)
    )
    return {row.department_id: Duties(row.due, int(row.on_time)) for row in connection.execute(query)}


def _was_mainly_there(person_id: ColumnElement[str], day: ColumnElement[date]) -> ColumnElement[bool]:
    posting = tables.posting
    return and_(
        posting.c.person_id == person_id,
        posting.c.kind == "main",
        posting.c.first_day <= day,
        or_(posting.c.last_day.is_(None), posting.c.last_day >= day),
    )
