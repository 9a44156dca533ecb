"""What people see when something goes wrong, and what they never see."""

from pathlib import Path

import pytest
from flask import Flask

from server.web.access import Action, requires
from tests.builders.databases import PostgreSQL
from tests.builders.site import Site


@requires(Action.PUBLIC)
def broken_view() -> str:
    raise RuntimeError("the secret cause")


@pytest.fixture
def broken(site: Site) -> Site:
    """A server with a view that has a fault of ours."""
    app: Flask = site.app
    app.add_url_rule("/broken", "broken", broken_view)
    app.testing = False
    return site


def test_a_fault_of_ours_shows_an_incident_number_and_no_cause(broken: Site) -> None:
    page = broken.client().get("/broken", status=500)
    assert "番号：" in page.text
    assert "secret cause" not in page.html


def test_a_fault_of_ours_is_one_line_on_the_screen_and_a_traceback_in_the_log(
    capfd: pytest.CaptureFixture[str], broken: Site
) -> None:
    page = broken.client().get("/broken", status=500)
    incident = page.text.split("番号：")[1].split()[0]
    line = capfd.readouterr().err
    assert line.count("\n") == 1, line
    assert incident in line
    log = Path(broken.settings.data, "logs", "server.log").read_text("utf-8")
    assert incident in log
    assert "the secret cause" in log


def test_debug_mode_cannot_be_switched_on_from_outside(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert site.app.debug is False


def test_an_unknown_address_says_so_plainly(site: Site) -> None:
    assert site.client().get("/nowhere", status=404).heading == "ページが見つかりません"


def test_a_form_without_its_token_is_refused_in_words(site: Site) -> None:
    client = site.client()
    client.get("/sign-in")
    page = client.submit("sign-in", number="1", password="x", csrf_token="", status=400)
    assert page.heading == "ページの有効期限が切れました"


def test_a_form_sent_from_another_site_is_refused(site: Site) -> None:
    client = site.client(Origin="https://elsewhere.example")
    client.get("/sign-in")
    client.submit("sign-in", number="1", password="x", status=403)


def test_while_the_database_is_away_the_page_says_that_nothing_was_saved(
    tmp_path: Path, postgresql: PostgreSQL
) -> None:
    with postgresql.database(postgresql.newest_schema) as url:
        site = Site(tmp_path, database_url=url)
        site.app.testing = False
        learner = site.learner()
        postgresql.kill()
        try:
            page = learner.get("/", status=503)
        finally:
            postgresql.start()
        assert "送った内容は、まだ保存されていません。" in page.text
        assert learner.get("/").path == "/"
        site.close()
