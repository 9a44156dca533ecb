"""Taking a staff list in, and taking it back: each one transaction, with its entries in the record."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from server.people.persons import restore_details
from server.people.roster import RosterPlan, apply
from server.record.entries import collecting
from server.record.facts import BATCH
from server.record.reversal import Dependent, reverse
from server.storage import tables
from server.storage.ids import new_id
from server.web.access_log import log_access
from server.web.sessions import end_sessions_of

_IN_FORCE = (
    select(tables.roster_import)
    .where(tables.roster_import.c.undone_at.is_(None))
    .order_by(tables.roster_import.c.id.desc())
)


class UndoRefused(Exception):
    """Something later rests on what the import entered. Empty `dependents`: there is nothing to undo."""

    def __init__(self, dependents: Sequence[Dependent]) -> None:
        super().__init__()
        self.dependents = dependents


@dataclass(frozen=True)
class Imported:
    """`people`: number → id of whom it changed; `added`: the ids of those who are new."""

    id: str
    people: Mapping[str, str]
    added: Sequence[str]


def take_in(
    connection: Connection,
    plan: RosterPlan,
    file: str,
    lines: int,
    *,
    at: datetime,
    actor: str,
    each: Callable[[], None] = lambda: None,
    **details: object,
) -> Imported:
    """`each` is called after each change; `details`: what the access log keeps besides."""
    before = _details_before(connection, plan)
    with collecting(connection) as entries:
        people = apply(connection, plan, at=at, actor=actor, each=each)
    added = sorted({people[change.row.number] for change in plan.added})
    import_id = new_id()
    connection.execute(
        insert(tables.roster_import).values(
            id=import_id,
            at=at,
            actor=actor,
            file_name=file,
            lines=lines,
            counts=counts_of(plan),
            entries=entries,
            added=added,
            details_before=before,
        )
    )
    counts = counts_of(plan)
    log_access(connection, "roster-imported", at=at, actor=actor, import_id=import_id, **counts, **details)
    return Imported(import_id, people, added)


def _details_before(connection: Connection, plan: RosterPlan) -> dict[str, list[str]]:
    """Of everybody whose name changes, and of those whose number goes to somebody else."""
    details = tables.person_details
    numbers = sorted({change.row.number for change in (*plan.changed, *plan.added)})
    found: dict[str, list[str]] = {}
    for start in range(0, len(numbers), BATCH):
        batch = details.c.number.in_(numbers[start : start + BATCH])
        found |= {
            row.person_id: [row.number, row.name, row.reading]
            for row in connection.execute(select(details).where(batch))
        }
    return found


def counts_of(plan: RosterPlan) -> dict[str, int]:
    """People of each kind of change. One may be in several."""
    return {
        "added": len({change.row.number for change in plan.added}),
        "arrived": len(plan.arrived),
        "transferred": len(plan.transferred),
        "concurrent": len(plan.concurrent),
        "ended": len(plan.ended),
        "on_leave": len(plan.on_leave),
        "back_from_leave": len(plan.back_from_leave),
        "changed": len(plan.changed),
    }


def lines_last_time(connection: Connection) -> int | None:
    newest = connection.execute(_IN_FORCE.limit(1)).one_or_none()
    return newest.lines if newest else None


def recent_imports(connection: Connection, number: int) -> Sequence[Row[Any]]:
    """Newest first, undone ones too."""
    table = tables.roster_import
    return connection.execute(select(table).order_by(table.c.id.desc()).limit(number)).all()


def last_import(connection: Connection) -> Row[Any] | None:
    """The one that would be undone."""
    return connection.execute(_IN_FORCE.limit(1)).one_or_none()


def undo_last(connection: Connection, *, at: datetime, actor: str) -> Row[Any]:
    """Everything is as it was before the newest import. Raise UndoRefused.

    Whoever it added stays a person without a posting and without an account: their entries are there.
    """
    newest = last_import(connection)
    if newest is None:
        raise UndoRefused(())
    dependents = reverse(connection, newest.entries, at=at, actor=actor)
    if dependents:
        raise UndoRefused(dependents)
    for person_id in newest.added:
        _remove_account(connection, person_id)
    for person_id, (number, name, reading) in newest.details_before.items():
        restore_details(connection, person_id, number, name, reading, at=at)
    table = tables.roster_import
    connection.execute(update(table).where(table.c.id == newest.id).values(undone_at=at))
    log_access(connection, "roster-undone", at=at, actor=actor, import_id=newest.id)
    return newest


def _remove_account(connection: Connection, person_id: str) -> None:
    """Nothing was done with it yet, or the import could not be undone."""
    end_sessions_of(connection, person_id)
    theirs = (tables.activation, tables.account_role, tables.second_factor, tables.recovery_code)
    for table in (*theirs, tables.account):
        connection.execute(delete(table).where(table.c.person_id == person_id))


def told(dependents: Sequence[Dependent]) -> list[tuple[str, int]]:
    """Kind of entry → how many of them stand in the way."""
    return sorted(Counter(dependent.kind for dependent in dependents).items())
