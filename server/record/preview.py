"""What would move if something more were known: the same rules, on facts that are not in the record."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from server.record.department_history import DepartmentHistory
from server.record.facts import facts_of
from server.record.postings import covers
from server.rules.facts import Facts
from server.rules.state import State, state_on
from server.storage import tables

Supposition = Callable[[Facts], Facts]
"""The facts of a person → as they would be."""


@dataclass(frozen=True)
class Standpoint:
    """A person's state for a module on a day, as it is and as it would be."""

    person_id: str
    module_id: str
    before: State
    after: State


def suppose(
    connection: Connection, day: date, modules: Collection[str], supposition: Supposition
) -> Iterator[Standpoint]:
    """Of everybody with a main posting on the day, moved or not."""
    posted = main_departments(connection, day)
    for person_id, facts in facts_of(connection, sorted(posted)).items():
        supposed = supposition(facts)
        for module in modules:
            before, after = state_on(facts, module, day), state_on(supposed, module, day)
            yield Standpoint(person_id, module, before, after)


def main_departments(connection: Connection, day: date) -> dict[str, str]:
    """Person → department of the main posting on the day."""
    posting = tables.posting
    query = select(posting.c.person_id, posting.c.department_id).where(posting.c.kind == "main", covers(day))
    return {row.person_id: row.department_id for row in connection.execute(query)}


def by_bureau(
    people: Collection[str], posted: Mapping[str, str], departments: DepartmentHistory, day: date
) -> list[tuple[str, int]]:
    """How many of them are in each of the departments at the top, in the order of their codes."""
    counted = Counter(departments.top(posted[person_id], day) for person_id in people)
    return [(period.name, counted[period]) for period in sorted(counted, key=lambda period: period.code)]
