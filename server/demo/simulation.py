"""A large organisation over some years, from a seed: for measuring, never for people.

Everything in it is invented. It is written in bulk, and is what the operations would have written.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, Engine

from server.demo.staff import SampleName, invented_names
from server.people.persons import add_people
from server.record.bulk import Bulk
from server.record.departments import BEGINNING, begin_department
from server.record.facts import shared_facts
from server.record.learning import ModuleVersion
from server.record.policies import enter_policy
from server.releases.publish import publish
from server.rules.days import JAPAN, ONE_DAY, Span
from server.rules.facts import Completion, Facts, Policy, Posting
from server.storage.engine import writing

ACTOR = "kyozai simulate"
BUREAUS, DIVISIONS, SECTIONS = 30, 6, 5
VALID_DAYS = 730
TOGETHER = 2_000
"""People in a transaction."""


@dataclass(frozen=True)
class Size:
    people: int
    years: int
    seed: int


@dataclass(frozen=True)
class World:
    """What everybody has in common. `sections`: where people are posted."""

    first: date
    last: date
    sections: Sequence[str]
    modules: Sequence[ModuleVersion]
    nobody: Facts


def simulate(
    engine: Engine, package: bytes, size: Size, today: date, each: Callable[[int], None] = lambda _: None
) -> int:
    """Into an empty database. Returns the number of rows; `each` is called with people as they are done."""
    chance = random.Random(size.seed)  # noqa: S311 — nothing to guess
    first = date(today.year - size.years, 4, 1)
    with writing(engine) as connection:
        world = _open(connection, package, first, today)
    names, rows = invented_names(size.people, chance), 0
    for start in range(0, size.people, TOGETHER):
        count = min(TOGETHER, size.people - start)
        with writing(engine) as connection:
            rows += _people(connection, world, [next(names) for _ in range(count)], chance)
        each(count)
    return rows


def _open(connection: Connection, package: bytes, first: date, last: date) -> World:
    """Departments, the course and one policy."""
    at = datetime.combine(first, time(8), tzinfo=JAPAN)
    sections = list(_departments(connection, at))
    manifest = publish(connection, package, name="package.zip", at=at, actor=ACTOR)
    enter_policy(connection, Policy(first, days=60, valid_days=VALID_DAYS), at=at, actor=ACTOR)
    modules = [ModuleVersion(each.id, each.version, manifest.release) for each in manifest.modules]
    return World(first, last, sections, modules, shared_facts(connection).of_nobody)


def _departments(connection: Connection, at: datetime) -> Iterator[str]:
    def begin(code: str, name: str, parent: str | None) -> str:
        return begin_department(connection, code, name, BEGINNING, parent_id=parent, at=at, actor=ACTOR)

    for bureau in range(1, BUREAUS + 1):
        top = begin(f"{bureau:02}", f"第{bureau}局", None)
        for division in range(1, DIVISIONS + 1):
            middle = begin(f"{bureau:02}{division:02}", f"第{division}部", top)
            for section in range(1, SECTIONS + 1):
                yield begin(f"{bureau:02}{division:02}{section:02}", f"第{section}課", middle)


def _people(connection: Connection, world: World, names: Sequence[SampleName], chance: random.Random) -> int:
    ids = add_people(
        connection,
        [(name.number, name.name, name.reading) for name in names],
        at=datetime.combine(world.first, time(8), tzinfo=JAPAN),
    )
    bulk = Bulk(connection, ACTOR)
    for person_id in ids:
        _life(bulk, world, person_id, chance)
        bulk.flush(is_last=False)
    bulk.flush()
    return bulk.rows


def _life(bulk: Bulk, world: World, person_id: str, chance: random.Random) -> None:
    facts = replace(
        world.nobody,
        main_postings=tuple(_career(world, chance)),
        leaves=tuple(_leaves(world, chance)),
    )
    for posting in facts.main_postings:
        bulk.posting(person_id, posting.department, posting.first, posting.last)
        if chance.random() < 0.03:
            bulk.posting(
                person_id, chance.choice(world.sections), posting.first, posting.last, kind="concurrent"
            )
    for leave in facts.leaves:
        assert leave.last is not None
        bulk.leave(person_id, leave.first, leave.last)
    done = list(_learning(world, facts, chance))
    begun: dict[str, date] = {}
    for module, at, department in done:
        if module.module_id not in begun:
            begun[module.module_id] = at.date()
            bulk.started(person_id, module, at)
        bulk.completion(person_id, module, at, department)
    completions = tuple(Completion(module.module_id, module.version, at.date()) for module, at, _ in done)
    bulk.standing(person_id, replace(facts, completions=completions, begun=begun))


def _career(world: World, chance: random.Random) -> Iterator[Posting]:
    """Most are there from the beginning; a quarter moves each April; some leave."""
    first = world.first
    if chance.random() < 0.3:
        first += timedelta(days=chance.randrange((world.last - world.first).days))
    while True:
        department = chance.choice(world.sections)
        year = first.year if first < date(first.year, 4, 1) else first.year + 1
        last: date | None = date(year, 4, 1) - ONE_DAY
        while last is not None and chance.random() < 0.75:
            last = date(last.year + 1, 3, 31)
        if last is None or last >= world.last:
            yield Posting(first, None, department)
            return
        yield Posting(first, last, department)
        if chance.random() < 0.15:
            return
        first = last + ONE_DAY


def _leaves(world: World, chance: random.Random) -> Iterator[Span]:
    if chance.random() < 0.08:
        first = world.first + timedelta(days=chance.randrange((world.last - world.first).days))
        yield Span(first, first + timedelta(days=chance.randrange(30, 365)))


def _learning(
    world: World, facts: Facts, chance: random.Random
) -> Iterator[tuple[ModuleVersion, datetime, str]]:
    """Nine in ten complete each module, mostly in time, and again when it is valid no more."""
    eagerness = chance.choice((0.3, 0.9, 0.98, 1.0))
    for module in world.modules:
        begins = facts.main_postings[0].first
        while chance.random() < eagerness:
            day = begins + timedelta(days=min(int(chance.expovariate(1 / 25)), 300))
            home = next((each for each in facts.main_postings if each.covers(day)), None)
            if day > world.last or home is None:
                break
            at = datetime.combine(day, time(9 + chance.randrange(8), chance.randrange(60)), tzinfo=JAPAN)
            yield module, at, home.department
            begins = day + timedelta(days=VALID_DAYS)
