"""The preview's script: the page that is looked at follows the files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

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

    preview.save(LESSON, PLAIN_WORDS.replace("minutes: 5", "minutes: five"))
    expect(page.get_by_role("region", name="誤り 1 件")).to_contain_text("five")
    expect(page.get_by_text("読む人が喜ぶように")).to_be_visible()

    preview.save(LESSON, PLAIN_WORDS)
    expect(page.get_by_text("読む人が困らないように")).to_be_visible()
    expect(page.get_by_role("region", name="誤り 1 件")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_nothing_runs_out_of_the_window(preview: Preview, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for place in (
        "",
        "introduction/",
        "modules/plain-words/",
        "quizzes/plain-words/reader-1/",
        "sources/",
        "views/phone/modules/plain-words/",
        "views/desktop/",
        "print/summary/",
    ):
        page.goto(f"{preview.url}ja/{place}", wait_until="domcontentloaded")

        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.fixture
def windows(preview: Preview, page: Page) -> list[Frame]:
    """The lesson at the width of a telephone and of a desktop, beside each other."""
    page.set_viewport_size({"width": 1440, "height": 700})
    page.goto(f"{preview.url}ja/views/both/modules/plain-words/")
    return page.frames[1:]


def test_windows_have_the_widths_they_name(windows: list[Frame]) -> None:
    assert [window.evaluate("innerWidth") for window in windows] == [360, 1280]


def test_windows_show_the_page_and_nothing_around_it(windows: list[Frame]) -> None:
    for window in windows:
        expect(window.get_by_role("heading", name="1 やさしい言葉で書こう")).to_be_visible()
        expect(window.get_by_role("banner")).to_be_hidden()


def test_windows_keep_their_place_when_a_file_is_saved(
    preview: Preview, page: Page, windows: list[Frame]
) -> None:
    for window in windows:
        window.evaluate("scrollTo(0, 150)")

    preview.save(LESSON, PLAIN_WORDS.replace("一文を短くします", "一文を短く切ります"))
    for window in windows:
        window.get_by_text("一文を短く切ります").wait_for()
        expect(window.locator("html")).to_have_js_property("scrollTop", 150)

    preview.save(LESSON, PLAIN_WORDS.replace("minutes: 5", "minutes: five"))
    expect(page.get_by_role("region", name="誤り 1 件")).to_contain_text("five")
    for window in windows:
        expect(window.locator("html")).to_have_js_property("scrollTop", 150)


def test_windows_go_to_a_page_together(page: Page, windows: list[Frame]) -> None:
    windows[0].get_by_role("link", name="確認テストへ").click()

    expect(page).to_have_url(re.compile("/ja/views/both/quizzes/plain-words/$"))
    for window in windows:
        window.get_by_role("heading", name="確認テスト").first.wait_for()
    page.get_by_role("link", name="この窓").click()
    expect(page).to_have_url(re.compile("/ja/quizzes/plain-words/$"))


def test_a_list_of_problems_that_was_closed_stays_closed(preview: Preview, page: Page) -> None:
    preview.save(LESSON, PLAIN_WORDS.replace("minutes: 5", "minutes: five"))
    page.goto(f"{preview.url}ja/modules/plain-words/")
    page.get_by_role("heading", name="誤り 1 件").click()
    expect(page.get_by_text("five")).to_be_hidden()

    page.reload()

    expect(page.get_by_role("heading", name="誤り 1 件")).to_be_visible()
    expect(page.get_by_text("five")).to_be_hidden()


def test_the_page_of_a_pdf_keeps_it_while_nothing_new_is_to_be_printed(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.url}ja/print/summary/")
    page.evaluate("document.querySelector('iframe').kept = true")

    preview.save(LESSON, PLAIN_WORDS.replace("minutes: 5", "minutes: five"))
    expect(page.get_by_role("region", name="誤り 1 件")).to_be_visible()
    assert page.evaluate("document.querySelector('iframe').kept")

    preview.save(LESSON, PLAIN_WORDS.replace("困らない", "喜ぶ"))
    expect(page.locator("iframe")).not_to_have_js_property("kept", True)


def test_items_are_put_in_order_by_buttons_as_on_the_server(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.url}ja/quizzes/plain-words/order-1/")
    page.get_by_role("button", name="「下書き」を下へ").click()

    expect(page.locator(".ordering__status")).to_have_text("「下書き」 2番目／3")
