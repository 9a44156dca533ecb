"""Where the office wants it, what one of HR corrects waits for a second one."""

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
def office(tmp_path: Path, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path, database_url=database_url, second_approver=True)
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    yield site
    site.close()


@pytest.fixture
def haru(office: Site) -> Person:
    haru = office.staff.person("青海 はる", since="2026-04-01")
    office.staff.completes(haru, M, on="2026-04-20")
    return haru


@pytest.fixture
def hanako(office: Site) -> PageClient:
    return office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,), department=None))


@pytest.fixture
def jiro(office: Site) -> PageClient:
    return office.sign_in(office.staff.person("人事 次郎", roles=(Role.HR,), department=None))


def proposes(hr: PageClient, person: Person) -> None:
    hr.get(f"/hr/people/{person.id}/entries")
    hr.click("訂正する：#1 やさしい言葉で書こう")
    hr.submit("correct", reason="別の人の修了でした")


def opens_the_first(hr: PageClient) -> None:
    page = hr.get("/hr/corrections")
    hr.get(next(link for link in page.links() if link.startswith("/hr/corrections/")))


def state(office: Site, person: Person) -> State:
    with reading(office.engine) as connection:
        return states_of(connection, person.id, day(TODAY))[M].state


def corrections(office: Site) -> list[dict[str, str]]:
    entry = tables.entry
    with reading(office.engine) as connection:
        rows = connection.execute(select(entry).where(entry.c.kind == "correction"))
        return [{**row.body, "actor": row.actor} for row in rows]


def test_what_is_asked_for_waits(hanako: PageClient, office: Site, haru: Person) -> None:
    proposes(hanako, haru)
    assert "別の人事担当が承認すると、記録に加わります。" in hanako.shown.text
    assert state(office, haru) is State.COMPLETE
    assert corrections(office) == []


def test_the_second_sees_what_it_would_move_and_agrees(
    hanako: PageClient, jiro: PageClient, office: Site, haru: Person
) -> None:
    proposes(hanako, haru)
    opens_the_first(jiro)
    assert jiro.shown.table()[1] == ["#1 やさしい言葉で書こう", "修了", "期限超過"]
    jiro.submit("accept")

    assert state(office, haru) is State.OVERDUE
    (entered,) = corrections(office)
    assert entered["actor"] != entered["agreed_by"]
    assert "（申請 人事 花子）" in jiro.shown.text


def test_nobody_agrees_to_what_they_asked_for_themselves(
    hanako: PageClient, office: Site, haru: Person
) -> None:
    proposes(hanako, haru)
    opens_the_first(hanako)
    path = hanako.shown.url
    assert "別の人事担当が承認します。" in hanako.shown.text
    hanako.post(f"{path}/accept", status=403)
    assert corrections(office) == []


def test_it_can_be_turned_down_and_then_not_be_agreed_to(
    hanako: PageClient, jiro: PageClient, office: Site, haru: Person
) -> None:
    proposes(hanako, haru)
    opens_the_first(jiro)
    path = jiro.shown.url
    opens_the_first(hanako)
    hanako.submit("reject")
    jiro.post(f"{path}/accept", status=409)
    assert corrections(office) == []
    assert "取り下げ" in jiro.get("/hr/corrections").text


def test_what_does_not_fit_any_more_is_said_and_stays_waiting(
    hanako: PageClient, jiro: PageClient, office: Site, haru: Person
) -> None:
    proposes(hanako, haru)
    proposes(hanako, haru)
    opens_the_first(jiro)
    jiro.submit("accept")
    opens_the_first(jiro)
    assert "もう訂正しています" in jiro.shown.text
    jiro.submit("accept", status=409)
    assert len(corrections(office)) == 1


@pytest.mark.parametrize("form", ["exempt", "training"])
def test_exemptions_and_trainings_wait_too(
    hanako: PageClient, jiro: PageClient, office: Site, haru: Person, form: str
) -> None:
    before = state(office, haru)
    hanako.get(f"/hr/people/{haru.id}/entries")
    if form == "exempt":
        hanako.submit("exempt", module="ask-early", first="2026-06-01", reason="外部の資格がある")
    else:
        given = {"training-name": "港湾局の研修", "day": "2026-06-02"}
        hanako.submit("training", given, trained=["ask-early"])
    hanako.submit("enter")
    assert "申請しました" in hanako.shown.text
    opens_the_first(jiro)
    jiro.submit("accept")
    with reading(office.engine) as connection:
        other = states_of(connection, haru.id, day(TODAY))["ask-early"].state
    assert other in (State.EXEMPT, State.COMPLETE)
    assert state(office, haru) is before
