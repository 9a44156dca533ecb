"""What a staff list would change, and changing it.

Only a row that says something changes something: who is absent from a list has not left.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import Connection, select

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from server.people import persons
from server.people.roster_file import RosterRow
from server.record.department_history import DepartmentHistory, department_history
from server.record.departments import find_or_begin
from server.record.postings import begin_posting, end_leave, end_posting, take_leave, transfer
from server.record.standing import refreshed_at_the_end
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
NUMBER_REUSED = Kind(
    "roster-number-reused",
    "error",
    N_("職員番号「%(number)s」は、%(day)s まで「%(known)s」さんの番号でした。氏名もフリガナも違います。"),
    N_("別の人なら「別の人の番号」として取り込みます。同じ人なら、先に氏名を直してください。"),
)
MERGED = Kind(
    "roster-number-merged",
    "error",
    N_("職員番号「%(number)s」の記録は、職員番号「%(kept)s」の記録に統合されています。"),
    N_(
        "同じ人なら、名簿の番号を「%(kept)s」に直してください。別の人なら「別の人の番号」として取り込みます。"
    ),
)
DAY_DIFFERS = Kind(
    "roster-day-differs",
    "warning",
    N_("配属日 %(day)s が、記録の %(since)s と違います。所属は同じなので、配属は変えません。"),
    N_("どちらが正しいか、元の名簿で確かめてください。"),
)
NOT_POSTED = Kind(
    "roster-concurrent-without-main",
    "error",
    N_("職員番号「%(number)s」には本務がありません。兼務だけを入れることはできません。"),
    N_("本務の行も名簿に入れてください。"),
)


class Move(StrEnum):
    """What a row does to somebody's postings.

    ARRIVES: there never was a main one. RETURNS: there was, and it has ended.
    """

    ARRIVES = "arrives"
    RETURNS = "returns"
    MOVES = "moves"
    JOINS_CONCURRENTLY = "joins-concurrently"
    STAYS = "stays"


@dataclass(frozen=True)
class Posted:
    id: str
    code: str
    department: str
    days: Span


@dataclass(frozen=True)
class OnLeave:
    id: str
    days: Span


@dataclass(frozen=True)
class Known:
    """A person as the server has them, with every posting and leave, the earliest first.

    `kept_as`: the number of the record that this one was merged into.
    """

    id: str
    number: str
    name: str
    reading: str
    postings: tuple[Posted, ...] = ()
    concurrent: tuple[Posted, ...] = ()
    leaves: tuple[OnLeave, ...] = ()
    kept_as: str | None = None

    @property
    def left_on(self) -> date | None:
        """The last day of the newest main posting, if it ended."""
        return self.postings[-1].days.last if self.postings else None


@dataclass(frozen=True)
class Change:
    """What a row changes; `known` is None for somebody new. `ends`: a posting that has no last day yet."""

    row: RosterRow
    known: Known | None
    move: Move
    ends: bool = False
    leave: Move | None = None

    @property
    def changes_details(self) -> bool:
        known = self.known
        return known is not None and (known.name, known.reading) != (self.row.name, self.row.reading)

    @property
    def is_posting(self) -> bool:
        return self.move is not Move.STAYS

    @property
    def takes_leave(self) -> bool:
        return self.leave is Move.MOVES

    @property
    def ends_leave(self) -> bool:
        return self.leave is Move.RETURNS

    @property
    def is_empty(self) -> bool:
        return not (self.is_posting or self.changes_details or self.ends or self.leave)


@dataclass(frozen=True)
class RosterPlan:
    """What a list would do. `renamed`: code, old and new name of departments, from `day` on.

    `begun`: code and name of departments that are not there yet. `posted` counts the people with a main
    posting on the day, `absent` those of them whom the list does not name.
    """

    day: date
    changes: tuple[Change, ...]
    unchanged: int
    renamed: tuple[tuple[str, str, str], ...]
    begun: tuple[tuple[str, str], ...]
    absent: int
    posted: int
    problems: tuple[Problem, ...]

    def moving(self, move: Move) -> list[Change]:
        return [change for change in self.changes if change.move is move]

    @property
    def added(self) -> list[Change]:
        return [change for change in self.changes if change.known is None]

    @property
    def arrived(self) -> list[Change]:
        """Known already, without a main posting so far or now."""
        moves = (Move.ARRIVES, Move.RETURNS)
        return [change for change in self.changes if change.known is not None and change.move in moves]

    @property
    def transferred(self) -> list[Change]:
        return self.moving(Move.MOVES)

    @property
    def concurrent(self) -> list[Change]:
        return self.moving(Move.JOINS_CONCURRENTLY)

    @property
    def ended(self) -> list[Change]:
        return [change for change in self.changes if change.ends]

    @property
    def left(self) -> list[Change]:
        """Whose main posting ends without another one in the list."""
        return [change for change in self.ended if change.row.kind == "main"]

    @property
    def on_leave(self) -> list[Change]:
        return [change for change in self.changes if change.takes_leave]

    @property
    def back_from_leave(self) -> list[Change]:
        return [change for change in self.changes if change.ends_leave]

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


def plan(
    connection: Connection,
    rows: Sequence[RosterRow],
    file: str,
    today: date,
    *,
    reused: Collection[str] = (),
) -> RosterPlan:
    """`reused`: the numbers that now belong to somebody else than before."""
    departments = department_history(connection)
    known = known_people(connection, departments, today)
    found = {number: person for number, person in known.items() if number not in reused}
    changes = [_change(row, found.get(row.number)) for row in rows]
    numbers = {row.number for row in rows}
    posted = [person for person in known.values() if _is_posted(person, today)]
    return RosterPlan(
        day=today,
        changes=tuple(change for change in changes if not change.is_empty),
        unchanged=sum(change.is_empty for change in changes),
        renamed=tuple(_renamed(departments, rows, today)),
        begun=tuple(_begun(departments, rows, today)),
        absent=sum(person.number not in numbers for person in posted),
        posted=len(posted),
        problems=tuple(_problems(changes, found, file)),
    )


def _change(row: RosterRow, known: Known | None) -> Change:
    move = _move(row, known) if row.kind == "main" else _concurrent_move(row, known)
    return Change(row, known, move, ends=_ends(row, known, move), leave=_leave(row, known))


def known_people(connection: Connection, departments: DepartmentHistory, today: date) -> dict[str, Known]:
    """By number. Departments as they are called today."""
    details = tables.person_details
    postings, concurrent = _postings(connection, departments, today)
    leaves, kept_as = _leaves(connection), _merged(connection)
    return {
        row.number: Known(
            row.person_id,
            row.number,
            row.name,
            row.reading,
            tuple(postings[row.person_id]),
            tuple(concurrent[row.person_id]),
            tuple(leaves[row.person_id]),
            kept_as.get(row.person_id),
        )
        for row in connection.execute(select(details))
    }


def _merged(connection: Connection) -> dict[str, str]:
    """Whoever was merged into another one → that one's number."""
    merged, details = tables.merged_person, tables.person_details
    query = select(merged.c.person_id, details.c.number)
    joined = query.join(details, details.c.person_id == merged.c.into_id)
    return {row.person_id: row.number for row in connection.execute(joined)}


