"""当時所属: completions and duties of a period, where people were posted when they happened."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from server.record.department_history import Department, DepartmentHistory, Departments, Period
from server.reporting.department_report import IN_ITSELF
from server.reporting.events import Events, events_by_department, summed
from server.reporting.filters import Filter
from server.rules.rates import DEFINITIONS, rate_text
from server.storage import tables
from server.web.csv_file import Cell

HEADER = (
    "所属コード",
    "当時所属",
    "なくなった日",
    "引継先",
    "修了の件数",
    "期限の来た件数",
    "期限内の件数",
    "期限内修了率",
    "期間の初日",
    "期間の末日",
    "定義の版",
)


@dataclass(frozen=True)
class Line:
    """`ended`: of a department that is no more on the last day, its last period. `is_itself`: see Events."""

    code: str | None
    name: str
    events: Events
    department: Department | None = None
    is_itself: bool = False
    ended: Period | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventReport:
    first: date
    lines: tuple[Line, ...]
    whole: Events


def first_day_of_year(day: date) -> date:
    """Of the fiscal year in which the day lies."""
    return date(day.year if day.month > 3 else day.year - 1, 4, 1)


def event_report(
    connection: Connection, history: DepartmentHistory, asked: Filter, first: date
) -> EventReport:
    tree = history.on(asked.day)
    events = events_by_department(connection, first, asked.day)
    homes = _homes(history, tree, events)
    lines = (
        *_living(tree, asked.department, events, homes),
        *_ended(connection, history, asked, events, homes),
    )
    return EventReport(first, lines, sum((line.events for line in lines), Events()))


def _homes(
    history: DepartmentHistory, tree: Departments, events: Mapping[str, Events]
) -> dict[str | None, list[str]]:
    """Where departments that are no more would stand: the nearest one above them that is still there."""
    there = {department.id for department in tree.in_order}
    homes: dict[str | None, list[str]] = defaultdict(list)
    for ended in sorted(events.keys() - there):
        above = history.last_period(ended).parent_id
        while above is not None and above not in there:
            above = history.last_period(above).parent_id
        homes[above].append(ended)
    return homes


def _living(
    tree: Departments,
    top: Department | None,
    events: Mapping[str, Events],
    homes: Mapping[str | None, list[str]],
) -> Iterator[Line]:
    for department in tree.right_below(top):
        below = tree.with_all_below(department)
        ended = [each for home in below for each in homes.get(home, ())]
        yield Line(department.code, department.name, summed(events, [*below, *ended]), department)
    if top is not None and top.id in events:
        yield Line(top.code, top.name, events[top.id], top, is_itself=True)


def _ended(
    connection: Connection,
    history: DepartmentHistory,
    asked: Filter,
    events: Mapping[str, Events],
    homes: Mapping[str | None, list[str]],
) -> Iterator[Line]:
    successor = tables.department_successor
    for ended in homes.get(asked.department.id if asked.department else None, ()):
        period = history.last_period(ended)
        query = select(successor.c.successor_id).where(successor.c.department_id == ended)
        names = sorted(history.named(each, asked.day).name for each in connection.scalars(query))
        yield Line(period.code, period.name, events[ended], ended=period, successors=tuple(names))


def csv_lines(report: EventReport, asked: Filter) -> Iterator[tuple[Cell, ...]]:
    yield HEADER
    for line in report.lines:
        yield _csv_line(line, report.first, asked.day)
    yield _csv_line(Line(None, "合計", report.whole), report.first, asked.day)


def _csv_line(line: Line, first: date, last: date) -> tuple[Cell, ...]:
    duties = line.events.duties
    ended = line.ended.days.last if line.ended else None
    return (
        line.code,
        line.name + (IN_ITSELF if line.is_itself else ""),
        ended.isoformat() if ended else None,
        "、".join(line.successors) or None,
        line.events.completions,
        duties.due,
        duties.on_time,
        rate_text(duties.on_time, duties.due),
        first.isoformat(),
        last.isoformat(),
        DEFINITIONS,
    )
