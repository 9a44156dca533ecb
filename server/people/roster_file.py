"""A staff list as a CSV file: its rows, or everything that is wrong with it in one go."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from builder.language import N_
from builder.model.problem import Kind, Place, Problem, in_order
from server.people.persons import tidy
from server.web.csv_file import unguarded

COLUMNS = {
    "number": "職員番号",
    "name": "氏名",
    "reading": "フリガナ",
    "department_code": "所属コード",
    "department_name": "所属名",
    "from": "配属日",
}
HEADERS = {**{word: name for name, word in COLUMNS.items()}, **{name: name for name in COLUMNS}}
LONGEST = {"number": 64, "department_code": 64}
LONGEST_TEXT = 200

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{4})/(\d{1,2})/(\d{1,2})", re.ASCII)
SPOILED_NUMBER = re.compile(r"\d(\.\d+)?E\+\d+|\d+\.\d+", re.ASCII | re.IGNORECASE)

NOT_UTF8 = Kind(
    "roster-not-utf8",
    "error",
    N_("UTF-8 の文字として読めません。"),
    N_("Excel では、「CSV UTF-8（コンマ区切り）」を選んで保存してください。"),
)
NOT_CSV = Kind(
    "roster-not-csv",
    "error",
    N_("この行から先を CSV として読めません。"),
    N_('引用符（"）が閉じているか確かめてください。'),
)
EMPTY = Kind(
    "roster-empty",
    "error",
    N_("職員の行がありません。"),
    N_("1行目を見出し、2行目からを1人1行にしてください。"),
)
NO_HEADER = Kind(
    "roster-header-none",
    "error",
    N_("1行目に見出しがありません。"),
    N_("1行目を %(columns)s にしてください。題名や空の行は消します。"),
)
UNKNOWN_HEADER = Kind(
    "roster-header-unknown",
    "error",
    N_("見出し「%(header)s」は使えません。"),
    N_("使える見出しは %(columns)s です。ほかの列は消してください。"),
)
MISSING_HEADER = Kind(
    "roster-header-missing",
    "error",
    N_("見出し「%(header)s」がありません。"),
    N_("すべての見出しが要ります：%(columns)s"),
)
REPEATED_HEADER = Kind(
    "roster-header-repeated",
    "error",
    N_("見出し「%(header)s」が二つあります。"),
    N_("同じ見出しの列は一つにしてください。"),
)
WRONG_LENGTH = Kind(
    "roster-row-length",
    "error",
    N_("この行には %(found)s 個の欄があります。見出しは %(expected)s 個です。"),
    N_('コンマの数を確かめてください。コンマを含む欄は引用符（"）で囲みます。'),
)
EMPTY_CELL = Kind(
    "roster-cell-empty",
    "error",
    N_("「%(header)s」が空です。"),
    N_("すべての欄を埋めてください。"),
)
LONG_CELL = Kind(
    "roster-cell-long",
    "error",
    N_("「%(header)s」が長すぎます（%(length)s 文字、%(limit)s 文字まで）。"),
    N_("列がずれていないか確かめてください。"),
)
NUMBER_SPOILED = Kind(
    "roster-number-spoiled",
    "error",
    N_("職員番号「%(value)s」は、表計算ソフトで数に変わったようです。"),
    N_("元の名簿で、職員番号の列を「文字列」にしてから保存し直してください。"),
)
NUMBER_TWICE = Kind(
    "roster-number-twice",
    "error",
    N_("職員番号「%(value)s」は %(first)s 行目にもあります。"),
    N_("1人を1行にしてください。兼務は、この名簿では扱いません。"),
)
NOT_A_DAY = Kind(
    "roster-not-a-day",
    "error",
    N_("配属日「%(value)s」を日付として読めません。"),
    N_("2026-04-01 または 2026/4/1 の形で書いてください。"),
)
TWO_NAMES = Kind(
    "roster-department-two-names",
    "error",
    N_("所属コード「%(code)s」の名前が、%(first)s 行目では「%(other)s」です。"),
    N_("一つの所属コードには、一つの所属名を書いてください。"),
)


Record = tuple[int, list[str]]


@dataclass(frozen=True)
class RosterRow:
    """`line` is where the row begins in its file."""

    line: int
    number: str
    name: str
    reading: str
    department_code: str
    department_name: str
    first_day: date


@dataclass(frozen=True)
class Cells:
    """One row as it stands, tidied, before anything is made of it."""

    file: str
    line: int
    columns: Sequence[str]
    values: Mapping[str, str]

    def problem(self, kind: Kind, column: str, **values: object) -> Problem:
        place = Place(self.file, self.line, self.columns.index(column) + 1)
        return Problem(kind, place, {"header": COLUMNS[column], "value": self.values[column], **values})


def read_roster(data: bytes, file: str) -> tuple[list[RosterRow], list[Problem]]:
    """The rows without a problem, and every problem of the others. `file` is what the problems call it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(NOT_UTF8, Place(file, data[: error.start].count(b"\n") + 1))]
    records, broken = _records(text)
    if broken:
        return [], [Problem(NOT_CSV, Place(file, broken))]
    if not records:
        return [], [Problem(EMPTY, Place(file))]
    (line, header), *body = records
    columns, problems = _read_header(header, Place(file, line))
    return ([], problems) if problems else _read_rows(body, columns, file)


