"""The records as files: every form says the same, and nothing that is not sealed."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from server.record.seals import Seal, seal_now
from server.reporting.columns import COLUMNS
from server.reporting.export import Export
from server.reporting.filters import Filter
from server.reporting.formats import FORMATS
from server.rules.state import State
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, day, noon
from tests.http.pages import PageClient

TODAY = "2026-11-23"


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path) -> Site:
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    return site


@pytest.fixture
def haru(office: Site) -> Person:
    haru = office.staff.person("青海 はる", number="00012", department="企画課")
    office.staff.completes(haru, "plain-words", on="2026-05-10")
    return haru


@pytest.fixture
def hr(office: Site) -> PageClient:
    return office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,), department=None))


def body(client: PageClient, form: str, query: str = "") -> bytes:
    return client.download(f"/hr/export/{form}{query}").body


def of_csv(data: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))[1:]


def of_cp932(data: bytes) -> list[list[str]]:
    return of_csv(zipfile.ZipFile(io.BytesIO(data)).read("records.csv"), "cp932")


def unwritten(data: bytes) -> list[list[str]]:
    return of_csv(zipfile.ZipFile(io.BytesIO(data)).read("unwritten.csv"))


def of_xlsx(data: bytes) -> list[list[str]]:
    book = load_workbook(io.BytesIO(data))
    sheets = [sheet for sheet in book.worksheets if sheet.title != "説明"]
    return [[plain(cell.value) for cell in row] for sheet in sheets for row in list(sheet.rows)[1:]]


def of_json_lines(data: bytes) -> list[list[str]]:
    rows = [json.loads(line) for line in data.decode().splitlines()]
    names = [column.name for column in COLUMNS]
    return [[plain(row[name]).replace("T", " ").removesuffix("+09:00") for name in names] for row in rows]


def plain(value: Any) -> str:
    if isinstance(value, datetime):
        whole_day = (value.hour, value.minute) == (0, 0)
        return f"{value:%Y-%m-%d}" if whole_day else f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


READERS = {"csv": of_csv, "csv-cp932": of_cp932, "xlsx": of_xlsx, "jsonl": of_json_lines}


def test_every_form_and_the_screen_hold_the_same_rows(hr: PageClient, office: Site, haru: Person) -> None:
    office.staff.person("木村 けい", reading="キムラ ケイ", number="00007", department="港湾課")
    read = {form: READERS[form](body(hr, form)) for form in FORMATS}
    assert set(map(str, read.values())) == {str(read["csv"])}
    assert [row[:2] for row in hr.get("/hr/people").table()[1:]] == [
        row[:2] for place, row in enumerate(read["csv"]) if place % 2 == 0
    ]


@pytest.mark.parametrize("form", list(FORMATS))
def test_the_same_records_are_the_same_bytes(hr: PageClient, haru: Person, form: str) -> None:
    assert body(hr, form) == body(hr, form)


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_file_says_what_it_is_of(hr: PageClient, office: Site, haru: Person, form: str) -> None:
    row = READERS[form](body(hr, form, "?department=企画課&state=overdue&day=2026-06-01"))[0]
    said = dict(zip([column.header for column in COLUMNS], row, strict=True))
    assert said["基準日"] == "2026-06-01"
    assert said["絞り込み"] == "所属=企画課 状態=overdue"
    assert said["定義の版"] == "1"
    assert said["封印"] == sealed(office).mark


def sealed(site: Site) -> Seal:
    return seal_now(site.engine, site.keys.current(), noon(TODAY))


def test_days_are_there_in_both_calendars_with_the_fiscal_year(hr: PageClient, haru: Person) -> None:
    row = of_csv(body(hr, "csv"))[0]
    assert row[7:12] == ["2026-05-01", "令和8年5月1日", "2026-05-10 12:00", "令和8年5月10日", "2026"]


def test_cells_of_a_workbook_have_their_types(hr: PageClient, haru: Person) -> None:
    sheet = load_workbook(io.BytesIO(body(hr, "xlsx")))["記録"]
    first = {column.header: cell.value for column, cell in zip(COLUMNS, sheet[2], strict=True)}
    assert first["職員番号"] == "00012"
    assert first["期限"] == datetime(2026, 5, 1)  # noqa: DTZ001 — a cell has no zone
    assert first["修了日時"] == datetime(2026, 5, 10, 12, 0)  # noqa: DTZ001
    assert first["修了年度"] == 2026


def test_a_workbook_prints_on_a4_with_its_headers_and_filters(hr: PageClient, haru: Person) -> None:
    sheet = load_workbook(io.BytesIO(body(hr, "xlsx")))["記録"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:Q3"


@pytest.mark.parametrize("name", ["=1+1", "＝1+1", "-1", "＠SUM"])
@pytest.mark.parametrize("form", ["csv", "csv-cp932", "xlsx"])
def test_no_name_is_run_as_a_formula(hr: PageClient, office: Site, form: str, name: str) -> None:
    office.staff.person(name)
    written = READERS[form](body(hr, form))[0][1]
    assert written == (name if form == "xlsx" else f"'{name}")
    if form == "xlsx":
        cell = load_workbook(io.BytesIO(body(hr, form)))["記録"]["B2"]
        assert cell.data_type == "s"


def test_what_cp932_cannot_write_is_listed_with_what_stands_there(hr: PageClient, office: Site) -> None:
    office.staff.person("𠮷田 鷗", number="00012")
    data = body(hr, "csv-cp932")
    assert of_cp932(data)[0][1] == "〓田 〓"
    assert unwritten(data) == [
        ["00012", "氏名", "𠮷", "U+20BB7", "〓", "𠮷田 鷗"],
        ["00012", "氏名", "鷗", "U+9DD7", "〓", "𠮷田 鷗"],
    ]


def test_the_list_of_the_unwritten_is_there_when_it_is_empty(hr: PageClient, haru: Person) -> None:
    assert unwritten(body(hr, "csv-cp932")) == []


def test_what_comes_after_the_seal_is_not_in_the_file(office: Site, haru: Person) -> None:
    """As if somebody completed a module between the seal of an export and its first row."""
    export = Export(Filter(date(2026, 11, 23)), sealed(office), FORMATS["csv"])
    before = b"".join(export.pieces(office.engine))
    office.staff.completes(haru, "ask-early", on="2026-11-20")
    office.staff.moves_to(haru, "港湾課", on="2026-11-01")
    office.staff.person("新田 そら", department="企画課")
    assert b"".join(export.pieces(office.engine)) == before


def test_what_was_known_at_a_revision_can_be_told_later(office: Site, haru: Person) -> None:
    """After a transfer, a policy and a department's new name, too."""
    export = Export(Filter(date(2026, 11, 23)), sealed(office), FORMATS["csv"])
    before = b"".join(export.pieces(office.engine))
    office.staff.completes(haru, "ask-early", on="2026-11-20")
    sealed(office)
    office.staff.policy(since="2026-05-01", days=10)
    office.staff.places("企画課", "港湾局", on="2026-06-01")
    sealed(office)
    assert b"".join(export.pieces(office.engine)) == before


@pytest.mark.parametrize(
    "asked",
    [
        Filter(day(TODAY)),
        Filter(day("2026-05-05")),
        Filter(day(TODAY), states=frozenset({State.OVERDUE})),
        Filter(day(TODAY), search="はる"),
        Filter(day("2026-04-20"), search="まこと"),
    ],
)
def test_the_entries_alone_give_the_file_that_the_kept_states_give(
    office: Site, haru: Person, asked: Filter
) -> None:
    staff = office.staff
    staff.leaves(staff.person("田中 まこと", reading="タナカ マコト"), last="2026-04-10")
    staff.takes_leave(staff.person("三宅 なお", reading="ミヤケ ナオ"), "2026-05-01")
    staff.posts(staff.person("木村 けい", reading="キムラ ケイ"), "企画課", "2026-06-01", kind="concurrent")
    first = Export(asked, sealed(office), FORMATS["csv"])
    kept = b"".join(first.pieces(office.engine))
    office.staff.department("新しい課")
    office.staff.policy(since="2027-04-01")
    assert b"".join(first.pieces(office.engine)) == kept


def test_a_form_that_there_is_not_is_not_found(hr: PageClient) -> None:
    hr.get("/hr/export/pdf", status=404)
