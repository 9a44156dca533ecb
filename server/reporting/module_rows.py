"""Where people stood with each module on a day, as the kept states say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from builder.model.package import PackagedModule
from server.record.department_history import DepartmentHistory
from server.record.facts import BATCH
from server.releases.library import newest
from server.reporting.people import PersonRow
from server.rules.days import Span, day_of, end_of
from server.rules.state import Standing, State
from server.storage import tables


@dataclass(frozen=True)
class Completed:
    """The newest completion up to the day. `department` is 当時所属."""

    version: str
    at: datetime
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
    query = (
        select(standing)
        .where(standing.c.person_id.in_(person_ids), standing.c.from_day <= day)
        .order_by(standing.c.from_day)
    )
    until: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for row in connection.execute(query):
        kept = Standing(State(row.state), row.from_day, row.until_day, row.due_day)
        until[row.person_id, row.module_id].append(kept)
    return {key: stand_of(standings) for key, standings in until.items()}


def stand_of(standings: Sequence[Standing]) -> Stand:
    """The last of them is the one of the day; the due date of a complete module stands in one before."""
    last = standings[-1]
    if last.due is not None or last.state is not State.COMPLETE:
        return Stand(last.state, last.due)
    asked = next((each for each in reversed(standings) if each.due is not None), None)
    return Stand(last.state, asked.due, is_late=_was_passed(asked)) if asked else Stand(last.state)


def _was_passed(asked: Standing) -> bool:
    """Whether the due date was over when another state came."""
    return asked.due is not None and asked.until_day is not None and asked.until_day > asked.due


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
    )
    newest_rows = {(row.person_id, row.module_id): row for row in rows}
    homes = _main_postings(connection, person_ids)
    return {
        key: Completed(
            version=row.module_version,
            at=row.completed_at,
            evidence=row.evidence,
            department=department_then(departments, homes[row.person_id], day_of(row.completed_at)),
        )
        for key, row in newest_rows.items()
    }


def _main_postings(connection: Connection, person_ids: Sequence[str]) -> dict[str, list[tuple[Span, str]]]:
    posting = tables.posting
    rows = connection.execute(
        select(posting).where(posting.c.person_id.in_(person_ids), posting.c.kind == "main")
    )
    homes: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for row in rows:
        homes[row.person_id].append((Span(row.first_day, row.last_day), row.department_id))
    return homes


def department_then(
    departments: DepartmentHistory, homes: Iterable[tuple[Span, str]], day: date
) -> str | None:
    return next((departments.path(home, day) for span, home in homes if span.covers(day)), None)
