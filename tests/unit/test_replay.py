"""What the entries alone say is what the rows beside them and the kept states say."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from server.record.corrections import reinstate_completion, void_completion
from server.record.department_history import department_history
from server.record.facts import facts_of
from server.record.replay import KnownPerson, entries_of_people, known_person, known_shared
from server.record.reversal import reverse
from server.record.seals import seal_now
from server.record.standing import rows_of
from server.storage import tables
from server.storage.engine import reading, writing
from tests.builders.happenings import M, happenings, tell
from tests.builders.site import Site
from tests.builders.staff import Person, day, noon

APRIL = date(2026, 4, 1)
NOW = noon("2026-06-10")


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url)
    site.staff.policy(since="2026-04-01", days=30)
    site.staff.release("1.0.0", M, "co-creation", on="2026-04-01")
    yield site
    site.close()


def sealed(site: Site) -> int:
    """The records revision of everything so far."""
    return seal_now(site.engine, site.keys.current(), NOW).number


def known(site: Site, person: Person, revision: int) -> KnownPerson:
    with reading(site.engine) as connection:
        entries = entries_of_people(connection, [person.id], revision)[person.id]
        return known_person(entries, known_shared(connection, revision)[0])


def same_as_kept(site: Site, person: Person, revision: int) -> bool:
    with reading(site.engine) as connection:
        facts = facts_of(connection, [person.id])[person.id]
    return rows_of(person.id, known(site, person, revision).facts) == rows_of(person.id, facts)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings)
def test_the_entries_alone_say_what_is_kept_whatever_happens(
    site: Site, story: list[tuple[str, int]]
) -> None:
    person = site.staff.person(number=f"p{site.staff.counted}", since="2026-04-01")
    on = APRIL
    for happening, days in story:
        on += timedelta(days=days)
        tell(site, person, happening, on.isoformat())
    assert same_as_kept(site, person, sealed(site))


def test_what_came_after_a_revision_was_not_known_at_it(site: Site) -> None:
    haru = site.staff.person(since="2026-04-01")
    before = sealed(site)
    site.staff.completes(haru, M, on="2026-04-20")
    after = sealed(site)
    assert known(site, haru, before).completions == ()
    assert [done.module for done in known(site, haru, after).completions] == [M]


def test_what_was_taken_back_was_known_until_then(site: Site) -> None:
    haru = site.staff.person(since="2026-04-01")
    site.staff.moves_to(haru, "港湾課", on="2026-05-01")
    before = sealed(site)
    with writing(site.engine) as connection:
        entry = tables.entry
        written = connection.scalars(select(entry.c.id).where(entry.c.kind == "posting").order_by(entry.c.id))
        assert reverse(connection, written.all()[-2:], at=NOW, actor="a test") == []
    after = sealed(site)
    assert len(known(site, haru, before).postings) == 2
    assert len(known(site, haru, after).postings) == 1
    assert same_as_kept(site, haru, after)


def test_a_void_completion_was_known_until_it_was_voided_and_again_when_it_was_not(site: Site) -> None:
    haru = site.staff.person(since="2026-04-01")
    site.staff.completes(haru, M, on="2026-04-20")
    revisions = [sealed(site)]
    for correct in (void_completion, reinstate_completion):
        with writing(site.engine) as connection:
            completion_id = connection.scalars(select(tables.completion.c.id)).one()
            correct(connection, completion_id, reason="見本", at=NOW, actor="a test")
        revisions.append(sealed(site))
        assert same_as_kept(site, haru, revisions[-1])
    assert [len(known(site, haru, revision).completions) for revision in revisions] == [1, 0, 1]


def test_departments_are_known_as_they_were_called_then(site: Site) -> None:
    site.staff.department("企画課")
    before = sealed(site)
    site.staff.places("企画課", "総務局", on="2026-05-01")
    site.staff.merges("企画課", into="総務局", last="2026-05-31")
    after = sealed(site)
    with reading(site.engine) as connection:
        then, now = (known_shared(connection, revision)[1] for revision in (before, after))
        kept = department_history(connection)
    for on in ("2026-04-30", "2026-05-01", "2026-06-01"):
        assert now.on(day(on)).in_order == kept.on(day(on)).in_order
    assert [each.path for each in then.on(day("2026-06-01")).in_order] == ["企画課"]
