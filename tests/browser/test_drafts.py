"""A choice that is not confirmed yet is kept, or it is said that it is not."""

from playwright.sync_api import expect

from tests.browser.states.learning import question
from tests.browser.tab import Tab


def test_a_choice_made_just_before_leaving_is_kept(tab: Tab) -> None:
    path = question(tab, "single")
    tab.open(path)
    tab.page.locator("input[value=b]").check()
    tab.page.get_by_role("link", name="ホーム").first.click()
    tab.page.wait_for_url("**/")

    assert any(is_chosen(tab, path) for _ in range(20)), "the draft that went out last has not come"


def is_chosen(tab: Tab, path: str) -> bool:
    """When the page is opened anew: what was sent on leaving may come after the next page."""
    tab.open(path)
    return tab.page.locator("input[value=b]").is_checked()


def test_without_a_connection_it_says_so_and_stays_on_the_page(tab: Tab) -> None:
    path = question(tab, "single")
    tab.open(path)
    tab.page.context.set_offline(True)
    tab.page.locator("input[value=b]").check()
    status = tab.page.locator("#draft-status")
    expect(status).to_have_text("保存できませんでした。通信を確かめてください。")
    tab.page.get_by_role("button", name="回答する").click()
    expect(status).to_contain_text("回答はまだ送っていません。")
    assert tab.page.url.endswith(path)
    with tab.page.expect_response("**/draft"):
        tab.page.context.set_offline(False)

    expect(status).to_contain_text("下書きを保存しました")


def test_after_signing_out_in_another_tab_it_says_what_becomes_of_the_answer(tab: Tab) -> None:
    tab.open(question(tab, "single"))
    tab.page.context.clear_cookies()
    tab.page.locator("input[value=b]").check()

    expect(tab.page.locator("#draft-status")).to_contain_text("ログインが切れた")
