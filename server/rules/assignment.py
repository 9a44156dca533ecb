"""Assignments: what follows from policies, postings and releases. Computed, never stored as a fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.rules.days import ONE_DAY, Span
from server.rules.facts import Facts, Policy
from server.rules.scope import within

RETURN_DAYS = 30
"""After a leave: the later of the old due date and this many days from the return."""


@dataclass(frozen=True)
class Assignment:
    """That a person has to complete a module, the policy it follows from, and when it began to apply."""

    policy: Policy
    start: date
    due: date


def assignments_on(facts: Facts, module: str, day: date) -> list[Assignment]:
    """One for each policy that applies on the day."""
    offered = first_offered(facts, module)
    if offered is None or version_on(facts, module, day) is None:
        return []
    asking = [policy for policy in facts.policies if policy.applies_on(day) and policy.includes(module)]
    arrivals = [arrival_on(within(policy, facts.main_postings, facts.tree), day) for policy in asking]
    return [
        _assignment(facts, policy, max(arrival, policy.first, offered), day)
        for policy, arrival in zip(asking, arrivals, strict=True)
        if arrival is not None
    ]


def _assignment(facts: Facts, policy: Policy, start: date, day: date) -> Assignment:
    due = due_after(start, policy.days, facts.leaves, day)
    return Assignment(policy, start, max(due, policy.due) if policy.due else due)


def arrival_on(main_postings: Sequence[Span], day: date) -> date | None:
    """The first day of the unbroken run of main postings that the day lies in.

    A transfer continues the run, so it moves no due date; a return after leaving begins a new one. Where a
    policy is about a part of the organisation only, so does a return into that part.
    """
    current = next((span for span in main_postings if span.covers(day)), None)
    while current is not None:
        eve = current.first - ONE_DAY
        earlier = next((span for span in main_postings if span.covers(eve)), None)
        if earlier is None:
            return current.first
        current = earlier
    return None


def first_offered(facts: Facts, module: str) -> date | None:
    return min((release.day for release in facts.releases if module in release.versions), default=None)


def version_on(facts: Facts, module: str, day: date) -> str | None:
    """The version of the newest release published by the end of the day."""
    published = [release for release in facts.releases if release.day <= day]
    return published[-1].versions.get(module) if published else None


def due_after(start: date, days: int, leaves: tuple[Span, ...], day: date) -> date:
    """So many days after a start; a leave that ended since then gives RETURN_DAYS from the return."""
    returns = [leave.last + ONE_DAY for leave in leaves if leave.last is not None and leave.last < day]
    later = (back + timedelta(days=RETURN_DAYS) for back in returns if back > start)
    return max([start + timedelta(days=days), *later])
