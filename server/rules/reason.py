"""Why somebody has to complete modules, or has not: what happened, and what follows from it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from builder.model.base import major
from server.rules.assignment import Assignment, first_offered
from server.rules.days import ONE_DAY
from server.rules.facts import Facts, Posting
from server.rules.state import Judgement, State, governing, newest_change


class Occasion(StrEnum):
    """What happened."""

    ARRIVAL = "arrival"
    RETURN = "return"
    TRANSFER = "transfer"
    POLICY = "policy"
    RELEASE = "release"
    CHANGE = "change"
    LAPSE = "lapse"
    LEAVE = "leave"
    EXEMPTION = "exemption"


class Outcome(StrEnum):
    """What follows. NOTHING_ADDED: complete before it happened. DUE_KEPT: it moved no due date."""

    TO_DO = "to-do"
    DONE = "done"
    NOTHING_ADDED = "nothing-added"
    DUE_KEPT = "due-kept"
    AGAIN = "again"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class Reason:
    """`department`: the id of that of an arrival, a return or a transfer. `until`: the due date of what is
    to be done, the last day of an exemption where it is known.
    """

    occasion: Occasion
    day: date
    outcome: Outcome
    modules: tuple[str, ...]
    until: date | None = None
    department: str | None = None


Cause = tuple[Occasion, date, str | None]


def reasons_on(facts: Facts, modules: Sequence[str], day: date) -> list[Reason]:
    """Of all modules that are asked for on a day, those with the same reason together; oldest first."""
    together: dict[Reason, list[str]] = defaultdict(list)
    for module in modules:
        reason = _reason(facts, module, day)
        if reason is not None:
            together[reason].append(module)
    found = [
        Reason(each.occasion, each.day, each.outcome, tuple(of), each.until, each.department)
        for each, of in together.items()
    ]
    return sorted(found, key=lambda reason: (reason.day, modules.index(reason.modules[0])))


def _reason(facts: Facts, module: str, day: date) -> Reason | None:
    governed = governing(facts, module, day)
    if governed is None:
        return None
    assignment, judged = governed
    return (
        _exempt(facts, module, day)
        or _asked_again(facts, module, day, judged)
        or _asked_once(facts, module, day, assignment, judged)
    )


def _exempt(facts: Facts, module: str, day: date) -> Reason | None:
    for leave in facts.leaves:
        if leave.covers(day):
            return Reason(Occasion.LEAVE, leave.first, Outcome.EXEMPT, (), leave.last)
    for each in facts.exemptions:
        if each.module == module and each.span.covers(day):
            return Reason(Occasion.EXEMPTION, each.span.first, Outcome.EXEMPT, (), each.span.last)
    return None


def _asked_again(facts: Facts, module: str, day: date, judged: Judgement) -> Reason | None:
    """After a major change, or when a completion no longer counts."""
    state, until = judged
    if state is State.EXPIRED:
        assert until is not None, "what lapsed has a last day"
        return Reason(Occasion.LAPSE, until + ONE_DAY, Outcome.AGAIN, ())
    if state is State.COMPLETE:
        return None
    change = newest_change(facts, module, day)
    earlier = [done for done in facts.completions if done.module == module and done.day <= day]
    if not any(major(done.version) < change.major for done in earlier):
        return None
    return Reason(Occasion.CHANGE, change.day, Outcome.AGAIN, (), until)


def _asked_once(facts: Facts, module: str, day: date, assignment: Assignment, judged: Judgement) -> Reason:
    state, due = judged
    occasion, since, department = _cause(facts, module, day, assignment)
    if state is not State.COMPLETE:
        kept = occasion is Occasion.TRANSFER and since > assignment.start
        return Reason(occasion, since, Outcome.DUE_KEPT if kept else Outcome.TO_DO, (), due, department)
    before = any(done.module == module and done.day < since for done in facts.completions)
    return Reason(occasion, since, Outcome.NOTHING_ADDED if before else Outcome.DONE, (), None, department)


def _cause(facts: Facts, module: str, day: date, assignment: Assignment) -> Cause:
    """The last transfer since the module was first asked for; without one, what it was first asked by."""
    current = _posting_on(facts, day)
    assert current is not None, "there is no assignment without a main posting"
    if current.first > assignment.start and _posting_on(facts, current.first - ONE_DAY):
        return Occasion.TRANSFER, current.first, current.department
    entered = _posting_on(facts, assignment.start)
    if entered is not None and entered.first == assignment.start:
        return _kind_of_arrival(facts, entered), entered.first, entered.department
    offered = first_offered(facts, module)
    by_release = offered == assignment.start and assignment.policy.first != offered
    return (Occasion.RELEASE if by_release else Occasion.POLICY), assignment.start, None


def _kind_of_arrival(facts: Facts, posting: Posting) -> Occasion:
    if _posting_on(facts, posting.first - ONE_DAY):
        return Occasion.TRANSFER
    was_there = any(other.first < posting.first for other in facts.main_postings)
    return Occasion.RETURN if was_there else Occasion.ARRIVAL


def _posting_on(facts: Facts, day: date) -> Posting | None:
    return next((posting for posting in facts.main_postings if posting.covers(day)), None)
