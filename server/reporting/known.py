"""People and their modules as they were known at a records revision: told from sealed entries alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from builder.model.package import PackagedModule
from server.record.department_history import DepartmentHistory
from server.record.facts import BATCH, Shared
from server.record.replay import (
    KnownCompletion,
    KnownPerson,
    KnownPosting,
    entries_of_people,
    known_person,
    known_release,
    known_shared,
)
from server.record.seals import unsealed
from server.releases.library import release
from server.reporting.filters import Filter
from server.reporting.module_rows import Completed, ModuleRow, Stand, department_then, stand_of
from server.reporting.people import PersonRow, PostingRow
from server.rules.days import day_of
from server.rules.readings import is_found
from server.rules.state import Standing, State, course_timeline, timeline
from server.storage import tables


@dataclass(frozen=True)
class Known:
    """What was known of everybody's facts at a revision, to tell people from."""

    connection: Connection
    revision: int
    asked: Filter
    shared: Shared
    departments: DepartmentHistory
    modules: Sequence[PackagedModule]

    @classmethod
    def at(cls, connection: Connection, revision: int, asked: Filter) -> "Known":
        shared, departments = known_shared(connection, revision)
        number = known_release(connection, revision, asked.day)
        modules = release(connection, number).manifest.modules if number else ()
        return cls(connection, revision, asked, shared, departments, modules)

    def rows(self, people: Iterable[Sequence[Row[Any]]]) -> Iterator[list[ModuleRow]]:
        """For each of these people who is asked for, the rows of all modules. They come in batches."""
        for batch in people:
            ids = [row.person_id for row in batch]
            entries = entries_of_people(self.connection, ids, self.revision)
            for row in batch:
                known = known_person(entries[row.person_id], self.shared)
                person = self._person(row, known)
                if self._is_asked_for(person, known):
                    yield [self._module_row(person, module, known) for module in self.modules]

    def _is_asked_for(self, person: PersonRow, known: KnownPerson) -> bool:
        asked, home = self.asked, _home(known, self.asked.day)
        if home is None and (asked.department is not None or not asked.search):
            return False
        if asked.department is not None and home is not None:
            there = self.departments.on(asked.day)
            top = there.with_code(asked.department.code)
            if top is None or home.department not in there.with_all_below(top):
                return False
        return asked.lets_through(person.state) and is_found(
            asked.search, person.number, person.name, person.reading
        )

    def _person(self, row: Row[Any], known: KnownPerson) -> PersonRow:
        day, home = self.asked.day, _home(known, self.asked.day)
        course = _on(course_timeline([timeline(known.facts, module) for module in self._ids(known)]), day)
        others = [each for each in known.postings if each.kind == "concurrent" and each.days.covers(day)]
        return PersonRow(
            id=row.person_id,
            number=row.number,
            name=row.name,
            reading=row.reading,
            department=self.departments.path(home.department, day) if home else None,
            concurrent=tuple(self.departments.path(each.department, day) for each in others),
            state=course.state if course else State.NOT_REQUIRED,
            due=course.due if course else None,
            left=None if home else self._left(known),
        )

    def _ids(self, known: KnownPerson) -> list[str]:
        """Of every module there ever was: as the kept states of the course have it."""
        if not known.facts.main_postings:
            return []
        return sorted({module for each in known.facts.releases for module in each.versions})

    def _left(self, known: KnownPerson) -> PostingRow | None:
        """The main posting that ended last before the day."""
        ended = [
            each
            for each in known.postings
            if each.kind == "main" and each.days.last is not None and each.days.last < self.asked.day
        ]
        if not ended:
            return None
        newest = max(ended, key=lambda each: each.days.first)
        last = newest.days.last
        assert last is not None
        path = self.departments.path(newest.department, last)
        return PostingRow(path, newest.kind, newest.appointment, newest.days.first, last)

    def _module_row(self, person: PersonRow, module: PackagedModule, known: KnownPerson) -> ModuleRow:
        standings = _until(timeline(known.facts, module.id), self.asked.day) if self._ids(known) else []
        done = [
            each
            for each in known.completions
            if each.module == module.id and day_of(each.at) <= self.asked.day
        ]
        newest = max(done, key=lambda each: (each.at, each.entry_id), default=None)
        return ModuleRow(
            person,
            module,
            stand_of(standings) if standings else Stand(),
            self._completed(newest, known) if newest else None,
        )

    def _completed(self, done: KnownCompletion, known: KnownPerson) -> Completed:
        homes = [(each.days, each.department) for each in known.postings if each.kind == "main"]
        there = department_then(self.departments, homes, day_of(done.at))
        return Completed(done.version, done.at, day_of(done.at), done.evidence, there)


def details_of(connection: Connection, only: frozenset[str] | None = None) -> Iterator[Sequence[Row[Any]]]:
    """What names people, by reading and number, a batch at a time; of everybody or only some."""
    details, after = tables.person_details, b""
    query = select(details).order_by(details.c.sort_key).limit(BATCH)
    while batch := connection.execute(query.where(details.c.sort_key > after)).all():
        after = batch[-1].sort_key
        yield [row for row in batch if only is None or row.person_id in only]


@dataclass(frozen=True)
class CameLater:
    """Whom the entries are about that were not known at a revision; `is_everybody`: one is about all."""

    people: frozenset[str]
    is_everybody: bool


def came_later(connection: Connection, revision: int) -> CameLater:
    """In the connection's view of the database."""
    entry, sealed = tables.entry, tables.sealed_entry
    later = (
        select(entry.c.person_id)
        .distinct()
        .join(sealed, sealed.c.entry_id == entry.c.id)
        .where(sealed.c.seal > revision)
    )
    people = {
        *connection.scalars(later),
        *(row.person_id for row in connection.execute(unsealed(connection))),
    }
    return CameLater(frozenset(person for person in people if person), None in people)


def _home(known: KnownPerson, day: date) -> KnownPosting | None:
    mains = (each for each in known.postings if each.kind == "main" and each.days.covers(day))
    return next(mains, None)


def _until(standings: Sequence[Standing], day: date) -> list[Standing]:
    return [each for each in standings if each.from_day <= day]


def _on(standings: Sequence[Standing], day: date) -> Standing | None:
    until = _until(standings, day)
    return until[-1] if until else None
