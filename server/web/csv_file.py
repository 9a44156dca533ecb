"""The one writer of CSV files for people: they open in Excel, and no cell of text is run as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

BYTE_ORDER_MARK = "\ufeff"
CHUNK = 64 * 1024
FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
"""What a spreadsheet may take for a formula. Apostrophes in front belong to it: else a text that has one
already could not be told from a guarded one."""

Cell = str | int | float | None


def encoded(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file in pieces: UTF-8 with a byte order mark, CRLF, text guarded, numbers as they are."""
    buffer = io.StringIO(newline="")
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow(map(_safe, row))
        if buffer.tell() >= CHUNK:
            yield _taken_from(buffer)
    yield _taken_from(buffer)


def _taken_from(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


@lru_cache(maxsize=4096)
def _safe(cell: Cell) -> Cell:
    """Most cells of a report say what others said before."""
    return guarded(cell) if isinstance(cell, str) else cell


def guarded(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What stood there before it was guarded: one apostrophe less where a formula follows it."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
