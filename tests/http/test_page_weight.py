"""How heavy pages are with everything that a browser fetches for them, and how long it keeps the styles."""

from pathlib import Path

import pytest

from builder.rendering.styles import PARTS, SCREEN_STYLES
from builder.rendering.styles import __file__ as styles_file
from tests.builders.package import real_course
from tests.builders.site import Site
from tests.http.pages import PageClient

HEAVIEST = 300_000
"""Bytes, uncompressed, as if nothing were kept from the page before."""
FILES = {"link": "href", "script": "src", "img": "src"}


def weight(client: PageClient, path: str) -> int:
    page = client.get(path)
    fetched = {element.get(name) for tag, name in FILES.items() for element in page.all(tag)} - {None}
    return len(page.answer.body) + sum(len(client.download(str(url)).body) for url in fetched)


@pytest.fixture
def open_course(site: Site) -> Site:
    site.publishes(real_course())
    site.staff.policy()
    return site


def test_no_page_of_a_learner_is_heavier_than_300_kb(open_course: Site) -> None:
    learner = open_course.learner()
    learner.get("/")
    modules = [url for url in learner.shown.links() if url.startswith("/modules/")]
    sections = [url for module in modules for url in learner.get(module).links() if "/sections/" in url]
    quizzes = [f"{module}/quiz" for module in modules]
    paths = ["/", "/introduction", "/glossary", "/completions", *modules, *sections, *quizzes]
    assert {path: kept for path in paths if (kept := weight(learner, path)) > HEAVIEST} == {}


def test_no_list_of_a_hundred_people_is_heavier_than_300_kb(open_course: Site) -> None:
    for number in range(100):
        department = f"港湾施設維持管理及び臨海地域開発に関する総合調整並びに国際物流戦略推進担当課{number}"
        open_course.staff.person("長" * 40, reading="ナ" * 40, department=department, active=False)
    hr = open_course.hr()
    paths = ["/hr/people", "/accounts"]
    assert {path: kept for path in paths if (kept := weight(hr, path)) > HEAVIEST} == {}


def test_a_browser_keeps_the_style_sheet_until_it_changes(site: Site) -> None:
    client = site.client()
    (sheet,) = [link.get("href", "") for link in client.get("/sign-in").all("link")]
    assert client.download(sheet).headers["Cache-Control"] == "max-age=31536000"


def test_a_page_from_before_an_upgrade_gets_the_newest_style_sheet_and_does_not_keep_it(site: Site) -> None:
    answer = site.client().download("/theme/0123456789abcdef/kyozai.css")
    assert answer.body == SCREEN_STYLES
    assert answer.headers["Cache-Control"] == "max-age=0"


def test_every_part_of_the_style_sheet_is_in_it() -> None:
    folder = Path(styles_file).parent / "theme" / "screen"
    assert sorted(PARTS) == sorted(file.stem for file in folder.iterdir())
