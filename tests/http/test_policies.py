"""HR's pages of the policies: their effect is seen before they are entered, and is what then happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.record.standing import COURSE, states_of
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, day, noon
from tests.http.pages import Page, PageClient

TODAY = "2026-11-24"


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path) -> Site:
    """A published course, two bureaus, and no policy."""
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    for name, above in (("総務局", None), ("総務課", "総務局"), ("港湾局", None), ("企画課", "港湾局")):
        site.staff.department(name, under=above)
    return site


@pytest.fixture
def haru(office: Site) -> Person:
    return office.staff.person("青海 はる", department="総務課", since="2026-11-01")


@pytest.fixture
def akira(office: Site) -> Person:
    return office.staff.person("飯田 あきら", department="企画課", since="2026-04-01")


@pytest.fixture
def hr(office: Site) -> PageClient:
    return office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,), department=None))


def looks(hr: PageClient, *, status: int = 200, **fields: str) -> Page:
    hr.get("/hr/policies/new")
    return hr.submit("preview", {"first": TODAY, **fields}, status=status)


def course_state(office: Site, person: Person, on: str = TODAY) -> State:
    with reading(office.engine) as connection:
        states = states_of(connection, person.id, day(on))
    return states[COURSE].state if COURSE in states else State.NOT_REQUIRED


def policies(office: Site) -> int:
    with reading(office.engine) as connection:
        entry = tables.entry
        return len(connection.execute(select(entry.c.id).where(entry.c.kind == "policy")).all())


def test_looking_says_whom_it_would_move_and_changes_nothing(
    hr: PageClient, office: Site, haru: Person, akira: Person
) -> None:
    page = looks(hr)

    assert page.table() == [["変わり方", "人数", "局ごと"], ["対象外 → 未着手", "2人", "港湾局 1、総務局 1"]]
    assert policies(office) == 0


def test_entering_does_what_was_seen(hr: PageClient, office: Site, haru: Person, akira: Person) -> None:
    looks(hr)

    page = hr.submit("enter")

    assert "受講方針を決めました" in page.text
    assert [course_state(office, person) for person in (haru, akira)] == [State.NOT_STARTED] * 2


def test_who_would_be_overdue_at_once_is_said(hr: PageClient, office: Site, akira: Person) -> None:
    page = looks(hr, first="2026-04-01")

    assert "1人は、すぐに期限超過になります。" in page.text


def test_a_policy_of_one_bureau_asks_nobody_else(
    hr: PageClient, office: Site, haru: Person, akira: Person
) -> None:
    looks(hr, department="港湾局")
    hr.submit("enter")

    assert course_state(office, haru) is State.NOT_REQUIRED
    assert course_state(office, akira) is State.NOT_STARTED
    assert "港湾局（下の部署を含む）の職員" in hr.get("/hr/policies").text


def test_a_policy_of_some_terms_and_modules_is_said_in_words(hr: PageClient, haru: Person) -> None:
    hr.get("/hr/policies/new")
    page = hr.submit(
        "preview",
        {
            "appointment": ["regular", "fiscal-year"], "module": ["plain-words"],
            "due": "2027-03-31", "valid_days": "365",
        },
    )  # fmt: skip

    assert "本務のある全員のうち、通常、会計年度任用" in page.text
    assert "#1 やさしい言葉で書こう" in page.text
    assert "2027年3月31日（水） より前にはなりません" in page.text
    assert "修了の日から 365日" in page.text


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"first": ""}, ["いつから始めるかを入力してください。"]),
        ({"first": "April"}, ["日付は 2026-04-01 の形で入力してください。"]),
        ({"days": "0"}, ["日数は 1〜3650 の数で入力してください。"]),
        ({"last": "2026-01-01"}, ["終わりの日は、始まりの日より前にできません。"]),
        ({"due": "2026-01-01"}, ["期限の日は、始まりの日より前にできません。"]),
    ],
)
def test_what_cannot_be_used_is_said(hr: PageClient, fields: dict[str, str], errors: list[str]) -> None:
    assert looks(hr, status=422, **fields).errors == errors


def test_what_was_seen_is_not_entered_after_something_else_changed(
    hr: PageClient, office: Site, haru: Person
) -> None:
    looks(hr)
    office.staff.moves_to(haru, "企画課", on="2026-11-20")

    page = hr.submit("enter", status=409)

    assert "ほかの記録が変わりました" in page.text
    assert policies(office) == 0
    assert "受講方針を決めました" in hr.submit("enter").text


def test_a_policy_ends_with_its_last_day_and_nothing_before_changes(
    hr: PageClient, office: Site, akira: Person
) -> None:
    office.staff.policy(since="2026-04-01", days=30)
    office.staff.completes(akira, "plain-words", on="2026-04-10")
    hr.get("/hr/policies")
    hr.click("終わりにする：2026年4月1日（水）からの受講方針")
    page = hr.submit("preview", last=TODAY)
    assert "期限超過 → 対象外" in page.text

    hr.submit("enter")

    assert course_state(office, akira) is State.OVERDUE
    assert course_state(office, akira, on="2026-11-25") is State.NOT_REQUIRED
    assert "終わった方針" not in hr.get("/hr/policies").text


def test_an_end_before_the_start_is_refused(hr: PageClient, office: Site) -> None:
    office.staff.policy(since="2026-04-01")
    hr.get("/hr/policies")
    hr.click("終わりにする：2026年4月1日（水）からの受講方針")

    assert hr.submit("preview", last="2026-03-30", status=422).errors == [
        "終わりの日は、今の終わりの日より前で、始まりの前日か、それより後の日にしてください。"
    ]


def test_an_end_needs_a_day(hr: PageClient, office: Site) -> None:
    office.staff.policy(since="2026-04-01")
    hr.get("/hr/policies")
    hr.click("終わりにする：2026年4月1日（水）からの受講方針")

    assert hr.submit("preview", last="", status=422).errors == ["日付は 2026-04-01 の形で入力してください。"]


def test_a_policy_to_come_can_be_taken_back(hr: PageClient, office: Site, haru: Person) -> None:
    office.staff.policy(since="2027-04-01")
    hr.get("/hr/policies")
    hr.click("取り消すか、終わりにする：2027年4月1日（木）からの受講方針")
    hr.submit("preview", last="2027-03-31")

    page = hr.submit("enter")

    assert "取り消し（2027年4月1日（木）に始まる予定でした）" in page.text
    assert course_state(office, haru, on="2027-04-01") is State.NOT_REQUIRED


def test_a_policy_with_an_end_may_end_earlier_but_not_later(
    hr: PageClient, office: Site, haru: Person
) -> None:
    office.staff.policy(since="2026-04-01")
    for last, status in (("2026-12-31", 200), ("2027-01-31", 422), ("2026-11-30", 200)):
        hr.get("/hr/policies")
        hr.click("終わりにする：2026年4月1日（水）からの受講方針")
        hr.submit("preview", last=last, status=status)
        if status == 200:
            hr.submit("enter")

    assert course_state(office, haru, on="2026-12-01") is State.NOT_REQUIRED
