"""People as reports list them, with the state of the course on a day: one page, batch by batch, or one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from server.record.department_history import Department, DepartmentHistory
from server.record.facts import BATCH
from server.record.postings import covers
from server.record.standing import holds_on
from server.reporting.filters import Filter
from server.rules.days import Span
from server.rules.rates import Totals
from server.rules.readings import is_found, sort_key
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
class Found:
    """How many people are asked for, and some of them."""

    number: int
    people: list[PersonRow]


def states_on(connection: Connection, departments: DepartmentHistory, asked: Filter) -> Totals:
    """Of everybody with a main posting in the department, whatever else is asked for."""
    posting, standing = tables.posting, tables.standing
    is_the_course = and_(standing.c.person_id == posting.c.person_id, tables.OF_THE_COURSE)
    query = (
        select(standing.c.state, func.count())
        .select_from(posting)
        .outerjoin(standing, and_(is_the_course, holds_on(asked.day)))
        .where(posting.c.kind == "main", covers(asked.day), *_in_department(departments, asked))
        .group_by(standing.c.state)
    )
    counted: Counter[State] = Counter()
    for state, number in connection.execute(query):
        counted[State(state or State.NOT_REQUIRED)] += number
    return Totals(counted)


def page_of_people(
    connection: Connection,
    departments: DepartmentHistory,
    asked: Filter,
    first: int,
    size: int,
    totals: Totals | None = None,
) -> Found:
    """Those from a place in the order on. With words to search for, all are looked through. `totals`: what
    `states_on` says, if it was asked already.
    """
    if asked.search:
        found = [row for batch in batches_of_people(connection, departments, asked) for row in batch]
        return Found(len(found), found[first : first + size])
    query = people_asked_for(departments, asked)
    totals = totals or states_on(connection, departments, asked)
    number = sum(totals[state] for state in asked.states or State)
    page = query.order_by(tables.person_details.c.sort_key).offset(first).limit(size)
    return Found(number, _persons(connection, connection.execute(page).all(), departments, asked.day))


def batches_of_people(
    connection: Connection, departments: DepartmentHistory, asked: Filter
) -> Iterator[list[PersonRow]]:
    """Everybody who is asked for, by reading and number, a batch at a time."""
    key, after = tables.person_details.c.sort_key, b""
    query = people_asked_for(departments, asked).order_by(key).limit(BATCH)
    while rows := connection.execute(query.where(key > after)).all():
        after = rows[-1].sort_key
        found = [row for row in rows if is_found(asked.search, row.number, row.name, row.reading)]
        yield _persons(connection, found, departments, asked.day)


def people_asked_for(departments: DepartmentHistory, asked: Filter) -> Select[Any]:
    """Whoever is searched for by words may have no posting any more."""
    query = _people(asked.day)
    if asked.department is not None or not asked.search:
        query = query.where(*_in_department(departments, asked))
    if asked.states:
        state = func.coalesce(tables.standing.c.state, State.NOT_REQUIRED.value)
        query = query.where(state.in_([state.value for state in asked.states]))
    return query


def _in_department(departments: DepartmentHistory, asked: Filter) -> list[ColumnElement[bool]]:
    """The conditions that pick whoever has a main posting on the day, in the department or below it."""
    home = tables.posting.c.department_id
    if asked.department is None:
        return [home.is_not(None)]
    return [home.in_(departments.on(asked.day).with_all_below(asked.department))]


def people_on(
    connection: Connection, departments: DepartmentHistory, day: date, department: Department | None = None
) -> list[PersonRow]:
    """Everybody with a main posting on the day."""
    asked = Filter(day, department)
    return [row for batch in batches_of_people(connection, departments, asked) for row in batch]


def _persons(
    connection: Connection, rows: Sequence[Row[Any]], departments: DepartmentHistory, day: date
) -> list[PersonRow]:
    """With their concurrent postings, and where whoever has no posting was last."""
    concurrent = _concurrent(connection, departments, day, [row.person_id for row in rows])
    left = [row.person_id for row in rows if row.department_id is None]
    gone = _last_postings(connection, departments, day, left)
    people = [_person(row, departments, day, concurrent) for row in rows]
    return [replace(person, left=gone.get(person.id)) for person in people]


def in_order(people: Iterable[PersonRow]) -> list[PersonRow]:
    """By their readings, then their numbers, as the database sorts them."""
    return sorted(people, key=lambda person: sort_key(person.reading, person.number))


def person_on(
    connection: Connection, departments: DepartmentHistory, day: date, person_id: str
) -> PersonRow | None:
    """One person, with a posting on the day or without."""
    row = connection.execute(_people(day).where(tables.person_details.c.person_id == person_id)).one_or_none()
    return _persons(connection, [row], departments, day)[0] if row else None


def _people(day: date) -> Select[Any]:
    details, posting, standing = tables.person_details, tables.posting, tables.standing
    is_theirs = posting.c.person_id == details.c.person_id
    is_the_course = and_(standing.c.person_id == details.c.person_id, tables.OF_THE_COURSE)
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
    connection: Connection, departments: DepartmentHistory, day: date, person_ids: Sequence[str]
) -> dict[str, list[str]]:
    posting = tables.posting
    query = (
        select(posting.c.person_id, posting.c.department_id)
        .where(posting.c.kind == "concurrent", covers(day), posting.c.person_id.in_(person_ids))
        .order_by(posting.c.first_day, posting.c.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.person_id].append(departments.path(row.department_id, day))
    return found


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
