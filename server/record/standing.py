"""The states by day, and what was due: kept as dated rows, written in the transaction of the entry that moves
them.

Pages, reports and exports read states here and nowhere else. What a state *is*, `rules.state` says, and
`rules.duties` what a duty is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, func, insert, select

from server.record.facts import facts_of
from server.rules.days import ONE_DAY
from server.rules.duties import Duty, Tally, duties, tallies
from server.rules.facts import Facts
from server.rules.state import Standing, State, course_timeline, met_due, timeline
from server.storage import tables

COURSE = ""
"""Stands for the course where a module's id would stand."""


WAITING = "kyozai.waiting-for-refresh"

KEPT = (tables.standing, tables.duty, tables.tally)
_FORGET = {table: delete(table).where(table.c.person_id == bindparam("person_id")) for table in KEPT}
_KEEP = {table: insert(table) for table in KEPT}

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class ModuleState:
    state: State
    due: date | None


@contextmanager
def refreshed_at_the_end(connection: Connection) -> Iterator[None]:
    """Of a transaction that enters much about many people: each is refreshed once, when all is entered."""
    waiting: set[str] = set()
    connection.info[WAITING] = waiting
    try:
        yield
    finally:
        del connection.info[WAITING]
    refresh(connection, waiting)


def refresh(connection: Connection, person_ids: Collection[str]) -> None:
    """Write the rows of these people anew from their facts."""
    if WAITING in connection.info:
        connection.info[WAITING].update(person_ids)
        return
    facts = facts_of(connection, sorted(person_ids))
    for person_id, known in facts.items():
        for table, rows in rows_of(person_id, known).items():
            connection.execute(_FORGET[table], {"person_id": person_id})
            if rows:
                connection.execute(_KEEP[table], rows)


def refresh_everybody(connection: Connection) -> None:
    """After a policy or a release: it may move anybody."""
    refresh(connection, connection.scalars(select(tables.person.c.id)).all())


def rows_of(person_id: str, facts: Facts) -> dict[Table, Rows]:
    """What the kept tables hold for a person with these facts. Who never had a posting has no rows."""
    if not facts.main_postings:
        return {table: [] for table in KEPT}
    modules = sorted({module for release in facts.releases for module in release.versions})
    timelines = {module: timeline(facts, module) for module in modules}
    owed = {module: duties(standings) for module, standings in timelines.items()}
    begun = min([*facts.begun.values(), *(done.day for done in facts.completions)], default=None)
    of_course = {COURSE: course_timeline(list(timelines.values()))}
    return {
        tables.standing: [
            _standing_row(person_id, module, standings[:number])
            for module, standings in (of_course | timelines).items()
            for number in range(1, len(standings) + 1)
        ],
        tables.duty: [_duty_row(person_id, module, duty) for module, each in owed.items() for duty in each],
        tables.tally: [
            _tally_row(person_id, tally)
            for tally in tallies([duty for each in owed.values() for duty in each], begun)
        ],
    }


def _standing_row(person_id: str, module_id: str, standings: Sequence[Standing]) -> dict[str, Any]:
    """Of the last one."""
    last, met = standings[-1], met_due(standings)
    return {
        "person_id": person_id,
        "module_id": module_id,
        "from_day": last.from_day,
        "until_day": last.until_day,
        "state": last.state.value,
        "due_day": last.due,
        "met_due_day": met.due if met else None,
        "was_late": met.is_late if met else None,
    }


def _duty_row(person_id: str, module_id: str, duty: Duty) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "module_id": module_id,
        "due_day": duty.due,
        "from_day": duty.from_day,
        "until_day": duty.until_day,
        "on_time": duty.on_time,
    }


def _tally_row(person_id: str, tally: Tally) -> dict[str, Any]:
    return {"person_id": person_id, **asdict(tally)}


def holds_on(day: date) -> ColumnElement[bool]:
    """The condition that picks, of every person and module, the row that holds on a day."""
    return and_(tables.standing.c.from_day <= day, day < tables.UNTIL)


def states_of(connection: Connection, person_id: str, day: date) -> dict[str, ModuleState]:
    """Module → state of one person on a day; COURSE → that of the course."""
    rows = connection.execute(
        select(tables.standing).where(tables.standing.c.person_id == person_id, holds_on(day))
    )
    return {row.module_id: ModuleState(State(row.state), row.due_day) for row in rows}


def complete_since(connection: Connection, person_id: str, day: date) -> date | None:
    """The day from which a course that is complete on a day has been so."""
    course = (tables.standing.c.person_id == person_id) & (tables.standing.c.module_id == COURSE)
    is_complete = tables.standing.c.state == State.COMPLETE.value
    return connection.scalar(select(tables.standing.c.from_day).where(course, is_complete, holds_on(day)))


def complete_until(connection: Connection, person_id: str, day: date) -> date | None:
    """The last day of the first completion to lapse. None where those that count, count for good."""
    now, after = tables.standing.alias("now"), tables.standing.alias("after")
    until = connection.scalar(
        select(func.min(now.c.until_day))
        .join(
            after,
            (after.c.person_id == now.c.person_id)
            & (after.c.module_id == now.c.module_id)
            & (after.c.from_day == now.c.until_day),
        )
        .where(
            now.c.person_id == person_id,
            now.c.module_id != COURSE,
            now.c.state == State.COMPLETE.value,
            now.c.from_day <= day,
            now.c.until_day > day,
            after.c.state == State.EXPIRED.value,
        )
    )
    return until - ONE_DAY if until else None


def differing(connection: Connection, person_ids: Sequence[str]) -> list[str]:
    """The people whose rows are not what the rules say. Empty is right."""
    facts = facts_of(connection, person_ids)
    return [
        person_id
        for person_id in person_ids
        if _kept(connection, person_id) != rows_of(person_id, facts[person_id])
    ]


def _kept(connection: Connection, person_id: str) -> Mapping[Table, Rows]:
    return {
        table: [
            dict(row._mapping)
            for row in connection.execute(
                select(table).where(table.c.person_id == person_id).order_by(*table.primary_key)
            )
        ]
        for table in KEPT
    }
