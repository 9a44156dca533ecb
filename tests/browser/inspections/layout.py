"""What readers with other needs see: small windows, large text, wide spacing, a keyboard, forced colours."""

from collections.abc import Iterator

from playwright.sync_api import ViewportSize

from tests.browser.tab import NARROW, WIDE, Tab

SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }
"""
"""WCAG 2.2, success criterion 1.4.12."""

TWICE = "html { font-size: 200% !important; }"


def inspect(tab: Tab) -> Iterator[str]:
    """Leaves the tab narrow."""
    yield from at(tab, "at 200 % text", WIDE, TWICE)
    yield from at(tab, "with wider spacing", WIDE, SPACING)
    yield from at(tab, "at 320 px with wider spacing", NARROW, SPACING)
    yield from at(tab, "at 320 px", NARROW, "")
    yield from (f"target: {fault}" for fault in tab.evaluate("layout.smallTargets()"))
    yield from focus(tab)
    tab.page.emulate_media(forced_colors="active")
    yield from (f"forced colours: {fault}" for fault in tab.evaluate("layout.withoutBorder()"))
    tab.page.emulate_media(forced_colors="none")


def at(tab: Tab, when: str, size: ViewportSize, css: str) -> Iterator[str]:
    tab.page.set_viewport_size(size)
    tab.style(css)
    yield from (f"{when}: {fault}" for fault in tab.evaluate("layout.overflowing()"))


def focus(tab: Tab) -> Iterator[str]:
    """Tab through the page: every stop can be seen, has its ring, and is not covered."""
    for _ in range(tab.evaluate("layout.watchFocus()")):
        tab.page.keyboard.press("Tab")
    yield from (f"focus: {fault}" for fault in tab.evaluate("layout.focusFaults()"))


def reflows(tab: Tab) -> Iterator[str]:
    """The one thing that a language changes."""
    yield from at(tab, "at 320 px", NARROW, "")
