"""A law of the reports: whatever happened to people, every one of them is counted once, and in one state."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from server.record.department_history import department_history
from server.record.postings import PostingRefused
from server.reporting.department_report import department_report
from server.reporting.events import events_by_department
from server.reporting.filters import Filter
from server.reporting.people import people_on
from server.rules.rates import Totals
from server.storage import tables
from server.storage.engine import reading
from tests.builders.site import Site
from tests.builders.staff import Person

APRIL = date(2026, 4, 1)
SECTIONS = ("総務課", "企画課", "海岸課")
DAY = date(2026, 12, 1)

HAPPENINGS = ("completes", "moves", "moves concurrently", "leaves", "returns", "takes leave", "major")

happenings = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(
            ["completes", "moves", "moves concurrently", "leaves", "returns", "takes leave", "major"]
        ),
        st.sampled_from(SECTIONS),
        st.integers(1, 30),
    ),
    max_size=10,
)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url)
    for name, above in (("総務局", None), ("総務課", "総務局"), ("港湾局", None)):
        site.staff.department(name, under=above)
    for section in SECTIONS[1:]:
        site.staff.department(section, under="港湾局")
    site.staff.policy(since="2026-04-01", days=30)
    site.staff.release("1.0.0", "customer-view", "simple")
    yield site
    site.close()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings)
def test_departments_add_up_to_the_distinct_people(
    site: Site, story: list[tuple[int, str, str, int]]
) -> None:
    people = [site.staff.person(department=section, since="2026-04-01") for section in (*SECTIONS, "総務課")]
    day = APRIL
    for number, happening, section, days in story:
        day += timedelta(days=days)
        happen(site, people[number], happening, section, min(day, DAY).isoformat())

    with reading(site.engine) as connection:
        history = department_history(connection)
        tree = history.on(DAY)
        report = department_report(connection, tree, Filter(DAY), hides_small=False)
        everybody = people_on(connection, history, DAY)
        events = events_by_department(connection, APRIL, DAY)

    assert report.whole.measures.totals.people == len({person.id for person in everybody})
    assert report.whole.measures.totals == Totals.of(person.state for person in everybody)
    assert sum((line.measures.totals for line in report.lines), Totals()) == report.whole.measures.totals
    assert report.whole.measures.reached <= report.whole.measures.totals.required
    for each in (line.measures.duties for line in report.lines):
        assert 0 <= each.on_time <= each.due
    assert sum(each.completions for each in events.values()) <= completions(site)


def happen(site: Site, person: Person, happening: str, section: str, on: str) -> None:
    """What does not fit the story so far is passed over, as the record itself refuses it."""
    staff = site.staff
    try:
        match happening:
            case "completes":
                staff.completes(person, "customer-view", on=on)
            case "moves":
                staff.moves_to(person, section, on=on)
            case "moves concurrently":
                staff.posts(person, section, on, kind="concurrent")
            case "leaves":
                staff.leaves(person, last=on)
            case "returns":
                staff.posts(person, section, on)
            case "takes leave":
                staff.takes_leave(person, on, on)
            case "major":
                staff.release(
                    f"2.0.{staff.counted}", on=on, versions={"customer-view": "2.0.0", "simple": "1.0.0"}
                )
    except (PostingRefused, AssertionError):
        return


def completions(site: Site) -> int:
    """Of everybody, wherever they were posted."""
    with reading(site.engine) as connection:
        return connection.scalar(select(func.count()).select_from(tables.completion)) or 0
