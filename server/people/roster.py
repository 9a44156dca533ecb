"""What a staff list would change, and changing it.

Only a row that says something changes something: who is absent from a list has not left.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from server.people import persons
from server.people.roster_file import RosterRow
from server.record.department_history import DepartmentHistory, department_history
from server.record.departments import find_or_begin
from server.record.postings import begin_posting, transfer
from server.rules.days import Span
from server.storage import tables

POSTED_LATER = Kind(
    "roster-posted-later",
    "error",
    N_("配属日 %(day)s は、今の配属（%(department)s、%(since)s から）より後の日ではありません。"),
    N_("配属日を確かめてください。異動は、今の配属より後の日に始まります。"),
)
ZEROS_LOST = Kind(
    "roster-number-zeros-lost",
    "error",
    N_("職員番号「%(number)s」は登録されていません。先頭の 0 の数だけが違う「%(meant)s」があります。"),
    N_("表計算ソフトで先頭の 0 が消えていないか確かめてください。"),
)
DAY_DIFFERS = Kind(
    "roster-day-differs",
    "warning",
    N_("配属日 %(day)s が、記録の %(since)s と違います。所属は同じなので、配属は変えません。"),
    N_("どちらが正しいか、元の名簿で確かめてください。"),
)


class Move(StrEnum):
    """What a row does to somebody's main posting. ARRIVES: there is none now, or never was one."""

    ARRIVES = "arrives"
    MOVES = "moves"
    STAYS = "stays"


@dataclass(frozen=True)
class Posted:
    code: str
    department: str
    days: Span


@dataclass(frozen=True)
class Known:
    """A person as the server has them, with every main posting, the earliest first."""

    id: str
    number: str
    name: str
    reading: str
    postings: tuple[Posted, ...]


@dataclass(frozen=True)
class Change:
    """What a row changes; `known` is None for somebody new."""

    row: RosterRow
    known: Known | None
    move: Move

    @property
    def changes_details(self) -> bool:
        known = self.known
        return known is not None and (known.name, known.reading) != (self.row.name, self.row.reading)

    @property
    def is_posting(self) -> bool:
        return self.move is not Move.STAYS

    @property
    def is_empty(self) -> bool:
        return not (self.is_posting or self.changes_details)


@dataclass(frozen=True)
class RosterPlan:
    """What a list would do. `renamed`: code, old and new name of departments, from `day` on.

    `absent` counts the people with a main posting on the day whom the list does not name.
    """

    day: date
    changes: tuple[Change, ...]
    unchanged: int
    renamed: tuple[tuple[str, str, str], ...]
    absent: int
    problems: tuple[Problem, ...]

    @property
    def added(self) -> list[Change]:
        return [change for change in self.changes if change.known is None]

    @property
    def arrived(self) -> list[Change]:
        return [change for change in self.changes if change.known and change.move is Move.ARRIVES]

    @property
    def transferred(self) -> list[Change]:
        return [change for change in self.changes if change.move is Move.MOVES]

    @property
    def changed(self) -> list[Change]:
        """Other name or reading; the same person may be transferred, too."""
        return [change for change in self.changes if change.changes_details]

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.renamed)

    @property
    def may_be_applied(self) -> bool:
        return not any(problem.severity == "error" for problem in self.problems)


class PlanRefused(ValueError):
    """The plan has errors: nothing of it is done."""


# Planning ------------------------------------------------------------------------------------------


def plan(connection: Connection, rows: Sequence[RosterRow], file: str, today: date) -> RosterPlan:
    departments = department_history(connection)
    known = known_people(connection, departments, today)
    changes = [Change(row, known.get(row.number), _move(row, known.get(row.number))) for row in rows]
    numbers = {row.number for row in rows}
    return RosterPlan(
        day=today,
        changes=tuple(change for change in changes if not change.is_empty),
        unchanged=sum(change.is_empty for change in changes),
        renamed=tuple(_renamed(departments, rows, today)),
        absent=sum(_is_posted(person, today) and person.number not in numbers for person in known.values()),
        problems=tuple(_problems(changes, known.keys(), file)),
    )


