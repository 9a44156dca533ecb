"""A staff list: its rows, or everything that is wrong with it in one go."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from builder.language import N_
from builder.model.problem import Kind, Place, Problem, in_order
from server.people.roster_days import read_day
from server.people.roster_table import NumberCell, read_table
from server.record.postings import Appointment, PostingKind

REQUIRED = {
    "number": "職員番号",
    "name": "氏名",
    "reading": "フリガナ",
    "department_code": "所属コード",
    "department_name": "所属名",
    "from": "配属日",
}
OPTIONAL = {
    "kind": "配属区分",
    "appointment": "任用区分",
    "is_head": "所属長",
    "until": "終了日",
    "leave_from": "休職開始日",
    "leave_until": "休職終了日",
}
COLUMNS = {**REQUIRED, **OPTIONAL}
HEADERS = {**{word: name for name, word in COLUMNS.items()}, **{name: name for name in COLUMNS}}
LONGEST = {"number": 64, "department_code": 64}
LONGEST_TEXT = 200
TITLE_LINES = 10
"""So far down a header is looked for, to say that something stands above it."""

KINDS: dict[str, PostingKind] = {"": "main", "本務": "main", "兼務": "concurrent", "併任": "concurrent"}
APPOINTMENTS: dict[str, Appointment] = {
    "": "regular",
    "通常": "regular",
    "会計年度任用": "fiscal-year",
    "出向受入": "seconded-in",
    "出向派遣": "seconded-out",
}
HEADS = {"": False, "0": False, "1": True, "○": True, "〇": True, "所属長": True}
WORDS: dict[str, Mapping[str, object]] = {"kind": KINDS, "appointment": APPOINTMENTS, "is_head": HEADS}
DAYS = ("from", "until", "leave_from", "leave_until")

IGNORED = ""
"""What a header is mapped to whose column is not used."""

SERIAL = re.compile(r"[1-9]\d{4}", re.ASCII)
SPOILED_NUMBER = re.compile(r"\d(\.\d+)?E\+\d+|\d+\.\d+", re.ASCII | re.IGNORECASE)
SUM = re.compile(r"(合|小|総)計|計")

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
TITLE = Kind(
    "roster-title-row",
    "error",
    N_("見出しは %(header)s 行目にあるようです。その上に別の行があります。"),
    N_("見出しより上の行を消して、見出しを1行目にしてください。"),
)
SUM_ROW = Kind(
    "roster-sum-row",
    "error",
    N_("合計の行のようです（「%(value)s」）。"),
    N_("職員の行だけを残してください。"),
)
UNKNOWN_HEADER = Kind(
    "roster-header-unknown",
    "error",
    N_("見出し「%(header)s」は使えません。"),
    N_("使える見出しは %(columns)s です。ほかの列は消すか、取り込みの画面で意味を選んでください。"),
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
NUMBER_TYPED = Kind(
    "roster-number-typed",
    "error",
    N_("「%(header)s」が数になっています（%(value)s）。先頭の 0 が消えたかもしれません。"),
    N_("列の表示形式を「文字列」にして、元の名簿から入れ直してください。"),
)
NUMBER_TWICE = Kind(
    "roster-number-twice",
    "error",
    N_("職員番号「%(value)s」の本務は %(first)s 行目にもあります。"),
    N_("本務は1人に一つです。兼務の行は、配属区分を「兼務」にしてください。"),
)
NOT_A_DAY = Kind(
    "roster-not-a-day",
    "error",
    N_("「%(header)s」の「%(value)s」を日付として読めません。"),
    N_("2026-04-01、2026/4/1、令和8年4月1日 のどれかの形で、暦にある日を書いてください。"),
)
SERIAL_DAY = Kind(
    "roster-serial-day",
    "error",
    N_("「%(header)s」が「%(value)s」です。表計算ソフトの日付の番号のようです。"),
    N_("列の表示形式を「日付」にして、保存し直してください。"),
)
END_BEFORE_START = Kind(
    "roster-end-before-start",
    "error",
    N_("「%(header)s」の %(value)s が、始まりの %(first)s より前です。"),
    N_("どちらの日が正しいか、元の名簿で確かめてください。"),
)
LEAVE_WITHOUT_START = Kind(
    "roster-leave-without-start",
    "error",
    N_("休職終了日だけがあり、休職開始日がありません。"),
    N_("休職開始日も書いてください。復職した人は、前に知らせた休職の開始日と、その終了日を書きます。"),
)
UNKNOWN_WORD = Kind(
    "roster-word-unknown",
    "error",
    N_("「%(header)s」の「%(value)s」は使えません。"),
    N_("使える言葉は %(words)s です。"),
)
GAIJI = Kind(
    "roster-private-character",
    "error",
    N_("「%(header)s」に、ほかの機械では読めない外字（%(character)s）があります。"),
    N_("同じ字か、正しい字体の字に置き換えてください。"),
)
TWO_NAMES = Kind(
    "roster-department-two-names",
    "error",
    N_("所属コード「%(code)s」の名前が、%(first)s 行目では「%(other)s」です。"),
    N_("一つの所属コードには、一つの所属名を書いてください。"),
)


Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Leave:
    first: date
    last: date | None


@dataclass(frozen=True)
class RosterRow:
    """`line` is where the row begins in its file. `last_day` ends the posting."""

    line: int
    number: str
    name: str
    reading: str
    department_code: str
    department_name: str
    first_day: date
    kind: PostingKind = "main"
    appointment: Appointment = "regular"
    is_head: bool = False
    last_day: date | None = None
    leave: Leave | None = None


@dataclass(frozen=True)
class Cells:
    """One row as it stands, tidied, before anything is made of it."""

    file: str
    line: int
    columns: Sequence[str]
    values: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.values.get(column, "")

    def problem(self, kind: Kind, column: str, **values: object) -> Problem:
        place = Place(self.file, self.line, self.columns.index(column) + 1)
        return Problem(kind, place, {"header": COLUMNS[column], "value": self.values[column], **values})


@dataclass(frozen=True)
class RosterFile:
    """`rows` are those without a problem; `encoding` is what the file was read as.

    `unknown`: headers whose meaning is not known; `mapped`: those whose meaning was told before.
    """

    rows: Sequence[RosterRow]
    problems: Sequence[Problem]
    encoding: str = ""
    unknown: Sequence[str] = ()
    mapped: Mapping[str, str] | None = None


def read_roster(data: bytes, file: str, mapping: Mapping[str, str] | None = None) -> RosterFile:
    """`file` is what the problems call it. `mapping`: header → column, or IGNORED, as it was told before."""
    table, problems = read_table(data, file)
    if problems:
        return RosterFile((), problems)
    if not table.records:
        return RosterFile((), [Problem(EMPTY, Place(file))], table.encoding)
    (line, header), *body = table.records
    if above := _titles(table.records):
        return RosterFile((), [Problem(TITLE, Place(file, line), {"header": above})], table.encoding)
    known = mapping or {}
    columns, problems = _read_header(header, Place(file, line), known)
    used = {word: known[word] for word in header if word in known and word not in HEADERS}
    if problems:
        unknown = [problem.values["header"] for problem in problems if problem.kind is UNKNOWN_HEADER]
        return RosterFile((), problems, table.encoding, [str(word) for word in unknown], used)
    rows, problems = _read_rows(body, columns, file)
    return RosterFile(rows, problems, table.encoding, mapped=used)


def _titles(records: Sequence[Record]) -> int | None:
    """The line of a header that stands below others."""
    for place, (line, cells) in enumerate(records[:TITLE_LINES]):
        if len(set(cells) & HEADERS.keys()) >= len(REQUIRED) // 2:
            return line if place else None
    return None


def _read_header(
    header: Sequence[str], place: Place, mapping: Mapping[str, str]
) -> tuple[list[str], list[Problem]]:
    """The columns in the file's order; IGNORED ones have no name."""
    expected = ",".join(REQUIRED.values())
    if not set(header) & (HEADERS.keys() | mapping.keys()):
        return [], [Problem(NO_HEADER, place, {"columns": expected})]
    columns: list[str] = []
    problems = []
    for position, word in enumerate(header, start=1):
        column = HEADERS.get(word, mapping.get(word))
        here = replace(place, column=position)
        if column is None:
            meant = next(iter(get_close_matches(word, HEADERS, n=1)), None)
            values = {"header": word, "columns": ",".join(COLUMNS.values()), "meant": meant}
            problems.append(Problem(UNKNOWN_HEADER, here, values))
            column = HEADERS.get(meant or "", word)
        elif column != IGNORED and column in columns:
            problems.append(Problem(REPEATED_HEADER, here, {"header": word}))
        columns.append(column)
    missing = [word for name, word in REQUIRED.items() if name not in columns]
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
    if summed := _sum(row):
        yield row.problem(SUM_ROW, summed)
        return
    for column, text in row.values.items():
        yield from _problems_of_cell(row, column, text)
    yield from _problems_of_order(row)


