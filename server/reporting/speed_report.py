"""修了までの日数: by department, and by the month in which the course was first asked of people."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from server.record.department_history import Department, Departments
from server.reporting.filters import Filter
from server.reporting.speed import FirstCompletion, Spread, first_completions
from server.rules.rates import DEFINITIONS
from server.web.csv_file import Cell

HEADER = (
    "区分",
    "名前",
    "人数",
    "四分の一が終えた日数",
    "半分が終えた日数",
    "四分の三が終えた日数",
    "基準日",
    "定義の版",
)


@dataclass(frozen=True)
class SpeedReport:
    """`months`: as 2026-04, in their order."""

    departments: tuple[tuple[Department, Spread], ...]
    months: tuple[tuple[str, Spread], ...]
    whole: Spread


def speed_report(connection: Connection, tree: Departments, asked: Filter) -> SpeedReport:
    found = first_completions(connection, asked.day)
    if asked.department:
        inside = set(tree.with_all_below(asked.department))
        found = [each for each in found if each.department_id in inside]
    return SpeedReport(
        tuple(
            (department, Spread.of(_posted(found, tree, department)))
            for department in tree.right_below(asked.department)
        ),
        tuple(_by_month(found)),
        Spread.of(found),
    )


def _posted(
    found: list[FirstCompletion], tree: Departments, department: Department
) -> Iterator[FirstCompletion]:
    below = set(tree.with_all_below(department))
    return (each for each in found if each.department_id in below)


def _by_month(found: list[FirstCompletion]) -> Iterator[tuple[str, Spread]]:
    months: dict[str, list[FirstCompletion]] = defaultdict(list)
    for each in found:
        months[f"{each.asked:%Y-%m}"].append(each)
    for month in sorted(months):
        yield month, Spread.of(months[month])


def csv_lines(report: SpeedReport, asked: Filter) -> Iterator[tuple[Cell, ...]]:
    yield HEADER
    for department, spread in report.departments:
        yield _csv_line("所属", department.path, spread, asked)
    for month, spread in report.months:
        yield _csv_line("始まりの月", month, spread, asked)
    yield _csv_line("合計", None, report.whole, asked)


def _csv_line(kind: str, name: str | None, spread: Spread, asked: Filter) -> tuple[Cell, ...]:
    quarters = (spread.first_quarter, spread.middle, spread.third_quarter)
    return kind, name, spread.people, *quarters, asked.day.isoformat(), DEFINITIONS
