"""Rates say how many people are complete, and never more than there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.rates import Totals, rate_text
from server.rules.state import State


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 3, "0.0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 16, "6.3%"),
        (3, 3, "100.0%"),
        (1999, 2000, "99.9%"),
        (49_999, 50_000, "99.9%"),
    ],
)
def test_a_rate_has_one_decimal(part: int, whole: int, text: str) -> None:
    assert rate_text(part, whole) == text


def test_a_rate_of_nobody_is_a_dash() -> None:
    assert rate_text(0, 0) == "—"


@given(st.integers(1, 100_000), st.data())
def test_a_hundred_percent_means_that_nobody_is_missing(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    assert (rate_text(part, whole) == "100.0%") == (part == whole)


def test_exempt_people_and_those_not_required_stand_beside_the_rate() -> None:
    totals = Totals.of([State.COMPLETE, State.EXEMPT, State.NOT_REQUIRED, State.OVERDUE, State.UPDATE_DUE])

    assert (totals.people, totals.required, totals.complete) == (5, 3, 1)


def test_a_major_release_leaves_those_who_completed_before_in_the_second_rate() -> None:
    totals = Totals.of([State.UPDATE_DUE, State.UPDATE_DUE, State.NOT_STARTED])

    assert (totals.complete, totals.complete_or_update_due) == (0, 2)
