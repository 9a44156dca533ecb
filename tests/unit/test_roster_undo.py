"""A law: whatever a staff list does, taking it back leaves everything as it was, and no entry is lost."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from server.people.roster import plan
from server.people.roster_file import Leave, RosterRow
from server.people.roster_imports import take_in, undo_last
from server.record.standing import differing
from server.storage import tables
from server.storage.engine import reading, writing
from tests.builders.site import Site
from tests.builders.staff import ACTOR, day, noon

TODAY = date(2026, 6, 10)
AS_THEY_WERE = (
    tables.posting, tables.leave, tables.department, tables.department_period, tables.standing,
)  # fmt: skip


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url)
    site.staff.policy(since="2026-04-01", days=30)
    site.staff.release("1.0.0", "customer-view")
    for number in range(3):
        site.staff.person(
            f"職員 {number}", number=f"{number:03}", department=("総務課", "企画課")[number % 2]
        )
    left = site.staff.person("職員 3", number="003", department="総務課")
    site.staff.leaves(left, last="2026-05-10")
    yield site
    site.close()


@st.composite
def rows(draw: st.DrawFn, line: int) -> RosterRow:
    first = day("2026-04-01") + timedelta(days=draw(st.integers(0, 120)))
    ends = draw(st.none() | st.integers(0, 200))
    department = draw(st.sampled_from(["総務課", "企画課", "海岸課"]))
    return RosterRow(
        line=line,
        number=f"{draw(st.integers(0, 5)):03}",
        name=draw(st.sampled_from(["職員 1", "職員 はる"])),
        reading="ショクイン",
        department_code=department,
        department_name=draw(st.sampled_from([department, f"新{department}"])),
        first_day=first,
        kind=draw(st.sampled_from(["main", "main", "concurrent"])),
        last_day=None if ends is None else first + timedelta(days=ends),
        leave=draw(st.none() | st.just(Leave(day("2026-06-01"), None))),
    )


@st.composite
def lists(draw: st.DrawFn) -> list[RosterRow]:
    found = [draw(rows(line)) for line in range(2, 2 + draw(st.integers(1, 4)))]
    by_main = {(row.number, row.kind): row for row in found}
    names = {row.department_code: row.department_name for row in by_main.values()}
    assume(all(row.department_name == names[row.department_code] for row in by_main.values()))
    return list(by_main.values())


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much]
)
@given(lists())
def test_taking_a_list_back_leaves_everything_as_it_was(site: Site, listed: list[RosterRow]) -> None:
    with reading(site.engine) as connection:
        planned = plan(connection, listed, "staff.csv", TODAY)
        before, names = everything(connection), details(connection)
        entries = len(connection.execute(select(tables.entry)).all())
    assume(planned.may_be_applied and not planned.is_empty)

    with writing(site.engine) as connection:
        imported = take_in(connection, planned, "staff.csv", len(listed), at=noon("2026-06-10"), actor=ACTOR)
    with writing(site.engine) as connection:
        undo_last(connection, at=noon("2026-06-10"), actor=ACTOR)

    with reading(site.engine) as connection:
        assert everything(connection) == before
        assert {number: name for number, name in details(connection).items() if number in names} == names
        assert len(connection.execute(select(tables.entry)).all()) >= entries
        assert differing(connection, sorted(imported.people.values())) == []


def everything(connection: Connection) -> dict[str, list[Any]]:
    return {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in AS_THEY_WERE}


def details(connection: Connection) -> dict[str, str]:
    table = tables.person_details
    return {row.number: row.name for row in connection.execute(select(table))}
