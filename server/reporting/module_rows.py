"""Where people stood with each module on a day, as the kept states say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Connection, select

from builder.model.package import PackagedModule
from server.record.department_history import DepartmentHistory
from server.record.facts import BATCH
from server.record.standing import holds_on
from server.releases.library import newest
from server.reporting.people import PersonRow
from server.rules.days import Span, end_of
from server.rules.state import Standing, State, met_due
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
    standing = tables.standing
    columns = (standing.c.person_id, standing.c.module_id, standing.c.state, standing.c.due_day)
    query = select(*columns, standing.c.met_due_day, standing.c.was_late).where(
        holds_on(day), standing.c.person_id.in_(person_ids)
    )
    return {
        (person_id, module_id): _stand(state, due or met_due_day, bool(was_late))
        for person_id, module_id, state, due, met_due_day, was_late in connection.execute(query)
    }


@lru_cache(maxsize=4096)
def _stand(state: str, due: date | None, is_late: bool) -> Stand:
    """Many stand where others do."""
    return Stand(State(state), due, is_late)


def stand_of(standings: Sequence[Standing]) -> Stand:
    """Of one person and module up to a day; the last is the one of the day."""
    last, met = standings[-1], met_due(standings)
    return Stand(last.state, met.due, met.is_late) if met else Stand(last.state, last.due)


def _completed(
    connection: Connection, departments: DepartmentHistory, day: date, person_ids: Sequence[str]
) -> dict[tuple[str, str], Completed]:
    """Of each person and module the newest completion by the end of the day."""
    completion = tables.completion
    columns = (completion.c.person_id, completion.c.module_id, completion.c.module_version)
    rows = connection.execute(
        select(*columns, completion.c.completed_at, completion.c.completed_day, completion.c.evidence)
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
    columns = (posting.c.person_id, posting.c.first_day, posting.c.last_day, posting.c.department_id)
    rows = connection.execute(
        select(*columns).where(posting.c.person_id.in_(person_ids), posting.c.kind == "main")
    ).all()
    homes: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for row in rows:
        homes[row.person_id].append((Span(row.first_day, row.last_day), row.department_id))
    return homes


def department_then(
    departments: DepartmentHistory, homes: Iterable[tuple[Span, str]], day: date
) -> str | None:
    return next((departments.path(home, day) for span, home in homes if span.covers(day)), None)
