"""Where people stood with each module on a day, as the kept states say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, select

from builder.model.package import PackagedModule
from server.record.department_history import DepartmentHistory
from server.record.facts import BATCH
from server.record.standing import holds_on
from server.releases.library import newest
from server.reporting.people import PersonRow
from server.rules.days import Span, end_of
from server.rules.state import Standing, State
from server.storage import tables


@dataclass(frozen=True)
class Completed:
    """The newest completion up to the day. `department` is 当時所属."""

    version: str
    at: datetime
    day: date
    evidence: str
    department: str | None


@dataclass(frozen=True)
class Stand:
    """The state of a module. `due` of a complete one: the date that held until then, or None where it was
    complete from the first day on which it was asked for. `is_late`: that date had passed.
    """

    state: State = State.NOT_REQUIRED
    due: date | None = None
    is_late: bool = False


@dataclass(frozen=True)
class ModuleRow:
    person: PersonRow
    module: PackagedModule
    stand: Stand
    completed: Completed | None


def modules_on(connection: Connection, day: date) -> Sequence[PackagedModule]:
    """The modules of the newest release published by the day; none before the first."""
    published = newest(connection, day)
    return published.manifest.modules if published else ()


def module_rows(
    connection: Connection, departments: DepartmentHistory, day: date, people: Sequence[PersonRow]
) -> Iterator[ModuleRow]:
    """Every module of every one of these people, in their order. Read in batches as they are taken."""
    modules = modules_on(connection, day)
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        ids = [person.id for person in batch]
        standings = _standings(connection, day, ids)
        completed = _completed(connection, departments, day, ids)
        for person in batch:
            for module in modules:
                key = person.id, module.id
                yield ModuleRow(person, module, standings.get(key, Stand()), completed.get(key))


def _standings(connection: Connection, day: date, person_ids: Sequence[str]) -> dict[tuple[str, str], Stand]:
    """Of each person and module."""
    query = _stands(day).where(tables.standing.c.person_id.in_(person_ids))
    return {
        (row.person_id, row.module_id): _stand(State(row.state), row.due_day, row.asked_due, row.asked_until)
        for row in connection.execute(query).all()
    }


def _stands(day: date) -> Select[Any]:
    """The rows of the day. The due date of a complete module stands in the newest one before that has one."""
    standing, asked, earlier = (
        tables.standing,
        tables.standing.alias("asked"),
        tables.standing.alias("earlier"),
    )
    newest_asked = (
        select(func.max(earlier.c.from_day))
        .where(_is_same(earlier, standing), earlier.c.from_day <= day, earlier.c.due_day.is_not(None))
        .correlate(standing)
        .scalar_subquery()
    )
    columns = (standing.c.person_id, standing.c.module_id, standing.c.state, standing.c.due_day)
    return (
        select(*columns, asked.c.due_day.label("asked_due"), asked.c.until_day.label("asked_until"))
        .select_from(standing)
        .outerjoin(asked, and_(_is_same(asked, standing), asked.c.from_day == newest_asked))
        .where(holds_on(day))
    )


def _is_same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Of the same person and module."""
    return and_(one.c.person_id == other.c.person_id, one.c.module_id == other.c.module_id)


def stand_of(standings: Sequence[Standing]) -> Stand:
    """Of one person and module up to a day; the last is the one of the day."""
    last = standings[-1]
    asked = next((each for each in reversed(standings) if each.due is not None), None)
    return _stand(last.state, last.due, *(asked.due, asked.until_day) if asked else (None, None))


def _stand(state: State, due: date | None, asked_due: date | None, asked_until: date | None) -> Stand:
    """`asked_due`: the newest due date there was, which held until `asked_until`."""
    if due is not None or state is not State.COMPLETE or asked_due is None:
        return Stand(state, due)
    return Stand(state, asked_due, is_late=asked_until is not None and asked_until > asked_due)


def _completed(
    connection: Connection, departments: DepartmentHistory, day: date, person_ids: Sequence[str]
) -> dict[tuple[str, str], Completed]:
    """Of each person and module the newest completion by the end of the day."""
    completion = tables.completion
    rows = connection.execute(
        select(completion)
        .where(
            completion.c.person_id.in_(person_ids),
            completion.c.completed_at < end_of(day),
            completion.c.voided_at.is_(None),
        )
        .order_by(completion.c.completed_at, completion.c.id)
    ).all()
    newest_rows = {(row.person_id, row.module_id): row for row in rows}
    homes = _main_postings(connection, person_ids)
    return {
        key: Completed(
            version=row.module_version,
            at=row.completed_at,
            day=row.completed_day,
            evidence=row.evidence,
            department=department_then(departments, homes[row.person_id], row.completed_day),
        )
        for key, row in newest_rows.items()
    }


def _main_postings(connection: Connection, person_ids: Sequence[str]) -> dict[str, list[tuple[Span, str]]]:
    posting = tables.posting
    rows = connection.execute(
        select(posting).where(posting.c.person_id.in_(person_ids), posting.c.kind == "main")
    ).all()
    homes: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for row in rows:
        homes[row.person_id].append((Span(row.first_day, row.last_day), row.department_id))
    return homes


def department_then(
    departments: DepartmentHistory, homes: Iterable[tuple[Span, str]], day: date
) -> str | None:
    return next((departments.path(home, day) for span, home in homes if span.covers(day)), None)
