"""CSV in UTF-8 with a byte order mark: any spreadsheet reads every character of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache

from server.reporting.columns import AnyColumn, Value
from server.reporting.edition import Edition
from server.web.csv_file import Cell, encoded


def write(_: Edition, columns: Sequence[AnyColumn], rows: Iterable[tuple[Value, ...]]) -> Iterator[bytes]:
    return encoded(lines(columns, rows))


def lines(columns: Sequence[AnyColumn], rows: Iterable[tuple[Value, ...]]) -> Iterator[tuple[Cell, ...]]:
    """With the headers first."""
    yield tuple(column.header for column in columns)
    for row in rows:
        yield tuple(map(_cell, row))


@lru_cache(maxsize=4096)
def _cell(value: Value) -> Cell:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value
