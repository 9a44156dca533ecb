"""What readers with other needs see: small windows, large text, wide spacing, a keyboard, forced colours."""

from collections.abc import Iterator

from playwright.sync_api import Page, ViewportSize

from tests.browser.tab import NARROW, WIDE

SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }
"""
"""WCAG 2.2, success criterion 1.4.12."""

TWICE = "html { font-size: 200% !important; }"


def inspect(page: Page) -> Iterator[str]:
    """Leaves the page narrow."""
    yield from at(page, WIDE, {"at 200 % text": TWICE, "with wider spacing": SPACING})
    yield from at(page, NARROW, {"at 320 px with wider spacing": SPACING, "at 320 px": ""})
    yield from (f"target: {fault}" for fault in page.evaluate("layout.smallTargets()"))
    yield from focus(page)
    page.emulate_media(forced_colors="active")
    yield from (f"forced colours: {fault}" for fault in page.evaluate("layout.withoutBorder()"))
    page.emulate_media(forced_colors="none")


def at(page: Page, size: ViewportSize, sheets: dict[str, str]) -> Iterator[str]:
    """In a window of this size, with each of the reader's own style sheets in turn; the last one stays."""
    page.set_viewport_size(size)
    found = page.evaluate("sheets => sheets.map(layout.overflowingWith)", list(sheets.values()))
    for when, faults in zip(sheets, found, strict=True):
        yield from (f"{when}: {fault}" for fault in faults)


def focus(page: Page) -> Iterator[str]:
    """Tab through the page: every stop can be seen, has its ring, and is not covered."""
    for _ in range(page.evaluate("layout.watchFocus()")):
        page.keyboard.press("Tab")
    yield from (f"focus: {fault}" for fault in page.evaluate("layout.focusFaults()"))


def reflows(page: Page) -> Iterator[str]:
    """The one thing that a language changes."""
    yield from at(page, NARROW, {"at 320 px": ""})
