"""The end of a session is said before it comes, without disturbing who is writing, and can be put off."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.states.learning import before_the_session_ends, question, session_ended
from tests.browser.tab import Tab

WARNING = "10:43 に自動でログアウトします。続けるときは「続ける」を押してください。"
EXTENDED = "延ばしました。何もしないと 11:12 に自動でログアウトします。"


def notice(page: Page) -> Locator:
    return page.locator("#session-notice")


def test_it_is_announced_and_the_focus_stays_in_the_answer(tab: Tab) -> None:
    before_the_session_ends(tab)

    expect(notice(tab.page).get_by_role("alert")).to_have_text(WARNING)
    expect(tab.page.locator("select").first).to_be_focused()


def test_the_keyboard_extends_it_and_comes_back_to_where_it_was(tab: Tab) -> None:
    before_the_session_ends(tab)
    answer = tab.page.get_by_role("button", name="回答する")
    answer.focus()
    tab.page.keyboard.press("Tab")
    expect(notice(tab.page).get_by_role("button", name="続ける")).to_be_focused()
    tab.page.keyboard.press("Enter")

    expect(notice(tab.page).get_by_role("alert")).to_have_text(EXTENDED)
    expect(answer).to_be_focused()


def test_to_press_it_leaves_the_focus_in_the_answer_and_so_does_to_close_it(tab: Tab) -> None:
    before_the_session_ends(tab)
    notice(tab.page).get_by_role("button", name="続ける").click()
    notice(tab.page).get_by_role("button", name="閉じる").click()

    expect(notice(tab.page)).to_be_hidden()
    expect(tab.page.locator("select").first).to_be_focused()


def test_work_in_another_tab_takes_the_warning_away(tab: Tab) -> None:
    before_the_session_ends(tab)
    tab.world.was_last_seen(minutes_ago=0)
    tab.comes_back()

    expect(notice(tab.page)).to_be_hidden()


def test_what_is_closed_is_not_said_again(tab: Tab) -> None:
    session_ended(tab)
    notice(tab.page).get_by_role("button", name="閉じる").click()
    with tab.page.expect_response("**/session"):
        tab.comes_back()

    expect(notice(tab.page)).to_be_hidden()


def test_an_answer_posted_after_the_end_is_held_as_the_notice_says(tab: Tab) -> None:
    session_ended(tab)
    expect(notice(tab.page).get_by_role("alert")).to_have_text(
        "ログインの時間が終わりました。この画面で「回答する」を押すと、回答を預かり、"
        "同じブラウザーでログインしたときに戻します。"
    )
    tab.page.locator("main input[type=radio]").first.check()
    tab.submit("question")

    expect(tab.page.get_by_role("main")).to_contain_text("回答は預かっています。")


@pytest.fixture
def slow_page(tab: Tab, chromium: Browser) -> Iterator[Page]:
    """A page of the newcomer's, on a machine whose clock is 25 years slow and stands still."""
    path = question(tab, "single")
    context = chromium.new_context(base_url=tab.world.settings.url)
    context.add_cookies(tab.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.install(time=datetime(2001, 1, 1, tzinfo=UTC))
    page.goto(path)
    yield page
    context.close()


def test_it_comes_by_itself_two_minutes_before_whatever_this_machines_clock_says(
    tab: Tab, slow_page: Page
) -> None:
    slow_page.clock.fast_forward("27:50")
    expect(notice(slow_page)).to_be_hidden()
    tab.world.was_last_seen(minutes_ago=29)
    slow_page.clock.fast_forward("00:15")

    expect(notice(slow_page).get_by_role("alert")).to_have_text(WARNING)


def test_the_end_is_said_when_it_has_come(tab: Tab, slow_page: Page) -> None:
    tab.world.was_last_seen(minutes_ago=29)
    slow_page.clock.fast_forward("28:05")
    expect(notice(slow_page)).to_be_visible()
    tab.world.runs_idle()
    slow_page.clock.fast_forward("00:20")

    expect(notice(slow_page)).to_contain_text("ログインの時間が終わりました。")
