"""Where everybody stood on a day. The screen, its export and the command's export all come from here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from builder.model.package import PackagedModule
from server.record.department_history import Department, DepartmentHistory
from server.record.facts import BATCH
from server.record.postings import covers
from server.record.standing import COURSE, holds_on
from server.releases.library import newest
from server.reporting.filters import Filter
from server.rules.days import Span, day_of, end_of
from server.rules.readings import hiragana, is_found
from server.rules.state import State
from server.storage import tables


@dataclass(frozen=True)
class PostingRow:
    department: str
    kind: str
    appointment: str
    first: date
    last: date | None


@dataclass(frozen=True)
class PersonRow:
    """A person and the state of the course. `department` is 現所属, without one after leaving: then `left`.

    `concurrent` are the departments of concurrent postings: a person counts at the main posting only.
    """

    id: str
    number: str
    name: str
    reading: str
    department: str | None
    concurrent: tuple[str, ...]
    state: State
    due: date | None
    left: PostingRow | None = None


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


# People --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class People:
    """`everybody` with a main posting in the department; of them, or found besides, those `listed`."""

    everybody: list[PersonRow]
    listed: list[PersonRow]


def people_asked_for(connection: Connection, departments: DepartmentHistory, asked: Filter) -> People:
    posted = people_on(connection, departments, asked.day, asked.department)
    others = []
    if asked.search and asked.department is None:
        others = people_on(connection, departments, asked.day, without_posting=True)
    found = [
        person
        for person in in_order([*posted, *others])
        if asked.lets_through(person.state)
        and is_found(asked.search, person.number, person.name, person.reading)
    ]
    gone = _last_postings(connection, departments, asked.day, [row.id for row in found if not row.department])
    return People(posted, [replace(person, left=gone.get(person.id)) for person in found])


def people_on(
    connection: Connection,
    departments: DepartmentHistory,
    day: date,
    department: Department | None = None,
    *,
    without_posting: bool = False,
) -> list[PersonRow]:
    """Everybody with a main posting on the day, or everybody without one."""
    posted = tables.posting.c.id
    query = _people(day).where(posted.is_(None) if without_posting else posted.is_not(None))
    if department is not None:
        query = query.where(
            tables.posting.c.department_id.in_(departments.on(day).with_all_below(department))
        )
    concurrent = _concurrent(connection, departments, day)
    return in_order(_person(row, departments, day, concurrent) for row in connection.execute(query))


def in_order(people: Iterable[PersonRow]) -> list[PersonRow]:
    """By their readings, then their numbers. Here and not by the database: kana sort differently in each."""
    return sorted(people, key=lambda person: (hiragana(person.reading), person.number))


def person_on(
    connection: Connection, departments: DepartmentHistory, day: date, person_id: str
) -> PersonRow | None:
    """One person, with a posting on the day or without."""
    row = connection.execute(_people(day).where(tables.person_details.c.person_id == person_id)).one_or_none()
    if row is None:
        return None
    only = tables.posting.c.person_id == person_id
    found = _person(row, departments, day, _concurrent(connection, departments, day, only))
    gone = {} if found.department else _last_postings(connection, departments, day, [person_id])
    return replace(found, left=gone.get(person_id))


def _people(day: date) -> Select[Any]:
    details, posting, standing = tables.person_details, tables.posting, tables.standing
    is_theirs = posting.c.person_id == details.c.person_id
    is_the_course = and_(standing.c.person_id == details.c.person_id, standing.c.module_id == COURSE)
    return (
        select(details, posting.c.department_id, standing.c.state, standing.c.due_day)
        .outerjoin(posting, and_(is_theirs, posting.c.kind == "main", covers(day)))
        .outerjoin(standing, and_(is_the_course, holds_on(day)))
    )


def _person(
    row: Row[Any], departments: DepartmentHistory, day: date, concurrent: dict[str, list[str]]
) -> PersonRow:
    return PersonRow(
        id=row.person_id,
        number=row.number,
        name=row.name,
        reading=row.reading,
        department=departments.path(row.department_id, day) if row.department_id else None,
        concurrent=tuple(concurrent.get(row.person_id, ())),
        state=State(row.state or State.NOT_REQUIRED),
        due=row.due_day,
    )


def _last_postings(
    connection: Connection, departments: DepartmentHistory, day: date, person_ids: Sequence[str]
) -> dict[str, PostingRow]:
    """Person → the main posting that ended last before the day."""
    posting = tables.posting
    ended: dict[str, PostingRow] = {}
    for start in range(0, len(person_ids), BATCH):
        ids = person_ids[start : start + BATCH]
        query = (
            select(posting)
            .where(posting.c.person_id.in_(ids), posting.c.kind == "main", posting.c.last_day < day)
            .order_by(posting.c.last_day)
        )
        ended |= {
            row.person_id: _posting(row, departments, row.last_day) for row in connection.execute(query)
        }
    return ended


def _concurrent(
    connection: Connection, departments: DepartmentHistory, day: date, *conditions: ColumnElement[bool]
) -> dict[str, list[str]]:
    posting = tables.posting
    query = (
        select(posting.c.person_id, posting.c.department_id)
        .where(posting.c.kind == "concurrent", covers(day), *conditions)
        .order_by(posting.c.first_day, posting.c.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.person_id].append(departments.path(row.department_id, day))
    return found


# People × modules ----------------------------------------------------------------------------------


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
    """Of each person and module. The rows are read from the first to the one that holds on the day."""
    standing = tables.standing
    query = (
        select(standing)
        .where(standing.c.person_id.in_(person_ids), standing.c.from_day <= day)
        .order_by(standing.c.from_day)
    )
    stands: dict[tuple[str, str], Stand] = {}
    asked: dict[tuple[str, str], Stand] = {}
    for row in connection.execute(query):
        key, state = (row.person_id, row.module_id), State(row.state)
        if row.due_day is not None:
            asked[key] = Stand(state, row.due_day, is_late=_was_passed(row))
        earlier = asked.get(key) if state is State.COMPLETE else None
        stands[key] = replace(earlier, state=state) if earlier else Stand(state, row.due_day)
    return stands


def _was_passed(row: Row[Any]) -> bool:
    """Whether the due date was over when the row came to its end."""
    return row.until_day is not None and row.until_day > row.due_day


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
            department=_department_then(departments, homes[row.person_id], day_of(row.completed_at)),
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


def _department_then(
    departments: DepartmentHistory, homes: Iterable[tuple[Span, str]], day: date
) -> str | None:
    return next((departments.path(home, day) for span, home in homes if span.covers(day)), None)


# One person's history ------------------------------------------------------------------------------


def postings_of(connection: Connection, departments: DepartmentHistory, person_id: str) -> list[PostingRow]:
    """Newest first."""
    posting = tables.posting
    rows = connection.execute(
        select(posting)
        .where(posting.c.person_id == person_id)
        .order_by(posting.c.first_day.desc(), posting.c.id.desc())
    )
    return [_posting(row, departments, row.first_day) for row in rows]


def _posting(row: Row[Any], departments: DepartmentHistory, day: date) -> PostingRow:
    """As the department was called on a day."""
    department = departments.path(row.department_id, day)
    return PostingRow(department, row.kind, row.appointment, row.first_day, row.last_day)


def leaves_of(connection: Connection, person_id: str) -> list[Span]:
    """Newest first. The reason is nowhere in the record."""
    leave = tables.leave
    rows = connection.execute(
        select(leave).where(leave.c.person_id == person_id).order_by(leave.c.first_day.desc())
    )
    return [Span(row.first_day, row.last_day) for row in rows]