def _postings(
    connection: Connection, departments: DepartmentHistory, today: date
) -> tuple[defaultdict[str, list[Posted]], defaultdict[str, list[Posted]]]:
    """Main ones, and concurrent ones."""
    found: dict[str, defaultdict[str, list[Posted]]] = {
        "main": defaultdict(list),
        "concurrent": defaultdict(list),
    }
    for row in connection.execute(select(tables.posting).order_by(tables.posting.c.first_day)):
        named = departments.named(row.department_id, today)
        posted = Posted(row.id, named.code, named.name, Span(row.first_day, row.last_day))
        found[row.kind][row.person_id].append(posted)
    return found["main"], found["concurrent"]


def _leaves(connection: Connection) -> defaultdict[str, list[OnLeave]]:
    found: defaultdict[str, list[OnLeave]] = defaultdict(list)
    for row in connection.execute(select(tables.leave).order_by(tables.leave.c.first_day)):
        found[row.person_id].append(OnLeave(row.id, Span(row.first_day, row.last_day)))
    return found


def _move(row: RosterRow, known: Known | None) -> Move:
    if known is None or not known.postings:
        return Move.ARRIVES
    if _same(row, known.postings):
        return Move.STAYS
    newest = known.postings[-1]
    if newest.days.last is not None and row.first_day > newest.days.last:
        return Move.RETURNS
    return Move.STAYS if row.department_code == newest.code else Move.MOVES


