"""The course that this project is about, as its preview shows it: every lesson, and every quiz."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import inspections
from tests.browser.inspections import axe, layout
from tests.builders.package import ROOT
from tests.builders.preview import previewing


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="ja-JP", reduced_motion="reduce")
    context.add_init_script(inspections.LAYOUT)
    yield context.new_page()
    context.close()


def test_every_lesson_and_quiz_is_without_a_fault(page: Page, seen: axe.Seen) -> None:
    with previewing(ROOT) as preview:
        page.goto(f"{preview.url}ja/")
        found = page.locator("main a[href^='/ja/']").evaluate_all("links => links.map(link => link.href)")
        places = sorted({url.partition("#")[0] for url in found})
        assert len(places) > 2
        faults = [f"{place}: {fault}" for place in places for fault in faults_of(page, place, seen)]

    assert not faults, "\n".join(faults)


def faults_of(page: Page, place: str, seen: axe.Seen) -> Iterator[str]:
    page.goto(place)
    yield from axe.violations(page, seen, "preview")
    yield from layout.reflows(page)
