"""The eight states: what is defined here is kept by `server.record.standing` and read there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest

from builder.model.base import major
from server.rules.assignment import Assignment, assignment_on, version_on
from server.rules.days import ONE_DAY
from server.rules.facts import Completion, Facts


class State(StrEnum):
    """In the order in which the definition tries them; the first that fits is the state."""

    NOT_REQUIRED = "not-required"
    EXEMPT = "exempt"
    COMPLETE = "complete"
    UPDATE_DUE = "update-due"
    EXPIRED = "expired"
    OVERDUE = "overdue"
    IN_PROGRESS = "in-progress"
    NOT_STARTED = "not-started"


@dataclass(frozen=True)
class Standing:
    """A state that holds from a day until (and without) another; `due` where something is to be done."""

    state: State
    from_day: date
    until_day: date | None
    due: date | None


def state_on(facts: Facts, module: str, day: date) -> State:
    return _judge(facts, module, day)[0]


def _judge(facts: Facts, module: str, day: date) -> tuple[State, date | None]:
    """The state on a day, and the due date where something is to be done."""
    assignment = assignment_on(facts, module, day)
    if assignment is None:
        return State.NOT_REQUIRED, None
    if is_exempt(facts, module, day):
        return State.EXEMPT, None
    completions = [done for done in facts.completions if done.module == module and done.day <= day]
    required = major(version_on(facts, module, day) or "0.0.0")
    fitting = [done for done in completions if major(done.version) >= required]
    if any(is_valid(done, assignment, day) for done in fitting):
        return State.COMPLETE, None
    earlier = [
        done for done in completions if major(done.version) < required and is_valid(done, assignment, day)
    ]
    due = grace_end(facts, module, day, earlier, assignment) if earlier and not fitting else assignment.due
    if earlier and not fitting and day <= due:
        return State.UPDATE_DUE, due
    if fitting:
        return State.EXPIRED, due
    if due < day:
        return State.OVERDUE, due
    begun = facts.begun.get(module)
    return (State.IN_PROGRESS if begun is not None and begun <= day else State.NOT_STARTED), due


def is_exempt(facts: Facts, module: str, day: date) -> bool:
    """Leave exempts from everything, an exemption from its module."""
    return any(leave.covers(day) for leave in facts.leaves) or any(
        exemption.module == module and exemption.span.covers(day) for exemption in facts.exemptions
    )


def is_valid(completion: Completion, assignment: Assignment, day: date) -> bool:
    valid_days = assignment.policy.valid_days
    return valid_days is None or day < completion.day + timedelta(days=valid_days)


def grace_end(
    facts: Facts, module: str, day: date, earlier: Sequence[Completion], assignment: Assignment
) -> date:
    """The last day of grace after a major change.

    Whoever finished an attempt begun before the release counts from that completion: the full period.
    """
    required = major(version_on(facts, module, day) or "0.0.0")
    changed = min(
        release.day
        for release in facts.releases
        if module in release.versions and major(release.versions[module]) >= required
    )
    start = max([changed, *(done.day for done in earlier)])
    return start + timedelta(days=assignment.policy.grace_days)


def timeline(facts: Facts, module: str) -> list[Standing]:
    """Every state of a module from the first fact on, without gaps; the last one holds for good."""
    days = sorted(_turning_days(facts, module))
    return _merged([(day, *_judge(facts, module, day)) for day in days])


def _turning_days(facts: Facts, module: str) -> set[date]:
    """Every day on which the state may change: the facts' own, then those that a due date brings."""
    days: set[date] = set()
    for span in (*facts.main_postings, *facts.leaves, *(exemption.span for exemption in facts.exemptions)):
        days |= span.edges()
    days |= {policy.first for policy in facts.policies} | {release.day for release in facts.releases}
    days |= {done.day for done in facts.completions if done.module == module}
    days |= {facts.begun[module]} if module in facts.begun else set()
    for policy in facts.policies:
        if policy.valid_days is not None:
            days |= {done.day + timedelta(days=policy.valid_days) for done in facts.completions}
    dues = {due for day in days if (due := _judge(facts, module, day)[1]) is not None}
    return days | {due + ONE_DAY for due in dues}


def course_state(states: Iterable[State]) -> State:
    """The state of the course, from the states of its modules on the same day."""
    required = [state for state in states if state is not State.NOT_REQUIRED]
    if not required:
        return State.NOT_REQUIRED
    rest = [state for state in required if state is not State.EXEMPT]
    if not rest:
        return State.EXEMPT
    for pressing in (State.OVERDUE, State.EXPIRED, State.UPDATE_DUE):
        if pressing in rest:
            return pressing
    if all(state is State.COMPLETE for state in rest):
        return State.COMPLETE
    if any(state in (State.COMPLETE, State.IN_PROGRESS) for state in rest):
        return State.IN_PROGRESS
    return State.NOT_STARTED


def course_timeline(modules: Sequence[Sequence[Standing]]) -> list[Standing]:
    """The course's states by day; its due date is the nearest of its modules'."""
    days = sorted({standing.from_day for module in modules for standing in module})
    judged = []
    for day in days:
        on_day = [standing for module in modules for standing in module if _holds(standing, day)]
        dues = [standing.due for standing in on_day if standing.due is not None]
        judged.append((day, course_state(standing.state for standing in on_day), min(dues, default=None)))
    return _merged(judged)


def _holds(standing: Standing, day: date) -> bool:
    return standing.from_day <= day and (standing.until_day is None or day < standing.until_day)


def _merged(judged: Sequence[tuple[date, State, date | None]]) -> list[Standing]:
    """Join neighbouring days on which nothing changes."""
    changes = [now for i, now in enumerate(judged) if i == 0 or judged[i - 1][1:] != now[1:]]
    ends = [day for day, _, _ in changes[1:]]
    return [
        Standing(state, from_day, until, due) for (from_day, state, due), until in zip_longest(changes, ends)
    ]