def _concurrent_move(row: RosterRow, known: Known | None) -> Move:
    return Move.STAYS if known and _same(row, known.concurrent) else Move.JOINS_CONCURRENTLY


def _same(row: RosterRow, postings: Sequence[Posted]) -> Posted | None:
    return next(
        (
            posted
            for posted in postings
            if (posted.code, posted.days.first) == (row.department_code, row.first_day)
        ),
        None,
    )


def _ends(row: RosterRow, known: Known | None, move: Move) -> bool:
    """Whether the row gives a last day that its posting has not had yet."""
    if row.last_day is None:
        return False
    if move is not Move.STAYS or known is None:
        return True
    posted = _same(row, known.postings if row.kind == "main" else known.concurrent)
    return posted is not None and posted.days.last is None


def _leave(row: RosterRow, known: Known | None) -> Move | None:
    """MOVES into leave, or RETURNS from one that had no last day."""
    if row.leave is None:
        return None
    for leave in known.leaves if known else ():
        if leave.days.first == row.leave.first:
            return Move.RETURNS if row.leave.last and leave.days.last is None else None
    return Move.MOVES


def _is_posted(person: Known, day: date) -> bool:
    return any(posted.days.covers(day) for posted in person.postings)


def _renamed(
    departments: DepartmentHistory, rows: Sequence[RosterRow], today: date
) -> Iterator[tuple[str, str, str]]:
    names = {row.department_code: row.department_name for row in rows}
    for known in sorted(departments.on(today).in_order, key=lambda department: department.code):
        if names.get(known.code, known.name) != known.name:
            yield known.code, known.name, names[known.code]


def _begun(
    departments: DepartmentHistory, rows: Sequence[RosterRow], today: date
) -> Iterator[tuple[str, str]]:
    there = departments.on(today)
    for code, name in sorted({(row.department_code, row.department_name) for row in rows}):
        if there.with_code(code) is None:
            yield code, name


def _problems(changes: Sequence[Change], known: Mapping[str, Known], file: str) -> Iterator[Problem]:
    without_zeros = {number.lstrip("0"): number for number in known}
    with_main = {change.row.number for change in changes if change.row.kind == "main"}
    for change in changes:
        place = Place(file, change.row.line)
        if change.known is None:
            yield from _problems_of_new(change.row, without_zeros, with_main, place)
        elif change.known.kept_as is not None:
            yield Problem(MERGED, place, {"number": change.row.number, "kept": change.known.kept_as})
        elif change.row.kind == "main" and change.known.postings:
            yield from _problems_of_day(change.row, change.known, change.move, place)


def _problems_of_new(
    row: RosterRow, without_zeros: Mapping[str, str], with_main: Collection[str], place: Place
) -> Iterator[Problem]:
    meant = without_zeros.get(row.number.lstrip("0"))
    if meant is not None and meant != row.number:
        yield Problem(ZEROS_LOST, place, {"number": row.number, "meant": meant})
    elif row.number not in with_main:
        yield Problem(NOT_POSTED, place, {"number": row.number})


