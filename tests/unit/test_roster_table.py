"""Staff lists as they come out of spreadsheets: workbooks, other encodings, days of every kind."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from server.people import roster_table
from server.people.roster_days import read_day
from server.people.roster_file import Leave, RosterFile, RosterRow, read_roster

HEADER = ("職員番号", "氏名", "フリガナ", "所属コード", "所属名", "配属日")
LINE: tuple[Any, ...] = ("00123", "青海 はる", "オウミ ハル", "0111", "総務課", date(2026, 4, 1))
ROW = RosterRow(2, "00123", "青海 はる", "オウミ ハル", "0111", "総務課", date(2026, 4, 1))


def workbook(*lines: tuple[Any, ...], change: Callable[[Worksheet], None] = lambda sheet: None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for line in lines:
        sheet.append(line)
    change(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv(*lines: tuple[str, ...], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(line) + "\r\n" for line in lines).encode(encoding)


def codes(file: RosterFile) -> list[tuple[str, int | None, int | None]]:
    return [(problem.code, problem.place.line, problem.place.column) for problem in file.problems]


# Workbooks -----------------------------------------------------------------------------------------


def test_a_workbook_is_read_like_a_csv_file() -> None:
    assert read_roster(workbook(HEADER, LINE), "staff.xlsx") == RosterFile([ROW], [], "xlsx", mapped={})


def test_a_day_of_a_workbook_is_a_day_with_or_without_a_time() -> None:
    line = (*LINE[:5], datetime(2026, 4, 1, 0, 0))  # noqa: DTZ001 — as workbooks have them

    assert read_roster(workbook(HEADER, line), "staff.xlsx").rows == [ROW]


def test_blank_lines_and_columns_of_a_workbook_are_passed_over() -> None:
    lines = (HEADER, (), LINE, (None, None), (None,) * 9)

    assert [row.line for row in read_roster(workbook(*lines), "staff.xlsx").rows] == [3]


@pytest.mark.parametrize(("column", "value"), [(0, 123), (3, 111)], ids=["number", "department"])
def test_a_code_that_is_a_number_may_have_lost_its_noughts(column: int, value: int) -> None:
    line = (*LINE[:column], value, *LINE[column + 1 :])

    assert codes(read_roster(workbook(HEADER, line), "staff.xlsx")) == [
        ("roster-number-typed", 2, column + 1)
    ]


def test_merged_cells_are_named() -> None:
    file = read_roster(workbook(HEADER, LINE, change=lambda sheet: sheet.merge_cells("A1:B1")), "staff.xlsx")

    assert codes(file) == [("roster-merged-cells", 1, 1)]


def test_a_title_above_the_header_is_named() -> None:
    assert codes(read_roster(workbook(("職員名簿",), HEADER, LINE), "staff.xlsx")) == [
        ("roster-title-row", 1, 0)
    ]


def test_a_sum_below_is_named() -> None:
    file = read_roster(workbook(HEADER, LINE, (None, "合計", None, None, None, 1)), "staff.xlsx")

    assert codes(file) == [("roster-sum-row", 3, 2)]


def test_what_is_no_workbook_is_said() -> None:
    assert codes(read_roster(b"PK\x03\x04 nothing", "staff.xlsx")) == [("roster-not-xlsx", 0, 0)]


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)

    assert codes(read_roster(file.getvalue(), "bomb.xlsx")) == [("roster-too-large", 0, 0)]


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_table, "LARGEST", 10)

    assert codes(read_roster(csv(HEADER), "staff.csv")) == [("roster-too-large", 0, 0)]


# Encodings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp932", "CP932")]
)
def test_the_encoding_is_found_and_said(encoding: str, said: str) -> None:
    name = "髙橋 﨑子"
    file = read_roster(csv(HEADER, ("00123", name, *LINE[2:5], "2026-04-01"), encoding=encoding), "staff.csv")

    assert ([row.name for row in file.rows], file.encoding) == ([name], said)


@pytest.mark.parametrize("encoding", ["utf-16", "iso2022_jp"])
def test_other_encodings_are_named_and_not_guessed(encoding: str) -> None:
    file = read_roster(csv(HEADER, (*LINE[:5], "2026-04-01"), encoding=encoding), "staff.csv")

    assert file.rows == ()
    assert codes(file)


def test_a_private_character_is_named() -> None:
    line = ("00123", "青海\ue000", *LINE[2:5], "2026-04-01")

    assert codes(read_roster(csv(HEADER, line), "staff.csv")) == [("roster-private-character", 2, 2)]


# Days ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["2026-04-01", "2026/4/1", "2026年4月1日", "令和8年4月1日", "R8.4.1", "r8/4/1", "令和8.04.01"],
)
def test_a_day_may_be_written_in_these_ways(text: str) -> None:
    assert read_day(text) == date(2026, 4, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "令和8年2月30日",
        "昭和65年1月1日",
        "平成31年5月1日",
        "令和0年4月1日",
        "4/1/2026",
        "46113",
        "",
    ],
)
def test_these_are_no_days(text: str) -> None:
    assert read_day(text) is None


def test_the_first_year_of_an_era_begins_with_its_first_day() -> None:
    assert read_day("令和元年5月1日") == date(2019, 5, 1)
    assert read_day("令和元年4月30日") is None
    assert read_day("平成31年4月30日") == date(2019, 4, 30)


def test_the_serial_number_of_a_day_is_told_from_other_nonsense() -> None:
    assert codes(read_roster(csv(HEADER, (*LINE[:5], "46113")), "staff.csv")) == [("roster-serial-day", 2, 6)]


# More columns --------------------------------------------------------------------------------------

MORE = (*HEADER, "配属区分", "任用区分", "所属長", "終了日", "休職開始日", "休職終了日")


def test_every_column_is_read() -> None:
    line = (*LINE[:5], "2026-04-01", "兼務", "会計年度任用", "○", "2027-03-31", "2026-05-01", "2026-06-30")
    (row,) = read_roster(csv(MORE, line), "staff.csv").rows

    assert (row.kind, row.appointment, row.is_head, row.last_day, row.leave) == (
        "concurrent", "fiscal-year", True, date(2027, 3, 31), Leave(date(2026, 5, 1), date(2026, 6, 30)),
    )  # fmt: skip


def test_a_column_that_may_be_empty_may_be_empty() -> None:
    assert read_roster(csv(MORE, (*LINE[:5], "2026-04-01", *[""] * 6)), "staff.csv").rows == [ROW]


def test_two_main_postings_of_a_person_are_refused_and_a_concurrent_one_is_not() -> None:
    first = (*LINE[:5], "2026-04-01", "本務", *[""] * 5)
    second = ("00123", "青海 はる", "オウミ ハル", "0121", "企画課", "2026-04-01")

    assert codes(read_roster(csv(MORE, first, (*second, "本務", *[""] * 5)), "staff.csv")) == [
        ("roster-number-twice", 3, 1)
    ]
    assert len(read_roster(csv(MORE, first, (*second, "兼務", *[""] * 5)), "staff.csv").rows) == 2


# What headings mean --------------------------------------------------------------------------------


def test_another_heading_is_asked_about_until_its_meaning_is_known() -> None:
    data = csv(("社員番号", *HEADER[1:], "備考"), (*LINE[:5], "2026-04-01", "x"))

    assert list(read_roster(data, "staff.csv").unknown) == ["社員番号", "備考"]

    file = read_roster(data, "staff.csv", {"社員番号": "number", "備考": ""})
    assert (file.rows, file.mapped) == ([ROW], {"社員番号": "number", "備考": ""})
