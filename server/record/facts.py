"""Read the facts of people from the record, in the form in which the rules take them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, Table, bindparam, select

from server.record.entry_facts import begun_from, exemptions_from, policies_from, releases_from
from server.rules.days import Span, day_of
from server.rules.facts import Completion, Facts, Place, Policy, Posting, Release, Tree
from server.storage import tables

BATCH = 500
"""People per query: SQLite allows a limited number of values in a statement."""


_RELEASES = (
    select(tables.entry).where(tables.entry.c.kind.in_(("release", "withdrawal"))).order_by(tables.entry.c.id)
)
_POLICIES = select(tables.entry).where(tables.entry.c.kind == "policy").order_by(tables.entry.c.id)


def _of_people(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    people: BindParameter[str] = bindparam("people", expanding=True)
    return select(table).where(table.c.person_id.in_(people), *conditions).order_by(table.c.id)


_POSTINGS = _of_people(tables.posting, tables.posting.c.kind == "main")
_LEAVES = _of_people(tables.leave)
_COMPLETIONS = _of_people(tables.completion, tables.completion.c.voided_at.is_(None))
_EVENTS = _of_people(tables.entry, tables.entry.c.kind.in_(("started", "exemption")))


@dataclass(frozen=True)
class Shared:
    """The facts that are everybody's."""

    policies: tuple[Policy, ...]
    releases: tuple[Release, ...]
    tree: Tree

    @property
    def of_nobody(self) -> Facts:
        """Of somebody of whom nothing else is known."""
        return Facts(policies=self.policies, releases=self.releases, tree=self.tree)


def policies(connection: Connection) -> tuple[Policy, ...]:
    return shared_facts(connection).policies


def policies_by_entry(connection: Connection) -> dict[str, Policy]:
    return policies_from(connection.execute(_POLICIES))


def shared_facts(connection: Connection) -> Shared:
    known = tuple(policies_by_entry(connection).values())
    return Shared(
        known,
        releases_from(connection.execute(_RELEASES).all()),
        department_tree(connection) if any(policy.departments for policy in known) else Tree(),
    )


def department_tree(connection: Connection) -> Tree:
    places: dict[str, list[Place]] = defaultdict(list)
    for row in connection.execute(select(tables.department_period)):
        places[row.department_id].append(Place(Span(row.first_day, row.last_day), row.parent_id))
    return Tree({department: tuple(found) for department, found in places.items()})


def facts_of(connection: Connection, person_ids: Sequence[str]) -> dict[str, Facts]:
    """The facts of each person; one without any has only the policies and releases."""
    shared = shared_facts(connection)
    found: dict[str, Facts] = {}
    for start in range(0, len(person_ids), BATCH):
        batch = person_ids[start : start + BATCH]
        found |= _facts_of_batch(connection, batch, shared)
    return found


def _facts_of_batch(connection: Connection, person_ids: Sequence[str], shared: Shared) -> dict[str, Facts]:
    postings = _by_person(connection, _POSTINGS, person_ids)
    leaves = _by_person(connection, _LEAVES, person_ids)
    completions = _by_person(connection, _COMPLETIONS, person_ids)
    events = _by_person(connection, _EVENTS, person_ids)
    return {
        person_id: Facts(
            main_postings=tuple(_posting(row) for row in postings[person_id]),
            leaves=tuple(_span(row) for row in leaves[person_id]),
            exemptions=exemptions_from([row for row in events[person_id] if row.kind == "exemption"]),
            completions=tuple(
                Completion(row.module_id, row.module_version, day_of(row.completed_at))
                for row in completions[person_id]
            ),
            begun=begun_from(row for row in events[person_id] if row.kind == "started"),
            policies=shared.policies,
            releases=shared.releases,
            tree=shared.tree,
        )
        for person_id in person_ids
    }


def _by_person(
    connection: Connection, query: Select[Any], person_ids: Sequence[str]
) -> dict[str, list[Row[Any]]]:
    rows: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query, {"people": person_ids}):
        rows[row.person_id].append(row)
    return rows


def _posting(row: Row[Any]) -> Posting:
    return Posting(row.first_day, row.last_day, row.department_id, row.appointment)


def _span(row: Row[Any]) -> Span:
    return Span(row.first_day, row.last_day)
