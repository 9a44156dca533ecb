"""モジュール別: how many people are in which state of each module, and all of them together."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from builder.model.package import PackagedModule
from server.record.department_history import Departments
from server.reporting.department_report import IN_ORDER
from server.reporting.filters import Filter
from server.reporting.measures import totals_by_module
from server.reporting.module_rows import modules_on
from server.rules.rates import DEFINITIONS, Totals, rate_text
from server.rules.state import State
from server.web.csv_file import Cell
from server.web.words import STATE_WORDS

HEADER = (
    "モジュール",
    "モジュールの版",
    "対象",
    *(STATE_WORDS[state] for state in IN_ORDER),
    "修了率",
    "修了＋更新要",
    "免除",
    "基準日",
    "定義の版",
)


@dataclass(frozen=True)
class Line:
    module: PackagedModule
    totals: Totals


@dataclass(frozen=True)
class ModuleReport:
    """`whole` counts people × module: somebody once for every module that is required of them."""

    lines: tuple[Line, ...]
    whole: Totals


def module_report(connection: Connection, tree: Departments, asked: Filter) -> ModuleReport:
    departments = tree.with_all_below(asked.department) if asked.department else None
    counted = totals_by_module(connection, asked.day, departments)
    modules = modules_on(connection, asked.day)
    lines = tuple(Line(module, counted.get(module.id, Totals())) for module in modules)
    return ModuleReport(lines, sum((line.totals for line in lines), Totals()))


def csv_lines(report: ModuleReport, asked: Filter) -> Iterator[tuple[Cell, ...]]:
    yield HEADER
    for line in report.lines:
        yield _line(line.module.title, line.module.version, line.totals, asked)
    yield _line("合計（人×モジュール）", None, report.whole, asked)


def _line(title: str, version: str | None, totals: Totals, asked: Filter) -> tuple[Cell, ...]:
    return (
        title,
        version,
        totals.required,
        *(totals[state] for state in IN_ORDER),
        rate_text(totals.complete, totals.required),
        rate_text(totals.complete_or_update_due, totals.required),
        totals[State.EXEMPT],
        asked.day.isoformat(),
        DEFINITIONS,
    )
