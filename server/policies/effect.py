"""Whom a policy would move, before it is entered: the rules on facts that are not in the record yet."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from server.record.department_history import department_history
from server.record.facts import department_tree, facts_of, policies_by_entry
from server.record.preview import by_bureau, main_departments
from server.rules.facts import Facts, Policy
from server.rules.state import State, course_state, state_on

PerBureau = list[tuple[str, int]]
"""Name of the bureau → people, in the order of the bureaus' codes."""


@dataclass(frozen=True)
class PolicyEffect:
    """On `day`: (state of the course now, then) → people per bureau; and how many stay as they are."""

    day: date
    moves: Sequence[tuple[State, State, PerBureau]]
    unmoved: int

    @property
    def moved(self) -> int:
        return sum(people for _, _, bureaus in self.moves for _, people in bureaus)

    @property
    def overdue_at_once(self) -> int:
        """Whose due date would be over on the very day."""
        return sum(
            people for _, then, bureaus in self.moves if then is State.OVERDUE for _, people in bureaus
        )


def effect_of_policy(connection: Connection, policy: Policy, today: date) -> PolicyEffect:
    """On its first day, or today where it began before."""
    tree = department_tree(connection)

    def entered(facts: Facts) -> Facts:
        return replace(facts, policies=(*facts.policies, policy), tree=tree)

    return _effect(connection, entered, max(policy.first, today))


def effect_of_end(connection: Connection, policy_id: str, last: date, today: date) -> PolicyEffect:
    """On the day after its last, or today where that is over."""
    entered = policies_by_entry(connection)
    ended = tuple(replace(each, last=last) if key == policy_id else each for key, each in entered.items())

    def without(facts: Facts) -> Facts:
        return replace(facts, policies=ended)

    return _effect(connection, without, max(date.fromordinal(last.toordinal() + 1), today))


def _effect(connection: Connection, supposition: Callable[[Facts], Facts], day: date) -> PolicyEffect:
    posted, departments = main_departments(connection, day), department_history(connection)
    people: dict[tuple[State, State], list[str]] = defaultdict(list)
    for person_id, facts in facts_of(connection, sorted(posted)).items():
        people[_course(facts, day), _course(supposition(facts), day)].append(person_id)
    moves = [
        (before, after, by_bureau(ids, posted, departments, day))
        for (before, after), ids in sorted(people.items())
        if before is not after
    ]
    unmoved = sum(len(ids) for (before, after), ids in people.items() if before is after)
    return PolicyEffect(day, moves, unmoved)


def _course(facts: Facts, day: date) -> State:
    modules = {module for release in facts.releases for module in release.versions}
    return course_state(state_on(facts, module, day) for module in modules)
