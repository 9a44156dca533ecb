"""docs/problems.md names every kind of problem that the code can report."""

import re

from tests.golden_cases import REWRITE
from tests.problems_page import PAGE, all_kinds, examples_of_cases, page


def test_the_page_is_made_from_the_code() -> None:
    if REWRITE:
        PAGE.write_text(page(), "utf-8")

    assert PAGE.read_text("utf-8") == page()


def test_the_page_has_every_code_once() -> None:
    codes = re.findall(r"^### `(.*)`$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert sorted(codes) == sorted({kind.code for _, kind in all_kinds()})


def test_every_code_has_a_golden_case() -> None:
    shown = {code for _, code, _ in examples_of_cases()}

    assert {kind.code for _, kind in all_kinds()} - shown == set()
