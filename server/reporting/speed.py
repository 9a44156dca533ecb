"""How many days it takes from the day on which the course is first asked of somebody to its first completion.

Whoever was complete on that very day brought their completions along: there was nothing to do, and they are
not counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from sqlalchemy import Connection, func, select

from server.record.postings import covers
from server.record.standing import COURSE
from server.rules.state import State
from server.storage import tables

ASKED = [state.value for state in State if state not in (State.NOT_REQUIRED, State.EXEMPT)]
ENOUGH = 4
"""Of fewer people there are no quarters."""


@dataclass(frozen=True)
class FirstCompletion:
    """Of somebody with a main posting on the day. `department_id`: of that posting."""

    department_id: str
    asked: date
    days: int


@dataclass(frozen=True)
class Spread:
    """Days. A quarter of the people took at most `first_quarter`, half at most `middle`, and so on."""

    people: int
    middle: float | None = None
    first_quarter: float | None = None
    third_quarter: float | None = None

    @classmethod
    def of(cls, completions: Iterable[FirstCompletion]) -> "Spread":
        days = [each.days for each in completions]
        if not days:
            return cls(0)
        if len(days) < ENOUGH:
            return cls(len(days), median(days))
        first, middle, third = quantiles(days, n=4, method="inclusive")
        return cls(len(days), middle, first, third)


def first_completions(connection: Connection, day: date) -> list[FirstCompletion]:
    """Of everybody posted on the day who has completed the course by then."""
    standing, posting = tables.standing, tables.posting
    first_day = func.min(standing.c.from_day).label("day")
    of_course = select(standing.c.person_id, first_day).where(
        standing.c.module_id == COURSE, standing.c.from_day <= day
    )
    asked = of_course.where(standing.c.state.in_(ASKED)).group_by(standing.c.person_id).subquery("asked")
    done = (
        of_course.where(standing.c.state == State.COMPLETE.value)
        .group_by(standing.c.person_id)
        .subquery("done")
    )
    query = (
        select(posting.c.department_id, asked.c.day.label("asked"), done.c.day.label("done"))
        .join(asked, asked.c.person_id == posting.c.person_id)
        .join(done, done.c.person_id == posting.c.person_id)
        .where(posting.c.kind == "main", covers(day), done.c.day > asked.c.day)
    )
    return [
        FirstCompletion(row.department_id, row.asked, (row.done - row.asked).days)
        for row in connection.execute(query)
    ]
