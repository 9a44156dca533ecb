"""What the entries alone say, as it was known at a records revision.

The rows beside the entries (postings, completions, …) and the kept states are made from the same entries as
these come; here nothing but entries is read, and of them only those that the seals up to a revision cover.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from server.record.department_history import DepartmentHistory, Period
from server.record.entry_facts import begun_from, exemptions_from, policies_from, releases_from
from server.record.facts import BATCH, Shared
from server.record.seals import sealed_up_to
from server.rules.days import ONE_DAY, Span, day_of
from server.rules.facts import Completion, Facts, Place, Posting, Tree
from server.storage import tables

OF_EVERYBODY = ("department", "policy", "release", "withdrawal")


@dataclass(frozen=True)
class KnownPosting:
    department: str
    kind: str
    days: Span
    appointment: str = "regular"


@dataclass(frozen=True)
class KnownCompletion:
    entry_id: str
    module: str
    version: str
    at: datetime
    evidence: str


@dataclass(frozen=True)
class KnownPerson:
    """`facts` as the rules take them; the rest is what reports tell besides."""

    facts: Facts
    postings: tuple[KnownPosting, ...] = ()
    completions: tuple[KnownCompletion, ...] = ()


def known_shared(connection: Connection, revision: int) -> tuple[Shared, DepartmentHistory]:
    """What was known of policies, releases and departments."""
    entry = tables.entry
    query = select(entry).where(
        entry.c.kind.in_((*OF_EVERYBODY, "correction")), entry.c.person_id.is_(None), sealed_up_to(revision)
    )
    return shared_from(connection.execute(query.order_by(entry.c.id)).all())


def shared_from(entries: Sequence[Row[Any]]) -> tuple[Shared, DepartmentHistory]:
    entries = in_force(entries)
    periods = _periods(row for row in entries if row.kind == "department")
    policies = policies_from(row for row in entries if row.kind == "policy")
    tree = _tree(periods) if any(policy.departments for policy in policies.values()) else Tree()
    return Shared(tuple(policies.values()), releases_from(entries), tree), DepartmentHistory(periods)


def known_release(connection: Connection, revision: int, day: date) -> str | None:
    """The number of the newest release in force by the end of the day; None before the first."""
    entry = tables.entry
    kinds = entry.c.kind.in_(("release", "withdrawal"))
    rows = connection.execute(select(entry).where(kinds, sealed_up_to(revision)).order_by(entry.c.id)).all()
    withdrawn = {row.body["release"] for row in rows if row.kind == "withdrawal"}
    published = [row for row in rows if row.kind == "release" and row.body["release"] not in withdrawn]
    there = [row for row in published if day_of(row.effective_at) <= day]
    return max(there, key=lambda row: row.effective_at).body["release"] if there else None


def entries_of_people(
    connection: Connection, person_ids: Sequence[str], revision: int
) -> dict[str, list[Row[Any]]]:
    """Of each the entries in the order in which they were made, corrections too."""
    entry = tables.entry
    found: dict[str, list[Row[Any]]] = {person_id: [] for person_id in person_ids}
    for start in range(0, len(person_ids), BATCH):
        batch = person_ids[start : start + BATCH]
        query = select(entry).where(entry.c.person_id.in_(batch), sealed_up_to(revision))
        for row in connection.execute(query.order_by(entry.c.id)):
            found[row.person_id].append(row)
    return found


def known_person(entries: Sequence[Row[Any]], shared: Shared) -> KnownPerson:
    entries = in_force(entries)
    postings = _postings(row for row in entries if row.kind == "posting")
    completions = tuple(_completion(row) for row in entries if row.kind == "completion")
    facts = replace(
        shared.of_nobody,
        main_postings=tuple(
            Posting(each.days.first, each.days.last, each.department, each.appointment)
            for each in postings
            if each.kind == "main"
        ),
        leaves=tuple(_leaves(row for row in entries if row.kind == "leave")),
        exemptions=exemptions_from([row for row in entries if row.kind == "exemption"]),
        completions=tuple(Completion(each.module, each.version, day_of(each.at)) for each in completions),
        begun=begun_from(row for row in entries if row.kind == "started"),
    )
    return KnownPerson(facts, postings, completions)


def in_force(entries: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Without corrections and what they take back. A correction may itself be taken back."""
    taken_back: set[str] = set()
    for row in reversed(entries):
        if row.kind == "correction" and row.id not in taken_back:
            taken_back.add(row.body.get("reverses") or row.body.get("voids"))
    return [row for row in entries if row.kind != "correction" and row.id not in taken_back]


def _postings(entries: Iterable[Row[Any]]) -> tuple[KnownPosting, ...]:
    found: dict[str, KnownPosting] = {}
    for row in entries:
        body = row.body
        if "first" in body:
            found[body["posting"]] = KnownPosting(
                body["department"],
                body["kind"],
                Span(date.fromisoformat(body["first"])),
                body.get("appointment", "regular"),
            )
        else:
            known = found[body["posting"]]
            last = date.fromisoformat(body["last"])
            found[body["posting"]] = replace(known, days=replace(known.days, last=last))
    return tuple(found.values())


def _leaves(entries: Iterable[Row[Any]]) -> Iterable[Span]:
    found: dict[str, Span] = {}
    for row in entries:
        last = date.fromisoformat(row.body["last"]) if row.body["last"] else None
        known = found.get(row.body["leave"])
        first = known.first if known else date.fromisoformat(row.body["first"])
        found[row.body["leave"]] = Span(first, last)
    return found.values()


def _completion(row: Row[Any]) -> KnownCompletion:
    return KnownCompletion(row.id, row.module_id, row.body["version"], row.effective_at, row.body["evidence"])


def _periods(entries: Iterable[Row[Any]]) -> list[Period]:
    """A change ends the period before it; one on the same first day stands in its place."""
    found: dict[str, list[Period]] = defaultdict(list)
    for row in entries:
        body, periods = row.body, found[row.body["department"]]
        if "first" not in body:
            periods[-1] = _ended(periods[-1], date.fromisoformat(body["last"]))
            continue
        first = date.fromisoformat(body["first"])
        if periods and periods[-1].days.first == first:
            periods.pop()
        elif periods:
            periods[-1] = _ended(periods[-1], first - ONE_DAY)
        period = Period(body["department"], body["code"], body["name"], body["parent"], Span(first))
        periods.append(period)
    return [period for periods in found.values() for period in periods]


def _ended(period: Period, last: date) -> Period:
    return replace(period, days=Span(period.days.first, last))


def _tree(periods: Sequence[Period]) -> Tree:
    places: Mapping[str, list[Place]] = defaultdict(list)
    for period in periods:
        places[period.department_id].append(Place(period.days, period.parent_id))
    return Tree({department: tuple(found) for department, found in places.items()})
