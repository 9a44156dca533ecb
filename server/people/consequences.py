"""What follows from a staff list for what people have to do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from server.people.roster import Change, RosterPlan
from server.record.department_history import Departments, department_history
from server.record.facts import facts_of, shared_facts
from server.rules.days import Span
from server.rules.facts import Facts, Posting
from server.rules.state import State, course_state, state_on


@dataclass(frozen=True)
class Consequences:
    """Of those who come or come back: how many are in which state of the course on their first day, or today.

    `transferred` people keep their states and due dates, whatever these are.
    """

    arriving: Mapping[State, int]
    transferred: int


def consequences(connection: Connection, plan: RosterPlan) -> Consequences:
    arriving = [change for change in (*plan.added, *plan.arrived) if change.row.kind == "main"]
    nothing_known = shared_facts(connection).of_nobody
    known = facts_of(connection, [change.known.id for change in arriving if change.known])
    departments = department_history(connection).on(plan.day)
    states = Counter(
        _state(change, known[change.known.id] if change.known else nothing_known, departments, plan.day)
        for change in arriving
    )
    return Consequences(states, len(plan.transferred))


def _posting(change: Change, departments: Departments) -> Posting:
    """A department that is not there yet is within no scope of departments."""
    row = change.row
    department = departments.with_code(row.department_code)
    return Posting(row.first_day, row.last_day, department.id if department else "", row.appointment)


def _state(change: Change, facts: Facts, departments: Departments, today: date) -> State:
    row = change.row
    leaves = [Span(row.leave.first, row.leave.last)] if row.leave and change.takes_leave else []
    supposed = replace(
        facts,
        main_postings=(*facts.main_postings, _posting(change, departments)),
        leaves=(*facts.leaves, *leaves),
    )
    modules = {module for release in facts.releases for module in release.versions}
    day = max(today, row.first_day)
    return course_state(state_on(supposed, module, day) for module in modules)