def _records(text: str) -> tuple[list[Record], int | None]:
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


def _read_header(header: Sequence[str], place: Place) -> tuple[list[str], list[Problem]]:
    """The columns in the file's order."""
    expected = ",".join(COLUMNS.values())
    if not set(header) & HEADERS.keys():
        return [], [Problem(NO_HEADER, place, {"columns": expected})]
    columns: list[str] = []
    problems = []
    for position, word in enumerate(header, start=1):
        meant = word if word in HEADERS else next(iter(get_close_matches(word, HEADERS, n=1)), None)
        values = {"header": word, "columns": expected, "meant": meant if meant != word else None}
        if meant != word:
            problems.append(Problem(UNKNOWN_HEADER, replace(place, column=position), values))
        elif HEADERS[word] in columns:
            problems.append(Problem(REPEATED_HEADER, replace(place, column=position), values))
        columns.append(HEADERS.get(meant or "", word))
    missing = [word for name, word in COLUMNS.items() if name not in columns]
    if missing:
        values = {"header": "」「".join(missing), "columns": expected}
        problems.append(Problem(MISSING_HEADER, place, values))
    return columns, problems


def _read_rows(
    records: Sequence[Record], columns: Sequence[str], file: str
) -> tuple[list[RosterRow], list[Problem]]:
    if not records:
        return [], [Problem(EMPTY, Place(file))]
    whole = [
        Cells(file, line, columns, dict(zip(columns, cells, strict=True)))
        for line, cells in records
        if len(cells) == len(columns)
    ]
    problems = [
        Problem(WRONG_LENGTH, Place(file, line), {"found": len(cells), "expected": len(columns)})
        for line, cells in records
        if len(cells) != len(columns)
    ]
    for row in whole:
        problems += _problems_of(row)
    problems += [*_repeated_numbers(whole), *_departments_with_two_names(whole)]
    wrong = {problem.place.line for problem in problems}
    return [_row(row) for row in whole if row.line not in wrong], in_order(problems)


def _problems_of(row: Cells) -> Iterator[Problem]:
    for column, text in row.values.items():
        limit = LONGEST.get(column, LONGEST_TEXT)
        if not text:
            yield row.problem(EMPTY_CELL, column)
        elif len(text) > limit:
            yield row.problem(LONG_CELL, column, length=len(text), limit=limit)
        elif column == "number" and SPOILED_NUMBER.fullmatch(text):
            yield row.problem(NUMBER_SPOILED, column)
        elif column == "from" and read_day(text) is None:
            yield row.problem(NOT_A_DAY, column)


YEARS = range(1900, 2101)
"""In which somebody may be posted: another year is a slip."""


def read_day(text: str) -> date | None:
    """2026-04-01 or 2026/4/1, and nothing that could mean two days."""
    match = DAY.fullmatch(text)
    if match is None:
        return None
    try:
        day = date(*(int(part) for part in match.groups() if part))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _repeated_numbers(rows: Iterable[Cells]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for row in rows:
        number = row.values["number"]
        if number and first.setdefault(number, row.line) != row.line:
            yield row.problem(NUMBER_TWICE, "number", first=first[number])


def _departments_with_two_names(rows: Iterable[Cells]) -> Iterator[Problem]:
    first: dict[str, Cells] = {}
    for row in rows:
        code, name = row.values["department_code"], row.values["department_name"]
        earlier = first.setdefault(code, row)
        other = earlier.values["department_name"]
        if code and name and other not in (name, ""):
            yield row.problem(TWO_NAMES, "department_name", code=code, other=other, first=earlier.line)


def _row(row: Cells) -> RosterRow:
    first_day = read_day(row.values["from"])
    assert first_day is not None
    texts = {column: text for column, text in row.values.items() if column != "from"}
    return RosterRow(line=row.line, first_day=first_day, **texts)
