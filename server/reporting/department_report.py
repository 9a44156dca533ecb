"""所属別: a department's parts beside each other, and their sum."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from builder.language import N_
from server.record.department_history import Department, Departments
from server.reporting.filters import Filter
from server.reporting.measures import Measures, measures_by_department, summed
from server.rules.rates import DEFINITIONS, rate_text
from server.rules.state import State
from server.rules.suppression import hidden
from server.web.csv_file import Cell
from server.web.words import STATE_WORDS

WHOLE = ""
"""Stands for the whole organisation where a department's id would stand."""

IN_ITSELF = N_("（直属）")
HIDDEN = "非表示"

IN_ORDER = (
    State.COMPLETE,
    State.UPDATE_DUE,
    State.EXPIRED,
    State.OVERDUE,
    State.IN_PROGRESS,
    State.NOT_STARTED,
)
HEADER = (
    "所属コード",
    "所属",
    "対象",
    *(STATE_WORDS[state] for state in IN_ORDER),
    "修了率",
    "修了＋更新要",
    "着手",
    "期限の来た件数",
    "期限内の件数",
    "期限内修了率",
    "免除",
    "対象外",
    "基準日",
    "定義の版",
)
"""In Japanese whatever the language of the page: whoever reads the file knows columns by these names."""


@dataclass(frozen=True)
class Line:
    """`department` is None for the whole. `is_itself`: those posted to it and not to one below."""

    department: Department | None
    measures: Measures
    is_itself: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class DepartmentReport:
    """The lines add up to `whole`: everybody has one main posting a day."""

    lines: tuple[Line, ...]
    whole: Line


def department_report(
    connection: Connection, tree: Departments, asked: Filter, *, hides_small: bool
) -> DepartmentReport:
    measures = measures_by_department(connection, asked.day)
    secret = _secret(tree, measures) if hides_small else frozenset()
    return DepartmentReport(
        tuple(_lines(tree, asked.department, measures, secret)),
        _line(tree, asked.department, measures, secret),
    )


def _lines(
    tree: Departments, top: Department | None, measures: Mapping[str, Measures], secret: frozenset[str]
) -> Iterator[Line]:
    for department in tree.right_below(top):
        yield _line(tree, department, measures, secret)
    if top is not None and top.id in measures:
        yield Line(top, measures[top.id], is_itself=True, is_hidden=_itself(top.id) in secret)


def _line(
    tree: Departments,
    department: Department | None,
    measures: Mapping[str, Measures],
    secret: frozenset[str],
) -> Line:
    if department is None:
        return Line(None, summed(measures, measures.keys()), is_hidden=WHOLE in secret)
    below = summed(measures, tree.with_all_below(department))
    return Line(department, below, is_hidden=department.id in secret)


def _secret(tree: Departments, measures: Mapping[str, Measures]) -> frozenset[str]:
    """The ids of the departments whose numbers a report to others hides."""
    sizes = {WHOLE: summed(measures, measures.keys()).totals.required}
    below = {WHOLE: [department.id for department in tree.right_below(None)]}
    for department in tree.in_order:
        own = measures.get(department.id, Measures()).totals.required
        sizes[department.id] = summed(measures, tree.with_all_below(department)).totals.required
        sizes[_itself(department.id)] = own
        below[department.id] = [*(each.id for each in tree.right_below(department)), _itself(department.id)]
    return hidden(sizes, below, WHOLE)


def _itself(department_id: str) -> str:
    return f"{department_id} itself"


def csv_lines(report: DepartmentReport, asked: Filter) -> Iterator[tuple[Cell, ...]]:
    yield HEADER
    for line in (*report.lines, report.whole):
        yield (*_names(line), *_numbers(line), asked.day.isoformat(), DEFINITIONS)


def _names(line: Line) -> tuple[Cell, Cell]:
    if line.department is None:
        return None, "合計"
    return line.department.code, line.department.path + (IN_ITSELF if line.is_itself else "")


def _numbers(line: Line) -> tuple[Cell, ...]:
    totals, duties = line.measures.totals, line.measures.duties
    if line.is_hidden:
        return (HIDDEN,) * (len(HEADER) - 4)
    return (
        totals.required,
        *(totals[state] for state in IN_ORDER),
        rate_text(totals.complete, totals.required),
        rate_text(totals.complete_or_update_due, totals.required),
        line.measures.reached,
        duties.due,
        duties.on_time,
        rate_text(duties.on_time, duties.due),
        totals[State.EXEMPT],
        totals[State.NOT_REQUIRED],
    )