def known_people(connection: Connection, departments: DepartmentHistory, today: date) -> dict[str, Known]:
    """By number. Departments as they are called today."""
    details = tables.person_details
    postings = _main_postings(connection, departments, today)
    return {
        row.number: Known(row.person_id, row.number, row.name, row.reading, tuple(postings[row.person_id]))
        for row in connection.execute(select(details))
    }


def _main_postings(
    connection: Connection, departments: DepartmentHistory, today: date
) -> defaultdict[str, list[Posted]]:
    posting = tables.posting
    query = select(posting).where(posting.c.kind == "main").order_by(posting.c.first_day)
    found = defaultdict(list)
    for row in connection.execute(query):
        named = departments.named(row.department_id, today)
        found[row.person_id].append(Posted(named.code, named.name, Span(row.first_day, row.last_day)))
    return found


def _move(row: RosterRow, known: Known | None) -> Move:
    if known is None or not known.postings:
        return Move.ARRIVES
    if any(
        (posted.code, posted.days.first) == (row.department_code, row.first_day) for posted in known.postings
    ):
        return Move.STAYS
    newest = known.postings[-1]
    if newest.days.last is not None and row.first_day > newest.days.last:
        return Move.ARRIVES
    return Move.STAYS if row.department_code == newest.code else Move.MOVES


def _is_posted(person: Known, day: date) -> bool:
    return any(posted.days.covers(day) for posted in person.postings)


def _renamed(
    departments: DepartmentHistory, rows: Sequence[RosterRow], today: date
) -> Iterator[tuple[str, str, str]]:
    names = {row.department_code: row.department_name for row in rows}
    for known in sorted(departments.on(today).in_order, key=lambda department: department.code):
        if names.get(known.code, known.name) != known.name:
            yield known.code, known.name, names[known.code]


def _problems(changes: Sequence[Change], numbers: Collection[str], file: str) -> Iterator[Problem]:
    without_zeros = {number.lstrip("0"): number for number in numbers}
    for change in changes:
        place = Place(file, change.row.line)
        meant = without_zeros.get(change.row.number.lstrip("0"))
        if change.known is None and meant is not None:
            yield Problem(ZEROS_LOST, place, {"number": change.row.number, "meant": meant})
        elif change.known is not None and change.known.postings:
            yield from _problems_of_day(change.row, change.known.postings, change.move, place)


def _problems_of_day(
    row: RosterRow, postings: Sequence[Posted], move: Move, place: Place
) -> Iterator[Problem]:
    newest = postings[-1]
    values = {"day": row.first_day, "department": newest.department, "since": newest.days.first}
    if move is Move.MOVES and row.first_day <= newest.days.first:
        yield Problem(POSTED_LATER, place, values)
    if move is Move.STAYS and row.first_day not in [posted.days.first for posted in postings]:
        yield Problem(DAY_DIFFERS, place, values)


# Applying ------------------------------------------------------------------------------------------


def apply(connection: Connection, plan: RosterPlan, *, at: datetime, actor: str) -> dict[str, str]:
    """Carry a plan out, in the caller's transaction. Returns number → id of whom it changes."""
    if not plan.may_be_applied:
        raise PlanRefused
    for code, _, name in plan.renamed:
        find_or_begin(connection, code, name, plan.day, at=at, actor=actor)
    return {
        change.row.number: _apply(connection, change, plan.day, at=at, actor=actor) for change in plan.changes
    }


def _apply(connection: Connection, change: Change, day: date, *, at: datetime, actor: str) -> str:
    row, known = change.row, change.known
    if known is None:
        person_id = persons.add_person(connection, row.number, row.name, row.reading, at=at)
    else:
        person_id = known.id
        persons.change_details(connection, person_id, row.name, row.reading)
    if change.is_posting:
        department = find_or_begin(
            connection, row.department_code, row.department_name, day, at=at, actor=actor
        )
        post = begin_posting if change.move is Move.ARRIVES else transfer
        post(connection, person_id, department, row.first_day, at=at, actor=actor)
    return person_id
