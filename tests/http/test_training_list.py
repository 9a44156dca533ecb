"""HR enters who was at a training, from a pasted list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import noon
from tests.http.pages import PageClient

TODAY = "2026-06-10"
M, OTHER = "plain-words", "ask-early"


@pytest.fixture(autouse=True)
def on_a_day_in_june() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path) -> Site:
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=90)
    for number in ("00123", "00124", "00125"):
        site.staff.person(f"青海 {number}", number=number)
    return site


@pytest.fixture
def hr(office: Site) -> PageClient:
    client = office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,), department=None))
    client.get("/hr/corrections")
    client.click("集合研修の出席者を入力する")
    return client


def looks(hr: PageClient, text: str, status: int = 200, **more: str) -> None:
    given = {"day": "2026-06-02", "reason": "港湾局の研修", "list": text, **more}
    hr.submit("look", given, trained=[M, OTHER], status=status)


def completions(office: Site) -> list[tuple[str, str]]:
    """Number and evidence of each."""
    completion, details = tables.completion, tables.person_details
    with reading(office.engine) as connection:
        query = select(details.c.number, completion.c.evidence).join(
            details, details.c.person_id == completion.c.person_id
        )
        return sorted((row.number, row.evidence) for row in connection.execute(query))


def test_the_effect_is_seen_before_it_is_entered(hr: PageClient, office: Site) -> None:
    looks(hr, "00123\n00124\n")
    assert "コースの状態が「未着手」から「修了」になる職員：2人" in hr.shown.text
    assert "モジュールの状態が変わるところ：4件" in hr.shown.text
    assert completions(office) == []


def test_everybody_in_the_list_completes_the_modules(hr: PageClient, office: Site) -> None:
    looks(hr, "職員番号\t氏名\n00123\t青海\n00124\t飯田\n00124\t飯田\n")
    assert "二度書かれた職員番号は、一度だけ数えます：00124" in hr.shown.text
    hr.submit("enter")
    assert completions(office) == [("00123", "offline")] * 2 + [("00124", "offline")] * 2


def test_a_list_that_is_entered_twice_counts_once(hr: PageClient, office: Site) -> None:
    for _ in range(2):
        looks(hr, "00123")
        hr.submit("enter")
    assert completions(office) == [("00123", "offline")] * 2


def test_numbers_that_nobody_has_are_named_and_nothing_is_lost(hr: PageClient, office: Site) -> None:
    looks(hr, "00123\n123\n", status=422)
    assert hr.shown.errors == ["登録のない職員番号があります。一覧を直してください。"]
    assert "登録のない職員番号（1件） 123" in hr.shown.text
    looks(hr, "00123")
    hr.submit("enter")
    assert len(completions(office)) == 2


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"day": "2026-06-11"}, "研修の日は、今日までの日を入力してください。"),
        ({"day": "2026-03-01"}, "この日には、選んだモジュールはまだ公開されていませんでした。"),
        ({"reason": " "}, "研修の名前を入力してください。"),
        ({"list": "\n"}, "職員番号の一覧を貼り付けてください。"),
    ],
)
def test_what_is_missing_is_said(hr: PageClient, given: dict[str, str], error: str) -> None:
    looks(hr, given.get("list", "00123"), status=422, **{k: v for k, v in given.items() if k != "list"})
    assert hr.shown.errors == [error]
