"""The departments as a list that HR keeps in a spreadsheet: what it would change from a day on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from builder.language import N_
from server.record.department_history import DepartmentHistory, Period, department_history
from server.record.departments import (
    begin_department,
    place_department,
    rename_department,
)

NEEDS_CODE_AND_NAME = N_("所属コードと所属名が要ります。")
TWICE = N_("この所属コードは、上の行にもあります。")
UNKNOWN_PARENT = N_("上位の所属コードが、この一覧にも今の所属にもありません。")
UNDER_ITSELF = N_("上位をたどると、自分に戻ります。")
CHANGED_LATER = N_("この日より後に始まる変更が、もう記録されています。")

HEADINGS = ("所属コード", "code")

ChangeKind = Literal["begins", "renamed", "placed"]


@dataclass(frozen=True)
class Line:
    """`number` as the reader counts them, from 1. An empty `parent` is the top."""

    number: int
    code: str
    name: str
    parent: str


@dataclass(frozen=True)
class Problem:
    line: Line
    message: str


@dataclass(frozen=True)
class Change:
    kind: ChangeKind
    line: Line
    before: str = ""


@dataclass(frozen=True)
class Plan:
    """`changes` so ordered that whatever stands under a department comes after it."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def read_lines(text: str) -> list[Line]:
    """Code, name, code above; by tabs, as a spreadsheet copies them, or by commas. A heading is left out."""
    lines = []
    for number, written in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in written.split("\t" if "\t" in written else ",")]
        if any(cells) and cells[0] not in HEADINGS:
            code, name, parent = [*cells, "", ""][:3]
            lines.append(Line(number, code, name, parent))
    return lines


def plan_of(lines: Sequence[Line], history: DepartmentHistory, first: date) -> Plan:
    """Departments that are not in the list stay as they are."""
    there = _by_code(history, first)
    listed = {line.code: line for line in reversed(lines)}
    problems = [
        Problem(line, message)
        for line in lines
        if (message := _problem(line, listed, there, history, first)) is not None
    ]
    changes = [change for line in _from_the_top(lines, listed) for change in _changes(line, there)]
    return Plan(tuple(changes), tuple(problems))


def arrange(connection: Connection, plan: Plan, first: date, *, at: datetime, actor: str) -> None:
    """Raises DepartmentRefused where the departments changed since the plan was made."""
    assert not plan.problems, "a list with problems is not taken in"
    ids = {
        code: period.department_id for code, period in _by_code(department_history(connection), first).items()
    }
    for change in plan.changes:
        line = change.line
        parent_id = ids[line.parent] if line.parent else None
        if change.kind == "begins":
            ids[line.code] = begin_department(
                connection, line.code, line.name, first, parent_id=parent_id, at=at, actor=actor
            )
        elif change.kind == "renamed":
            rename_department(connection, ids[line.code], line.name, first, at=at, actor=actor)
        else:
            place_department(connection, ids[line.code], parent_id, first, at=at, actor=actor)


def _by_code(history: DepartmentHistory, day: date) -> dict[str, Period]:
    return {each.code: history.named(each.id, day) for each in history.on(day).in_order}


def _problem(
    line: Line,
    listed: Mapping[str, Line],
    there: Mapping[str, Period],
    history: DepartmentHistory,
    first: date,
) -> str | None:
    if not (line.code and line.name):
        return NEEDS_CODE_AND_NAME
    if listed[line.code] is not line:
        return TWICE
    if line.parent and line.parent not in listed and line.parent not in there:
        return UNKNOWN_PARENT
    if _leads_back(line, listed):
        return UNDER_ITSELF
    known = there.get(line.code)
    if known and history.last_period(known.department_id).days.first > first:
        return CHANGED_LATER
    return None


def _leads_back(line: Line, listed: Mapping[str, Line]) -> bool:
    seen, above = {line.code}, listed.get(line.parent)
    while above is not None and above.code not in seen:
        seen.add(above.code)
        above = listed.get(above.parent)
    return above is not None


def _from_the_top(lines: Sequence[Line], listed: Mapping[str, Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (_depth(line, listed), line.number))


def _depth(line: Line, listed: Mapping[str, Line]) -> int:
    if _leads_back(line, listed):
        return 0
    above = listed.get(line.parent)
    return 1 + _depth(above, listed) if above is not None else 0


def _changes(line: Line, there: Mapping[str, Period]) -> list[Change]:
    known = there.get(line.code)
    if known is None:
        return [Change("begins", line)]
    changes = [Change("renamed", line, known.name)] if known.name != line.name else []
    above = next((code for code, period in there.items() if period.department_id == known.parent_id), "")
    return [*changes, *([Change("placed", line, above)] if above != line.parent else [])]
