"""The page of whoever heads a section: who still has to, today; and until when somebody may look."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server.rules.days import JAPAN
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, noon
from tests.http.pages import PageClient

TODAY = "2026-06-10"
MODULES = ("plain-words", "ask-early")


@pytest.fixture(autouse=True)
def on_a_day_in_june() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path) -> Site:
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    for name, above in (("港湾局", None), ("企画課", "港湾局"), ("海岸課", "港湾局"), ("総務局", None)):
        site.staff.department(name, under=above)
    return site


@pytest.fixture
def head(office: Site) -> Person:
    """Of 企画課, and complete."""
    head = office.staff.person("課長 一", roles=(Role.LEARNER, Role.MANAGER), department="企画課")
    for module in MODULES:
        office.staff.completes(head, module, on="2026-04-10")
    return head


def shown(client: PageClient) -> str:
    return client.get("/section").text


def test_a_head_sees_who_in_the_section_still_has_to(office: Site, head: Person) -> None:
    office.staff.person("青海 はる", department="企画課")
    office.staff.person("飯田 あきら", department="海岸課")

    page = office.sign_in(head).get("/section")

    assert [row[:3] for row in page.table()[1:]] == [["青海 はる", "港湾局 企画課", "期限超過"]]
    assert "50.0% （1 / 2人）" in page.text


def test_a_head_of_a_bureau_sees_all_sections_below(office: Site) -> None:
    chief = office.staff.person("局長 一", roles=(Role.MANAGER,), department="港湾局")
    office.staff.person("青海 はる", department="企画課")
    office.staff.person("飯田 あきら", department="海岸課")

    page = office.sign_in(chief).get("/section")

    assert sorted(row[0] for row in page.table()[1:]) == ["局長 一", "青海 はる", "飯田 あきら"]


def test_concurrent_staff_are_shown_apart_and_not_counted(office: Site, head: Person) -> None:
    haru = office.staff.person("青海 はる", department="総務局")
    office.staff.posts(haru, "企画課", "2026-05-01", kind="concurrent")

    page = office.sign_in(head).get("/section")

    assert "兼務の職員（1人、本務の所属で数えます）" in page.text
    assert "100.0% （1 / 1人）" in page.text


def test_no_scores_no_answers_and_no_numbers_are_shown(office: Site, head: Person) -> None:
    haru = office.staff.person("青海 はる", number="00987", department="企画課")

    assert haru.number not in shown(office.sign_in(head))


def test_a_head_of_nobody_else_has_nobody_to_remind(office: Site, head: Person) -> None:
    assert "これから修了する職員はいません" in shown(office.sign_in(head))


def test_whoever_heads_nothing_is_refused(office: Site) -> None:
    learner = office.sign_in(office.staff.person("青海 はる", department="企画課"))

    assert learner.get("/section", status=403).status == 403
    assert "私の所属" not in learner.get("/").text


def test_a_heads_rights_end_at_midnight_in_japan(office: Site, head: Person) -> None:
    client = office.sign_in(head)
    office.staff.moves_to(head, "総務局", on="2026-07-01")

    with clock.fixed(datetime(2026, 6, 30, 23, 59, 59, tzinfo=JAPAN)):
        office.sign_in(head, client)
        assert client.get("/section").status == 200
    with clock.fixed(datetime(2026, 7, 1, tzinfo=JAPAN)):
        assert client.get("/section", status=403).status == 403


def test_a_deputy_sees_it_until_the_end_of_the_last_day(office: Site, head: Person) -> None:
    deputy = office.staff.person("代理 二", department="総務局")
    client = office.sign_in(head)
    client.get("/section")
    client.submit("deputy", number=deputy.number, last="2026-06-12")
    assert "代理を決めました" in client.shown.text

    standing_in = office.sign_in(deputy)
    assert standing_in.get("/section").status == 200
    with clock.fixed(datetime(2026, 6, 12, 23, 59, 59, tzinfo=JAPAN)):
        office.sign_in(deputy, standing_in)
        assert "港湾局 企画課" in shown(standing_in)
    with clock.fixed(datetime(2026, 6, 12, 23, 59, 59, tzinfo=JAPAN) + timedelta(seconds=1)):
        assert standing_in.get("/section", status=403).status == 403


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"last": "2026-06-09"}, "代理の最後の日を、今日からの日で、2026-04-01 の形で入力してください。"),
        ({"last": ""}, "代理の最後の日を、今日からの日で、2026-04-01 の形で入力してください。"),
        ({"number": "99999"}, "この職員番号で、利用できるアカウントのある職員はいません。"),
    ],
)
def test_a_deputy_needs_a_last_day_and_an_account(
    office: Site, head: Person, fields: dict[str, str], error: str
) -> None:
    deputy = office.staff.person("代理 二", department="総務局")
    client = office.sign_in(head)
    client.get("/section")

    page = client.submit("deputy", {"number": deputy.number, "last": "2026-06-12", **fields}, status=422)

    assert page.errors == [error]


def test_nobody_lends_what_is_not_theirs(office: Site, head: Person) -> None:
    deputy = office.staff.person("代理 二", department="総務局")
    client = office.sign_in(head)
    client.get("/section")

    client.submit("deputy", number=deputy.number, last="2026-06-12", department="総務局", status=422)

    with reading(office.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(tables.deputy)) == 0


def test_looking_at_a_section_and_naming_a_deputy_are_logged(office: Site, head: Person) -> None:
    deputy = office.staff.person("代理 二", department="総務局")
    client = office.sign_in(head)
    client.get("/section")
    client.submit("deputy", number=deputy.number, last="2026-06-12")

    with reading(office.engine) as connection:
        log = tables.access_log
        found = connection.scalars(select(log.c.action).where(log.c.actor == head.id)).all()
    assert {"section-seen", "deputy-named"} <= set(found)
