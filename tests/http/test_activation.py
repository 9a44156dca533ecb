"""The way to a first password: a link that is good once, for a few days, and for one person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.identity import activation
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from tests.builders.site import Site
from tests.builders.staff import PASSWORD, Person, noon
from tests.http.pages import Page, PageClient

ISSUED = noon("2026-11-24")
UNUSABLE = "この案内票は使えません"
NEW = "atarashii-hashi-27"


@pytest.fixture
def person(site: Site) -> Person:
    return site.staff.person("青海 はる", number="00123", active=False)


def issue(site: Site, person: Person) -> str:
    with writing(site.engine) as connection:
        return activation.issue(connection, person.id, at=ISSUED, actor="a test", hours=72)


def choose(client: PageClient, token: str, password: str, again: str, *, status: int = 200) -> Page:
    with clock.fixed(ISSUED):
        client.get(f"/activate/{token}")
        return client.submit("activate", password=password, again=again, status=status)


def test_the_link_says_whose_it_is_and_lets_the_person_choose(site: Site, person: Person) -> None:
    client = site.client()
    token = issue(site, person)
    with clock.fixed(ISSUED):
        page = client.get(f"/activate/{token}")
    after = choose(client, token, NEW, NEW)

    assert "青海 はる さんのアカウントです。" in page.text
    assert after.path == "/sign-in"
    assert "パスワードを設定しました。ログインしてください。" in after.text
    assert after.by_id("number").get("value") == "00123"
    assert client.submit("sign-in", password=NEW).path == "/"


def test_fields_are_named_for_password_managers(site: Site, person: Person) -> None:
    token = issue(site, person)
    with clock.fixed(ISSUED):
        page = site.client().get(f"/activate/{token}")

    assert page.by_id("number").get("autocomplete") == "username"
    assert page.by_id("password").get("autocomplete") == "new-password"
    assert page.by_id("again").get("autocomplete") == "new-password"


@pytest.mark.parametrize(
    ("password", "again", "error"),
    [
        ("short", "short", "パスワードは8文字以上にしてください。"),
        (
            "password1",
            "password1",
            "よく使われるパスワードです。推測されやすいため、別のものにしてください。",
        ),
        ("00123-haru", "00123-haru", "職員番号、氏名、組織名などから推測できます。別のものにしてください。"),
        (NEW, NEW + "!", "2回の入力が違います。同じパスワードを入力してください。"),
    ],
)
def test_what_is_wrong_is_said_and_the_link_stays_good(
    site: Site, person: Person, password: str, again: str, error: str
) -> None:
    client = site.client()
    token = issue(site, person)
    page = choose(client, token, password, again, status=422)

    assert page.errors == [error]
    assert page.title.startswith("エラー：")
    assert choose(client, token, NEW, NEW).path == "/sign-in"


def unusable(site: Site, token: str, hours: int = 0) -> bool:
    with clock.fixed(ISSUED + timedelta(hours=hours)):
        return site.client().get(f"/activate/{token}", status=404).heading == UNUSABLE


def test_a_link_is_good_once(site: Site, person: Person) -> None:
    token = issue(site, person)
    choose(site.client(), token, NEW, NEW)

    assert unusable(site, token)


def test_a_link_is_good_for_72_hours(site: Site, person: Person) -> None:
    token = issue(site, person)
    with clock.fixed(ISSUED + timedelta(hours=72, seconds=-1)):
        site.client().get(f"/activate/{token}")

    assert unusable(site, token, hours=72)


def test_a_new_link_voids_the_earlier_one(site: Site, person: Person) -> None:
    earlier, newer = issue(site, person), issue(site, person)

    assert unusable(site, earlier)
    assert choose(site.client(), newer, NEW, NEW).path == "/sign-in"


def test_an_unknown_link_says_what_to_do(site: Site) -> None:
    with clock.fixed(ISSUED):
        page = site.client().get("/activate/nonsense", status=404)

    assert page.heading == UNUSABLE
    assert "人事担当に新しい案内票を頼んでください。" in page.text


def test_a_link_used_up_while_the_form_was_open_changes_nothing(site: Site, person: Person) -> None:
    token = issue(site, person)
    late = site.client()
    with clock.fixed(ISSUED):
        late.get(f"/activate/{token}")
        choose(site.client(), token, NEW, NEW)
        page = late.submit("activate", password="someone-elses-27", again="someone-elses-27", status=404)

    assert page.heading == UNUSABLE
    assert site.sign_in(Person(person.id, "00123", person.name, NEW)).shown.path == "/"


def test_a_new_password_signs_the_person_out_everywhere(site: Site) -> None:
    person = site.staff.person(number="00124")
    elsewhere = site.sign_in(person)
    choose(site.client(), issue(site, person), NEW, NEW)

    assert elsewhere.get("/").heading == "ログイン"
    page = elsewhere.submit("sign-in", number="00124", password=PASSWORD, status=422)
    assert page.errors == ["職員番号かパスワードが違います。"]


def test_the_code_may_be_typed_instead_of_the_address(site: Site, person: Person) -> None:
    token = issue(site, person)
    client = site.client()
    client.get("/sign-in")
    client.click("初めての方（案内票をお持ちの方）")
    with clock.fixed(ISSUED):
        page = client.submit("code-form", code=f" {token.lower().replace('-', '  ')} ")

    assert "青海 はる さんのアカウントです。" in page.text


def test_an_empty_or_strange_code_says_what_to_do(site: Site) -> None:
    client = site.client()
    for code in ("", "/../accounts", "１", "ABCD-" * 100):
        client.get("/activate")
        assert client.submit("code-form", code=code, status=404).heading == UNUSABLE


def test_the_database_holds_no_link(site: Site, person: Person) -> None:
    token = issue(site, person)
    with reading(site.engine) as connection:
        (row,) = connection.execute(select(tables.activation))

    assert token not in str(row)


def test_codes_have_nothing_that_is_mistaken_on_paper() -> None:
    codes = [activation.new_token() for _ in range(200)]

    assert len(set(codes)) == 200
    assert not set("".join(codes)) & set("01IOio")
    assert all(activation.as_typed(code) == code for code in codes)
