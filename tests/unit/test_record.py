"""The learning record: append-only, and its states always what the rules say."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Executable, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.record.departments import place_department
from server.record.entries import append, salted_digest
from server.record.facts import facts_of
from server.record.policies import enter_policy
from server.record.postings import PostingRefused
from server.record.standing import COURSE, differing, states_of
from server.rules.facts import Policy
from server.rules.state import State
from server.storage import tables
from server.storage.engine import PRAGMAS, StorageFault, open_engine, reading, writing
from tests.builders.databases import PostgreSQL, with_option
from tests.builders.happenings import happenings, tell
from tests.builders.site import Site
from tests.builders.staff import Person, Staff, noon

M = "customer-view"
APRIL = date(2026, 4, 1)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url)
    site.staff.policy(since="2026-04-01", days=30)
    site.staff.release("1.0.0", M, "co-creation", on="2026-04-01")
    yield site
    site.close()


@pytest.fixture
def person(site: Site) -> Person:
    return site.staff.person("青海 はる", since="2026-04-01")


def course_state(site: Site, person: Person, day: str) -> State:
    with reading(site.engine) as connection:
        return states_of(connection, person.id, date.fromisoformat(day))[COURSE].state


AT_ONCE = {
    "sqlite": "INSERT OR REPLACE INTO entry SELECT * FROM entry",
    "postgresql": "TRUNCATE entry CASCADE",
}
"""How each database would change or remove entries without naming one."""


@pytest.mark.parametrize("how", ["update", "delete", "at once"])
def test_the_database_itself_refuses_to_change_an_entry(site: Site, person: Person, how: str) -> None:
    changes: dict[str, Executable] = {
        "update": update(tables.entry).values(actor="somebody else"),
        "delete": delete(tables.entry),
        "at once": text(AT_ONCE[site.engine.dialect.name]),
    }
    with pytest.raises(DBAPIError, match="never changed"), writing(site.engine) as connection:
        connection.execute(changes[how])


def test_an_operation_that_fails_half_way_leaves_nothing(site: Site, person: Person) -> None:
    site.staff.department("港湾課")
    with reading(site.engine) as connection:
        before = len(connection.execute(select(tables.entry.c.id)).all())
    with pytest.raises(PostingRefused):
        site.staff.posts(person, "港湾課", "2026-05-01")
    with reading(site.engine) as connection:
        assert len(connection.execute(select(tables.entry.c.id)).all()) == before


def test_nobody_has_two_main_postings_on_a_day(site: Site, person: Person) -> None:
    with pytest.raises(PostingRefused):
        site.staff.posts(person, "港湾課", "2026-04-15")


def test_the_database_itself_refuses_a_second_main_posting(site: Site, person: Person) -> None:
    with writing(site.engine) as connection:
        row = connection.execute(select(tables.posting).where(tables.posting.c.person_id == person.id)).one()
        again = {**row._mapping, "id": "another", "first_day": date(2030, 1, 1)}
        with pytest.raises(IntegrityError):
            connection.execute(insert(tables.posting).values(again))


def test_a_department_placed_elsewhere_is_asked_what_its_new_place_is_asked(site: Site) -> None:
    for name, above in (("総務局", None), ("港湾局", None), ("海岸課", "港湾局")):
        site.staff.department(name, under=above)
    haru = site.staff.person("青海 はる", department="海岸課", since="2026-04-01")
    bureau, section = site.staff.department("総務局"), site.staff.department("海岸課")
    with writing(site.engine) as connection:
        of_bureau = Policy(APRIL, days=10, departments=frozenset({bureau}))
        enter_policy(connection, of_bureau, at=noon("2026-04-01"), actor="a test")
        place_department(
            connection, section, bureau, date(2026, 4, 20), at=noon("2026-04-02"), actor="a test"
        )

    with reading(site.engine) as connection:
        assert differing(connection, [haru.id]) == []
    assert course_state(site, haru, "2026-04-30") is State.NOT_STARTED
    assert course_state(site, haru, "2026-05-01") is State.OVERDUE


def test_a_concurrent_posting_may_overlap(site: Site, person: Person) -> None:
    site.staff.posts(person, "港湾課", "2026-04-15", kind="concurrent")
    assert course_state(site, person, "2026-04-15") is State.NOT_STARTED


def test_states_of_future_days_need_no_nightly_job(site: Site, person: Person) -> None:
    assert course_state(site, person, "2026-05-01") is State.NOT_STARTED
    assert course_state(site, person, "2026-05-02") is State.OVERDUE


def test_what_may_be_erased_lies_beside_the_entry_under_a_salted_digest(site: Site) -> None:
    with writing(site.engine) as connection:
        entry_id = append(
            connection, "submitted", at=noon("2026-04-02"), actor="a test", body={}, payload={"given": "b"}
        )
        entry = connection.execute(select(tables.entry).where(tables.entry.c.id == entry_id)).one()
        payload = connection.execute(select(tables.entry_payload)).one()
    assert "given" not in str(entry.body)
    assert entry.payload_digest == salted_digest(payload.salt, payload.payload)


def test_every_connection_to_sqlite_is_set_for_durability(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'kyozai.db'}")
    with reading(engine) as connection:
        answered = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
    engine.dispose()
    assert answered == PRAGMAS


def test_a_postgresql_that_commits_before_it_is_durable_is_refused(postgresql: PostgreSQL) -> None:
    with postgresql.database() as url:
        engine = open_engine(with_option(url, "synchronous_commit=off"))
        with pytest.raises(StorageFault, match="synchronous_commit"), reading(engine):
            pass
        engine.dispose()


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_migrations_make_exactly_the_tables_that_the_code_uses(site: Site) -> None:
    with reading(site.engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_a_moment_without_a_time_zone_is_refused(site: Site) -> None:
    naive = datetime(2026, 4, 1)  # noqa: DTZ001 — that is the point
    with pytest.raises(Exception, match="without a time zone"), writing(site.engine) as connection:
        connection.execute(insert(tables.person).values(id="x", created_at=naive, is_sample=False))


# A law: whatever happened to somebody, the rows that are kept say what the rules say.


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings)
def test_the_kept_states_are_those_of_the_rules_whatever_happens(
    site: Site, story: list[tuple[str, int]]
) -> None:
    person = site.staff.person(number=f"p{site.staff.counted}", since="2026-04-01")
    day = APRIL
    for happening, days in story:
        day += timedelta(days=days)
        tell(site, person, happening, day.isoformat())
    with reading(site.engine) as connection:
        assert differing(connection, [person.id]) == []
        assert facts_of(connection, [person.id])[person.id].policies


INDEPENDENT: tuple[Callable[[Staff, Person], None], ...] = (
    lambda staff, person: staff.takes_leave(person, "2026-05-01", "2026-06-10"),
    lambda staff, person: staff.is_exempt(person, M, "2026-04-10", "2026-04-20"),
    lambda staff, person: staff.completes(person, M, on="2026-04-25"),
    lambda staff, person: staff.completes(person, M, on="2026-07-01"),
    lambda staff, person: staff.moves_to(person, "港湾課", on="2026-06-01"),
    lambda staff, person: staff.posts(person, "総務課", "2026-06-15", kind="concurrent"),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(INDEPENDENT))
def test_facts_that_do_not_depend_on_each_other_may_be_entered_in_any_order(
    site: Site, order: list[Callable[[Staff, Person], None]]
) -> None:
    one, other = (site.staff.person(number=f"p{site.staff.counted}", since="2026-04-01") for _ in range(2))
    for told, person in ((INDEPENDENT, one), (order, other)):
        for happens in told:
            happens(site.staff, person)
    assert standing_of(site, one) == standing_of(site, other)


def standing_of(site: Site, person: Person) -> list[tuple[Any, ...]]:
    kept = tables.standing
    query = select(kept.c.module_id, kept.c.from_day, kept.c.until_day, kept.c.state, kept.c.due_day)
    with reading(site.engine) as connection:
        rows = connection.execute(query.where(kept.c.person_id == person.id))
        return sorted(tuple(row) for row in rows)
