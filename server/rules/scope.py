"""Whom a policy is about: when somebody's main postings are within it."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from server.rules.days import ONE_DAY, Span
from server.rules.facts import Policy, Posting, Tree


def within(policy: Policy, postings: Sequence[Posting], tree: Tree) -> tuple[Span, ...]:
    """The times in which the main postings are within the policy's scope.

    A department may be moved to stand under another one while somebody is posted to it.
    """
    if not (policy.departments or policy.appointments):
        return tuple(postings)
    fitting = [
        posting
        for posting in postings
        if not policy.appointments or posting.appointment in policy.appointments
    ]
    if not policy.departments:
        return tuple(fitting)
    return tuple(
        part
        for posting in fitting
        for part in _unchanging(posting, tree)
        if policy.departments & set(line(tree, posting.department, part.first))
    )


def line(tree: Tree, department: str, day: date) -> Iterator[str]:
    """The department, and on the day those above it."""
    above: str | None = department
    while above is not None:
        yield above
        places = (place for place in tree.places.get(above, ()) if place.days.covers(day))
        above = next((place.parent for place in places), None)


def _unchanging(posting: Posting, tree: Tree) -> Iterator[Span]:
    """The parts of a posting in which the tree stays as it is."""
    for first, following in pairwise([posting.first, *tree.edges_within(posting), None]):
        assert first is not None
        yield Span(first, following - ONE_DAY if following else posting.last)
