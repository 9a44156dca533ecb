"""Signing in and out: who gets in, what is said to those who do not, and what a session is worth."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Role
from tests.builders.site import Site
from tests.builders.staff import PASSWORD, Person, noon
from tests.http.pages import Page, PageClient, Request

WRONG = "職員番号かパスワードが違います。"


@pytest.fixture
def person(site: Site) -> Person:
    return site.staff.person("青海 はる", number="00123")


def try_to_sign_in(client: PageClient, number: str, password: str, *, status: int = 422) -> Page:
    client.get("/sign-in")
    return client.submit("sign-in", number=number, password=password, status=status)


def logged(site: Site) -> list[tuple[str, str]]:
    with reading(site.engine) as connection:
        rows = connection.execute(select(tables.access_log).order_by(tables.access_log.c.id))
        return [(row.action, row.actor) for row in rows]


def test_number_and_password_let_a_person_in(site: Site, person: Person) -> None:
    page = site.sign_in(person).shown

    assert page.path == "/"
    assert "青海 はる さん" in page.html
    assert logged(site)[-1] == ("signed-in", person.id)


def test_a_number_in_full_width_is_the_same_number(site: Site, person: Person) -> None:
    assert try_to_sign_in(site.client(), " ００１２３ ", PASSWORD, status=200).path == "/"


def test_an_unknown_number_and_a_wrong_password_get_the_same_answer(site: Site, person: Person) -> None:
    client = site.client()
    wrong = try_to_sign_in(client, "00123", "not the password")
    unknown = try_to_sign_in(client, "00124", "not the password")

    assert wrong.errors == unknown.errors == [WRONG]
    assert wrong.title.startswith("エラー：")
    assert wrong.text == unknown.text


def test_an_account_without_a_password_lets_nobody_in(site: Site) -> None:
    site.staff.person(number="00125", active=False)

    assert try_to_sign_in(site.client(), "00125", "nobody has this password").errors == [WRONG]


def test_an_empty_field_is_named(site: Site) -> None:
    page = try_to_sign_in(site.client(), " ", "")

    assert page.errors == ["職員番号を入力してください。", "パスワードを入力してください。"]


def test_the_password_is_never_sent_back(site: Site, person: Person) -> None:
    page = try_to_sign_in(site.client(), "00123", "my secret typed wrong")

    assert "my secret typed wrong" not in page.html
    assert page.by_id("number").get("value") == "00123"


def test_fields_are_named_for_password_managers(site: Site) -> None:
    page = site.client().get("/sign-in")

    assert page.by_id("number").get("autocomplete") == "username"
    assert page.by_id("password").get("autocomplete") == "current-password"


def test_after_five_failures_even_the_right_password_has_to_wait(site: Site, person: Person) -> None:
    client = site.client()
    with clock.fixed(noon("2026-11-24")):
        for _ in range(5):
            try_to_sign_in(client, "00123", "guess")
        page = try_to_sign_in(client, "00123", PASSWORD, status=429)
    with clock.fixed(noon("2026-11-24") + timedelta(seconds=1)):
        entered = try_to_sign_in(client, "00123", PASSWORD, status=200)

    assert page.errors == ["続けて失敗したため、今は試せません。1秒たってからお試しください。"]
    assert entered.path == "/"


def test_numbers_that_do_not_exist_are_throttled_alike(site: Site) -> None:
    client = site.client()
    with clock.fixed(noon("2026-11-24")):
        statuses = [client.send(_posted(client, number="99999", password="guess")).status for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def _posted(client: PageClient, **fields: str) -> Request:
    client.get("/sign-in")
    token = next(i.get("value", "") for i in client.shown.all("input") if i.get("name") == "csrf_token")
    return Request("POST", client.home + "/sign-in", [("csrf_token", token), *fields.items()])


def test_behind_a_proxy_each_client_is_throttled_by_its_own_address(site_over_https: Site) -> None:
    with clock.fixed(noon("2026-11-24")):
        for number in range(50):
            try_to_sign_in(forwarded(site_over_https, "192.0.2.1"), f"{number:05}", "guess")
        try_to_sign_in(forwarded(site_over_https, "192.0.2.2"), "00100", "guess", status=422)
        try_to_sign_in(forwarded(site_over_https, "192.0.2.1"), "00101", "guess", status=429)


def test_without_a_proxy_nobody_chooses_the_address_that_is_throttled(site: Site) -> None:
    with clock.fixed(noon("2026-11-24")):
        for number in range(50):
            try_to_sign_in(forwarded(site, f"192.0.2.{number}"), f"{number:05}", "guess")
        try_to_sign_in(forwarded(site, "192.0.2.200"), "00101", "guess", status=429)


def forwarded(site: Site, address: str) -> PageClient:
    return site.client(**{"X-Forwarded-For": address})


def test_sign_in_leads_back_to_the_page_that_was_asked_for(site: Site, person: Person) -> None:
    client = site.client()
    client.get("/completions?page=1")
    page = client.submit("sign-in", number=person.number, password=person.password)

    assert page.path == "/completions?page=1"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", ""]
)
def test_sign_in_never_leads_to_another_site(site: Site, person: Person, elsewhere: str) -> None:
    client = site.client()
    client.get("/sign-in")
    client.submit("sign-in", number=person.number, password=person.password, next=elsewhere)

    assert client.shown.path == "/"
    assert client.redirects == [client.home + "/"]


def test_a_session_begins_under_a_new_id(site: Site, person: Person) -> None:
    client = site.client()
    before = client.send(Request("GET", client.home + "/sign-in")).headers["Set-Cookie"]
    entered = client.send(_posted(client, number=person.number, password=person.password))

    assert entered.status == 303
    assert entered.headers["Set-Cookie"].split(";")[0] != before.split(";")[0]
    assert "HttpOnly" in entered.headers["Set-Cookie"]
    assert "SameSite=Lax" in entered.headers["Set-Cookie"]


def test_over_https_the_cookie_is_bound_to_the_host(site_over_https: Site) -> None:
    client = site_over_https.client()
    cookie = client.send(Request("GET", client.home + "/sign-in")).headers["Set-Cookie"]

    assert cookie.startswith("__Host-kyozai=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_signing_out_clears_the_browser(site: Site, person: Person) -> None:
    client = site.sign_in(person)
    token = next(i.get("value", "") for i in client.shown.all("input") if i.get("name") == "csrf_token")
    answer = client.send(Request("POST", client.home + "/sign-out", [("csrf_token", token)]))

    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/").heading == "ログイン"


def test_signing_out_takes_a_token(site: Site, person: Person) -> None:
    client = site.sign_in(person)
    answer = client.send(Request("POST", client.home + "/sign-out"))

    assert answer.status == 400
    assert client.get("/").path == "/"


@pytest.mark.parametrize(("roles", "minutes"), [((Role.LEARNER,), 30), ((Role.LEARNER, Role.HR), 15)])
def test_a_session_runs_idle_sooner_for_those_who_may_do_more(
    site: Site, roles: tuple[Role, ...], minutes: int
) -> None:
    person = site.staff.person(roles=roles)

    assert site_after(site, person, minutes - 1).path == "/completions"
    idle = site_after(site, person, minutes)
    assert idle.heading == "ログイン"
    assert "しばらく操作がなかったので、ログアウトしました。" in idle.text


def site_after(site: Site, person: Person, minutes: int) -> Page:
    begun = noon("2026-11-24")
    with clock.fixed(begun):
        client = site.sign_in(person)
    with clock.fixed(begun + timedelta(minutes=minutes)):
        return client.get("/completions")


def test_a_session_ends_after_ten_hours_however_busy(site: Site, person: Person) -> None:
    begun = noon("2026-11-24")
    pages = []
    with clock.fixed(begun):
        client = site.sign_in(person)
    for minutes in range(20, 10 * 60 + 20, 20):
        with clock.fixed(begun + timedelta(minutes=minutes)):
            pages.append(client.get("/").heading)

    assert pages.count("ログイン") == 1
    assert pages[-1] == "ログイン"


def test_a_disabled_account_is_out_at_once_and_stays_out(site: Site, person: Person) -> None:
    client = site.sign_in(person)
    _disable(site, person, noon("2026-11-24"))

    assert client.get("/").heading == "ログイン"
    assert try_to_sign_in(client, person.number, person.password).errors == [WRONG]


def _disable(site: Site, person: Person, at: datetime) -> None:
    account = tables.account
    with writing(site.engine) as connection:
        connection.execute(update(account).where(account.c.person_id == person.id).values(disabled_at=at))


def test_an_older_hash_is_made_anew_at_sign_in(site: Site, person: Person) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with writing(site.engine) as connection:
        connection.execute(update(tables.account).values(password_hash=cheap))

    site.sign_in(person)

    with reading(site.engine) as connection:
        kept = connection.scalar(select(tables.account.c.password_hash))
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
