"""The forms in which records are written: one file each, and one line here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.language import N_
from server.reporting.columns import AnyColumn, Value
from server.reporting.edition import Edition
from server.reporting.formats import cp932, csv_utf8, json_lines, xlsx

Rows = Iterable[tuple[Value, ...]]


@dataclass(frozen=True)
class Format:
    """`suffix` of the file's name. `write`: the file in pieces, from rows that come one at a time."""

    suffix: str
    media_type: str
    words: str
    write: Callable[[Edition, Sequence[AnyColumn], Rows], Iterator[bytes]]


FORMATS = {
    "csv": Format(".csv", "text/csv", N_("CSV（UTF-8）"), csv_utf8.write),
    "csv-cp932": Format("-cp932.zip", "application/zip", N_("CSV（CP932）"), cp932.write),
    "xlsx": Format(
        ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", N_("Excel"), xlsx.write
    ),
    "jsonl": Format(".jsonl", "application/jsonl", N_("JSON Lines"), json_lines.write),
}
