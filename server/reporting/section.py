"""A head's section: who in it still has to, today. Heads and their deputies see it, and nobody's answers."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, insert, select

from server.record.department_history import Department, DepartmentHistory
from server.record.postings import covers
from server.reporting.people import PersonRow, in_order, people_on, person_on
from server.rules.rates import Totals
from server.rules.state import State
from server.storage import tables
from server.storage.ids import new_id

DONE = (State.COMPLETE, State.EXEMPT, State.NOT_REQUIRED)


@dataclass(frozen=True)
class Section:
    """`open_people`: who still has to, at the main posting. `concurrent`: who is posted here besides."""

    departments: tuple[Department, ...]
    totals: Totals
    open_people: list[PersonRow]
    concurrent: list[PersonRow]


@dataclass(frozen=True)
class Deputy:
    name: str
    number: str
    department: str
    first_day: date
    last_day: date


def headed(connection: Connection, history: DepartmentHistory, person_id: str, day: date) -> list[Department]:
    """The departments that somebody heads on the day, by a posting or as a deputy; none under another."""
    posting, deputy = tables.posting, tables.deputy
    own = select(posting.c.department_id).where(
        posting.c.person_id == person_id, posting.c.is_head, covers(day)
    )
    lent = select(deputy.c.department_id).where(
        deputy.c.person_id == person_id, deputy.c.first_day <= day, deputy.c.last_day >= day
    )
    ids = {*connection.scalars(own), *connection.scalars(lent)}
    tree = history.on(day)
    found = [department for department in tree.in_order if department.id in ids]
    inside = {below for department in found for below in tree.with_all_below(department)[1:]}
    return [department for department in found if department.id not in inside]


def section_of(
    connection: Connection, history: DepartmentHistory, departments: list[Department], day: date
) -> Section:
    people = {
        person.id: person
        for department in departments
        for person in people_on(connection, history, day, department)
    }
    return Section(
        tuple(departments),
        Totals.of(person.state for person in people.values()),
        in_order(person for person in people.values() if person.state not in DONE),
        _concurrent(connection, history, departments, day, set(people)),
    )


def _concurrent(
    connection: Connection,
    history: DepartmentHistory,
    departments: list[Department],
    day: date,
    counted: set[str],
) -> list[PersonRow]:
    """Who still has to, and is counted elsewhere."""
    tree, posting = history.on(day), tables.posting
    ids = [each for department in departments for each in tree.with_all_below(department)]
    query = select(posting.c.person_id).where(
        posting.c.kind == "concurrent", covers(day), posting.c.department_id.in_(ids)
    )
    others = set(connection.scalars(query)) - counted
    rows = (person_on(connection, history, day, person_id) for person_id in others)
    return in_order(row for row in rows if row is not None and row.state not in DONE)


def deputies(connection: Connection, departments: list[Department], day: date) -> list[Deputy]:
    """Of these departments, today's and those to come."""
    deputy, details = tables.deputy, tables.person_details
    names = {department.id: department.path for department in departments}
    query = (
        select(deputy, details.c.name, details.c.number)
        .join(details, details.c.person_id == deputy.c.person_id)
        .where(deputy.c.department_id.in_(list(names)), deputy.c.last_day >= day)
        .order_by(deputy.c.first_day, deputy.c.id)
    )
    return [
        Deputy(row.name, row.number, names[row.department_id], row.first_day, row.last_day)
        for row in connection.execute(query)
    ]


def name_deputy(
    connection: Connection,
    department: Department,
    number: str,
    first: date,
    last: date,
    *,
    at: datetime,
    by: str,
) -> str | None:
    """The deputy's id; None where nobody with an account has this number."""
    details, account = tables.person_details, tables.account
    has_account = and_(account.c.person_id == details.c.person_id, account.c.disabled_at.is_(None))
    person_id = connection.scalar(
        select(details.c.person_id).join(account, has_account).where(details.c.number == number)
    )
    if person_id is None:
        return None
    connection.execute(
        insert(tables.deputy).values(
            id=new_id(),
            department_id=department.id,
            person_id=person_id,
            first_day=first,
            last_day=last,
            granted_by=by,
            granted_at=at,
        )
    )
    return str(person_id)
