"""Two versions of a text beside each other: what stayed, came and went, passage by passage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from html.parser import HTMLParser
from itertools import zip_longest

from budoux import Parser, load_default_japanese_parser

BLOCKS = frozenset(
    {"p", "li", "h2", "h3", "h4", "td", "th", "dt", "dd", "blockquote", "figcaption", "caption", "pre"}
)
ALIKE = 0.4
"""From this share of common text on, two passages are two versions of one."""


@dataclass(frozen=True)
class Piece:
    """A part of a passage, and whether the other version has it too."""

    text: str
    is_common: bool


@dataclass(frozen=True)
class Row:
    """A passage as it was and as it is; an empty side where there is none."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        return all(piece.is_common for piece in (*self.before, *self.after))


def compared(before: str, after: str) -> list[Row]:
    """Of two pieces of sanitised HTML: their passages in order, without markup."""
    old, new = passages(before), passages(after)
    rows: list[Row] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row(_whole(text, is_common=True), _whole(text, is_common=True)) for text in new[k:m]]
        else:
            rows += _paired(old[i:j], new[k:m])
    return rows


def passages(html: str) -> list[str]:
    reader = _Passages()
    reader.feed(html)
    reader.close()
    return reader.finished()


class _Passages(HTMLParser):
    """Collects the text of blocks, without the section's heading. Of a figure it is the alternative text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.end()
        if tag == "img" and (alternative := dict(attrs).get("alt")):
            self.text += f"（{alternative}）"

    def handle_endtag(self, tag: str) -> None:
        if tag == "h2":
            self.text = ""
        if tag in BLOCKS:
            self.end()

    def handle_data(self, data: str) -> None:
        self.text += data

    def end(self) -> None:
        if text := " ".join(self.text.split()):
            self.found.append(text)
        self.text = ""

    def finished(self) -> list[str]:
        self.end()
        return self.found


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    for before, after in zip_longest(old, new):
        if before is None or after is None:
            yield Row(_whole(before), _whole(after))
        elif SequenceMatcher(None, before, after, autojunk=False).ratio() < ALIKE:
            yield Row(_whole(before), ())
            yield Row((), _whole(after))
        else:
            yield _row(before, after)


def _row(before: str, after: str) -> Row:
    """Japanese has no blanks between words: phrases are what is compared."""
    old, new = _phrases().parse(before), _phrases().parse(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left += _whole("".join(old[i:j]), is_common=tag == "equal")
        right += _whole("".join(new[k:m]), is_common=tag == "equal")
    return Row(tuple(left), tuple(right))


def _whole(text: str | None, *, is_common: bool = False) -> tuple[Piece, ...]:
    return (Piece(text, is_common),) if text else ()


@cache
def _phrases() -> Parser:
    return load_default_japanese_parser()
