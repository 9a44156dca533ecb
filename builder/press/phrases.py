"""Japanese set for reading: lines break between phrases, and Latin words stand a little apart.

Both by spans alone: no character is added, so that the text comes out of the page as it went in.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from html.parser import HTMLParser
from itertools import accumulate

from budoux import Parser, load_default_japanese_parser

INLINE = frozenset({"a", "b", "cite", "code", "em", "i", "small", "span", "strong"})
CELLS = frozenset({"td", "th"})
UNTOUCHED = frozenset({"title", "style", "script", "svg"})

LONGEST = 14
LONGEST_IN_A_CELL = 10
"""In letters. A longer phrase breaks wherever the rules of Japanese typesetting allow it."""

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々]")
LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:+/&'’ -]*(?<=[A-Za-z0-9+])")
REFERENCE = re.compile(r"〔[^〔〕]*〕")
COUNTED = re.compile(r"[0-9]+[かヵヶ][\u3400-\u9fff]+")
"""The model would part 「10か条」."""


def typeset(page: str) -> str:
    """A page of HTML with its phrases and its Latin words in spans. Its text stays the same."""
    setter = Typesetter()
    setter.feed(page)
    setter.close()
    return "".join(setter.written)


class Typesetter(HTMLParser):
    """Collects a paragraph's tags and texts, and writes it when it ends: phrases run across inline tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.paragraph: list[tuple[str, bool]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in INLINE:
            self.paragraph.append((self.get_starttag_text() or "", False))
            return
        self.end_paragraph()
        if tag in CELLS or tag in UNTOUCHED:
            self.open.append(tag)
        self.written.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in INLINE:
            self.paragraph.append((f"</{tag}>", False))
            return
        self.end_paragraph()
        if self.open and self.open[-1] == tag:
            self.open.pop()
        self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.paragraph.append((data, True))

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.paragraph.append((self.get_starttag_text() or "", False))

    def handle_decl(self, decl: str) -> None:
        self.written.append(f"<!{decl}>")

    def close(self) -> None:
        super().close()
        self.end_paragraph()

    def end_paragraph(self) -> None:
        if UNTOUCHED & {*self.open}:
            self.written += [part for part, _ in self.paragraph]
        else:
            longest = LONGEST_IN_A_CELL if CELLS & {*self.open} else LONGEST
            self.written += written(self.paragraph, longest)
        self.paragraph = []


def written(paragraph: list[tuple[str, bool]], longest: int) -> Iterator[str]:
    """Tags as they are; texts cut where a phrase of the whole paragraph begins."""
    whole = "".join(part for part, is_text in paragraph if is_text)
    starts = phrase_starts(whole)
    position = 0
    for part, is_text in paragraph:
        if not is_text:
            yield part
            continue
        cuts = [cut for cut in starts if position < cut < position + len(part)]
        for start, end in zip([position, *cuts], [*cuts, position + len(part)], strict=True):
            yield held_together(whole, start, end, longest)
        position += len(part)


def phrase_starts(text: str) -> list[int]:
    """A reference 〔S1〕 is no part of the sentence: it stays with the phrase before it."""
    if not JAPANESE.search(text):
        return []
    aside = inside(REFERENCE, text, 0)
    sentence = [position for position in range(len(text)) if position not in aside]
    starts = {0}
    phrase_ends = accumulate(map(len, parser().parse("".join(text[position] for position in sentence))))
    starts |= {sentence[end] for end in phrase_ends if end < len(sentence)}
    return sorted(starts - inside(COUNTED, text, 1))


def inside(pattern: re.Pattern[str], text: str, first: int) -> set[int]:
    """Every position within what the pattern finds, from its first (0) or its second letter (1) on."""
    spans = (found.span() for found in pattern.finditer(text))
    return {position for start, end in spans for position in range(start + first, end)}


def held_together(whole: str, start: int, end: int, longest: int) -> str:
    words = spaced(whole, start, end)
    if end - start > longest or not JAPANESE.search(whole, start, end):
        return words
    return f'<span class="phrase">{words}</span>'


def spaced(whole: str, start: int, end: int) -> str:
    """The text with room where Latin letters or figures meet Japanese ones."""
    parts, position = [], start
    for found in LATIN.finditer(whole, start, end):
        sides = [
            side
            for side, neighbour in (("before", found.start() - 1), ("after", found.end()))
            if neighbour >= 0 and JAPANESE.match(whole, neighbour)
        ]
        if sides:
            parts.append(escape(whole[position : found.start()], quote=False))
            parts.append(f'<span class="{" ".join(sides)}">{escape(found[0], quote=False)}</span>')
            position = found.end()
    return "".join(parts) + escape(whole[position:end], quote=False)


@cache
def parser() -> Parser:
    return load_default_japanese_parser()
