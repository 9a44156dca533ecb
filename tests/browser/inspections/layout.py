"""What readers with other needs see: small windows, large text, wide spacing, a keyboard, forced colours."""

from collections.abc import Iterator

from playwright.sync_api import Page, ViewportSize

from tests.browser.tab import NARROW, WIDE

SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }
"""
"""WCAG 2.2, success criterion 1.4.12."""

STYLE = """
css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}
"""
"""A reader's own style sheet: the page's policy does not concern it."""

TWICE = "html { font-size: 200% !important; }"


def inspect(page: Page) -> Iterator[str]:
    """Leaves the page narrow."""
    yield from at(page, "at 200 % text", WIDE, TWICE)
    yield from at(page, "with wider spacing", WIDE, SPACING)
    yield from at(page, "at 320 px with wider spacing", NARROW, SPACING)
    yield from at(page, "at 320 px", NARROW, "")
    yield from (f"target: {fault}" for fault in page.evaluate("layout.smallTargets()"))
    yield from focus(page)
    page.emulate_media(forced_colors="active")
    yield from (f"forced colours: {fault}" for fault in page.evaluate("layout.withoutBorder()"))
    page.emulate_media(forced_colors="none")


def at(page: Page, when: str, size: ViewportSize, css: str) -> Iterator[str]:
    page.set_viewport_size(size)
    page.evaluate(STYLE, css)
    yield from (f"{when}: {fault}" for fault in page.evaluate("layout.overflowing()"))


def focus(page: Page) -> Iterator[str]:
    """Tab through the page: every stop can be seen, has its ring, and is not covered."""
    for _ in range(page.evaluate("layout.watchFocus()")):
        page.keyboard.press("Tab")
    yield from (f"focus: {fault}" for fault in page.evaluate("layout.focusFaults()"))


def reflows(page: Page) -> Iterator[str]:
    """The one thing that a language changes."""
    yield from at(page, "at 320 px", NARROW, "")
