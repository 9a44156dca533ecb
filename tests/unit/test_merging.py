"""Two records of one human become one, and everything that is told of them holds."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from server.record.corrections import CorrectionRefused
from server.record.facts import facts_of
from server.record.merging import merge_persons, merged_into
from server.record.replay import entries_of_people, known_person, known_shared
from server.record.seals import seal_now
from server.record.standing import differing, rows_of, states_of
from server.record.verify import verify
from server.rules.days import Span, without
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading, writing
from tests.builders.happenings import M, happenings, tell
from tests.builders.site import Site
from tests.builders.staff import Person, day, noon

APRIL = day("2026-04-01")
TODAY = day("2026-06-10")


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url)
    site.staff.policy(since="2026-04-01", days=30)
    site.staff.release("1.0.0", M, "co-creation", on="2026-04-01")
    yield site
    site.close()


@pytest.fixture
def old(site: Site) -> Person:
    """Left in May, and came back under another number."""
    old = site.staff.person("青海 はる", number="00123", since="2026-04-01")
    site.staff.completes(old, M, on="2026-04-20")
    site.staff.leaves(old, last="2026-05-20")
    return old


@pytest.fixture
def new(site: Site) -> Person:
    return site.staff.person("青海 はる", number="90123", since="2026-06-01")


def merge(site: Site, given_up: Person, kept: Person) -> None:
    with writing(site.engine) as connection:
        merge_persons(
            connection, given_up.id, kept.id, reason="再採用", at=noon("2026-06-10"), actor="a test"
        )


def holds(site: Site, *people: Person) -> bool:
    """What is kept is what the rules say, and what the entries alone say; the seals hold."""
    revision = seal_now(site.engine, site.keys.current(), noon("2026-06-10")).number
    ids = [person.id for person in people]
    with reading(site.engine) as connection:
        assert differing(connection, ids) == []
        entries = entries_of_people(connection, ids, revision)
        shared, _ = known_shared(connection, revision)
        for person_id, facts in facts_of(connection, ids).items():
            known = known_person(entries[person_id], shared)
            assert rows_of(person_id, known.facts) == rows_of(person_id, facts)
        return verify(connection, site.keys).findings == ()


def state(site: Site, person: Person) -> State:
    with reading(site.engine) as connection:
        return states_of(connection, person.id, TODAY)[M].state


def test_a_completion_comes_over_as_it_was(site: Site, old: Person, new: Person) -> None:
    assert state(site, new) is State.NOT_STARTED

    merge(site, old, new)

    assert state(site, new) is State.COMPLETE
    completion = tables.completion
    with reading(site.engine) as connection:
        (row,) = connection.execute(
            select(completion).where(completion.c.person_id == new.id, completion.c.voided_at.is_(None))
        )
    assert (row.completed_at, row.module_version, row.evidence) == (noon("2026-04-20"), "1.0.0", "quiz")
    assert row.known_department_id is not None
    assert holds(site, old, new)


def test_whoever_was_given_up_is_counted_no_more_on_any_day(site: Site, old: Person, new: Person) -> None:
    merge(site, old, new)
    standing = tables.standing
    with reading(site.engine) as connection:
        theirs = select(func.count()).where(standing.c.person_id == old.id)
        assert connection.scalar(theirs) == 0
        assert merged_into(connection, old.id) == new.id


def test_where_both_were_posted_the_posting_of_the_one_who_is_kept_stands(site: Site, new: Person) -> None:
    twice = site.staff.person("青海 はる", department="港湾課", since="2026-05-01")
    merge(site, twice, new)
    posting = tables.posting
    with reading(site.engine) as connection:
        rows = connection.execute(
            select(posting).where(posting.c.person_id == new.id).order_by(posting.c.first_day)
        ).all()
    assert [(row.first_day, row.last_day) for row in rows] == [
        (day("2026-05-01"), day("2026-05-31")),
        (day("2026-06-01"), None),
    ]
    assert holds(site, twice, new)


def test_what_was_begun_is_begun(site: Site, old: Person, new: Person) -> None:
    site.staff.is_exempt(old, "co-creation", "2026-06-01")
    site.staff.takes_leave(old, "2026-04-10", "2026-04-12")
    merge(site, old, new)
    with reading(site.engine) as connection:
        facts = facts_of(connection, [new.id])[new.id]
    assert [each.module for each in facts.exemptions] == ["co-creation"]
    assert [span.first for span in facts.leaves] == [day("2026-04-10")]
    assert holds(site, old, new)


def test_a_record_is_merged_once_and_never_into_itself(site: Site, old: Person, new: Person) -> None:
    third = site.staff.person("青海 はる", since="2026-06-01")
    with pytest.raises(CorrectionRefused):
        merge(site, new, new)
    merge(site, old, new)
    with pytest.raises(CorrectionRefused):
        merge(site, old, third)
    with pytest.raises(CorrectionRefused):
        merge(site, third, old)
    assert holds(site, old, new, third)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings, happenings)
def test_whatever_happened_to_both_the_record_holds(
    site: Site, of_one: list[tuple[str, int]], of_other: list[tuple[str, int]]
) -> None:
    people = [site.staff.person(number=f"p{site.staff.counted}", since="2026-04-01") for _ in range(2)]
    for person, story in zip(people, (of_one, of_other), strict=True):
        on = APRIL
        for happening, days in story:
            on += timedelta(days=days)
            tell(site, person, happening, on.isoformat())
    merge(site, *people)
    assert holds(site, *people)


days = st.integers(0, 60).map(lambda number: APRIL + timedelta(number))
spans = st.builds(lambda first, length: Span(first, first + timedelta(length)), days, st.integers(0, 20))
open_spans = st.one_of(spans, days.map(Span))


@given(open_spans, st.lists(open_spans, max_size=4))
def test_what_is_left_of_a_time_is_its_days_that_no_other_covers(span: Span, others: list[Span]) -> None:
    rest = without(span, others)
    for number in range(-5, 120):
        at = APRIL + timedelta(number)
        left = span.covers(at) and not any(other.covers(at) for other in others)
        assert any(each.covers(at) for each in rest) is left
    assert sum(each.covers(at) for each in rest for at in [span.first]) <= 1
