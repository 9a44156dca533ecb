"""The accounts, as the pages show them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, true

from server.identity.words import AccountState
from server.record.department_history import DepartmentHistory, department_history
from server.record.postings import covers
from server.rules.days import day_of
from server.rules.readings import hiragana, is_found
from server.storage import tables
from server.web.access import Role


@dataclass(frozen=True)
class AccountRow:
    """`expires_at`: until when the newest unused link is good."""

    person_id: str
    number: str
    name: str
    reading: str
    department: str | None
    roles: frozenset[Role]
    state: AccountState
    expires_at: datetime | None
    has_second_factor: bool


def accounts(connection: Connection, search: str, at: datetime) -> list[AccountRow]:
    """Everybody with an account whose number begins with the words, or whose name or reading holds them."""
    rows = _rows(connection, true(), at)
    found = [row for row in rows if is_found(search, row.number, row.name, row.reading)]
    return sorted(found, key=lambda row: (hiragana(row.reading), row.number))


def account(connection: Connection, person_id: str, at: datetime) -> AccountRow | None:
    rows = _rows(connection, tables.account.c.person_id == person_id, at)
    return rows[0] if rows else None


def _rows(connection: Connection, condition: ColumnElement[bool], at: datetime) -> list[AccountRow]:
    details, account, activation = tables.person_details, tables.account, tables.activation
    posting, factor = tables.posting, tables.second_factor
    is_theirs = and_(posting.c.person_id == account.c.person_id, posting.c.kind == "main", covers(day_of(at)))
    is_unused = and_(activation.c.person_id == account.c.person_id, activation.c.used_at.is_(None))
    query = (
        select(
            account.c.password_hash,
            account.c.disabled_at,
            details,
            posting.c.department_id,
            activation.c.expires_at,
            factor.c.enrolled_at,
        )
        .join(details, details.c.person_id == account.c.person_id)
        .outerjoin(posting, is_theirs)
        .outerjoin(activation, is_unused)
        .outerjoin(factor, factor.c.person_id == account.c.person_id)
        .where(condition)
    )
    roles = _roles(connection, condition)
    departments = department_history(connection)
    return [_row(row, roles[row.person_id], departments, at) for row in connection.execute(query)]


def _roles(connection: Connection, condition: ColumnElement[bool]) -> defaultdict[str, set[Role]]:
    account, role = tables.account, tables.account_role
    found: defaultdict[str, set[Role]] = defaultdict(set)
    query = select(role).join(account, account.c.person_id == role.c.person_id).where(condition)
    for row in connection.execute(query):
        found[row.person_id].add(Role(row.role))
    return found


def without_account(connection: Connection, at: datetime) -> list[tuple[str, str, str]]:
    """Id, number and name of whoever has a main posting, now or later, and no account; by readings."""
    details, account, posting = tables.person_details, tables.account, tables.posting
    not_over = or_(posting.c.last_day.is_(None), posting.c.last_day >= day_of(at))
    query = (
        select(details)
        .distinct()
        .join(posting, posting.c.person_id == details.c.person_id)
        .outerjoin(account, account.c.person_id == details.c.person_id)
        .where(posting.c.kind == "main", not_over, account.c.person_id.is_(None))
    )
    rows = sorted(connection.execute(query), key=lambda row: (hiragana(row.reading), row.number))
    return [(row.person_id, row.number, row.name) for row in rows]


def _row(row: Row[Any], roles: set[Role], departments: DepartmentHistory, at: datetime) -> AccountRow:
    return AccountRow(
        person_id=row.person_id,
        number=row.number,
        name=row.name,
        reading=row.reading,
        department=departments.named(row.department_id, day_of(at)).name if row.department_id else None,
        roles=frozenset(roles),
        state=_state(row, at),
        expires_at=row.expires_at,
        has_second_factor=row.enrolled_at is not None,
    )


def _state(row: Row[Any], at: datetime) -> AccountState:
    if row.disabled_at is not None:
        return AccountState.DISABLED
    if row.password_hash is not None:
        return AccountState.ACTIVE
    if row.expires_at is not None and row.expires_at > at:
        return AccountState.INVITED
    return AccountState.NOT_INVITED
