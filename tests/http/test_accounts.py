"""Looking after accounts: who sees them, who may invite whom, and that somebody always can."""

import re

import pytest
from sqlalchemy import select

from server.identity.accounts import grant_role
from server.identity.activation import issue
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Role
from tests.builders.site import Site
from tests.builders.staff import Person
from tests.http.pages import PageClient

LAST = ["最後の管理者です。先に、別の人を管理者にしてください。"]


@pytest.fixture
def person(site: Site) -> Person:
    return site.staff.person("青海 はる", reading="オウミ ハル", number="00123", department="港湾課")


def names(client: PageClient) -> list[str]:
    return [row[1] for row in client.shown.table()[1:]]


def test_the_list_is_in_the_order_of_readings(site: Site) -> None:
    for name, reading_ in (("渡 一", "ワタリ ハジメ"), ("伊豆 二", "ｲｽﾞ ﾌﾀﾊﾞ"), ("青海 三", "おうみ みつ")):
        site.staff.person(name, reading=reading_)
    client = site.hr()
    client.get("/accounts")

    assert names(client) == ["伊豆 二", "青海 三", "人事 花子", "渡 一"]


@pytest.mark.parametrize("words", ["0012", "青海", "はる", "青海はる", "オウミ", "おうみ はる", "ｵｳﾐ"])
def test_people_are_found_by_number_name_and_reading(site: Site, person: Person, words: str) -> None:
    client = site.hr()
    client.get("/accounts")
    client.submit("search-form", search=words)

    assert names(client) == ["青海 はる"]


def test_nobody_found_says_how_to_search(site: Site) -> None:
    client = site.hr()
    client.get("/accounts")

    assert "見つかりません。" in client.submit("search-form", search="99999").text


def test_the_list_says_department_roles_and_whether_the_account_is_used(site: Site, person: Person) -> None:
    site.staff.person("有明 なつき", reading="アリアケ ナツキ", number="00124", active=False, department=None)
    client = site.hr()
    client.get("/accounts")

    assert client.shown.table()[1:3] == [
        ["00124", "有明 なつき", "—", "受講者", "有効な案内票なし"],
        ["00123", "青海 はる", "港湾課", "受講者", "利用中"],
    ]


def test_a_long_list_has_pages(site: Site) -> None:
    for count in range(100):
        site.staff.person(f"見本 {count:03}", reading=f"ミホン {count:03}", department=None)
    client = site.hr()
    client.get("/accounts")
    first = names(client)
    client.click("次の100人")

    assert len(first) == 100
    assert names(client) == ["見本 099"]
    assert "2 / 2 ページ" in client.shown.text


def test_hr_issues_a_slip_that_works_and_is_shown_once(site: Site, person: Person) -> None:
    hr = site.hr()
    hr.get("/accounts?search=00123")
    hr.click("青海 はる")
    slip = hr.submit("新しい案内票を出す")
    (link,) = re.findall(r"http://127\.0\.0\.1:8000/activate/[A-Z2-9-]+", slip.text)

    assert "青海 はる さんへ" in slip.text
    assert "00123" in slip.text
    assert "青海 はる さんのアカウントです。" in site.client().get(link).text
    assert link not in hr.click("アカウントに戻る").html


def test_a_slip_alone_does_not_sign_anybody_out(site: Site, person: Person) -> None:
    signed_in, hr = site.sign_in(person), site.hr()
    hr.get(f"/accounts/{person.id}")
    hr.submit("新しい案内票を出す")

    assert signed_in.get("/completions").path == "/completions"


def test_hr_cannot_make_a_link_for_those_who_may_do_more_than_learn(site: Site) -> None:
    hr = site.hr()
    administrator = site.staff.person(roles=(Role.LEARNER, Role.ADMINISTRATOR))
    page = hr.get(f"/accounts/{administrator.id}")
    hr.post(f"/accounts/{administrator.id}/slip", status=403)

    assert "新しい案内票を出す" not in page.button_texts()
    assert issued(site) == 0


def test_an_administrator_can(site: Site) -> None:
    administrator = site.administrator()
    hr = site.staff.person(roles=(Role.HR,))
    administrator.get(f"/accounts/{hr.id}")
    administrator.submit("新しい案内票を出す")

    assert issued(site) == 1


def issued(site: Site) -> int:
    with reading(site.engine) as connection:
        return len(connection.execute(select(tables.activation)).all())


