"""What learners do that counts: started, submitted, completed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from server.record.entries import append
from server.record.postings import department_on
from server.record.standing import refresh
from server.rules.days import day_of
from server.storage import tables
from server.storage.ids import new_id

_STARTED = select(tables.entry.c.body).where(
    tables.entry.c.person_id == bindparam("person_id"),
    tables.entry.c.kind == "started",
    tables.entry.c.module_id == bindparam("module_id"),
)
_COMPLETE = insert(tables.completion)


@dataclass(frozen=True)
class ModuleVersion:
    """A module as a release published it."""

    module_id: str
    version: str
    release: str


def start_module(connection: Connection, person_id: str, module: ModuleVersion, *, at: datetime) -> None:
    """The first opened lesson or answer of a module version. Later ones change nothing."""
    if is_started(connection, person_id, module):
        return
    append(
        connection,
        "started",
        at=at,
        actor=person_id,
        person_id=person_id,
        module_id=module.module_id,
        body={"version": module.version, "release": module.release},
    )
    refresh(connection, [person_id])


def is_started(connection: Connection, person_id: str, module: ModuleVersion) -> bool:
    """Once it is, it stays so: nothing takes the entry away."""
    bodies = connection.scalars(_STARTED, {"person_id": person_id, "module_id": module.module_id})
    return any(body["version"] == module.version for body in bodies)


def completed_versions(connection: Connection, person_id: str) -> dict[str, ModuleVersion]:
    """Module → the version of the newest completion."""
    completion = tables.completion
    rows = connection.execute(
        select(completion.c.module_id, completion.c.module_version, completion.c.release)
        .where(completion.c.person_id == person_id, completion.c.voided_at.is_(None))
        .order_by(completion.c.completed_at, completion.c.id)
    )
    return {row.module_id: ModuleVersion(*row) for row in rows}


def confirm_changes(connection: Connection, person_id: str, module: ModuleVersion, *, at: datetime) -> None:
    """Somebody who is complete has read what changed since. It counts in no rate and moves no state."""
    append(
        connection,
        "confirmation",
        at=at,
        actor=person_id,
        person_id=person_id,
        module_id=module.module_id,
        body={"version": module.version, "release": module.release},
    )


def confirmed_versions(connection: Connection, person_id: str) -> dict[str, list[str]]:
    """Module → the versions whose changes were confirmed."""
    confirmed: dict[str, list[str]] = defaultdict(list)
    entry = tables.entry
    rows = connection.execute(
        select(entry.c.module_id, entry.c.body).where(
            entry.c.person_id == person_id, entry.c.kind == "confirmation"
        )
    )
    for row in rows:
        confirmed[row.module_id].append(row.body["version"])
    return confirmed


def submit_attempt(
    connection: Connection,
    person_id: str,
    module: ModuleVersion,
    attempt_id: str,
    *,
    passed: bool,
    given: Mapping[str, Any],
    at: datetime,
) -> None:
    """An attempt has been answered to its end. `given`: question → answer, kept beside the entry."""
    append(
        connection,
        "submitted",
        at=at,
        actor=person_id,
        person_id=person_id,
        module_id=module.module_id,
        body={"version": module.version, "release": module.release, "attempt": attempt_id, "passed": passed},
        payload={"given": dict(given)},
    )


def complete_module(
    connection: Connection,
    person_id: str,
    module: ModuleVersion,
    *,
    evidence: str,
    at: datetime,
    actor: str,
    attempt_id: str | None = None,
    completed_at: datetime | None = None,
    reason: str | None = None,
) -> str:
    """A completion with its evidence and the posting known on the day. Returns its id.

    `completed_at`: when it was, if it is entered later. `reason`: why HR enters it.
    """
    completed_at = completed_at or at
    day = day_of(completed_at)
    known_department = department_on(connection, person_id, day)
    completion_id = new_id()
    entry_id = append(
        connection,
        "completion",
        at=at,
        actor=actor,
        person_id=person_id,
        module_id=module.module_id,
        effective_at=completed_at,
        body={
            "completion": completion_id,
            "version": module.version,
            "release": module.release,
            "evidence": evidence,
            "attempt": attempt_id,
            "known_department": known_department,
        },
        payload={"reason": reason} if reason else None,
    )
    values = {
        "id": completion_id,
        "entry_id": entry_id,
        "person_id": person_id,
        "module_id": module.module_id,
        "module_version": module.version,
        "release": module.release,
        "completed_at": completed_at,
        "completed_day": day,
        "evidence": evidence,
        "attempt_id": attempt_id,
        "known_department_id": known_department,
        "certificate": completion_id[-12:].upper(),
    }
    connection.execute(_COMPLETE, values)
    refresh(connection, [person_id])
    return completion_id
