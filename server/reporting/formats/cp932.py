"""CSV in CP932 (Shift_JIS as Windows knows it) for older systems, with a list of what it cannot write.

A zip of both: the list is there even when it is empty, so that nobody has to guess.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from io import RawIOBase
from itertools import islice
from typing import Any

from server.reporting.columns import AnyColumn, Value
from server.reporting.edition import Edition
from server.reporting.formats import csv_utf8
from server.web.csv_file import BYTE_ORDER_MARK, Cell, encoded

RECORDS, UNWRITTEN = "records.csv", "unwritten.csv"
HEADER = ("職員番号", "列", "文字", "符号位置", "代わりの文字", "元の文字列")
TWINS = {"—": "―"}
"""What CP932 has under another code point, and the codec does not know of."""

MISSING = "〓"
"""What printers have always set for a character that they did not have."""

SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
"""Which way of writing a character somebody's name has."""

MARKED_KANA = re.compile("[ぁ-ゟァ-ヿ][\u3099\u309a]")
ROWS_TOGETHER = 500


def write(_: Edition, columns: Sequence[AnyColumn], rows: Iterable[tuple[Value, ...]]) -> Iterator[bytes]:
    out, unwritten = _Pieces(), list[tuple[Cell, ...]]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(_member(RECORDS), "w", force_zip64=True) as file:
            for piece in _written(columns, csv_utf8.lines(columns, rows), unwritten):
                file.write(piece)
                yield out.taken()
        with archive.open(_member(UNWRITTEN), "w") as file:
            file.writelines(encoded([HEADER, *dict.fromkeys(unwritten)]))
    yield out.taken()


def _written(
    columns: Sequence[AnyColumn], lines: Iterable[tuple[Cell, ...]], unwritten: list[tuple[Cell, ...]]
) -> Iterator[bytes]:
    """The lines in CP932. What could not be written is added to the list."""
    waiting = iter(lines)
    while batch := list(islice(waiting, ROWS_TOGETHER)):
        replaced = [tuple(_cells(columns, line, unwritten)) for line in batch]
        text = b"".join(encoded(replaced)).decode()
        yield text.removeprefix(BYTE_ORDER_MARK).encode("cp932")


def _cells(
    columns: Sequence[AnyColumn], line: tuple[Cell, ...], unwritten: list[tuple[Cell, ...]]
) -> Iterator[Cell]:
    number = next((cell for column, cell in zip(columns, line, strict=True) if column.name == "number"), None)
    for column, cell in zip(columns, line, strict=True):
        if not isinstance(cell, str):
            yield cell
            continue
        written = []
        for character in composed(cell):
            instead = replacement(character)
            written.append(instead)
            if instead != character:
                place = f"U+{ord(character):04X}"
                unwritten.append((number, column.header, character, place, instead, cell))
        yield "".join(written)


def composed(text: str) -> str:
    """Kana and a combining mark as the one character that they are. Nothing else: variants are names."""
    return MARKED_KANA.sub(lambda pair: unicodedata.normalize("NFC", pair[0]), text)


def replacement(character: str) -> str:
    """The character itself where CP932 gives it back. Some it takes, and gives back their twins.

    A selector of a variant goes: the character before it is still the right one.
    """
    if character in SELECTORS:
        return ""
    try:
        given_back = character.encode("cp932").decode("cp932")
    except UnicodeEncodeError:
        return TWINS.get(character, MISSING)
    return given_back


def _member(name: str) -> zipfile.ZipInfo:
    """Always the same bytes: no time of making."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


class _Pieces(RawIOBase):
    """What the archive has written since the last look. It never goes back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole
