"""Counts by department, in one query: how many people are in which state, and what was due.

A day is the end of that day. Whoever has several postings counts at the main one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    select,
)

from server.record.postings import covers
from server.record.standing import COURSE, holds_on
from server.rules.rates import Duties, Totals
from server.rules.state import State
from server.storage import tables

REQUIRED = [state.value for state in State if state not in (State.NOT_REQUIRED, State.EXEMPT)]


@dataclass(frozen=True)
class Measures:
    """Of people posted to a department. `reached`: of those required, who has begun or completed anything."""

    totals: Totals = field(default_factory=Totals)
    reached: int = 0
    duties: Duties = field(default_factory=Duties)

    def __add__(self, other: "Measures") -> "Measures":
        return Measures(self.totals + other.totals, self.reached + other.reached, self.duties + other.duties)


def measures_by_department(connection: Connection, day: date) -> dict[str, Measures]:
    """現所属: everybody where they are posted on the day. Department → measures, without those below it.

    Who has no row of standing is asked for nothing.
    """
    standing, posting, tally = tables.standing, tables.posting, tables.tally
    state = func.coalesce(standing.c.state, State.NOT_REQUIRED.value)
    query = (
        select(
            posting.c.department_id,
            state.label("state"),
            func.count().label("people"),
            func.sum(case((tally.c.has_begun, 1), else_=0)).label("begun"),
            func.coalesce(func.sum(tally.c.due), 0).label("due"),
            func.coalesce(func.sum(tally.c.on_time), 0).label("on_time"),
        )
        .select_from(posting)
        .outerjoin(standing, _is_course_of_posted(day))
        .outerjoin(tally, _is_tally_of_posted(day))
        .where(_mainly_there(day))
        .group_by(posting.c.department_id, state)
    )
    found: dict[str, Measures] = defaultdict(Measures)
    for row in connection.execute(query):
        found[row.department_id] += Measures(
            Totals({State(row.state): row.people}),
            int(row.begun) if row.state in REQUIRED else 0,
            Duties(int(row.due), int(row.on_time)),
        )
    return found


def summed(measures: Mapping[str, Measures], departments: Collection[str]) -> Measures:
    return sum((measures[each] for each in departments if each in measures), Measures())


def totals_by_module(
    connection: Connection, day: date, departments: Collection[str] | None
) -> dict[str, Totals]:
    """Module → how many people are in which state of it."""
    standing, posting = tables.standing, tables.posting
    query = (
        select(standing.c.module_id, standing.c.state, func.count())
        .join(posting, posting.c.person_id == standing.c.person_id)
        .where(standing.c.module_id != COURSE, holds_on(day), _mainly_there(day, departments))
        .group_by(standing.c.module_id, standing.c.state)
    )
    return _totals_of(connection, query)


def _totals_of(connection: Connection, query: Select[Any]) -> dict[str, Totals]:
    counts: dict[str, Counter[State]] = defaultdict(Counter)
    for group, state, people in connection.execute(query):
        counts[group][State(state)] = people
    return {group: Totals(counted) for group, counted in counts.items()}


def _is_course_of_posted(day: date) -> ColumnElement[bool]:
    standing, posting = tables.standing, tables.posting
    return and_(standing.c.person_id == posting.c.person_id, tables.OF_THE_COURSE, holds_on(day))


def _is_tally_of_posted(day: date) -> ColumnElement[bool]:
    tally, posting = tables.tally, tables.posting
    return and_(tally.c.person_id == posting.c.person_id, tally.c.from_day <= day, day < tables.TALLY_UNTIL)


def _mainly_there(day: date, departments: Collection[str] | None = None) -> ColumnElement[bool]:
    """With a main posting on the day, in one of these departments or in any."""
    posting = tables.posting
    where = posting.c.department_id.in_(departments) if departments is not None else ~false()
    return and_(posting.c.kind == "main", covers(day), where)
