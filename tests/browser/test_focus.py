"""Where the focus is after what a reader did, and that a keyboard is enough."""

import re

import pytest
from playwright.sync_api import Locator, expect

from server.demo.history import form_of
from tests.browser.states.learning import question
from tests.browser.tab import Tab

LONGEST_WAY = 60
"""Presses of the Tab key between two things on a page."""


def focused(tab: Tab) -> Locator:
    return tab.page.locator(":focus")


def go_to(tab: Tab, target: Locator) -> None:
    """By the Tab key alone."""
    expect(target).to_be_visible()
    for _ in range(LONGEST_WAY):
        tab.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not lead to {target}")


def press_button(tab: Tab, name: str) -> None:
    go_to(tab, tab.page.get_by_role("main").get_by_role("button", name=name))
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")


def follow(tab: Tab, name: str) -> None:
    go_to(tab, tab.page.get_by_role("main").get_by_role("link", name=name).first)
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")


def choose(tab: Tab) -> None:
    """The first choice."""
    go_to(tab, tab.page.locator("main input[name=answer]").first)
    tab.page.keyboard.press("Space")


def choose_rightly(tab: Tab) -> None:
    """By the keys that a browser has for each kind of field."""
    question = tab.world.question(tab.page.url.rsplit("/", 1)[-1])
    for name, values in form_of(question, right=True).items():
        for value in values:
            field = tab.page.locator(f"main [name={name}]")
            if field.first.evaluate("element => element.tagName") == "SELECT":
                select(tab, field, value)
            elif field.first.get_attribute("type") == "radio":
                mark_radio(tab, field, value)
            else:
                go_to(tab, tab.page.locator(f"main input[name={name}][value={value}]"))
                tab.page.keyboard.press("Space")


def select(tab: Tab, field: Locator, value: str) -> None:
    go_to(tab, field)
    while field.input_value() != value:
        tab.page.keyboard.press("ArrowDown")


def mark_radio(tab: Tab, fields: Locator, value: str) -> None:
    go_to(tab, fields.first)
    tab.page.keyboard.press("Space")
    while focused(tab).input_value() != value:
        tab.page.keyboard.press("ArrowDown")


def test_the_keyboard_alone_leads_from_the_sign_in_to_the_certificate(tab: Tab) -> None:
    newcomer = tab.world.newcomer
    tab.open("/sign-in")
    go_to(tab, tab.page.get_by_label("職員番号"))
    tab.page.keyboard.type(newcomer.number)
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.type(newcomer.password)
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")
    follow(tab, "始める：")
    follow(tab, "レッスンを読む")
    follow(tab, "先に確認テストを受ける")
    press_button(tab, "確認テストを始める")
    while "/result" not in tab.page.url:
        choose_rightly(tab)
        press_button(tab, "回答する")
        follow(tab, "次の設問へ" if tab.page.get_by_role("link", name="次の設問へ").count() else "結果を見る")
    follow(tab, "修了証を見る")

    expect(tab.page.get_by_text(f"{newcomer.name} 殿")).to_be_visible()


def test_after_an_answer_the_verdict_has_the_focus(tab: Tab) -> None:
    tab.open(question(tab, "single"))
    choose(tab)
    press_button(tab, "回答する")

    expect(focused(tab)).to_have_role("heading")
    expect(focused(tab)).to_have_text(re.compile("正解"))


def test_the_error_summary_has_the_focus_and_leads_to_the_field(tab: Tab) -> None:
    tab.open("/sign-in")
    tab.submit("sign-in")
    expect(focused(tab)).to_have_class("error-summary")

    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    expect(focused(tab)).to_have_id("password")


def test_the_error_summary_of_a_question_leads_to_its_choices(tab: Tab) -> None:
    tab.open(question(tab, "ordering"))
    tab.submit("question")
    expect(focused(tab)).to_have_class("error-summary")

    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    expect(focused(tab)).to_have_id("question-order-1")
    tab.page.keyboard.press("Tab")
    expect(focused(tab)).to_have_role("combobox")


def test_a_filter_leads_to_what_it_found(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/people")
    press_button(tab, "表示する")
    expect(focused(tab)).to_have_text("まとめ")

    tab.open("/accounts")
    go_to(tab, tab.page.get_by_label("職員番号・氏名・フリガナ"))
    tab.page.keyboard.type("はる")
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")
    expect(focused(tab)).to_have_accessible_name("アカウントの一覧（1人、読みの順）")


@pytest.mark.parametrize(
    ("button", "outcome"),
    [("役割を変える", "役割を変えました。"), ("利用を停止する", "利用を停止しました。")],
)
def test_what_came_of_an_action_has_the_focus_once(tab: Tab, button: str, outcome: str) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.newcomer.id}")
    press_button(tab, button)
    expect(focused(tab)).to_have_text(outcome)
    expect(focused(tab)).to_have_role("status")

    tab.page.reload()
    expect(tab.page.get_by_text(outcome)).to_have_count(0)


def test_the_skip_link_comes_first_and_leads_past_the_menu(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/")
    tab.page.keyboard.press("Tab")
    expect(focused(tab)).to_have_text("本文へ")
    expect(focused(tab)).to_be_in_viewport()
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")

    assert focused(tab).evaluate("element => document.querySelector('main').contains(element)")


def test_a_draft_is_said_to_be_kept_once_and_politely(tab: Tab) -> None:
    tab.open(question(tab, "single"))
    status = tab.page.locator("#draft-status")
    expect(status).to_have_role("status")
    status.evaluate(
        """element => {
          window.said = [];
          new MutationObserver(() => said.push(element.textContent))
            .observe(element, { childList: true, characterData: true, subtree: true });
        }"""
    )
    choose(tab)
    expect(status).to_have_text("下書きを保存しました 10:42（まだ回答していません）")

    assert tab.evaluate("said") == ["下書きを保存しました 10:42（まだ回答していません）"]
    expect(focused(tab)).to_have_role("radio")
