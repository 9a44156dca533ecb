"""Reading a staff list: what it may look like, and what is said of one that cannot be read."""

from datetime import date

import pytest

from builder.language import LANGUAGES, Language
from builder.model.problem import Kind, Problem
from server.people import roster_file
from server.people.roster_file import RosterRow, read_roster
from server.web.language import catalogue
from tests.golden_cases import Case, cases

CASES = list(cases("roster"))
HEADER = "職員番号,氏名,フリガナ,所属コード,所属名,配属日"
LINE = "00123,青海 はる,オウミ ハル,0111,総務課,2026-04-01"
ROW = RosterRow(2, "00123", "青海 はる", "オウミ ハル", "0111", "総務課", date(2026, 4, 1))


def named(name: str) -> str:
    return f"{HEADER}\n{LINE.replace('青海 はる', name)}\n"


def rows_of(text: str) -> list[RosterRow]:
    file = read_roster(text.encode(), "staff.csv")
    assert file.problems == []
    return list(file.rows)


def said(problems: list[Problem], language: Language) -> str:
    lines = []
    for problem in problems:
        place = ":".join(str(part) for part in (problem.place.line, problem.place.column) if part)
        lines.append(f"{place} [{problem.code}] {problem.cause(language, catalogue)}")
        lines.append(f"  → {problem.hint(language, catalogue)}")
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_is_wrong_is_said_with_its_place(case: Case, language: Language) -> None:
    (text,) = case.blocks("csv")
    problems = list(read_roster(text.encode(), "staff.csv").problems)

    case.hold(language, said(problems, language))
    assert problems


def test_every_kind_of_problem_has_a_case_but_those_of_length_and_workbooks() -> None:
    kinds = {value.code for value in vars(roster_file).values() if isinstance(value, Kind)}
    met = {
        problem.code
        for case in CASES
        for problem in read_roster(case.blocks("csv")[0].encode(), "staff.csv").problems
    }

    assert kinds - met == {"roster-cell-long", "roster-number-typed"}  # a CSV file has no typed cells


def test_a_row_is_read() -> None:
    assert rows_of(f"{HEADER}\n{LINE}\n") == [ROW]


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEADER}\r\n{LINE}\r\n",
        f"{HEADER}\n{LINE}",
        f"number,name,reading,department_code,department_name,from\n{LINE}\n",
        f"{HEADER}\n００１２３,青海　はる,ｵｳﾐ ﾊﾙ,０１１１,総務課 ,２０２６/４/１\n",
        f'{HEADER}\n"00123","青海\nはる","オウミ ハル","0111","総務課","2026-04-01"\n',
        f"{HEADER}\n{LINE}\n,,,,,\n\n",
        "配属日,職員番号,氏名,フリガナ,所属コード,所属名\n2026/4/1,00123,青海 はる,オウミ ハル,0111,総務課\n",
    ],
)
def test_the_same_row_may_be_written_in_many_ways(text: str) -> None:
    assert rows_of(text) == [ROW]


def test_leading_zeros_stay() -> None:
    assert rows_of(f"{HEADER}\n{LINE.replace('00123', '0000')}\n")[0].number == "0000"


@pytest.mark.parametrize("name", ["髙橋 﨑", "神\ufa19 海\ufa45", "葛\U000e0100 飾", "𠮷田 一"])
def test_the_variant_characters_of_a_name_stay(name: str) -> None:
    assert rows_of(named(name))[0].name == name


def test_what_our_own_exports_guard_against_formulas_is_read_back() -> None:
    assert rows_of(named("'=海"))[0].name == "=海"


def test_a_line_is_counted_where_it_begins() -> None:
    text = f'{HEADER}\n00122,"飯田\nあきら",イイダ アキラ,0111,総務課,2026-04-01\n\n{LINE}\n'

    assert [row.line for row in rows_of(text)] == [2, 5]


def test_a_file_with_problems_still_gives_the_rows_without() -> None:
    file = read_roster(f"{HEADER}\n,,x,,,\n{LINE}\n".encode(), "staff.csv")

    assert [row.number for row in file.rows] == ["00123"]
    assert {problem.place.line for problem in file.problems} == {2}


def test_a_very_long_cell_is_refused() -> None:
    file = read_roster(named("あ" * 201).encode(), "staff.csv")

    assert [(problem.code, problem.place.column) for problem in file.problems] == [("roster-cell-long", 2)]
