"""A simulated organisation is what the operations would have written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from server.demo.simulation import Size, simulate
from server.record.department_history import department_history
from server.record.facts import facts_of
from server.record.replay import entries_of_people, known_person, known_shared
from server.record.seals import seal_now
from server.record.standing import differing, rows_of
from server.record.verify import verify
from server.reporting.filters import NOT_YET, Filter
from server.reporting.people import page_of_people, people_asked_for, states_on
from server.storage import tables
from server.storage.engine import reading
from tests.builders.course import package, small_course
from tests.builders.databases import PostgreSQL
from tests.builders.site import Site
from tests.builders.staff import day, noon

TODAY = day("2026-11-26")
PEOPLE = 300


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return package(small_course(), tmp_path_factory.mktemp("course"))


@pytest.fixture
def simulated(tmp_path: Path, database_url: str, data: bytes) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url)
    simulate(site.engine, data, Size(PEOPLE, 3, seed=7), TODAY)
    yield site
    site.close()


def people(connection: Connection) -> list[str]:
    return list(connection.scalars(select(tables.person.c.id).order_by(tables.person.c.id)))


def test_its_states_are_those_of_the_rules_and_of_its_entries_alone(simulated: Site) -> None:
    revision = seal_now(simulated.engine, simulated.keys.current(), noon("2026-11-26")).number
    with reading(simulated.engine) as connection:
        everybody = people(connection)
        assert differing(connection, everybody) == []
        shared, _ = known_shared(connection, revision)
        entries = entries_of_people(connection, everybody, revision)
        kept = facts_of(connection, everybody)
        for person in everybody:
            told = known_person(entries[person], shared).facts
            assert rows_of(person, told) == rows_of(person, kept[person])
        assert verify(connection, simulated.keys).findings == ()


def test_the_same_seed_makes_the_same_organisation(simulated: Site, data: bytes, tmp_path: Path) -> None:
    again = Site(tmp_path / "again", database_url=f"sqlite:///{tmp_path / 'again.db'}")
    simulate(again.engine, data, Size(PEOPLE, 3, seed=7), TODAY)
    with reading(simulated.engine) as one, reading(again.engine) as other:
        assert [counted(one), names(one)] == [counted(other), names(other)]
    again.close()


def counted(connection: Connection) -> Any:
    departments = department_history(connection)
    return states_on(connection, departments, Filter(TODAY)).counts


def names(connection: Connection) -> list[str]:
    found = page_of_people(connection, department_history(connection), Filter(TODAY), 0, 50)
    return [person.name for person in found.people]


def test_listing_people_never_reads_the_record(tmp_path: Path, data: bytes, postgresql: PostgreSQL) -> None:
    """The shape of the plan, at a size at which a planner begins to care."""
    with postgresql.database() as url:
        site = Site(tmp_path, database_url=url)
        simulate(site.engine, data, Size(2_000, 3, seed=7), TODAY)
        with site.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
            asked = Filter(TODAY, states=frozenset(NOT_YET))
            query = people_asked_for(department_history(connection), asked).limit(100)
            compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
            plan = [row[0] for row in connection.execute(text(f"EXPLAIN {compiled}"))]
        site.close()
    assert not [line for line in plan if "on entry" in line]
    assert not [line for line in plan if "Seq Scan on standing" in line]