def _sum(row: Cells) -> str | None:
    """The column in which a row without a number or a name says that it is a sum."""
    if row.get("number") and row.get("name"):
        return None
    return next((column for column, text in row.values.items() if column and SUM.fullmatch(text)), None)


def _problems_of_cell(row: Cells, column: str, text: str) -> Iterator[Problem]:
    limit = LONGEST.get(column, LONGEST_TEXT)
    if column == IGNORED or (not text and column in OPTIONAL):
        return
    if not text:
        yield row.problem(EMPTY_CELL, column)
    elif len(text) > limit:
        yield row.problem(LONG_CELL, column, length=len(text), limit=limit)
    elif isinstance(text, NumberCell) and column in ("number", "department_code"):
        yield row.problem(NUMBER_TYPED, column)
    elif column == "number" and SPOILED_NUMBER.fullmatch(text):
        yield row.problem(NUMBER_SPOILED, column)
    elif column in WORDS and text not in WORDS[column]:
        yield row.problem(UNKNOWN_WORD, column, words="、".join(word for word in WORDS[column] if word))
    elif column in DAYS and read_day(text) is None:
        yield row.problem(SERIAL_DAY if SERIAL.fullmatch(text) else NOT_A_DAY, column)
    elif private := _private_character(text):
        yield row.problem(GAIJI, column, character=f"U+{ord(private):04X}")