def _problems_of_day(row: RosterRow, known: Known, move: Move, place: Place) -> Iterator[Problem]:
    newest = known.postings[-1]
    values = {"day": row.first_day, "department": newest.department, "since": newest.days.first}
    if move is Move.RETURNS and row.name != known.name and row.reading != known.reading:
        reused = {"number": row.number, "known": known.name, "day": newest.days.last}
        yield Problem(NUMBER_REUSED, place, reused)
    if move is Move.MOVES and row.first_day <= newest.days.first:
        yield Problem(POSTED_LATER, place, values)
    if move is Move.STAYS and row.first_day not in [posted.days.first for posted in known.postings]:
        yield Problem(DAY_DIFFERS, place, values)


# Applying ------------------------------------------------------------------------------------------


def apply(
    connection: Connection,
    plan: RosterPlan,
    *,
    at: datetime,
    actor: str,
    each: Callable[[], None] = lambda: None,
) -> dict[str, str]:
    """Carry a plan out, in the caller's transaction. Returns number → id of whom it changes.

    `each` is called after each of its changes.
    """
    if not plan.may_be_applied:
        raise PlanRefused
    people: dict[str, str] = {}
    with refreshed_at_the_end(connection):
        for code, _, name in plan.renamed:
            find_or_begin(connection, code, name, plan.day, at=at, actor=actor)
        for change in sorted(plan.changes, key=lambda change: change.row.kind != "main"):
            number = change.row.number
            people[number] = _apply(connection, change, people.get(number), plan.day, at=at, actor=actor)
            each()
    return people


def _apply(
    connection: Connection, change: Change, earlier: str | None, day: date, *, at: datetime, actor: str
) -> str:
    """`earlier`: whom another row of the same number has already made."""
    person_id = earlier or _person(connection, change, at=at)
    if change.is_posting:
        _post(connection, change, person_id, day, at=at, actor=actor)
    elif change.ends:
        assert change.known is not None
        postings = change.known.postings if change.row.kind == "main" else change.known.concurrent
        posted = _same(change.row, postings)
        assert posted is not None
        assert change.row.last_day is not None
        end_posting(connection, posted.id, change.row.last_day, at=at, actor=actor)
    _apply_leave(connection, change, person_id, at=at, actor=actor)
    return person_id


def _person(connection: Connection, change: Change, *, at: datetime) -> str:
    row, known = change.row, change.known
    if known is None:
        persons.release_number(connection, row.number, at=at)
        return persons.add_person(connection, row.number, row.name, row.reading, at=at)
    persons.change_details(connection, known.id, row.name, row.reading)
    return known.id


def _post(
    connection: Connection, change: Change, person_id: str, day: date, *, at: datetime, actor: str
) -> None:
    row = change.row
    department = find_or_begin(connection, row.department_code, row.department_name, day, at=at, actor=actor)
    if change.move is Move.MOVES:
        post = partial(transfer, connection)
    else:
        post = partial(begin_posting, connection, kind=row.kind)
    posting = post(
        person_id,
        department,
        row.first_day,
        at=at,
        actor=actor,
        appointment=row.appointment,
        is_head=row.is_head,
    )
    if row.last_day is not None:
        end_posting(connection, posting, row.last_day, at=at, actor=actor)


def _apply_leave(connection: Connection, change: Change, person_id: str, *, at: datetime, actor: str) -> None:
    leave = change.row.leave
    if leave is None or change.leave is None:
        return
    if change.takes_leave:
        take_leave(connection, person_id, leave.first, leave.last, at=at, actor=actor)
        return
    assert change.known is not None
    assert leave.last is not None
    open_leave = next(each for each in change.known.leaves if each.days.first == leave.first)
    end_leave(connection, open_leave.id, leave.last, at=at, actor=actor)
