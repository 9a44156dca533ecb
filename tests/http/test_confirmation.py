"""Asking anew who is at the keyboard: before what, for how long, and that nothing typed is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import APP_SECRET, PASSWORD, Person, noon
from tests.http.pages import PageClient, Request

AT = noon("2026-06-10")
LATER = AT + timedelta(minutes=6)
HEADING = "本人の確認"


@pytest.fixture
def person(site: Site) -> Person:
    return site.staff.person("青海 はる", number="00123")


@pytest.fixture
def client(site: Site) -> Iterator[PageClient]:
    """An administrator who signed in six minutes ago."""
    with clock.fixed(AT):
        client = site.administrator()
    with clock.fixed(LATER):
        yield client


def roles(site: Site, person: Person) -> set[str]:
    role = tables.account_role
    with reading(site.engine) as connection:
        return set(connection.scalars(select(role.c.role).where(role.c.person_id == person.id)))


def test_within_five_minutes_nobody_is_asked(site: Site, person: Person) -> None:
    with clock.fixed(AT):
        client = site.administrator()
    with clock.fixed(AT + timedelta(minutes=4, seconds=59)):
        client.get(f"/accounts/{person.id}")
        assert client.submit("change-roles", role=["hr"]).path == f"/accounts/{person.id}"


def test_after_that_what_was_typed_is_kept_and_nothing_changes_yet(
    client: PageClient, site: Site, person: Person
) -> None:
    client.get(f"/accounts/{person.id}")
    page = client.submit("change-roles", role=["learner", "hr"], status=403)

    assert page.heading == HEADING
    assert "入力した内容は残っていて" in page.text
    assert roles(site, person) == {"learner"}


def test_the_password_sends_what_was_typed(client: PageClient, site: Site, person: Person) -> None:
    client.get(f"/accounts/{person.id}")
    client.submit("change-roles", role=["learner", "hr"], status=403)
    page = client.submit("confirm", confirmation=PASSWORD)

    assert page.path == f"/accounts/{person.id}"
    assert roles(site, person) == {"learner", "hr"}


def test_so_does_a_code(client: PageClient, site: Site, person: Person) -> None:
    client.get(f"/accounts/{person.id}")
    client.submit("change-roles", role=["hr"], status=403)
    client.submit("confirm", confirmation=pyotp.TOTP(APP_SECRET).at(LATER))

    assert roles(site, person) == {"hr"}


def test_after_a_wrong_answer_it_is_still_there(client: PageClient, site: Site, person: Person) -> None:
    client.get(f"/accounts/{person.id}")
    client.submit("change-roles", role=["hr"], status=403)
    for wrong in ("", "not the password", "000000"):
        page = client.submit("confirm", confirmation=wrong, status=403)
        assert len(page.errors) == 1
    client.submit("confirm", confirmation=PASSWORD)

    assert roles(site, person) == {"hr"}


def test_one_answer_holds_for_the_next_five_minutes(client: PageClient, person: Person) -> None:
    client.get(f"/accounts/{person.id}")
    client.submit("change-roles", role=["hr"], status=403)
    client.submit("confirm", confirmation=PASSWORD)
    with clock.fixed(LATER + timedelta(minutes=4)):
        assert client.submit("change-roles", role=["learner"]).path == f"/accounts/{person.id}"


def test_how_long_it_holds_is_a_setting(site: Site, person: Person) -> None:
    site.settings = site.settings.model_copy(update={"confirm_minutes": 10})
    with clock.fixed(AT):
        client = site.administrator()
    with clock.fixed(LATER):
        client.get(f"/accounts/{person.id}")
        client.submit("change-roles", role=["hr"])


def test_guessing_is_slowed_down(client: PageClient, person: Person) -> None:
    client.get(f"/accounts/{person.id}")
    client.submit("change-roles", role=["hr"], status=403)
    for _ in range(5):
        client.submit("confirm", confirmation="not the password", status=403)

    assert "今は試せません" in client.submit("confirm", confirmation=PASSWORD, status=403).errors[0]


def test_a_form_from_another_site_is_refused_all_the_same(client: PageClient, person: Person) -> None:
    client.get(f"/accounts/{person.id}")
    fields = [("role", "hr"), ("confirmation", PASSWORD)]

    answer = client.send(Request("POST", f"{client.home}/accounts/{person.id}/roles", fields))

    assert answer.status in (400, 403)


@pytest.mark.parametrize("path", ["/hr/roster/x/import", "/hr/roster/undo"])
def test_taking_a_staff_list_in_or_back_asks(site: Site, path: str) -> None:
    with clock.fixed(AT):
        client = site.hr()
    with clock.fixed(LATER):
        client.get("/hr/roster")
        assert client.post(path, status=403).heading == HEADING


# Files ---------------------------------------------------------------------------------------------


@pytest.fixture
def office(site: Site, tmp_path: object) -> Site:
    """Two modules for each of three people: six rows."""
    site.settings = site.settings.model_copy(update={"large_export_rows": 5})
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")  # type: ignore[operator]
    for number in "123":
        site.staff.person(f"青海 {number}", number=number)
    return site


@pytest.fixture
def hr(office: Site) -> PageClient:
    person = office.staff.person(roles=(Role.HR,), department=None)
    with clock.fixed(AT):
        return office.sign_in(person)


def test_a_large_export_asks_and_is_then_ready(hr: PageClient, office: Site) -> None:
    with clock.fixed(LATER):
        asked = hr.download("/hr/export/csv?search=青海", status=303)
        page = hr.get(asked.headers["Location"])
        page = hr.submit("confirm", confirmation=PASSWORD)
        file = hr.download(page.link("ファイルを受け取る"))

    assert page.heading == "確認しました"
    assert len(file.body.decode().splitlines()) == 1 + 8
    kept = tables.access_log
    with reading(office.engine) as connection:
        exported = connection.scalars(select(kept.c.action).where(kept.c.action == "records-exported"))
        assert len(exported.all()) == 1


def test_a_small_one_does_not(hr: PageClient) -> None:
    with clock.fixed(LATER):
        assert hr.download("/hr/export/csv?search=青海1").body


def test_nor_does_a_large_one_just_after_the_sign_in(hr: PageClient) -> None:
    with clock.fixed(AT + timedelta(minutes=1)):
        assert hr.download("/hr/export/csv").body
