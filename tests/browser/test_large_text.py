"""Text of twice the size on the narrowest screen: nothing runs over, no word of a button is broken."""

from tests.browser.states.learning import home_after_a_failed_quiz, home_of_a_newcomer
from tests.browser.tab import NARROW, Tab

ONE_LINE = """
() => [...document.querySelectorAll(".site-header button")].map(button => {
  const range = document.createRange();
  range.selectNodeContents(button);
  return new Set([...range.getClientRects()].map(line => Math.round(line.top))).size;
})
"""


def enlarge(tab: Tab) -> None:
    tab.page.set_viewport_size(NARROW)
    tab.evaluate("document.documentElement.style.fontSize = '200%'")


def test_home_does_not_run_over(tab: Tab) -> None:
    for reach in (home_of_a_newcomer, home_after_a_failed_quiz):
        tab.reset()
        reach(tab)
        enlarge(tab)
        assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], reach.__name__


def test_the_words_of_the_header_are_whole(tab: Tab) -> None:
    home_of_a_newcomer(tab)
    enlarge(tab)
    assert tab.evaluate(ONE_LINE) == [1, 1]
