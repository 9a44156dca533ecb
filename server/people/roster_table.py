"""A staff list as it comes, CSV or xlsx, read into lines of cells; or why it cannot be."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from server.people.persons import tidy
from server.web.csv_file import unguarded

LARGEST = 50_000_000
LARGEST_UNPACKED = 200_000_000
LARGEST_RATIO = 100
MOST_PARTS = 2_000

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""These two bytes are valid in CP932, too, where they are nothing that anybody writes."""

NOT_TEXT = Kind(
    "roster-not-text",
    "error",
    N_("UTF-8 としても CP932（Shift_JIS）としても読めません。"),
    N_("Excel では、「CSV UTF-8（コンマ区切り）」か「Excel ブック（.xlsx）」を選んで保存してください。"),
)
NOT_CSV = Kind(
    "roster-not-csv",
    "error",
    N_("この行から先を CSV として読めません。"),
    N_('引用符（"）が閉じているか確かめてください。'),
)
NOT_XLSX = Kind(
    "roster-not-xlsx",
    "error",
    N_("Excel ブックとして読めません（壊れているか、パスワードが付いています）。"),
    N_("パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください。"),
)
TOO_LARGE = Kind(
    "roster-too-large",
    "error",
    N_("ファイルが大きすぎます（%(megabytes)s MB まで）。"),
    N_("名簿の列と行だけを残して、保存し直してください。"),
)
MERGED = Kind(
    "roster-merged-cells",
    "error",
    N_("セル %(cells)s が結合されています。"),
    N_("結合を解除し、一つの欄に一つの値を書いてください。"),
)


class NumberCell(str):
    """What a spreadsheet holds as a number: noughts in front, if there were any, are gone."""


@dataclass(frozen=True)
class Table:
    """`records`: the lines that are not blank, each with its number and its cells. `encoding` for people."""

    records: Sequence[tuple[int, list[str]]]
    encoding: str


def read_table(data: bytes, file: str) -> tuple[Table, list[Problem]]:
    """An empty table where there is a problem."""
    if len(data) > LARGEST:
        return _nothing(Problem(TOO_LARGE, Place(file), {"megabytes": LARGEST // 1_000_000}))
    if data.startswith(b"PK"):
        return _read_xlsx(data, file)
    return _read_csv(data, file)


def _nothing(*problems: Problem) -> tuple[Table, list[Problem]]:
    return Table((), ""), list(problems)


def _read_csv(data: bytes, file: str) -> tuple[Table, list[Problem]]:
    decoded = _decoded(data)
    if decoded is None:
        return _nothing(Problem(NOT_TEXT, Place(file)))
    text, encoding = decoded
    records, broken = _records(text)
    if broken:
        return _nothing(Problem(NOT_CSV, Place(file, broken)))
    return Table(records, encoding), []


def _decoded(data: bytes) -> tuple[str, str] | None:
    """Japanese text in one of the two is almost never valid in the other: what reads without fault is it."""
    if data.startswith(UTF_16):
        return None
    for encoding, name in (("utf-8-sig", "UTF-8"), ("cp932", "CP932")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else (text, name)
    return None


def _records(text: str) -> tuple[list[tuple[int, list[str]]], int | None]:
    """Every record that is not blank, with the line on which it begins; and the line that cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    line = 1
    try:
        for record in reader:
            cells = [tidy(unguarded(cell)) for cell in record]
            if any(cells):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        return [], line
    return records, None


def _read_xlsx(data: bytes, file: str) -> tuple[Table, list[Problem]]:
    """The first sheet. Formulas count by the value that was saved with them."""
    import openpyxl  # a fifth of a second: only for those who bring a workbook

    try:
        if _unpacks_to_too_much(data):
            return _nothing(Problem(TOO_LARGE, Place(file), {"megabytes": LARGEST // 1_000_000}))
        sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    except Exception:
        return _nothing(Problem(NOT_XLSX, Place(file)))
    merged = [
        Problem(MERGED, Place(file, cells.min_row, cells.min_col), {"cells": cells.coord})
        for cells in sheet.merged_cells.ranges
    ]
    if merged:
        return _nothing(*merged)
    records = [
        (number, [_text(value) for value in values])
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1)
    ]
    return Table(list(_without_blanks(records)), "xlsx"), []


def _unpacks_to_too_much(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    return len(parts) > MOST_PARTS or size > LARGEST_UNPACKED or size > LARGEST_RATIO * max(len(data), 1)


def _without_blanks(records: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Without blank lines, and without the blank columns that a sheet trails."""
    width = max((i + 1 for _, cells in records for i, cell in enumerate(cells) if cell), default=0)
    for number, cells in records:
        if any(cells):
            yield number, cells[:width]


def _text(value: object) -> str:
    """A day of a sheet is a day, whatever it looks like there."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return NumberCell(f"{value:.15g}")
        case _:
            return tidy(str(value))
