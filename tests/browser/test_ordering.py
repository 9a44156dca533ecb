"""Items are put in order by buttons, by numbers, by keys and by touch; never by dragging alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.states.learning import question
from tests.browser.tab import Tab

DRAFT, READER, TEST = "下書き", "読む人を決める", "読んでもらう"
ASKED = [DRAFT, READER, TEST]
RIGHT = [READER, DRAFT, TEST]


def order(page: Page) -> list[str]:
    return page.locator("ul.ordering > li > label").all_inner_texts()


def numbers(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("ul.ordering select").all()]


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def said(page: Page) -> Locator:
    return page.locator(".ordering__status")


@pytest.fixture
def page(tab: Tab) -> Page:
    tab.open(question(tab, "ordering"))
    return tab.page


def press(page: Page, name: str) -> None:
    """By the keyboard alone, from wherever the focus is."""
    for _ in range(30):
        if button(page, name).evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {name}")


def test_nothing_is_numbered_before_something_was_moved_or_chosen(page: Page) -> None:
    assert order(page) == ASKED
    assert numbers(page) == ["", "", ""]


def test_a_button_moves_its_item_and_keeps_the_focus(page: Page) -> None:
    press(page, f"「{READER}」を上へ")

    assert order(page) == RIGHT
    assert numbers(page) == ["1", "2", "3"]
    expect(button(page, f"「{READER}」を上へ")).to_be_focused()
    expect(said(page)).to_have_text(f"「{READER}」 1番目／3")
    expect(said(page)).to_have_role("status")


def test_a_button_at_the_end_keeps_the_focus_and_says_why_nothing_moves(page: Page) -> None:
    up = f"「{READER}」を上へ"
    press(page, up)
    expect(button(page, up)).to_have_attribute("aria-disabled", "true")
    press(page, up)

    assert order(page) == RIGHT
    expect(button(page, up)).to_be_focused()
    expect(said(page)).to_have_text(f"「{READER}」は、もういちばん上です。")


def test_what_a_button_did_is_kept_as_a_draft(page: Page) -> None:
    press(page, f"「{DRAFT}」を下へ")
    expect(page.locator("#draft-status")).to_contain_text("下書きを保存しました")
    page.reload()

    assert order(page) == RIGHT
    assert numbers(page) == ["1", "2", "3"]


def test_numbers_chosen_one_by_one_move_the_items_once_all_are_chosen(page: Page) -> None:
    for item, number in ((DRAFT, "2"), (READER, "1")):
        page.get_by_label(item, exact=True).select_option(number)
        assert order(page) == ASKED
    page.get_by_label(TEST, exact=True).select_option("3")

    assert order(page) == RIGHT


def test_another_number_moves_an_item_among_the_others(page: Page) -> None:
    press(page, f"「{READER}」を上へ")
    last = page.get_by_label(TEST, exact=True)
    last.focus()
    last.select_option("1")

    assert order(page) == [TEST, READER, DRAFT]
    assert numbers(page) == ["1", "2", "3"]
    expect(last).to_be_focused()


def test_a_number_that_stands_twice_is_left_as_it_was_chosen(page: Page) -> None:
    for item in ASKED:
        page.get_by_label(item, exact=True).select_option("1")

    assert order(page) == ASKED
    assert numbers(page) == ["1", "1", "1"]


def test_the_keyboard_alone_answers(page: Page) -> None:
    press(page, f"「{READER}」を上へ")
    with page.expect_navigation():
        press(page, "回答する")

    expect(page.get_by_role("heading", name="正解")).to_be_focused()


@pytest.fixture
def phone(tab: Tab, chromium: Browser) -> Iterator[Page]:
    """The same question on a phone, with nothing but fingers."""
    path = question(tab, "ordering")
    context = chromium.new_context(
        base_url=tab.world.settings.url,
        has_touch=True,
        is_mobile=True,
        viewport={"width": 360, "height": 740},
    )
    context.add_cookies(tab.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path)
    yield page
    context.close()


def test_touch_alone_answers(phone: Page) -> None:
    up = button(phone, f"「{READER}」を上へ")
    box = up.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    up.tap()
    with phone.expect_navigation():
        button(phone, "回答する").tap()

    expect(phone.get_by_role("heading", name="正解")).to_be_visible()


@pytest.fixture
def plain_page(tab: Tab, chromium: Browser) -> Iterator[Page]:
    """The same question without JavaScript."""
    path = question(tab, "ordering")
    context = chromium.new_context(base_url=tab.world.settings.url, java_script_enabled=False)
    context.add_cookies(tab.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path)
    yield page
    context.close()


def test_without_a_script_there_are_numbers_and_no_buttons(plain_page: Page) -> None:
    expect(plain_page.get_by_role("button", name="上へ")).to_have_count(0)
    for item, number in zip(RIGHT, ("1", "2", "3"), strict=True):
        plain_page.get_by_label(item, exact=True).select_option(number)
    button(plain_page, "回答する").click()

    expect(plain_page.get_by_role("heading", name="正解")).to_be_visible()
