"""What was due: each module that somebody had to complete by a day, once for each due date."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select, union_all

from server.record.standing import COURSE, holds_on
from server.rules.state import State
from server.storage import tables

NOTHING_TO_DO = (State.NOT_REQUIRED, State.EXEMPT, State.COMPLETE)
OPEN = [state.value for state in State if state not in NOTHING_TO_DO]


def due_by(day: date) -> Subquery:
    """person_id, due_day, on_time (1 or 0): one row for each duty whose due date has come by the day.

    Met, when a state of completion follows on one that had a due date; else still open on the day.
    """
    return union_all(_met(day), _missed(day)).subquery("due")


def _met(day: date) -> Select[Any]:
    now, before = tables.standing.alias("now"), tables.standing.alias("before")
    return (
        select(
            now.c.person_id,
            before.c.due_day,
            case((now.c.from_day <= before.c.due_day, literal(1)), else_=literal(0)).label("on_time"),
        )
        .join(
            before,
            and_(
                before.c.person_id == now.c.person_id,
                before.c.module_id == now.c.module_id,
                before.c.until_day == now.c.from_day,
            ),
        )
        .where(
            now.c.module_id != COURSE,
            now.c.state == State.COMPLETE.value,
            now.c.from_day <= day,
            before.c.due_day <= day,
        )
    )


def _missed(day: date) -> Select[Any]:
    standing = tables.standing
    return select(standing.c.person_id, standing.c.due_day, literal(0).label("on_time")).where(
        standing.c.module_id != COURSE, standing.c.state.in_(OPEN), standing.c.due_day <= day, holds_on(day)
    )


def duties_counted(due: Subquery) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many rows of it there are, and how many are on time: `due` and `on_time`."""
    return func.count().label("due"), func.coalesce(func.sum(due.c.on_time), 0).label("on_time")
