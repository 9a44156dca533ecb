"""What the server refuses to publish, to withdraw and to take in is said with its cause and what to do."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from builder.language import LANGUAGES, Language
from builder.model.problem import Problem
from server.people.roster import plan
from server.people.roster_file import read_roster
from server.people.roster_table import LARGEST
from server.record.merging import merge_persons
from server.releases.publish import PublishRefused, publishable
from server.releases.withdraw import WithdrawalRefused, withdraw, withdrawable
from server.storage.engine import reading, writing
from server.web.language import catalogue
from tests.builders.course import changed, package, released, small_course
from tests.builders.site import Site
from tests.builders.staff import noon
from tests.golden_cases import Case, cases

CASES = [case for case in cases("commands") if case.file.stem == "server"]
HEADER = "職員番号,氏名,フリガナ,所属コード,所属名,配属日"
FILE = "staff.csv"


def small(folder: Path, old: str = "release: 1.0.0", new: str = "release: 1.0.0") -> bytes:
    return package(changed(small_course(), "course/course.yaml", old, new), folder)


def refused(site: Site, data: bytes) -> list[Problem]:
    with reading(site.engine) as connection, pytest.raises(PublishRefused) as refusal:
        publishable(connection, data, name="course.zip")
    return refusal.value.problems


def published_already(site: Site, folder: Path) -> list[Problem]:
    site.publishes(small(folder))
    return refused(site, small(folder))


def withdrawn(site: Site, folder: Path) -> list[Problem]:
    site.publishes(small(folder))
    with writing(site.engine) as connection:
        withdraw(connection, "1.0.0", reason="まちがえて公開した", at=noon("2026-05-01"), actor="a test")
    return refused(site, small(folder))


def another_course(site: Site, folder: Path) -> list[Problem]:
    site.publishes(small(folder / "first"))
    other = changed(small_course(), "course/course.yaml", "id: small", "id: other")
    newer = changed(other, "course/course.yaml", "release: 1.0.0", "release: 1.0.1")
    return refused(site, package(newer, folder))


def another_predecessor(site: Site, folder: Path) -> list[Problem]:
    site.publishes(small(folder / "first"))
    return refused(site, small(folder / "second", new="release: 1.0.1"))


def kept_version(site: Site, folder: Path) -> list[Problem]:
    """The author wrote the release down after changing the text, so that no check could see it."""
    site.publishes(small(folder / "first"))
    lesson = "modules/01-plain-words/lesson.md"
    edited = released(changed(small_course(), lesson, "困らない", "迷わない"), folder / "edited")
    return refused(
        site,
        package(changed(edited, "course/course.yaml", "release: 1.0.0", "release: 1.0.1"), folder / "second"),
    )


def not_the_newest(site: Site, folder: Path) -> list[Problem]:
    site.publishes(small(folder))
    with reading(site.engine) as connection, pytest.raises(WithdrawalRefused) as refusal:
        withdrawable(connection, "0.9.0")
    return [refusal.value.problem]


def planned(site: Site, row: str, kind: str = "本務") -> list[Problem]:
    site.staff.person("青海 はる", number="00123", department="総務課", since="2026-04-01")
    file = read_roster(f"{HEADER},配属区分\n{row},{kind}\n".encode(), FILE)
    assert file.problems == []
    with reading(site.engine) as connection:
        return list(plan(connection, file.rows, FILE, date(2026, 11, 24)).problems)


def somebody_elses_number(site: Site, _: Path) -> list[Problem]:
    haru = site.staff.person("青海 はる", number="00123", department="総務課", since="2026-04-01")
    site.staff.leaves(haru, last="2026-06-30")
    row = f"{HEADER}\n00123,飯田 あきら,イイダ アキラ,総務課,総務課,2026-10-01\n"
    with reading(site.engine) as connection:
        rows = read_roster(row.encode(), FILE).rows
        return list(plan(connection, rows, FILE, date(2026, 11, 24)).problems)


def merged_number(site: Site, _: Path) -> list[Problem]:
    old = site.staff.person("青海 はる", number="00123", department="総務課", since="2026-04-01")
    new = site.staff.person("青海 はる", number="90123", department="港湾課", since="2026-06-01")
    with writing(site.engine) as connection:
        merge_persons(connection, old.id, new.id, reason="再採用", at=noon("2026-06-10"), actor="a test")
    row = f"{HEADER}\n00123,青海 はる,オウミ ハル,総務課,総務課,2026-10-01\n"
    with reading(site.engine) as connection:
        rows = read_roster(row.encode(), FILE).rows
        return list(plan(connection, rows, FILE, date(2026, 11, 24)).problems)


def read(data: bytes) -> list[Problem]:
    return list(read_roster(data, FILE).problems)


def workbook(*cells: Any, merge: str | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(HEADER.split(","))
    sheet.append(cells)
    if merge:
        sheet.merge_cells(merge)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


REFUSED: dict[str, Callable[[Site, Path], list[Problem]]] = {
    "A release that is published already": published_already,
    "A release that was withdrawn": withdrawn,
    "A package of another course": another_course,
    "A package that follows another release": another_predecessor,
    "A module that changed under a version that was published": kept_version,
    "Withdrawing a release that is not the newest": not_the_newest,
    "A transfer before the present posting": lambda site, _: planned(
        site, "00123,青海 はる,オウミ ハル,0121,申請受付課,2026-03-01"
    ),
    "Another day for the same department": lambda site, _: planned(
        site, "00123,青海 はる,オウミ ハル,総務課,総務課,2026-05-01"
    ),
    "A number whose zeros were lost": lambda site, _: planned(
        site, "123,青海 はる,オウミ ハル,0121,申請受付課,2026-04-01"
    ),
    "A list of no staff": lambda *_: read(f"{HEADER}\n".encode()),
    "A list in another encoding": lambda *_: read(b"\xff\xfe\xfd"),
    "A workbook that is broken": lambda *_: read(b"PK\x03\x04"),
    "A list that is too large": lambda *_: read(b" " * (LARGEST + 1)),
    "A workbook with merged cells": lambda *_: read(workbook("00123", merge="A1:B1")),
    "A number that a workbook holds as a number": lambda *_: read(
        workbook(123, "青海 はる", "オウミ ハル", "0111", "総務課", "2026-04-01")
    ),
    "A number that was somebody else's": somebody_elses_number,
    "A number that was merged into another": merged_number,
    "A concurrent posting without a main one": lambda site, _: planned(
        site, "00456,飯田 あきら,イイダ アキラ,0121,申請受付課,2026-04-01", "兼務"
    ),
    "A cell that is far too long": lambda *_: read(
        f"{HEADER}\n00123,{'青' * 300},オウミ ハル,0111,総務課,2026-04-01\n".encode()
    ),
}


def said(problem: Problem, language: Language) -> str:
    place = ":".join(str(part) for part in (problem.place.file, problem.place.line) if part)
    hint = problem.hint(language, catalogue)
    return f"{place} [{problem.code}]\n  {problem.cause(language, catalogue)}\n  → {hint}\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_the_server_refuses(case: Case, language: Language, site: Site, tmp_path: Path) -> None:
    problems = REFUSED[case.title](site, tmp_path / "course")

    case.hold(language, "".join(said(problem, language) for problem in problems))
    assert problems
