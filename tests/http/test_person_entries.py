"""What HR enters of one person: exemptions with their reasons, and training that took place elsewhere."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from server.record.standing import differing, states_of
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, day, noon
from tests.http.pages import PageClient, Value

TODAY = "2026-06-10"
M, OTHER = "plain-words", "ask-early"


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
    return office.staff.person("青海 はる", since="2026-04-01")


@pytest.fixture
def hr(office: Site, haru: Person) -> PageClient:
    client = office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,), department=None))
    client.get(f"/hr/people/{haru.id}")
    client.click("免除と集合研修を記録する")
    return client


def enter(hr: PageClient, form: str, fields: Mapping[str, Value] | None = None, **more: Value) -> None:
    hr.submit(form, {**(fields or {}), **more})
    hr.submit("enter")


def state(office: Site, person: Person, module: str = M, on: str = TODAY) -> State:
    with reading(office.engine) as connection:
        assert differing(connection, [person.id]) == []
        return states_of(connection, person.id, day(on))[module].state


def test_an_exemption_covers_its_module_from_its_first_day_on(
    hr: PageClient, office: Site, haru: Person
) -> None:
    enter(hr, "exempt", module=M, first="2026-06-10", reason="外部の資格がある")

    assert "免除を記録しました" in hr.shown.text
    assert state(office, haru, on="2026-06-09") is State.OVERDUE
    assert state(office, haru) is State.EXEMPT
    assert state(office, haru, OTHER) is State.OVERDUE


def test_an_exemption_shows_what_it_moves_before_it_is_entered(
    hr: PageClient, office: Site, haru: Person
) -> None:
    page = hr.submit("exempt", module=M, first="2026-06-10", reason="外部の資格がある")

    assert page.table("今日の状態")[1:] == [["#1 やさしい言葉で書こう", "期限超過", "免除"]]
    assert state(office, haru) is State.OVERDUE


def test_an_exemption_that_ends_asks_again_the_day_after(hr: PageClient, office: Site, haru: Person) -> None:
    enter(hr, "exempt", module=[M, OTHER], first="2026-06-01", reason="外部の資格がある")

    last = last_fields(hr)[0]
    enter(
        hr, last.replace("last-", "end-"), {last: "2026-06-09", last.replace("last-", "why-"): "資格が切れた"}
    )

    states = [state(office, haru, module) for module in (M, OTHER)]
    assert sorted(states) == sorted([State.EXEMPT, State.OVERDUE])


def test_an_exemption_can_be_taken_back(hr: PageClient, office: Site, haru: Person) -> None:
    enter(hr, "exempt", module=M, first="2026-06-01", last="2026-12-31", reason="外部の資格がある")

    last = last_fields(hr)[0]
    enter(
        hr, last.replace("last-", "end-"), {last: "2026-05-31", last.replace("last-", "why-"): "記録の誤り"}
    )

    assert "取り消し（2026年6月1日（月）から）" in hr.shown.text
    assert state(office, haru, M) is State.OVERDUE


def test_of_a_training_the_day_alone_is_said(hr: PageClient, office: Site, haru: Person) -> None:
    enter(hr, "training", {"training-name": "港湾局の研修"}, trained=M, day="2026-06-02")

    hr.get(f"/hr/people/{haru.id}")
    assert "2026年6月2日（火）" in hr.shown.text
    assert "00:00" not in hr.shown.text


def last_fields(hr: PageClient) -> list[str]:
    names = [field.get("name") or "" for field in hr.shown.all("input")]
    return [name for name in names if name.startswith("last-")]


def test_the_reason_is_kept_where_it_can_be_erased_and_only_hr_sees_it(
    hr: PageClient, office: Site, haru: Person
) -> None:
    enter(hr, "exempt", module=M, first="2026-06-10", reason="外部の資格がある")

    assert "外部の資格がある" in hr.shown.text
    with reading(office.engine) as connection:
        entry = connection.execute(select(tables.entry).where(tables.entry.c.kind == "exemption")).one()
    assert "資格" not in str(entry.body)
    assert "資格" not in office.sign_in(haru).get(f"/modules/{M}").text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"module": []}, "モジュールを選んでください。"),
        ({"reason": ""}, "理由を入力してください。"),
        ({"first": ""}, "日付は 2026-04-01 の形で入力してください。"),
        ({"last": "2026-06-01"}, "終わりの日は、始まりの日より前にできません。"),
    ],
)
def test_an_exemption_that_lacks_something_is_not_entered(
    hr: PageClient, office: Site, haru: Person, fields: dict[str, str | list[str]], error: str
) -> None:
    good: dict[str, str | list[str]] = {"module": [M], "first": TODAY, "reason": "資格"}

    page = hr.submit("exempt", good | fields, status=422)

    assert page.errors == [error]
    assert state(office, haru) is State.OVERDUE


def test_training_elsewhere_completes_the_version_of_that_day(
    hr: PageClient, office: Site, haru: Person
) -> None:
    enter(hr, "training", {"training-name": "港湾局の研修"}, trained=[M], day="2026-04-20")

    assert state(office, haru, on="2026-04-19") is State.NOT_STARTED
    assert state(office, haru, on="2026-04-20") is State.COMPLETE
    assert "集合研修" in hr.get(f"/hr/people/{haru.id}").text
    learner = office.sign_in(haru)
    assert "集合研修" in learner.get("/completions").text


def test_training_that_is_sent_twice_is_entered_once(hr: PageClient, office: Site, haru: Person) -> None:
    form = hr.shown
    enter(hr, "training", {"training-name": "港湾局の研修"}, trained=[M], day="2026-04-20")
    hr.page = form

    enter(hr, "training", {"training-name": "港湾局の研修"}, trained=[M], day="2026-04-20")

    with reading(office.engine) as connection:
        assert len(connection.execute(select(tables.completion)).all()) == 1


@pytest.mark.parametrize(
    ("on", "error"),
    [
        ("2026-06-11", "研修の日は、今日までの日を入力してください。"),
        ("", "研修の日は、今日までの日を入力してください。"),
        ("2026-03-31", "この日には、選んだモジュールはまだ公開されていませんでした。"),
    ],
)
def test_training_on_a_day_that_cannot_be_is_not_entered(
    hr: PageClient, office: Site, haru: Person, on: str, error: str
) -> None:
    assert hr.submit(
        "training", {"training-name": "港湾局の研修"}, trained=[M], day=on, status=422
    ).errors == [error]
    assert state(office, haru) is State.OVERDUE
