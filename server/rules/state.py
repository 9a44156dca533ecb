"""The eight states: what is defined here is kept by `server.record.standing` and read there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest

from builder.model.base import major
from server.rules.assignment import Assignment, assignments_on, due_after, version_on
from server.rules.days import ONE_DAY, Span
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


PRESSING = (
    State.OVERDUE,
    State.EXPIRED,
    State.UPDATE_DUE,
    State.NOT_STARTED,
    State.IN_PROGRESS,
    State.COMPLETE,
    State.EXEMPT,
    State.NOT_REQUIRED,
)
"""Where several policies ask for the same module, the first of these that one of them gives."""

Judgement = tuple[State, date | None]
"""A state, and the due date where something is to be done (of 失効: the last day on which it counted)."""


@dataclass(frozen=True)
class Standing:
    """A state that holds from a day until (and without) another; `due` where something is to be done."""

    state: State
    from_day: date
    until_day: date | None
    due: date | None


@dataclass(frozen=True)
class MetDue:
    """By when something that is complete had been due; `is_late`: that day had passed."""

    due: date
    is_late: bool


def met_due(standings: Sequence[Standing]) -> MetDue | None:
    """Of the last of these states of a module, if it is complete; None, too, where it was complete from the
    first day on which it was asked for.
    """
    if standings[-1].state is not State.COMPLETE:
        return None
    for each in reversed(standings[:-1]):
        if each.due is not None:
            return MetDue(each.due, each.until_day is not None and each.until_day > each.due)
    return None


def state_on(facts: Facts, module: str, day: date) -> State:
    return _judge(facts, module, day)[0]


def _judge(facts: Facts, module: str, day: date) -> Judgement:
    """The state on a day, and the due date where something is to be done."""
    return min(_judgements(facts, module, day), key=lambda judged: _pressing(judged, day))


def _pressing(judged: Judgement, day: date) -> tuple[int, date]:
    return PRESSING.index(judged[0]), judged[1] or day


def governing(facts: Facts, module: str, day: date) -> tuple[Assignment, Judgement] | None:
    """The assignment that the person's state follows from, leaves and exemptions apart; None without one."""
    judged = [(each, judge(facts, module, day, each)) for each in assignments_on(facts, module, day)]
    return min(judged, key=lambda pair: _pressing(pair[1], day), default=None)


def _judgements(facts: Facts, module: str, day: date) -> list[Judgement]:
    """One for each policy that applies; the most pressing of them is the person's."""
    assignments = assignments_on(facts, module, day)
    if not assignments:
        return [(State.NOT_REQUIRED, None)]
    if is_exempt(facts, module, day):
        return [(State.EXEMPT, None)]
    return [judge(facts, module, day, assignment) for assignment in assignments]


def judge(facts: Facts, module: str, day: date, assignment: Assignment) -> Judgement:
    change = newest_change(facts, module, day)
    completions = [done for done in facts.completions if done.module == module and done.day <= day]
    fitting = [done for done in completions if major(done.version) >= change.major]
    if any(is_valid(done, assignment, day) for done in fitting):
        return State.COMPLETE, None
    earlier = [done for done in completions if is_valid(done, assignment, max(done.day, change.day))]
    due = assignment.due
    if earlier and not fitting:
        due = update_due(facts, change, earlier, assignment, day)
        if day <= due:
            return State.UPDATE_DUE, due
    lapsed = [last for done in completions if (last := last_valid_day(done, assignment)) and last < day]
    if lapsed:
        return State.EXPIRED, max(lapsed)
    if due < day:
        return State.OVERDUE, due
    begun = facts.begun.get(module)
    return (State.IN_PROGRESS if begun is not None and begun <= day else State.NOT_STARTED), due


@dataclass(frozen=True)
class Change:
    """The release that brought the major version that is asked for."""

    major: int
    day: date


def newest_change(facts: Facts, module: str, day: date) -> Change:
    version = version_on(facts, module, day)
    assert version is not None, "there is no assignment without a release"
    asked = major(version)
    days = (
        release.day
        for release in facts.releases
        if module in release.versions and major(release.versions[module]) >= asked
    )
    return Change(asked, min(days))


def is_exempt(facts: Facts, module: str, day: date) -> bool:
    """Leave exempts from everything, an exemption from its module."""
    return any(leave.covers(day) for leave in facts.leaves) or any(
        exemption.module == module and exemption.span.covers(day) for exemption in facts.exemptions
    )


def is_valid(completion: Completion, assignment: Assignment, day: date) -> bool:
    last = last_valid_day(completion, assignment)
    return last is None or day <= last


def last_valid_day(completion: Completion, assignment: Assignment) -> date | None:
    """None where a completion counts for good."""
    valid_days = assignment.policy.valid_days
    return None if valid_days is None else completion.day + timedelta(days=valid_days - 1)


def update_due(
    facts: Facts, change: Change, earlier: Sequence[Completion], assignment: Assignment, day: date
) -> date:
    """The last day of grace after a major change.

    Whoever finished an attempt begun before the release has the full period from that completion. Whoever
    was not asked yet when it came (arrived later, or the policy began later) has the time of a newcomer.
    """
    start = max([change.day, *(done.day for done in earlier)])
    grace = due_after(start, assignment.policy.grace_days, facts.leaves, day)
    return max(grace, assignment.due) if assignment.start > change.day else grace


def timeline(facts: Facts, module: str) -> list[Standing]:
    """Every state of a module from the first fact on, without gaps; the last one holds for good."""
    days = sorted(_turning_days(facts, module))
    return _merged([(day, *_judge(facts, module, day)) for day in days])


def _turning_days(facts: Facts, module: str) -> set[date]:
    """Every day on which the state may change: the facts' own, then those that a due date brings."""
    days: set[date] = set()
    for span in (*facts.main_postings, *facts.leaves, *(exemption.span for exemption in facts.exemptions)):
        days |= span.edges()
    days |= {release.day for release in facts.releases}
    days |= {edge for posting in facts.main_postings for edge in facts.tree.edges_within(posting)}
    for policy in facts.policies:
        days |= Span(policy.first, policy.last).edges()
    days |= {done.day for done in facts.completions if done.module == module}
    days |= {facts.begun[module]} if module in facts.begun else set()
    for policy in facts.policies:
        if policy.valid_days is not None:
            days |= {done.day + timedelta(days=policy.valid_days) for done in facts.completions}
    dues = {due for day in days for _, due in _judgements(facts, module, day) if due is not None}
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
