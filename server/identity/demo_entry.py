"""Entering as a sample person without a password: for a demonstration on one machine, and nowhere else."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import Any

from flask import Request
from sqlalchemy import Connection, Row, exists, not_, select

from server.record.department_history import DepartmentHistory, department_history
from server.record.postings import covers
from server.record.standing import COURSE, holds_on
from server.rules.readings import hiragana
from server.rules.state import State
from server.settings import Settings
from server.storage import tables
from server.web.access import Role

LOCAL_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")
FORWARDED = re.compile(r"forwarded|via|x-real-ip|.*-forwarded-.*|.*client-ip|cf-connecting-ip")


@dataclass(frozen=True)
class SamplePerson:
    id: str
    name: str
    reading: str
    department: str | None
    state: State
    roles: frozenset[Role]

    @property
    def does_more_than_learn(self) -> bool:
        return bool(self.roles - {Role.LEARNER})


def is_open(settings: Settings, request: Request, connection: Connection) -> bool:
    """Only in a demonstration, asked from this machine itself, and with no real person in the database."""
    return settings.demo and is_from_this_machine(request) and not _has_real_people(connection)


def is_from_this_machine(request: Request) -> bool:
    """The Host header must be local too: another site's name may be made to lead here."""
    is_local = LOCAL_HOST.fullmatch(request.headers.get("Host", "")) is not None
    return is_local and _is_loopback(request.remote_addr) and not _was_forwarded(request)


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _was_forwarded(request: Request) -> bool:
    return any(FORWARDED.fullmatch(name.lower()) for name, _ in request.headers)


def _has_real_people(connection: Connection) -> bool:
    return bool(connection.scalar(select(exists().where(not_(tables.person.c.is_sample)))))


def is_sample(connection: Connection, person_id: str) -> bool:
    person = tables.person
    return bool(connection.scalar(select(person.c.is_sample).where(person.c.id == person_id)))


def sample_people(connection: Connection, day: date) -> list[SamplePerson]:
    """Those who do more than learn first, then by reading."""
    roles = _roles(connection)
    departments = department_history(connection)
    people = [
        _sample(row, roles[row.id], departments, day) for row in _rows(connection, day) if row.id in roles
    ]
    return sorted(people, key=lambda person: (not person.does_more_than_learn, hiragana(person.reading)))


def _sample(row: Row[Any], roles: frozenset[Role], departments: DepartmentHistory, day: date) -> SamplePerson:
    state = State(row.state or State.NOT_REQUIRED)
    department = departments.named(row.department_id, day).name if row.department_id else None
    roles |= {Role.MANAGER} if row.is_head else frozenset()
    return SamplePerson(row.id, row.name, row.reading, department, state, roles)


def _rows(connection: Connection, day: date) -> list[Row[Any]]:
    person, details, standing = tables.person, tables.person_details, tables.standing
    posting = tables.posting
    posted = (posting.c.person_id == person.c.id) & (posting.c.kind == "main") & covers(day)
    course = (standing.c.person_id == person.c.id) & (standing.c.module_id == COURSE) & holds_on(day)
    query = (
        select(
            person.c.id,
            details.c.name,
            details.c.reading,
            posting.c.department_id,
            posting.c.is_head,
            standing.c.state,
        )
        .join(details, details.c.person_id == person.c.id)
        .join(posting, posted, isouter=True)
        .join(standing, course, isouter=True)
        .where(person.c.is_sample)
    )
    return list(connection.execute(query))


def _roles(connection: Connection) -> dict[str, frozenset[Role]]:
    found: dict[str, set[Role]] = defaultdict(set)
    for row in connection.execute(select(tables.account_role)):
        found[row.person_id].add(Role(row.role))
    return {person_id: frozenset(roles) for person_id, roles in found.items()}
