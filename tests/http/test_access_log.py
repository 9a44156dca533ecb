"""The access log: who saw or changed what about whom, for administrators and auditors."""

from collections.abc import Iterator

import pytest

from server.web import clock
from server.web.access import Role
from tests.builders.site import Site
from tests.builders.staff import Person, noon
from tests.http.pages import PageClient


@pytest.fixture(autouse=True)
def on_a_day_in_june() -> Iterator[None]:
    with clock.fixed(noon("2026-06-10")):
        yield


@pytest.fixture
def haru(site: Site) -> Person:
    return site.staff.person("青海 はる", number="00012", since="2026-04-01")


@pytest.fixture
def auditor(site: Site) -> PageClient:
    return site.sign_in(site.staff.person("監査 次郎", roles=(Role.AUDITOR,), department=None))


def lines(client: PageClient, query: str = "") -> list[list[str]]:
    return client.get(f"/access-log{query}").table()[1:]


def test_a_look_at_a_person_is_in_it(site: Site, auditor: PageClient, haru: Person) -> None:
    site.hr().get(f"/hr/people/{haru.id}")
    (look,) = [line for line in lines(auditor, "?person=00012") if line[2] == "職員のページを見た"]
    assert "人事 花子" in look[1]
    assert "青海 はる" in look[3]


def test_an_export_is_in_it_with_its_filters(site: Site, auditor: PageClient, haru: Person) -> None:
    site.hr().download("/hr/export/csv?state=overdue")
    (export,) = [line for line in lines(auditor) if line[2] == "修了の記録を書き出した"]
    assert "期限超過" in export[4]


def test_looking_at_it_is_in_it(auditor: PageClient) -> None:
    lines(auditor)
    assert lines(auditor)[0][2] == "アクセス記録を見た"


def test_a_day_without_entries_is_said(auditor: PageClient) -> None:
    assert "当てはまる記録はありません。" in auditor.get("/access-log?day=2026-01-01").text


def test_hr_does_not_see_it(site: Site) -> None:
    site.hr().get("/access-log", status=403)
