"""Read the facts of people from the record, in the form in which the rules take them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, Table, bindparam, select

from server.rules.days import Span, day_of
from server.rules.facts import Completion, Exemption, Facts, Place, Policy, Posting, Release, Tree
from server.storage import tables

BATCH = 500
"""People per query: SQLite allows a limited number of values in a statement."""


_SHARED = (
    select(tables.entry.c.kind, tables.entry.c.body, tables.entry.c.effective_at)
    .where(tables.entry.c.kind.in_(("release", "withdrawal")))
    .order_by(tables.entry.c.id)
)
_POLICIES = (
    select(tables.entry.c.id, tables.entry.c.body)
    .where(tables.entry.c.kind == "policy")
    .order_by(tables.entry.c.id)
)


def _of_people(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    people: BindParameter[str] = bindparam("people", expanding=True)
    return select(table).where(table.c.person_id.in_(people), *conditions).order_by(table.c.id)


_POSTINGS = _of_people(tables.posting, tables.posting.c.kind == "main")
_LEAVES = _of_people(tables.leave)
_COMPLETIONS = _of_people(tables.completion)
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
    """Id of the entry → policy, with the last day that a later entry gave it."""
    found: dict[str, Policy] = {}
    for row in connection.execute(_POLICIES):
        if "ends" in row.body:
            ended = found[row.body["ends"]]
            found[row.body["ends"]] = replace(ended, last=date.fromisoformat(row.body["last"]))
        else:
            found[row.id] = _policy(row.body)
    return found


def shared_facts(connection: Connection) -> Shared:
    """Of the releases those in force: one that was withdrawn is as if it had never been."""
    entries: dict[str, list[Row[Any, Any, Any]]] = defaultdict(list)
    for row in connection.execute(_SHARED):
        entries[row.kind].append(row)
    withdrawn = {row.body["release"] for row in entries["withdrawal"]}
    in_force = [row for row in entries["release"] if row.body["release"] not in withdrawn]
    in_force.sort(key=lambda row: row.effective_at)
    known = tuple(policies_by_entry(connection).values())
    return Shared(
        known,
        tuple(Release(day_of(row.effective_at), row.body["versions"]) for row in in_force),
        department_tree(connection) if any(policy.departments for policy in known) else Tree(),
    )


def _policy(body: Mapping[str, Any]) -> Policy:
    """Earlier entries say less: what they do not say did not exist yet."""
    due, last = body.get("due"), body.get("last")
    return Policy(
        first=date.fromisoformat(body["first"]),
        modules=frozenset(body["modules"]),
        days=body["days"],
        grace_days=body["grace_days"],
        valid_days=body["valid_days"],
        last=date.fromisoformat(last) if last else None,
        due=date.fromisoformat(due) if due else None,
        departments=frozenset(body.get("departments", ())),
        appointments=frozenset(body.get("appointments", ())),
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
            exemptions=_exemptions([row for row in events[person_id] if row.kind == "exemption"]),
            completions=tuple(
                Completion(row.module_id, row.module_version, day_of(row.completed_at))
                for row in completions[person_id]
            ),
            begun=_begun(row for row in events[person_id] if row.kind == "started"),
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


def _exemptions(rows: Sequence[Row[Any]]) -> tuple[Exemption, ...]:
    """A later entry may give one its last day."""
    ends = {row.body["ends"]: row.body["last"] for row in rows if "ends" in row.body}
    found = [(row, ends.get(row.id, row.body["last"])) for row in rows if "first" in row.body]
    return tuple(
        Exemption(
            row.module_id,
            Span(date.fromisoformat(row.body["first"]), date.fromisoformat(last) if last else None),
        )
        for row, last in found
    )


def _begun(rows: Iterable[Row[Any]]) -> dict[str, date]:
    begun: dict[str, date] = {}
    for row in rows:
        day = day_of(row.effective_at)
        begun[row.module_id] = min(day, begun.get(row.module_id, day))
    return begun
