"""A completion that was entered wrongly is taken back, and everything says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.record.standing import states_of
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, day, noon
from tests.http.pages import PageClient

TODAY = "2026-06-10"
M = "plain-words"


@pytest.fixture(autouse=True)
def on_a_day_in_june() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path) -> Site:
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    return site


@pytest.fixture
def haru(office: Site) -> Person:
    haru = office.staff.person("青海 はる", since="2026-04-01")
    office.staff.completes(haru, M, on="2026-04-20")
    return haru


@pytest.fixture
def officer(office: Site) -> Person:
    return office.staff.person("人事 花子", roles=(Role.HR,), department=None)


@pytest.fixture
def hr(office: Site, officer: Person) -> PageClient:
    return office.sign_in(officer)


def opens(hr: PageClient, person: Person) -> None:
    hr.get(f"/hr/people/{person.id}/entries")
    hr.click("訂正する：#1 やさしい言葉で書こう")


def voids(hr: PageClient, person: Person, reason: str = "別の人の修了でした") -> None:
    opens(hr, person)
    hr.submit("correct", reason=reason)


def state(office: Site, person: Person) -> State:
    with reading(office.engine) as connection:
        return states_of(connection, person.id, day(TODAY))[M].state


def certificate_number(office: Site) -> str:
    with reading(office.engine) as connection:
        return str(connection.scalars(select(tables.completion.c.certificate)).one())


def test_its_effect_is_seen_before_it_is_entered(hr: PageClient, office: Site, haru: Person) -> None:
    opens(hr, haru)
    assert hr.shown.table()[1] == ["#1 やさしい言葉で書こう", "修了", "期限超過"]
    assert state(office, haru) is State.COMPLETE


def test_a_completion_taken_back_counts_no_more_and_stays_visible(
    hr: PageClient, office: Site, haru: Person
) -> None:
    voids(hr, haru)
    assert state(office, haru) is State.OVERDUE
    assert "別の人の修了でした" in hr.shown.text
    assert "取り消し" in hr.get(f"/hr/people/{haru.id}/entries").text


def test_a_reason_is_needed(hr: PageClient, office: Site, haru: Person) -> None:
    opens(hr, haru)
    assert hr.submit("correct", reason=" ", status=422).errors == ["理由を入力してください。"]
    assert state(office, haru) is State.COMPLETE


def test_a_correction_can_itself_be_corrected(hr: PageClient, office: Site, haru: Person) -> None:
    voids(hr, haru)
    hr.submit("correct", reason="やはり本人の修了でした")
    assert state(office, haru) is State.COMPLETE
    assert "別の人の修了でした" in hr.shown.text


def test_of_two_who_correct_the_same_the_second_sees_the_first(
    hr: PageClient, office: Site, haru: Person
) -> None:
    other = office.sign_in(office.staff.person("人事 次郎", roles=(Role.HR,), department=None))
    opens(other, haru)
    voids(hr, haru)

    page = other.submit("correct", reason="同じこと", status=409)

    assert page.errors == [
        "人事 花子さんが 2026年6月10日（水） 12:00 に、もう訂正しています（別の人の修了でした）。"
    ]
    with reading(office.engine) as connection:
        entry = tables.entry
        assert len(connection.execute(select(entry).where(entry.c.kind == "correction")).all()) == 1


def test_the_learner_and_whoever_checks_the_certificate_are_told(
    hr: PageClient, office: Site, haru: Person
) -> None:
    voids(hr, haru)
    learner = office.sign_in(haru)
    learner.get("/completions")
    learner.click("修了証：やさしい言葉で書こう")
    assert "訂正により取り消された修了です。" in learner.shown.text
    assert "PDF" not in learner.shown.text
    checked = office.client().get(f"/certificates?number={certificate_number(office)}")
    assert "記録があります。取り消されています" in checked.text
    assert "別の人" not in checked.text


def test_a_void_certificate_is_not_printed(hr: PageClient, office: Site, haru: Person) -> None:
    voids(hr, haru)
    with reading(office.engine) as connection:
        completion_id = connection.scalars(select(tables.completion.c.id)).one()
    office.sign_in(haru).get(f"/completions/{completion_id}/certificate.pdf", status=404)


def test_the_export_tells_it_no_more(hr: PageClient, office: Site, haru: Person) -> None:
    assert "確認テスト合格" in hr.download("/hr/export/csv").body.decode()
    voids(hr, haru)
    assert "確認テスト合格" not in hr.download("/hr/export/csv").body.decode()


# Closed reports and revisions ----------------------------------------------------------------------


def test_a_closed_report_stays_as_it_was(hr: PageClient, office: Site, haru: Person) -> None:
    hr.get("/hr/people?state=in-progress,overdue")
    exported = hr.download("/hr/export/csv?state=in-progress,overdue").body
    hr.submit("close", {"title": "6月の報告", "form": "csv"})
    voids(hr, haru)

    page = hr.get("/hr/closed")
    link = next(each for each in page.links() if each.startswith("/hr/closed/"))
    assert hr.download(link).body == exported


def test_what_changed_since_a_report_was_closed_is_told_with_the_entry_that_did_it(
    hr: PageClient, office: Site, haru: Person
) -> None:
    hr.get("/hr/people")
    hr.submit("close", {"title": "6月の報告", "form": "xlsx"})
    voids(hr, haru)
    hr.get("/hr/closed")

    page = hr.click("変わったこと：6月の報告")

    assert page.table()[1] == [
        f"{haru.number} 青海 はる",
        "#1 やさしい言葉で書こう",
        "修了",
        "期限超過",
        "訂正（2026年6月10日（水） 12:00、00001 人事 花子）",
    ]


def test_nothing_changed_is_said(hr: PageClient, haru: Person) -> None:
    hr.download("/hr/export/csv")
    assert "どちらの改訂番号でも同じです。" in hr.get("/hr/revisions?from=1&to=1").text


@pytest.mark.parametrize("query", ["from=2&to=1", "from=1&to=9", "from=x", "from=1&day=April"])
def test_revisions_that_cannot_be_compared_are_said(hr: PageClient, haru: Person, query: str) -> None:
    hr.download("/hr/export/csv")
    assert hr.get(f"/hr/revisions?{query}", status=400).errors
