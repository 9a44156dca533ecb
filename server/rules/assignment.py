"""Assignments: what follows from policies, postings and releases. Computed, never stored as a fact."""

from dataclasses import dataclass
from datetime import date, timedelta

from server.rules.days import ONE_DAY, Span
from server.rules.facts import Facts, Policy

RETURN_DAYS = 30
"""After a leave: the later of the old due date and this many days from the return."""


@dataclass(frozen=True)
class Assignment:
    """That a person has to complete a module by the end of a day, and the policy it follows from."""

    policy: Policy
    due: date


def assignment_on(facts: Facts, module: str, day: date) -> Assignment | None:
    """The assignment with the earliest due date among the policies that apply on the day."""
    arrival = arrival_on(facts.main_postings, day)
    offered = first_offered(facts, module)
    if arrival is None or offered is None or offered > day:
        return None
    assignments = [
        Assignment(policy, _due(max(arrival, policy.first, offered), policy, facts.leaves, day))
        for policy in facts.policies
        if policy.first <= day and policy.includes(module) and version_on(facts, module, day)
    ]
    return min(assignments, key=lambda assignment: assignment.due, default=None)


def arrival_on(main_postings: tuple[Span, ...], day: date) -> date | None:
    """The first day of the unbroken run of main postings that the day lies in.

    A transfer continues the run, so it moves no due date; a return after leaving begins a new one.
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


def _due(start: date, policy: Policy, leaves: tuple[Span, ...], day: date) -> date:
    due = start + timedelta(days=policy.days)
    returns = [leave.last + ONE_DAY for leave in leaves if leave.last is not None and leave.last < day]
    return max([due, *(back + timedelta(days=RETURN_DAYS) for back in returns if back > start)])
