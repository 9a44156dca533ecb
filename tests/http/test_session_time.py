"""The time that is left before somebody is signed out: said, and extended when that is asked for."""

import json
from datetime import timedelta
from typing import Any

import pytest

from server.web import clock
from server.web.access import Role
from tests.builders.site import Site
from tests.builders.staff import noon
from tests.http.pages import PageClient, Request

BEGUN = noon("2026-11-24")


@pytest.fixture
def client(site: Site) -> PageClient:
    with clock.fixed(BEGUN):
        return site.learner()


def at(client: PageClient, minutes: float, method: str = "GET") -> Any:
    """What /session answers so long after the sign-in."""
    fields = [("csrf_token", token(client))] if method == "POST" else []
    with clock.fixed(BEGUN + timedelta(minutes=minutes)):
        answer = client.send(Request(method, client.home + "/session", fields))
    return json.loads(answer.body) if answer.status == 200 else answer.status


def token(client: PageClient) -> str:
    return next(i.get("value", "") for i in client.shown.all("input") if i.get("name") == "csrf_token")


def test_the_time_left_is_told_in_seconds_and_in_words(client: PageClient) -> None:
    assert at(client, 10) == {
        "left": 20 * 60,
        "until_warning": 18 * 60,
        "is_extendable": True,
        "message": "12:30 に自動でログアウトします。続けるときは「続ける」を押してください。",
    }


def test_to_ask_does_not_extend_it(client: PageClient) -> None:
    for minutes in (5, 15, 25, 29):
        at(client, minutes)

    assert at(client, 30) == 303


def test_to_press_continue_extends_it(client: PageClient) -> None:
    extended = at(client, 29, "POST")

    assert extended["left"] == 30 * 60
    assert extended["message"] == "延ばしました。何もしないと 12:59 に自動でログアウトします。"
    assert at(client, 58)["left"] == 60


def test_a_minute_has_not_to_pass_between_two_extensions(client: PageClient) -> None:
    at(client, 29, "POST")

    assert at(client, 29.5, "POST")["left"] == 30 * 60
    assert at(client, 30.5)["left"] == 29 * 60


def test_it_is_never_extended_beyond_ten_hours(client: PageClient) -> None:
    for minutes in range(20, 10 * 60, 20):
        extended = at(client, minutes, "POST")

    assert extended["left"] == 20 * 60
    assert not extended["is_extendable"]
    assert "ログインから10時間で終わるため、それより後には延ばせません。" in extended["message"]
    assert at(client, 599)["message"] == (
        "22:00 に自動でログアウトします。ログインから10時間で終わるため、延ばせません。"
    )
    assert at(client, 599, "POST")["left"] == 60
    assert at(client, 600) == 303


def test_extending_takes_a_token(client: PageClient) -> None:
    with clock.fixed(BEGUN + timedelta(minutes=20)):
        answer = client.send(Request("POST", client.home + "/session"))

    assert answer.status == 400


def test_nobody_signed_in_has_no_time(site: Site) -> None:
    client = site.client()
    client.get("/sign-in")

    assert at(client, 0) == 303
    assert at(client, 0, "POST") == 303


def test_every_page_says_how_long_in_words_and_when_to_warn(client: PageClient) -> None:
    with clock.fixed(BEGUN + timedelta(minutes=10)):
        page = client.get("/completions")

    assert "何もしないと30分でログアウトします。その後に「回答する」を押しても、回答は預かり" in page.html
    assert page.by_id("session-notice").get("data-until-warning") == str(28 * 60)


def test_who_may_do_more_is_told_the_shorter_time_and_nothing_of_answers(site: Site) -> None:
    page = site.sign_in(site.staff.person(roles=(Role.HR,))).shown

    assert "何もしないと15分でログアウトします。</p>" in page.html


def test_nobody_is_told_before_the_sign_in(site: Site) -> None:
    assert "でログアウトします" not in site.client().get("/sign-in").html
