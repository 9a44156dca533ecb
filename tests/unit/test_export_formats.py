"""The forms of the records: what is written is read back."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from server.record.seals import Seal
from server.reporting.columns import COLUMNS, Value
from server.reporting.edition import Edition
from server.reporting.filters import Filter
from server.reporting.formats import FORMATS, xlsx
from server.reporting.formats.cp932 import composed, replacement
from server.rules.eras import era_text, fiscal_year
from server.web.csv_file import unguarded

SEAL = Seal(7, datetime(2026, 11, 23, tzinfo=UTC), 3, "a" * 64, "b" * 64, "k" * 16, b"")
EDITION = Edition(Filter(date(2026, 11, 23)), SEAL)


def sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def row_of(text: str) -> tuple[Value, ...]:
    return (text,) + (None,) * (len(COLUMNS) - 1)


TEXTS = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20
).filter(lambda text: text.strip() == text)


@given(st.lists(TEXTS, max_size=5))
def test_a_workbook_read_with_another_library_has_the_same_texts(texts: list[str]) -> None:
    data = b"".join(xlsx.write(EDITION, COLUMNS, map(row_of, texts)))
    assert [row[0] for row in sheets(data)["記録"][1:]] == texts


def test_rows_past_the_end_of_a_sheet_go_to_the_next() -> None:
    def rows() -> Iterator[tuple[Value, ...]]:
        yield from (row_of(str(number)) for number in range(7))

    found = sheets(b"".join(xlsx.write(EDITION, COLUMNS, rows(), sheet_rows=3)))
    assert [[row[0] for row in found[name]] for name in ("記録", "記録2", "記録3")] == [
        ["職員番号", "0", "1", "2"],
        ["職員番号", "3", "4", "5"],
        ["職員番号", "6"],
    ]


def test_a_full_last_sheet_is_followed_by_none() -> None:
    data = b"".join(xlsx.write(EDITION, COLUMNS, map(row_of, "abc"), sheet_rows=3))
    assert list(sheets(data)) == ["説明", "記録"]


def test_the_first_sheet_explains_the_file() -> None:
    cover = dict(row[:2] for row in sheets(b"".join(xlsx.write(EDITION, COLUMNS, [])))["説明"])
    assert cover["記録の改訂番号"] == 7
    assert cover["基準日"] == "2026-11-23（令和8年11月23日）"
    assert cover["確かめ方"].endswith(SEAL.mark)


@pytest.mark.parametrize("character", list("髙﨑～－―∥￠￡￢①Ⅲ㈱"))
def test_cp932_has_it(character: str) -> None:
    assert replacement(character) == character
    assert character.encode("cp932").decode("cp932") == character


@pytest.mark.parametrize(("character", "twin"), ["〜～", "−－", "—―", "‖∥", "¢￠", "£￡", "¬￢"])
def test_cp932_has_its_twin(character: str, twin: str) -> None:
    assert replacement(character) == twin


@pytest.mark.parametrize("character", list("鷗頰𠮷"))
def test_cp932_has_nothing_like_it(character: str) -> None:
    assert replacement(character) == "〓"


def test_a_selector_of_a_variant_goes_and_leaves_its_character() -> None:
    assert "".join(map(replacement, "辻\U000e0100")) == "辻"


def test_kana_with_a_combining_mark_are_one_character() -> None:
    assert composed("か\u3099ハ\u309a") == "がパ"


def test_kana_that_no_character_joins_keep_the_mark_for_the_list() -> None:
    assert composed("か\u309a") == "か\u309a"
    assert replacement("\u309a") == "〓"


def test_variants_of_names_are_not_composed_away() -> None:
    assert composed("神\ufa19") == "神\ufa19"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2026, 11, 23), "令和8年11月23日"),
        (date(1926, 12, 24), "1926年12月24日"),
    ],
)
def test_days_in_eras(day: date, text: str) -> None:
    assert era_text(day) == text


def test_a_fiscal_year_begins_in_april() -> None:
    assert (fiscal_year(date(2027, 3, 31)), fiscal_year(date(2027, 4, 1))) == (2026, 2027)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_pandas_reads_the_same_texts_from_every_form(texts: list[str]) -> None:
    def written(form: str) -> io.BytesIO:
        return io.BytesIO(b"".join(FORMATS[form].write(EDITION, COLUMNS, map(row_of, texts))))

    as_written: dict[str, Any] = {"dtype": str, "keep_default_na": False}
    csv = pandas.read_csv(written("csv"), encoding="utf-8-sig", **as_written)
    book = pandas.read_excel(written("xlsx"), sheet_name="記録", **as_written)
    lines = pandas.read_json(written("jsonl"), lines=True, dtype=False)
    assert [unguarded(cell) for cell in csv["職員番号"]] == texts
    assert list(book["職員番号"]) == texts
    assert list(lines["number"]) == texts
