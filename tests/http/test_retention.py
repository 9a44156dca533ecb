"""`kyozai records retention`: what was kept longer than it has to be is listed, and taken away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from server.commands.records import command
from server.record.standing import differing
from server.record.verify import verify
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from tests.builders.course import package, small_course
from tests.builders.learner import Learner
from tests.builders.site import Site
from tests.builders.staff import Person, noon
from tests.http.pages import PageClient

M = "plain-words"


@pytest.fixture(autouse=True)
def years_later() -> Iterator[None]:
    with clock.fixed(noon("2033-05-10")):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("KYOZAI_DATA", str(site.settings.data))
    monkeypatch.setenv("KYOZAI_SECRET_KEY", "k" * 32)
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    return site


@pytest.fixture
def haru(office: Site) -> Person:
    """Passed in 2026 and still there."""
    return office.staff.person("青海 はる", since="2026-04-01")


@pytest.fixture
def attempt(office: Site, haru: Person) -> str:
    """The address of the result."""
    with clock.fixed(noon("2026-04-20")):
        learner = Learner(office.sign_in(haru), package_of(office))
        return learner.takes(M).path


def package_of(office: Site) -> bytes:
    with reading(office.engine) as connection:
        return bytes(connection.scalars(select(tables.release.c.package)).one())


def retention(*options: str) -> Result:
    result = CliRunner().invoke(command, ["retention", *options])
    assert result.exit_code == 0, result.output
    return result


def count(office: Site, table: str) -> int:
    with reading(office.engine) as connection:
        return connection.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0


def holds(office: Site) -> bool:
    with reading(office.engine) as connection:
        people = list(connection.scalars(select(tables.person.c.id)))
        return differing(connection, people) == [] and verify(connection, office.keys).findings == ()


def test_it_is_listed_and_nothing_is_taken_away(office: Site, attempt: str) -> None:
    said = retention().output
    assert "回答の中身：1人の受験（2032-04-01 より前）" in said
    assert "退職した人の氏名、アカウント、理由：0人（2028-04-01 より前）" in said
    assert "見ただけです。" in said
    assert count(office, "answer") > 0


def test_answers_go_and_the_completion_stays(office: Site, haru: Person, attempt: str) -> None:
    CliRunner().invoke(command, ["seal"])
    retention("--apply", "--yes")

    assert count(office, "answer") == 0
    assert count(office, "completion") == 1
    assert holds(office)
    assert "回答の中身：0人" in retention().output


def test_the_learner_is_told_where_the_answers_went(office: Site, haru: Person, attempt: str) -> None:
    retention("--apply", "--yes")
    learner: PageClient = office.sign_in(haru)
    page = learner.get(attempt)
    assert "回答は、保存の期間が過ぎたので消えています。" in page.text
    assert "合格" in page.text


def test_a_retry_after_it_still_keeps_what_was_right_before(office: Site, haru: Person) -> None:
    with clock.fixed(noon("2026-04-20")):
        Learner(office.sign_in(haru), package_of(office)).takes(M, wrong=1)
    retention("--apply", "--yes")
    result = Learner(office.sign_in(haru), package_of(office)).takes(M)
    assert "合格" in result.text
    assert holds(office)


def test_answers_of_this_fiscal_year_and_the_last_stay(office: Site, haru: Person) -> None:
    with clock.fixed(noon("2032-04-01")):
        Learner(office.sign_in(haru), package_of(office)).takes(M)
    retention("--apply", "--yes")
    assert count(office, "answer") > 0


def test_whoever_left_long_ago_is_named_no_more_and_still_counted(office: Site) -> None:
    left = office.staff.person("飯田 あきら", since="2026-04-01")
    office.staff.leaves(left, last="2028-03-31")
    later = office.staff.person("有明 なつき", since="2026-04-01")
    office.staff.leaves(later, last="2028-04-01")
    before = count(office, "standing")

    retention("--apply", "--yes")

    with reading(office.engine) as connection:
        names = set(connection.scalars(select(tables.person_details.c.name)))
    assert "飯田 あきら" not in names
    assert "有明 なつき" in names
    assert count(office, "standing") == before
    assert holds(office)


def test_old_looks_are_forgotten(office: Site, haru: Person, attempt: str) -> None:
    retention("--apply", "--yes")
    log = tables.access_log
    with reading(office.engine) as connection:
        oldest = connection.scalar(select(func.min(log.c.at)))
    assert oldest is not None
    assert oldest >= noon("2032-04-01")
