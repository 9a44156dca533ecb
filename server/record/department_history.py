"""Departments by day, as filters and reports need them: codes, names, the tree."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from sqlalchemy import Connection, select

from server.rules.days import Span
from server.storage import tables


@dataclass(frozen=True)
class Department:
    """As it is on a day. `path` names it from the top down: a 総務課 there is in every bureau.

    `depth` is 0 at the top.
    """

    id: str
    code: str
    name: str
    path: str
    depth: int


@dataclass(frozen=True)
class Period:
    """How a department was called, and what it stood under, while nothing of it changed."""

    department_id: str
    code: str
    name: str
    parent_id: str | None
    days: Span


class Departments:
    """Those of one day, each followed by those below it, in the order of their codes."""

    def __init__(self, in_order: Sequence[Department]) -> None:
        self.in_order = in_order
        self._by_code = {department.code: department for department in in_order}

    def with_code(self, code: str) -> Department | None:
        return self._by_code.get(code)

    def only_top(self) -> Department | None:
        """The one under which all others stand, if there is one."""
        tops = self.right_below(None)
        return tops[0] if len(tops) == 1 else None

    def right_below(self, top: Department | None) -> list[Department]:
        """Those that stand under a department itself; those at the top, where there is none."""
        if top is None:
            return [department for department in self.in_order if department.depth == 0]
        below = set(self.with_all_below(top))
        return [each for each in self.in_order if each.id in below and each.depth == top.depth + 1]

    def line_to(self, department: Department) -> list[Department]:
        """From the top of the tree down to the department itself."""
        before = self.in_order[: self.in_order.index(department) + 1]
        line = [department]
        for each in reversed(before):
            if each.depth < line[0].depth:
                line.insert(0, each)
        return line

    def with_all_below(self, top: Department) -> list[str]:
        """The ids of a department and of every one below it."""
        following = self.in_order[self.in_order.index(top) + 1 :]
        return [top.id, *(below.id for below in takewhile(lambda other: other.depth > top.depth, following))]


class DepartmentHistory:
    """Every period of every department."""

    def __init__(self, periods: Iterable[Period]) -> None:
        self._periods: dict[str, list[Period]] = defaultdict(list)
        for period in sorted(periods, key=lambda period: period.days.first):
            self._periods[period.department_id].append(period)
        self._edges = sorted({edge for period in self._all() for edge in period.days.edges()})
        self._trees: dict[int, Departments] = {}
        self._paths: dict[tuple[str, int], str] = {}

    def on(self, day: date) -> Departments:
        """Between two changes it is the same tree."""
        span = bisect_right(self._edges, day)
        if span not in self._trees:
            self._trees[span] = Departments(list(self._tree(day)))
        return self._trees[span]

    def named(self, department_id: str, day: date) -> Period:
        """How it is called on the day; after its end as it was called last, before its time as first."""
        periods = self._periods[department_id]
        begun = [period for period in periods if period.days.first <= day]
        return begun[-1] if begun else periods[0]

    def all_ids(self) -> Collection[str]:
        """In no order; also those that ended, and those to come."""
        return self._periods.keys()

    def periods_of(self, department_id: str) -> Sequence[Period]:
        """The oldest first."""
        return self._periods[department_id]

    def last_period(self, department_id: str) -> Period:
        return self._periods[department_id][-1]

    def path(self, department_id: str, day: date) -> str:
        key = department_id, bisect_right(self._edges, day)
        if key not in self._paths:
            period = self.named(department_id, day)
            above = f"{self.path(period.parent_id, day)} " if period.parent_id else ""
            self._paths[key] = above + period.name
        return self._paths[key]

    def top(self, department_id: str, day: date) -> Period:
        """The department at the top of the tree that this one stands in: its bureau."""
        period = self.named(department_id, day)
        return self.top(period.parent_id, day) if period.parent_id else period

    def _all(self) -> Iterator[Period]:
        return (period for periods in self._periods.values() for period in periods)

    def _tree(self, day: date) -> Iterator[Department]:
        children: dict[str | None, list[Period]] = defaultdict(list)
        there = {period.department_id: period for period in self._all() if period.days.covers(day)}
        for period in sorted(there.values(), key=lambda period: period.code):
            children[period.parent_id if period.parent_id in there else None].append(period)

        def below(parent: Department | None) -> Iterator[Department]:
            for period in children[parent.id if parent else None]:
                path = f"{parent.path} {period.name}" if parent else period.name
                depth = parent.depth + 1 if parent else 0
                child = Department(period.department_id, period.code, period.name, path, depth)
                yield child
                yield from below(child)

        return below(None)


def department_history(connection: Connection) -> DepartmentHistory:
    rows = connection.execute(select(tables.department_period))
    return DepartmentHistory(
        Period(row.department_id, row.code, row.name, row.parent_id, Span(row.first_day, row.last_day))
        for row in rows
    )
