"""An answer that came after the session ran idle waits for its person, and for nobody else."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from server.identity.housekeeping import forget_old
from server.storage import tables
from server.storage.engine import reading, writing
from server.web.held_answers import claim, hold
from tests.builders.site import empty_database
from tests.builders.staff import Person, Staff, noon

AT = noon("2026-11-24")
BROWSER = "d" * 64


@pytest.fixture
def staff(database_url: str) -> Iterator[Staff]:
    engine = empty_database(database_url)
    yield Staff(engine)
    engine.dispose()


@pytest.fixture
def person(staff: Staff) -> Person:
    """Somebody with the attempt `a` under way."""
    person = staff.person()
    with writing(staff.engine) as connection:
        connection.execute(
            insert(tables.release).values(number="1.0.0", published_at=AT, package=b"", sha256="0" * 64)
        )
        connection.execute(
            insert(tables.attempt).values(
                id="a",
                person_id=person.id,
                module_id="customer-view",
                module_version="1.0.0",
                release="1.0.0",
                questions=[["o", "q"]],
                kept=[],
                started_at=AT,
            )
        )
    return person


def hold_one(staff: Staff, person: Person, *answers: str, at: datetime = AT) -> None:
    with writing(staff.engine) as connection:
        hold(connection, BROWSER, person.id, "a", "q", {"answer": list(answers)}, at)


def claim_one(staff: Staff, person: Person) -> tuple[str, str] | None:
    with writing(staff.engine) as connection:
        return claim(connection, BROWSER, person.id, AT)


def rows(engine: Engine, table: str) -> list[dict[str, object]]:
    with reading(engine) as connection:
        return [dict(row._mapping) for row in connection.execute(select(tables.metadata.tables[table]))]


def test_it_becomes_a_draft_of_the_same_person_once(staff: Staff, person: Person) -> None:
    hold_one(staff, person, "b")

    assert claim_one(staff, person) == ("a", "q")
    assert [row["form"] for row in rows(staff.engine, "draft")] == [{"answer": ["b"]}]
    assert claim_one(staff, person) is None


def test_the_newest_of_a_browser_is_kept(staff: Staff, person: Person) -> None:
    hold_one(staff, person, "b")
    hold_one(staff, person, "c")
    claim_one(staff, person)

    assert [row["form"] for row in rows(staff.engine, "draft")] == [{"answer": ["c"]}]


def test_anybody_else_throws_it_away(staff: Staff, person: Person) -> None:
    hold_one(staff, person, "b")

    assert claim_one(staff, staff.person()) is None
    assert rows(staff.engine, "held_answer") == []
    assert rows(staff.engine, "draft") == []


def test_a_question_answered_elsewhere_meanwhile_stays_answered(staff: Staff, person: Person) -> None:
    hold_one(staff, person, "b")
    with writing(staff.engine) as connection:
        connection.execute(
            insert(tables.answer).values(
                attempt_id="a", question_id="q", given="c", right=False, answered_at=AT
            )
        )

    assert claim_one(staff, person) is None
    assert rows(staff.engine, "draft") == []


def test_it_waits_for_a_week(staff: Staff, person: Person) -> None:
    hold_one(staff, person, "b")
    with writing(staff.engine) as connection:
        forget_old(connection, AT + timedelta(days=7))
    kept = len(rows(staff.engine, "held_answer"))
    with writing(staff.engine) as connection:
        forget_old(connection, AT + timedelta(days=7, seconds=1))

    assert (kept, len(rows(staff.engine, "held_answer"))) == (1, 0)
