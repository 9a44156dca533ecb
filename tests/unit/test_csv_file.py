"""What is written opens in Excel, runs nothing there, and reads back as it was."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.csv_file import CHUNK, Cell, encoded, guarded, unguarded

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
RISKY = st.text(st.sampled_from("'=+-@\t\r\n＝＋－＠\",a1　"), min_size=1, max_size=8)
STARTERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def written(*rows: Sequence[Cell]) -> bytes:
    return b"".join(encoded(rows))


def read_back(data: bytes) -> list[list[str]]:
    """By the rule that the documentation gives."""
    lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [[unguarded(cell) for cell in line] for line in lines]


@given(st.lists(st.lists(TEXT | RISKY, min_size=2, max_size=4)))
def test_every_text_reads_back_as_it_was(rows: list[list[str]]) -> None:
    assert read_back(written(*rows)) == rows


@given(TEXT | RISKY)
def test_no_guarded_text_begins_like_a_formula(text: str) -> None:
    assert not guarded(text).startswith(STARTERS)


@pytest.mark.parametrize("name", ["O'Brien", "'quoted'", "00123", "２０２６", "あ=1", "", " =1"])
def test_a_text_that_is_no_formula_stays_as_it_is(name: str) -> None:
    assert guarded(name) == name


def test_numbers_stay_numbers() -> None:
    assert written([-0.5, -1, "-1"]) == "\ufeff-0.5,-1,'-1\r\n".encode()


def test_the_file_begins_with_a_byte_order_mark_and_ends_its_lines_with_crlf() -> None:
    assert written(["職員番号"], ["00123"]) == b"\xef\xbb\xbf" + "職員番号\r\n00123\r\n".encode()


def test_a_missing_value_is_an_empty_cell() -> None:
    assert written(["a", None, "b"]) == "\ufeffa,,b\r\n".encode()


def test_a_long_file_comes_in_pieces_and_has_one_byte_order_mark() -> None:
    pieces = list(encoded(["0123456789"] for _ in range(CHUNK)))

    assert len(pieces) > 2
    assert b"".join(pieces).count(b"\xef\xbb\xbf") == 1
