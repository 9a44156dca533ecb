"""What moved between two records revisions, and by which entries."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from server.record.corrections import void_completion
from server.record.revisions import Moved, compare, revisions_there_are
from server.record.seals import seal_now
from server.record.standing import COURSE
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading, writing
from tests.builders.site import Site
from tests.builders.staff import Person, noon

M = "customer-view"
MARCH = date(2027, 3, 31)
LATER = noon("2027-04-10")


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url)
    site.staff.policy(since="2026-04-01", days=30)
    site.staff.release("1.0.0", M, on="2026-04-01")
    yield site
    site.close()


@pytest.fixture
def haru(site: Site) -> Person:
    return site.staff.person("青海 はる", since="2026-04-01")


def sealed(site: Site) -> int:
    return seal_now(site.engine, site.keys.current(), LATER).number


def moved(site: Site, earlier: int, later: int, day: date = MARCH) -> list[Moved]:
    with reading(site.engine) as connection:
        return list(compare(connection, earlier, later, day))


def told(moves: list[Moved]) -> list[tuple[str, State, State, list[str]]]:
    return [(each.module_id, each.before, each.after, [c.kind for c in each.causes]) for each in moves]


def test_nothing_moved_where_nothing_came(site: Site, haru: Person) -> None:
    revision = sealed(site)
    assert moved(site, revision, revision) == []


def test_a_completion_that_was_entered_later_is_named(site: Site, haru: Person) -> None:
    before = sealed(site)
    site.staff.completes(haru, M, on="2027-03-30")
    moves = moved(site, before, sealed(site))
    assert told(moves) == [
        (COURSE, State.OVERDUE, State.COMPLETE, ["completion"]),
        (M, State.OVERDUE, State.COMPLETE, ["completion"]),
    ]
    assert moves[0].person_id == haru.id


def test_a_void_completion_is_named_with_its_correction(site: Site, haru: Person) -> None:
    site.staff.completes(haru, M, on="2027-03-30")
    before = sealed(site)
    with writing(site.engine) as connection:
        completion_id = connection.scalars(select(tables.completion.c.id)).one()
        void_completion(connection, completion_id, reason="見本", at=LATER, actor="hr")
    assert (M, State.COMPLETE, State.OVERDUE, ["correction"]) in told(moved(site, before, sealed(site)))


def test_what_came_and_went_moved_nothing(site: Site, haru: Person) -> None:
    before = sealed(site)
    site.staff.completes(haru, M, on="2027-03-30")
    with writing(site.engine) as connection:
        completion_id = connection.scalars(select(tables.completion.c.id)).one()
        void_completion(connection, completion_id, reason="見本", at=LATER, actor="hr")
    assert moved(site, before, sealed(site)) == []


def test_what_happened_after_the_day_moves_nothing_on_it(site: Site, haru: Person) -> None:
    before = sealed(site)
    site.staff.completes(haru, M, on="2027-04-02")
    assert moved(site, before, sealed(site)) == []


def test_an_entry_about_everybody_is_named_for_each_of_them(site: Site, haru: Person) -> None:
    akira = site.staff.person("飯田 あきら", since="2026-04-01")
    for person in (haru, akira):
        site.staff.completes(person, M, on="2027-03-01")
    before = sealed(site)
    site.staff.release("2.0.0", on="2027-03-15", versions={M: "2.0.0"})
    moves = [each for each in moved(site, before, sealed(site)) if each.module_id == M]
    assert {each.person_id for each in moves} == {haru.id, akira.id}
    assert {(each.after, each.causes[0].kind) for each in moves} == {(State.UPDATE_DUE, "release")}


def test_of_several_entries_those_that_moved_the_state_are_named(site: Site, haru: Person) -> None:
    before = sealed(site)
    site.staff.takes_leave(haru, "2027-03-01", "2027-04-30")
    site.staff.completes(haru, M, on="2027-02-01")
    assert (M, State.OVERDUE, State.EXEMPT, ["leave"]) in told(moved(site, before, sealed(site)))


def test_a_revision_that_is_not_there_is_known_as_such(site: Site) -> None:
    newest = sealed(site)
    with reading(site.engine) as connection:
        assert revisions_there_are(connection, newest, newest)
        assert not revisions_there_are(connection, newest, newest + 1)
