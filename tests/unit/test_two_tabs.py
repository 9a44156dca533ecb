"""The same attempt in two tabs, both read before either of them writes: marking waits for no turn."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server.demo.history import form_of
from server.learning.attempts import Attempt, load_attempt
from server.learning.taking import answer, begin_attempt, keep_answer, marked
from server.storage import tables
from server.storage.engine import reading, writing
from tests.builders.package import real_course
from tests.builders.site import Site
from tests.builders.staff import Person, noon

MODULE = "customer-view"
AT = noon("2026-04-02")
LATER = AT + timedelta(seconds=1)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url)
    site.publishes(real_course(), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    yield site
    site.close()


@pytest.fixture
def person(site: Site) -> Person:
    return site.staff.person(since="2026-04-01")


def begun(site: Site, person: Person) -> Attempt:
    with writing(site.engine) as connection:
        attempt_id = begin_attempt(connection, person.id, MODULE, at=AT)
        return load_attempt(connection, person.id, attempt_id)


def answered_up_to_the_last(site: Site, person: Person) -> Attempt:
    attempt = begun(site, person)
    with writing(site.engine) as connection:
        for _, question in attempt.asked[:-1]:
            form = form_of(attempt.quiz.question(question), right=True)
            answer(connection, person.id, attempt.id, question, form, at=AT)
        return load_attempt(connection, person.id, attempt.id)


def send(site: Site, seen: Attempt, *, right: bool) -> bool:
    """Answer the question that the tab shows, whatever happened since. Whether it was taken."""
    assert seen.current is not None
    form = form_of(seen.quiz.question(seen.current), right=right)
    taken = marked(seen, seen.current, form, at=LATER)
    assert taken is not None
    with writing(site.engine) as connection:
        return keep_answer(connection, seen, seen.current, taken)


def entries(site: Site, kind: str) -> int:
    with reading(site.engine) as connection:
        query = select(func.count()).select_from(tables.entry).where(tables.entry.c.kind == kind)
        return connection.scalar(query) or 0


def test_the_first_answer_stays(site: Site, person: Person) -> None:
    seen = begun(site, person)
    question = seen.current
    assert question is not None

    assert [send(site, seen, right=False), send(site, seen, right=True)] == [True, False]

    with reading(site.engine) as connection:
        assert not load_attempt(connection, person.id, seen.id).answers[question].right


def test_the_module_begins_once(site: Site, person: Person) -> None:
    seen = begun(site, person)

    send(site, seen, right=True)
    send(site, seen, right=True)

    assert entries(site, "started") == 1


def test_the_last_answer_completes_once(site: Site, person: Person) -> None:
    seen = answered_up_to_the_last(site, person)

    send(site, seen, right=True)
    send(site, seen, right=True)

    assert (entries(site, "submitted"), entries(site, "completion")) == (1, 1)
