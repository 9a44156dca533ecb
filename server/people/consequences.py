"""What follows from a staff list for what people have to do: whom it asks for which modules, by when."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from server.people.roster import Change, RosterPlan
from server.record.department_history import Departments, department_history
from server.record.facts import facts_of, shared_facts
from server.rules.days import ONE_DAY, Span
from server.rules.facts import Facts, Posting
from server.rules.state import State, course_state, governing, is_exempt, state_on

Duty = tuple[date, tuple[str, ...]]
"""A due date, and the modules that are to be completed by it."""

OPEN = (State.NOT_STARTED, State.IN_PROGRESS, State.OVERDUE, State.UPDATE_DUE)


@dataclass(frozen=True)
class Consequences:
    """On the first day of a posting, or today.

    `arriving`: of those who come or come back, how many are in which state of the course. `duties`: how many
    of these, and of those transferred to where more is asked, have to do what by when. `transferred` people
    keep their completions and due dates, whatever these are; `newly_asked` are those of them with duties
    that they did not have before. `left` and `on_leave`: nothing is asked of them from then on.
    """

    arriving: Mapping[State, int]
    duties: Mapping[Duty, int]
    transferred: int
    newly_asked: int
    left: int
    on_leave: int


def consequences(connection: Connection, plan: RosterPlan) -> Consequences:
    arriving = [change for change in (*plan.added, *plan.arrived) if change.row.kind == "main"]
    moving = [change for change in plan.transferred if change.row.kind == "main"]
    before = facts_of(connection, [each.known.id for each in (*arriving, *moving) if each.known])
    nobody = shared_facts(connection).of_nobody
    departments = department_history(connection).on(plan.day)
    states: Counter[State] = Counter()
    duties: Counter[Duty] = Counter()
    newly_asked = 0
    for change in (*arriving, *moving):
        known = before[change.known.id] if change.known else nobody
        after, day = _supposed(change, known, departments), max(plan.day, change.row.first_day)
        added = set(_open(after, day)) - set(_open(known, day))
        duties.update(_together(added))
        if change.known is None or change not in moving:
            states[course_state(state_on(after, module, day) for module in _modules(after))] += 1
        else:
            newly_asked += bool(added)
    return Consequences(states, duties, len(moving), newly_asked, len(plan.left), len(plan.on_leave))


def _supposed(change: Change, facts: Facts, departments: Departments) -> Facts:
    """With the row's posting in place of the one that goes on until then, and with its leave."""
    row = change.row
    leaves = [Span(row.leave.first, row.leave.last)] if row.leave and change.takes_leave else []
    return replace(
        facts,
        main_postings=(*_until(facts.main_postings, row.first_day), _posting(change, departments)),
        leaves=(*facts.leaves, *leaves),
    )


def _until(postings: Sequence[Posting], day: date) -> Iterator[Posting]:
    for posting in postings:
        if posting.first < day:
            yield replace(posting, last=day - ONE_DAY) if posting.covers(day) else posting


def _posting(change: Change, departments: Departments) -> Posting:
    """A department that is not there yet is within no scope of departments."""
    row = change.row
    department = departments.with_code(row.department_code)
    return Posting(row.first_day, row.last_day, department.id if department else "", row.appointment)


def _modules(facts: Facts) -> list[str]:
    """In the order of the newest release."""
    return list(facts.releases[-1].versions) if facts.releases else []


def _open(facts: Facts, day: date) -> Iterator[tuple[date, str]]:
    """What is to be done, each module with its due date."""
    for module in _modules(facts):
        governed = governing(facts, module, day)
        if governed is None or is_exempt(facts, module, day):
            continue
        state, due = governed[1]
        if state in OPEN and due is not None:
            yield due, module


def _together(due_modules: set[tuple[date, str]]) -> Iterator[Duty]:
    for due in sorted({due for due, _ in due_modules}):
        yield due, tuple(sorted(module for each, module in due_modules if each == due))