def test_hr_sees_no_roles_to_change_and_no_account_to_disable(site: Site, person: Person) -> None:
    hr = site.hr()
    page = hr.get(f"/accounts/{person.id}")

    assert {"役割を変える", "利用を停止する"} & set(page.button_texts()) == set()
    for action in ("roles", "disable", "enable"):
        hr.get("/accounts")
        hr.post(f"/accounts/{person.id}/{action}", {"role": "administrator"}, status=403)


def test_a_role_that_may_do_more_asks_to_sign_in_again(site: Site, person: Person) -> None:
    learner, administrator = site.sign_in(person), site.administrator()
    learner.get("/accounts", status=403)
    administrator.get(f"/accounts/{person.id}")
    page = administrator.submit("change-roles", role=["learner", "hr"])

    assert page.path == f"/accounts/{person.id}"
    assert learner.get("/accounts").heading == "ログイン"
    assert site.sign_in(person, learner).get("/accounts").heading == "アカウント"


def test_a_slip_issued_before_a_promotion_is_good_no_more(site: Site, person: Person) -> None:
    with writing(site.engine) as connection:
        token = issue(connection, person.id, at=clock.now(), actor="a test", hours=72)
        grant_role(connection, person.id, Role.ADMINISTRATOR, at=clock.now(), actor="a test")
    assert site.client().get(f"/activate/{token}", status=404).heading == "この案内票は使えません"


def test_a_role_taken_away_is_gone_at_once(site: Site) -> None:
    person = site.staff.person(roles=(Role.LEARNER, Role.HR))
    hr, administrator = site.sign_in(person), site.administrator()
    hr.get("/accounts")
    administrator.get(f"/accounts/{person.id}")
    administrator.submit("change-roles", role=["learner"])

    hr.get("/accounts", status=403)


def test_disabling_signs_out_and_enabling_lets_in_again(site: Site, person: Person) -> None:
    learner, administrator = site.sign_in(person), site.administrator()
    administrator.get(f"/accounts/{person.id}")
    disabled = administrator.submit("利用を停止する")
    out = learner.get("/").heading
    administrator.submit("利用を再開する")

    assert "停止中" in disabled.text
    assert "新しい案内票を出す" not in disabled.button_texts()
    assert out == "ログイン"
    assert site.sign_in(person).shown.path == "/"


def test_the_last_administrator_cannot_be_disabled(site: Site) -> None:
    person = site.staff.person(roles=(Role.ADMINISTRATOR,))
    client = site.sign_in(person)
    client.get(f"/accounts/{person.id}")

    assert client.submit("利用を停止する", status=422).errors == LAST
    assert client.get("/accounts").heading == "アカウント"


def test_the_last_administrator_stays_one(site: Site) -> None:
    person = site.staff.person(roles=(Role.ADMINISTRATOR,))
    client = site.sign_in(person)
    client.get(f"/accounts/{person.id}")

    page = client.submit("change-roles", role=["learner"], status=422)
    assert page.errors == LAST
    assert "受講者、" not in client.get(f"/accounts/{person.id}").text


def test_a_disabled_administrator_is_no_other_one(site: Site) -> None:
    first, second = (site.staff.person(roles=(Role.ADMINISTRATOR,)) for _ in range(2))
    client = site.sign_in(first)
    client.get(f"/accounts/{second.id}")
    client.submit("利用を停止する")
    client.get(f"/accounts/{first.id}")

    assert client.submit("利用を停止する", status=422).errors == LAST


def test_every_change_is_logged_with_who_made_it(site: Site, person: Person) -> None:
    chief = site.staff.person(roles=(Role.ADMINISTRATOR,))
    client = site.sign_in(chief)
    client.get(f"/accounts/{person.id}")
    client.submit("change-roles", role=["hr"])
    client.submit("利用を停止する")
    client.submit("利用を再開する")
    client.submit("新しい案内票を出す")
    with reading(site.engine) as connection:
        log = tables.access_log
        rows = connection.execute(select(log).where(log.c.actor == chief.id).order_by(log.c.id))
        logged = [(row.action, row.person_id, row.details.get("role")) for row in rows]

    look = ("person-seen", person.id, None)
    assert look in logged
    assert [entry for entry in logged[2:] if entry != look] == [
        ("role-revoked", person.id, "learner"),
        ("role-granted", person.id, "hr"),
        ("account-disabled", person.id, None),
        ("account-enabled", person.id, None),
        ("slip-issued", person.id, None),
    ]


def test_an_account_that_is_not_there_is_not_found(site: Site) -> None:
    client = site.administrator()
    client.get("/accounts/nobody", status=404)
    for action in ("slip", "roles", "disable", "enable"):
        client.get("/accounts")
        client.post(f"/accounts/nobody/{action}", status=404)
