"""JSON Lines: for programs. A line is a row; days and moments are ISO 8601, moments in Japan's time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from server.reporting.columns import AnyColumn, Value
from server.reporting.edition import Edition

TOGETHER = 200
"""Lines in a piece."""


def write(_: Edition, columns: Sequence[AnyColumn], rows: Iterable[tuple[Value, ...]]) -> Iterator[bytes]:
    names = [column.name for column in columns]
    piece: list[str] = []
    for row in rows:
        values = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        piece.append(json.dumps(values, ensure_ascii=False) + "\n")
        if len(piece) == TOGETHER:
            yield "".join(piece).encode()
            piece.clear()
    yield "".join(piece).encode()


def _plain(value: Value) -> str | int | None:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M}+09:00"
    return value.isoformat() if isinstance(value, date) else value
