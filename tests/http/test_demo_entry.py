"""Entering as a sample person: in a demonstration, from this machine, and in no other case."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.web.access import Role
from tests.builders.site import Site
from tests.builders.staff import Person
from tests.http.pages import PageClient, Request

HEADING = "見本の職員として入る"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, demo=True)
    yield site
    site.close()


@pytest.fixture
def sample(demo: Site) -> Person:
    return demo.staff.person("青海 はる", reading="オウミ ハル", department="港湾課", is_sample=True)


def is_offered(client: PageClient) -> bool:
    return HEADING in client.get("/sign-in").text


def status_of_entering(client: PageClient, person: Person) -> int:
    page = client.get("/sign-in")
    token = next(i.get("value", "") for i in page.all("input") if i.get("name") == "csrf_token")
    fields = [("csrf_token", token), ("person", person.id)]
    return client.send(Request("POST", client.home + "/enter-as", fields)).status


def test_a_sample_person_is_entered_without_a_password(demo: Site, sample: Person) -> None:
    client = demo.client()
    client.get("/sign-in")
    page = client.submit("青海 はる")

    assert page.path == "/"
    assert "青海 はる さん" in page.html


def test_a_demonstration_needs_no_authenticator_app(demo: Site) -> None:
    demo.staff.person("人事 花子", roles=(Role.LEARNER, Role.HR), is_sample=True)
    client = demo.client()
    client.get("/sign-in")
    assert client.submit("人事 花子").path == "/"
    assert client.get("/hr/people").heading == "受講状況"


def test_the_list_says_who_is_in_what_situation(demo: Site, sample: Person) -> None:
    demo.staff.policy()
    demo.staff.release("1.0.0", "customer-view")
    demo.staff.person(
        "渡 一", reading="ワタリ ハジメ", roles=(Role.LEARNER, Role.HR), is_sample=True, department=None
    )
    demo.staff.completes(sample, "customer-view", on="2026-04-10")
    page = demo.client().get("/sign-in")

    assert page.table()[1:] == [
        ["渡 一", "所属なし", "人事担当、受講者", "対象外"],
        ["青海 はる", "港湾課", "受講者", "修了"],
    ]


def test_only_a_demonstration_offers_it(site: Site) -> None:
    sample = site.staff.person(is_sample=True)

    assert not is_offered(site.client())
    assert status_of_entering(site.client(), sample) == 403


def test_one_real_person_in_the_database_ends_it(demo: Site, sample: Person) -> None:
    offered = is_offered(demo.client())
    demo.staff.person("本物 太郎")

    assert offered
    assert not is_offered(demo.client())
    assert status_of_entering(demo.client(), sample) == 403


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.5", "", "not an address"])
def test_another_machine_is_refused(demo: Site, sample: Person, address: str) -> None:
    client = demo.client(remote_address=address)

    assert not is_offered(client)
    assert status_of_entering(client, sample) == 403


@pytest.mark.parametrize(
    "host",
    [
        "kyozai.example.jp",
        "localhost.example.jp",
        "127.0.0.1.example.jp:8000",
        "192.0.2.1:8000",
        "127.0.0.1:x@example.jp",
    ],
)
def test_another_name_for_this_machine_is_refused(demo: Site, sample: Person, host: str) -> None:
    client = demo.client(Host=host)

    assert not is_offered(client)
    assert status_of_entering(client, sample) == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "[::1]", "[::1]:8000"])
def test_this_machine_has_these_names(demo: Site, sample: Person, host: str) -> None:
    assert is_offered(demo.client(Host=host))


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Original-Forwarded-For",
        "X-Real-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
    ],
)
def test_what_came_through_a_proxy_is_refused(demo: Site, sample: Person, header: str) -> None:
    client = demo.client(**{header: "127.0.0.1"})

    assert not is_offered(client)
    assert status_of_entering(client, sample) == 403


def test_entering_takes_a_token(demo: Site, sample: Person) -> None:
    client = demo.client()
    answer = client.send(Request("POST", client.home + "/enter-as", [("person", sample.id)]))

    assert answer.status == 400


def test_a_person_that_is_not_there_is_not_found(demo: Site, sample: Person) -> None:
    assert status_of_entering(demo.client(), Person("nobody", "0", "")) == 404
