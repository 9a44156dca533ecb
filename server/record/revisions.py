"""What moved between two records revisions, person by person, with the entries that did it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, select

from server.record.facts import BATCH, Shared
from server.record.replay import OF_EVERYBODY, entries_of_people, known_person, shared_from
from server.record.seals import sealed_up_to
from server.record.standing import COURSE
from server.rules.state import State, course_state, state_on
from server.storage import tables


@dataclass(frozen=True)
class Cause:
    """An entry, without what it holds."""

    entry_id: str
    kind: str
    actor: str
    recorded_at: datetime


@dataclass(frozen=True)
class Moved:
    """A person's state for a module (for the course: COURSE) on a day, as it was known before and after."""

    person_id: str
    module_id: str
    before: State
    after: State
    causes: tuple[Cause, ...]


States = Mapping[str, State]


def compare(connection: Connection, earlier: int, later: int, day: date) -> Iterator[Moved]:
    """In the order of the people's ids, the course before its modules. A state that came back moved not."""
    shared = _shared(connection, earlier, later)
    people = _people(connection, earlier, later, is_everybody=len(shared) > 1)
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        before = entries_of_people(connection, batch, earlier)
        after = entries_of_people(connection, batch, later)
        for person_id in batch:
            yield from _moves(person_id, before[person_id], after[person_id], shared, day)


def revisions_there_are(connection: Connection, *numbers: int) -> bool:
    seal = tables.seal
    found = connection.scalars(select(seal.c.number).where(seal.c.number.in_(numbers))).all()
    return set(numbers) == set(found)


def _moves(
    person_id: str,
    before: Sequence[Row[Any]],
    after: Sequence[Row[Any]],
    shared: Sequence[tuple[Row[Any] | None, Shared]],
    day: date,
) -> Iterator[Moved]:
    """Tell the new entries one after the other, and see which of them moves what."""
    known = {row.id for row in before}
    told, everybody_s = list(before), shared[0][1]
    first = states = _states(told, everybody_s, day)
    causes: dict[str, list[Cause]] = {}
    steps: list[tuple[Row[Any], Shared | None]] = [(row, None) for row in after if row.id not in known]
    steps += [(row, then) for row, then in shared[1:] if row is not None]
    for row, then in sorted(steps, key=lambda step: step[0].id):
        everybody_s = then or everybody_s
        told += [] if then else [row]
        now = _states(told, everybody_s, day)
        for module in now.keys() | states.keys():
            if _of(now, module) is not _of(states, module):
                causes.setdefault(module, []).append(Cause(row.id, row.kind, row.actor, row.recorded_at))
        states = now
    for module in sorted(states.keys() | first.keys()):
        if _of(first, module) is not _of(states, module):
            yield Moved(person_id, module, _of(first, module), _of(states, module), tuple(causes[module]))


def _states(entries: Sequence[Row[Any]], shared: Shared, day: date) -> States:
    facts = known_person(entries, shared).facts
    modules = {module for release in facts.releases for module in release.versions}
    states = {module: state_on(facts, module, day) for module in modules}
    return {COURSE: course_state(states.values()), **states}


def _of(states: States, module: str) -> State:
    return states.get(module, State.NOT_REQUIRED)


def _shared(connection: Connection, earlier: int, later: int) -> list[tuple[Row[Any] | None, Shared]]:
    """What was known of everybody's facts before, then after each entry about them in between."""
    told = _entries_of_everybody(connection, sealed_up_to(earlier))
    found: list[tuple[Row[Any] | None, Shared]] = [(None, shared_from(told)[0])]
    for row in _entries_of_everybody(connection, sealed_between(earlier, later)):
        told.append(row)
        found.append((row, shared_from(told)[0]))
    return found


def _entries_of_everybody(connection: Connection, condition: ColumnElement[bool]) -> list[Row[Any]]:
    entry = tables.entry
    kinds = entry.c.kind.in_((*OF_EVERYBODY, "correction"))
    query = select(entry).where(kinds, entry.c.person_id.is_(None), condition).order_by(entry.c.id)
    return list(connection.execute(query))


def _people(connection: Connection, earlier: int, later: int, *, is_everybody: bool) -> list[str]:
    entry = tables.entry
    query = select(entry.c.person_id).distinct().where(entry.c.person_id.is_not(None))
    if not is_everybody:
        query = query.where(sealed_between(earlier, later))
    return list(connection.scalars(query.order_by(entry.c.person_id)))


def sealed_between(earlier: int, later: int) -> ColumnElement[bool]:
    """The condition that picks the entries that became known after one revision and by another."""
    sealed = tables.sealed_entry
    between = (sealed.c.seal > earlier) & (sealed.c.seal <= later)
    return exists().where(sealed.c.entry_id == tables.entry.c.id, between)