def _private_character(text: str) -> str | None:
    return next((character for character in text if unicodedata.category(character) == "Co"), None)


def _problems_of_order(row: Cells) -> Iterator[Problem]:
    for first_column, last_column in (("from", "until"), ("leave_from", "leave_until")):
        first, last = read_day(row.get(first_column)), read_day(row.get(last_column))
        if last and first and last < first:
            yield row.problem(END_BEFORE_START, last_column, first=first)
    if row.get("leave_until") and not row.get("leave_from"):
        yield row.problem(LEAVE_WITHOUT_START, "leave_until")


def _repeated_numbers(rows: Iterable[Cells]) -> Iterator[Problem]:
    """Of main postings: concurrent ones have lines of their own."""
    first: dict[str, int] = {}
    for row in rows:
        number = row.values["number"]
        is_main = KINDS.get(row.get("kind")) == "main"
        if number and is_main and first.setdefault(number, row.line) != row.line:
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
    leave_from = read_day(row.get("leave_from"))
    texts = {column: str(row.values[column]) for column in REQUIRED if column != "from"}
    return RosterRow(
        line=row.line,
        first_day=first_day,
        kind=KINDS[row.get("kind")],
        appointment=APPOINTMENTS[row.get("appointment")],
        is_head=HEADS[row.get("is_head")],
        last_day=read_day(row.get("until")),
        leave=Leave(leave_from, read_day(row.get("leave_until"))) if leave_from else None,
        **texts,
    )
