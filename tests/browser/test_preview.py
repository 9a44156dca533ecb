"""The preview's script: the page that is looked at follows the files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders.course import PLAIN_WORDS, small_course, write
from tests.builders.preview import Preview, previewing

LESSON = "modules/01-plain-words/lesson.md"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewing(write(small_course(), tmp_path)) as preview:
        yield preview


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_the_page_follows_what_is_saved_by_itself(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.url}ja/modules/plain-words/")

    preview.save(LESSON, PLAIN_WORDS.replace("困らない", "喜ぶ"))
    expect(page.get_by_text("読む人が喜ぶように")).to_be_visible()

    preview.save(LESSON, PLAIN_WORDS.replace("〔S1〕", "〔S9〕"))
    expect(page.get_by_role("region", name="誤り 1 件")).to_contain_text("S9")
    expect(page.get_by_text("読む人が喜ぶように")).to_be_visible()

    preview.save(LESSON, PLAIN_WORDS)
    expect(page.get_by_text("読む人が困らないように")).to_be_visible()
    expect(page.get_by_role("region", name="誤り 1 件")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_nothing_runs_out_of_the_window(preview: Preview, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for place in ("", "introduction/", "modules/plain-words/", "quizzes/plain-words/reader-1/", "sources/"):
        page.goto(f"{preview.url}ja/{place}")

        assert page.evaluate("document.documentElement.scrollWidth") == width
