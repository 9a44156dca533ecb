"""WeasyPrint, held to the same bytes every time, to files of our own, and to a whole structure.

Import this module only when something is printed: WeasyPrint is slow to load.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import fromstring
from noto_cjk_sans_jp_bold import FONT_PATH as BOLD  # type: ignore[import-untyped]
from noto_cjk_sans_jp_regular import FONT_PATH as REGULAR  # type: ignore[import-untyped]
from weasyprint import HTML, Document
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from builder.memory import collector_paused
from builder.press.tagging import mark_artefacts, words

ORIGIN = "https://kyozai.invalid/"
VARIANT = "pdf/ua-1"
FAMILY = "Kyozai Sans JP"

OWN_FILES = {
    "theme/paper.css": files("builder.press") / "theme" / "paper.css",
    "theme/fonts/regular.otf": REGULAR,
    "theme/fonts/bold.otf": BOLD,
}
CONTENT_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Printed:
    """A PDF, and what it says.

    `outline`: the bookmarks, in order. `text`: all there is to read, without blanks and running titles.
    `lacking`: characters that our fonts do not have; the PDF is not fit for use when there are any.
    """

    pdf: bytes
    pages: int
    title: str
    outline: tuple[str, ...]
    text: str
    lacking: frozenset[str]


def press(html: str, assets: Mapping[str, bytes]) -> Printed:
    """Addresses in the page are paths of `assets`; the first style sheet is `theme/paper.css`."""
    try:
        with collector_paused():
            document = laid_out(html, assets)
            pdf: bytes = document.write_pdf(pdf_variant=VARIANT, finisher=mark_artefacts)
    except FatalURLFetchingError as fault:
        # It is no Exception: nothing further up would report it.
        raise RuntimeError(f"a printed page asks for what the course does not have: {fault}") from fault
    return Printed(
        pdf=pdf,
        pages=len(document.pages),
        title=document.metadata.title or "",
        outline=tuple(bookmarks(document.make_bookmark_tree())),
        text="".join("".join(words(page._page_box) for page in document.pages).split()),
        lacking=lacking_characters(document.fonts.values()),
    )


def laid_out(html: str, assets: Mapping[str, bytes]) -> Document:
    page = HTML(string=html, base_url=ORIGIN, url_fetcher=OwnFiles(assets))
    document = page.render(pdf_variant=VARIANT)
    for printed_page in document.pages:
        # Every span within a link would be a link of its own.
        printed_page.links = [link for link in printed_page.links if link[3].element_tag == "a"]
    return document


def bookmarks(tree: Iterable[Any]) -> Iterator[str]:
    for label, _, children, _ in tree:
        yield label
        yield from bookmarks(children)


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Serves the course's assets, the style sheet and the fonts. Any other address stops the press."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(fail_on_errors=True)
        self.assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        path = unquote(url).removeprefix(ORIGIN)
        content_type = CONTENT_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
        return URLFetcherResponse(url, self.read(path), {"Content-Type": content_type})

    def read(self, path: str) -> bytes:
        if path in OWN_FILES:
            own: bytes = OWN_FILES[path].read_bytes()
            return own
        content = self.assets[path]
        return in_our_font(content) if path.endswith(".svg") else content


def in_our_font(svg: bytes) -> bytes:
    """Whatever font a figure asks for, it would be one of this machine."""
    figure = fromstring(svg)
    style = Element("{http://www.w3.org/2000/svg}style")
    style.text = f'* {{ font-family: "{FAMILY}" !important }}'
    figure.append(style)
    return tostring(figure)


def lacking_characters(fonts: Any) -> frozenset[str]:
    """Those for which another font of this machine, or an empty box, stands in."""
    lacking: set[str] = set()
    for font in fonts:
        lacking.update(chr(codepoint) for codepoint in font.missing)
        if font.family != FAMILY:
            lacking.update("".join(font.to_unicode.values()))
    return frozenset(character for character in lacking if not character.isspace())
