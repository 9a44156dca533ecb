"""An Excel workbook: cells of their types, filters, printed on A4 with its headers on every page."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from server.reporting.columns import AnyColumn, Value
from server.reporting.edition import Edition
from server.rules.eras import era_text

ROWS = 1_048_576 - 1
"""A sheet ends there; the header is one of its rows."""

A4 = 9
PIECE = 256 * 1024
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""Always the same: the seal says when, and the same records are the same file."""

PER_MODULE = "職員とモジュールの組が1行です。得点と回答は入りません。"


def write(
    edition: Edition,
    columns: Sequence[AnyColumn],
    rows: Iterable[tuple[Value, ...]],
    *,
    sheet_rows: int = ROWS,
) -> Iterator[bytes]:
    """Built in a temporary file, with memory for one row: a workbook's table of contents comes last."""
    with tempfile.TemporaryDirectory(prefix="kyozai-export-") as folder:
        path = Path(folder) / "records.xlsx"
        with Workbook(
            path, {"constant_memory": True, "strings_to_formulas": False, "tmpdir": folder}
        ) as book:
            book.set_properties({"title": "受講記録", "created": MADE})
            _cover(book, edition)
            _sheets(book, columns, iter(rows), sheet_rows)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _cover(book: Workbook, edition: Edition) -> None:
    sheet = book.add_worksheet("説明")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 60)
    seal = edition.seal
    lines: list[tuple[str, str | int]] = [
        ("内容", PER_MODULE),
        ("基準日", f"{edition.day.isoformat()}（{era_text(edition.day)}）"),
        ("絞り込み", edition.filters or "なし"),
        ("定義の版", edition.definitions),
        ("記録の改訂番号", seal.number),
        ("封印", seal.mark),
        ("確かめ方", f"kyozai records verify --expect {seal.mark}"),
    ]
    for row, (name, value) in enumerate(lines):
        sheet.write(row, 0, name)
        sheet.write(row, 1, value)


def _sheets(
    book: Workbook, columns: Sequence[AnyColumn], rows: Iterator[tuple[Value, ...]], sheet_rows: int
) -> None:
    """At least one; another where one is full."""
    formats = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    bold, number = book.add_format({"bold": True}), 0
    first = next(rows, None)
    while number == 0 or first is not None:
        number += 1
        sheet = _sheet(book, columns, "記録" if number == 1 else f"記録{number}", bold)
        of_sheet = islice(chain([first] if first is not None else [], rows), sheet_rows)
        last = 0
        for last, row in enumerate(of_sheet, start=1):
            _write_row(sheet, last, row, formats)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        first = next(rows, None)


def _sheet(book: Workbook, columns: Sequence[AnyColumn], name: str, bold: Format) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    sheet.set_footer("&C&P / &N")
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.header, bold)
    return sheet


def _write_row(
    sheet: Worksheet, row: int, values: tuple[Value, ...], formats: dict[type[date], Format]
) -> None:
    for place, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, place, value)
        elif isinstance(value, int):
            sheet.write_number(row, place, value)
        elif value is not None:
            sheet.write_datetime(row, place, value, formats[type(value)])
