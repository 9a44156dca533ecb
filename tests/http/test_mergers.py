"""HR makes two records of one human one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.record.standing import states_of
from server.rules.state import State
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
def old(office: Site) -> Person:
    old = office.staff.person("青海 はる", number="00123", since="2026-04-01")
    office.staff.completes(old, M, on="2026-04-20")
    office.staff.leaves(old, last="2026-05-20")
    return old


@pytest.fixture
def new(office: Site, old: Person) -> Person:
    return office.staff.person("青海 はる", number="90123", since="2026-06-01")


@pytest.fixture
def hr(office: Site) -> PageClient:
    return office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,), department=None))


def looks(hr: PageClient, new: Person, number: str = "00123", status: int = 200) -> None:
    hr.get(f"/hr/people/{new.id}/entries")
    hr.click("別の記録をここに統合する")
    hr.submit("look", number=number, reason="再採用で番号が替わった", status=status)


def state(office: Site, person: Person) -> State | None:
    with reading(office.engine) as connection:
        found = states_of(connection, person.id, day(TODAY)).get(M)
    return found.state if found else None


def test_the_effect_is_seen_and_nothing_is_entered_by_looking(
    hr: PageClient, office: Site, new: Person
) -> None:
    looks(hr, new)
    assert ["#1 やさしい言葉で書こう", "未着手", "修了"] in hr.shown.table()
    assert state(office, new) is State.NOT_STARTED


def test_after_it_the_completion_counts_for_the_record_that_is_kept(
    hr: PageClient, office: Site, old: Person, new: Person
) -> None:
    looks(hr, new)
    hr.submit("enter")

    assert state(office, new) is State.COMPLETE
    assert state(office, old) is None
    assert "別の記録に統合されました" in hr.get(f"/hr/people/{old.id}/entries").text


def test_the_other_number_signs_nobody_in_any_more(
    hr: PageClient, office: Site, old: Person, new: Person
) -> None:
    learner = office.sign_in(old)
    looks(hr, new)
    hr.submit("enter")
    assert learner.get("/").url.endswith("/sign-in?next=/")


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("77777", "この職員番号の記録はありません。"),
        ("90123", "同じ人の記録です。もう一つの記録の職員番号を入力してください。"),
    ],
)
def test_a_number_that_is_none_or_the_same_is_said(
    hr: PageClient, new: Person, number: str, error: str
) -> None:
    looks(hr, new, number, status=422)
    assert hr.shown.errors == [error]


def test_names_that_differ_are_pointed_out(hr: PageClient, office: Site, new: Person) -> None:
    office.staff.person("飯田 あきら", number="00456")
    looks(hr, new, "00456")
    assert "氏名が違います" in hr.shown.text


def test_a_record_with_other_roles_is_not_given_up(hr: PageClient, office: Site, new: Person) -> None:
    auditor = office.staff.person("監査 三郎", roles=(Role.AUDITOR,))
    looks(hr, new, auditor.number, status=422)
    assert hr.shown.errors == [
        "統合される記録には、受講者のほかの役割があります。先に管理者が役割を外してください。"
    ]


def test_of_two_who_merge_the_second_is_told(hr: PageClient, office: Site, new: Person) -> None:
    other = office.sign_in(office.staff.person("人事 次郎", roles=(Role.HR,), department=None))
    looks(other, new)
    looks(hr, new)
    hr.submit("enter")
    assert other.submit("enter", status=409).errors == ["どちらかの記録は、もう別の記録に統合されています。"]


def test_a_record_that_was_given_up_can_be_merged_with_nothing(
    hr: PageClient, old: Person, new: Person
) -> None:
    looks(hr, new)
    hr.submit("enter")
    hr.get(f"/hr/people/{old.id}/merger", status=404)
