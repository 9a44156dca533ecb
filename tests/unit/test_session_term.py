"""Until when somebody stays signed in, and from when it is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.web.session_term import Term

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
TERM = Term(NOON, NOON, idle=timedelta(minutes=30), longest=timedelta(hours=10))


def test_it_ends_when_nothing_was_seen_for_the_idle_time() -> None:
    assert TERM.seen(NOON + timedelta(minutes=5)).ends_at == NOON + timedelta(minutes=35)


def test_it_never_ends_after_its_longest_time() -> None:
    late = TERM.seen(NOON + timedelta(hours=9, minutes=50))

    assert late.ends_at == NOON + timedelta(hours=10)
    assert not late.is_extendable
    assert TERM.is_extendable


@pytest.mark.parametrize(("minutes", "seconds"), [(30, 120), (15, 120), (5, 60), (1, 20)])
def test_the_warning_comes_two_minutes_or_a_fifth_before_but_leaves_time_to_press(
    minutes: int, seconds: int
) -> None:
    assert replace(TERM, idle=timedelta(minutes=minutes)).warning == timedelta(seconds=seconds)


def test_what_is_left_is_never_less_than_nothing() -> None:
    assert TERM.left(NOON + timedelta(days=1)) == timedelta()
    assert TERM.until_warning(NOON + timedelta(minutes=29)) == timedelta()
    assert TERM.until_warning(NOON + timedelta(minutes=10)) == timedelta(minutes=18)


def test_the_last_sight_is_kept_often_enough_for_the_idle_time() -> None:
    assert not TERM.is_stale(NOON + timedelta(seconds=59))
    assert TERM.is_stale(NOON + timedelta(seconds=60))
    assert replace(TERM, idle=timedelta(minutes=1)).is_stale(NOON + timedelta(seconds=12))
