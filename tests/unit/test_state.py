"""The eight states, as the definitions give them."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.assignment import arrival_on, assignments_on
from server.rules.days import Span
from server.rules.facts import Completion, Exemption, Facts, Policy, Posting, Release
from server.rules.state import State, course_state, course_timeline, state_on, timeline

M = "customer-view"
T = TypeVar("T")
APRIL = date(2026, 4, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def newcomer() -> Facts:
    """Arrived on 1 April, when the policy (30 days) and the first release began; has done nothing."""
    return Facts(
        main_postings=(Posting(APRIL),),
        policies=(Policy(APRIL, days=30, grace_days=30),),
        releases=(Release(APRIL, {M: "1.0.0"}),),
    )


def completed(facts: Facts, on: str, version: str = "1.0.0") -> Facts:
    return replace(facts, completions=(*facts.completions, Completion(M, version, day(on))))


def test_nobody_is_required_without_a_posting(newcomer: Facts) -> None:
    assert state_on(newcomer, M, day("2026-03-31")) is State.NOT_REQUIRED


def test_nobody_is_required_to_do_what_was_not_released(newcomer: Facts) -> None:
    assert state_on(newcomer, "co-creation", APRIL) is State.NOT_REQUIRED


def test_a_newcomer_has_not_started(newcomer: Facts) -> None:
    assert state_on(newcomer, M, APRIL) is State.NOT_STARTED


def test_an_opened_lesson_is_in_progress(newcomer: Facts) -> None:
    begun = replace(newcomer, begun={M: day("2026-04-10")})
    assert state_on(begun, M, day("2026-04-09")) is State.NOT_STARTED
    assert state_on(begun, M, day("2026-04-10")) is State.IN_PROGRESS


def test_the_due_day_itself_is_still_in_time(newcomer: Facts) -> None:
    assert state_on(newcomer, M, day("2026-05-01")) is State.NOT_STARTED
    assert state_on(newcomer, M, day("2026-05-02")) is State.OVERDUE


def test_a_completion_counts_from_its_day_on(newcomer: Facts) -> None:
    done = completed(newcomer, "2026-04-20")
    assert state_on(done, M, day("2026-04-19")) is State.NOT_STARTED
    assert state_on(done, M, day("2026-04-20")) is State.COMPLETE
    assert state_on(done, M, day("2030-04-20")) is State.COMPLETE


def test_a_transfer_moves_no_due_date(newcomer: Facts) -> None:
    moved = replace(newcomer, main_postings=(Posting(APRIL, day("2026-04-20")), Posting(day("2026-04-21"))))
    assert state_on(moved, M, day("2026-05-02")) is State.OVERDUE


def test_a_transfer_keeps_credit(newcomer: Facts) -> None:
    done = completed(newcomer, "2026-04-10")
    moved = replace(done, main_postings=(Posting(APRIL, day("2026-06-30")), Posting(day("2026-07-01"))))
    assert state_on(moved, M, day("2026-07-01")) is State.COMPLETE


def test_whoever_returns_after_leaving_gets_thirty_days_again(newcomer: Facts) -> None:
    returned = replace(
        newcomer, main_postings=(Posting(APRIL, day("2026-04-10")), Posting(day("2026-09-01")))
    )
    assert state_on(returned, M, day("2026-06-01")) is State.NOT_REQUIRED
    assert state_on(returned, M, day("2026-10-01")) is State.NOT_STARTED
    assert state_on(returned, M, day("2026-10-02")) is State.OVERDUE


def test_whoever_returns_keeps_a_valid_completion(newcomer: Facts) -> None:
    done = completed(newcomer, "2026-04-05")
    returned = replace(done, main_postings=(Posting(APRIL, day("2026-04-10")), Posting(day("2026-09-01"))))
    assert state_on(returned, M, day("2026-09-01")) is State.COMPLETE


def test_leave_exempts_while_it_lasts(newcomer: Facts) -> None:
    away = replace(newcomer, leaves=(Span(day("2026-04-10"), day("2026-07-31")),))
    assert state_on(away, M, day("2026-07-31")) is State.EXEMPT


def test_after_leave_there_are_thirty_days_from_the_return(newcomer: Facts) -> None:
    away = replace(newcomer, leaves=(Span(day("2026-04-10"), day("2026-07-31")),))
    assert state_on(away, M, day("2026-08-31")) is State.NOT_STARTED
    assert state_on(away, M, day("2026-09-01")) is State.OVERDUE


def test_an_exemption_covers_its_module_only(newcomer: Facts) -> None:
    both = replace(newcomer, releases=(Release(APRIL, {M: "1.0.0", "co-creation": "1.0.0"}),))
    exempt = replace(both, exemptions=(Exemption(M, Span(APRIL)),))
    assert state_on(exempt, M, APRIL) is State.EXEMPT
    assert state_on(exempt, "co-creation", APRIL) is State.NOT_STARTED


def test_a_minor_change_leaves_everybody_complete(newcomer: Facts) -> None:
    done = completed(newcomer, "2026-04-20")
    changed = replace(done, releases=(*done.releases, Release(day("2026-06-01"), {M: "1.1.0"})))
    assert state_on(changed, M, day("2026-06-01")) is State.COMPLETE


def test_a_major_change_asks_again_after_a_grace_period(newcomer: Facts) -> None:
    done = completed(newcomer, "2026-04-20")
    changed = replace(done, releases=(*done.releases, Release(day("2026-06-01"), {M: "2.0.0"})))
    assert state_on(changed, M, day("2026-05-31")) is State.COMPLETE
    assert state_on(changed, M, day("2026-07-01")) is State.UPDATE_DUE
    assert state_on(changed, M, day("2026-07-02")) is State.OVERDUE


def test_an_attempt_finished_after_a_major_release_gets_the_full_grace_period(newcomer: Facts) -> None:
    changed = replace(newcomer, releases=(*newcomer.releases, Release(day("2026-04-15"), {M: "2.0.0"})))
    done = completed(changed, "2026-04-20", version="1.0.0")
    assert state_on(done, M, day("2026-05-20")) is State.UPDATE_DUE
    assert state_on(done, M, day("2026-05-21")) is State.OVERDUE


def test_a_completion_expires_when_the_policy_says_how_long_it_counts(newcomer: Facts) -> None:
    policy = replace(newcomer.policies[0], valid_days=365)
    done = completed(replace(newcomer, policies=(policy,)), "2026-04-20")
    assert state_on(done, M, day("2027-04-19")) is State.COMPLETE
    assert state_on(done, M, day("2027-04-20")) is State.EXPIRED


def test_the_due_date_follows_the_later_of_arrival_policy_and_first_release(newcomer: Facts) -> None:
    later = replace(newcomer, releases=(Release(day("2026-05-10"), {M: "1.0.0"}),))
    (assignment,) = assignments_on(later, M, day("2026-05-10"))
    assert assignment.due == day("2026-06-09")


@pytest.fixture
def after_a_major_change(newcomer: Facts) -> Facts:
    """Completed on 10 April; on 1 June a release with a major change asks again by 1 July."""
    done = completed(newcomer, "2026-04-10")
    return replace(done, releases=(*done.releases, Release(day("2026-06-01"), {M: "2.0.0"})))


def test_leave_during_grace_gives_thirty_days_from_the_return(after_a_major_change: Facts) -> None:
    away = replace(after_a_major_change, leaves=(Span(day("2026-05-20"), day("2026-12-31")),))
    assert state_on(away, M, day("2027-01-01")) is State.UPDATE_DUE
    assert state_on(away, M, day("2027-01-31")) is State.UPDATE_DUE
    assert state_on(away, M, day("2027-02-01")) is State.OVERDUE


def test_whoever_returns_after_a_major_change_has_the_time_of_a_newcomer(after_a_major_change: Facts) -> None:
    postings = (Posting(APRIL, day("2026-05-10")), Posting(day("2026-10-01")))
    returned = replace(after_a_major_change, main_postings=postings)
    assert state_on(returned, M, day("2026-10-31")) is State.UPDATE_DUE
    assert state_on(returned, M, day("2026-11-01")) is State.OVERDUE


def test_a_completion_that_lapses_during_grace_does_not_end_it(after_a_major_change: Facts) -> None:
    limited = replace(after_a_major_change, policies=(Policy(APRIL, days=30, grace_days=30, valid_days=60),))
    assert state_on(limited, M, day("2026-07-01")) is State.UPDATE_DUE
    assert state_on(limited, M, day("2026-07-02")) is State.EXPIRED


def test_a_completion_that_lapsed_before_a_major_change_stays_expired(after_a_major_change: Facts) -> None:
    limited = replace(after_a_major_change, policies=(Policy(APRIL, days=30, grace_days=30, valid_days=40),))
    assert state_on(limited, M, day("2026-06-01")) is State.EXPIRED


def test_of_two_policies_the_more_pressing_one_counts(newcomer: Facts) -> None:
    yearly = Policy(day("2026-06-01"), days=30, valid_days=100)
    both = completed(replace(newcomer, policies=(*newcomer.policies, yearly)), "2026-04-10")
    assert state_on(both, M, day("2026-07-18")) is State.COMPLETE
    assert state_on(both, M, day("2026-07-19")) is State.EXPIRED


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([State.NOT_REQUIRED], State.NOT_REQUIRED),
        ([State.EXEMPT, State.NOT_REQUIRED], State.EXEMPT),
        ([State.COMPLETE, State.EXEMPT], State.COMPLETE),
        ([State.COMPLETE, State.OVERDUE], State.OVERDUE),
        ([State.UPDATE_DUE, State.EXPIRED], State.EXPIRED),
        ([State.UPDATE_DUE, State.NOT_STARTED], State.UPDATE_DUE),
        ([State.COMPLETE, State.NOT_STARTED], State.IN_PROGRESS),
        ([State.IN_PROGRESS, State.NOT_STARTED], State.IN_PROGRESS),
        ([State.NOT_STARTED, State.NOT_STARTED], State.NOT_STARTED),
    ],
)
def test_the_course_takes_the_most_pressing_state_of_its_modules(
    states: list[State], expected: State
) -> None:
    assert course_state(states) is expected


# Laws, over random histories.

days = st.integers(min_value=0, max_value=500).map(lambda offset: APRIL + timedelta(days=offset))
versions = st.sampled_from(["1.0.0", "1.1.0", "2.0.0", "3.0.0"])


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first = draw(days)
    length = draw(st.none() | st.integers(min_value=0, max_value=200))
    return Span(first, None if length is None else first + timedelta(days=length))


@st.composite
def main_postings(draw: st.DrawFn) -> tuple[Posting, ...]:
    """One after the other, some with a gap between."""
    first, postings = draw(days), []
    for length, gap in draw(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), max_size=4)):
        last = first + timedelta(days=length)
        postings.append(Posting(first, last))
        first = last + timedelta(days=1 + gap)
    return (*postings, Posting(first)) if draw(st.booleans()) else tuple(postings)


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    published = sorted(draw(st.lists(days, max_size=3)))
    return Facts(
        main_postings=draw(main_postings()),
        leaves=tuple(draw(st.lists(spans(), max_size=2))),
        exemptions=tuple(Exemption(M, span) for span in draw(st.lists(spans(), max_size=1))),
        policies=tuple(
            Policy(
                first,
                days=draw(st.integers(0, 90)),
                grace_days=draw(st.integers(0, 90)),
                valid_days=draw(st.none() | st.integers(1, 400)),
            )
            for first in draw(st.lists(days, max_size=2))
        ),
        releases=tuple(
            Release(day, {M: version})
            for day, version in zip(
                published, sorted(draw(st.lists(versions, min_size=3, max_size=3))), strict=False
            )
        ),
        completions=tuple(Completion(M, draw(versions), day) for day in draw(st.lists(days, max_size=3))),
        begun=draw(st.just({}) | days.map(lambda day: {M: day})),
    )


@given(histories(), days)
def test_the_timeline_says_of_every_day_what_the_definition_says(facts: Facts, day: date) -> None:
    on_day = [
        s for s in timeline(facts, M) if s.from_day <= day and (s.until_day is None or day < s.until_day)
    ]
    states = [standing.state for standing in on_day]
    assert states == [state_on(facts, M, day)] or (
        not states and state_on(facts, M, day) is State.NOT_REQUIRED
    )


@given(histories())
def test_the_timeline_has_no_gaps_and_no_repetition(facts: Facts) -> None:
    standings = timeline(facts, M)
    for before, after in itertools.pairwise(standings):
        assert before.until_day == after.from_day
        assert (before.state, before.due) != (after.state, after.due)
    assert all(standing.until_day is None for standing in standings[-1:])


@given(histories(), days)
def test_the_course_of_one_module_has_that_modules_state(facts: Facts, day: date) -> None:
    course = course_timeline([timeline(facts, M)])
    on_day = [s.state for s in course if s.from_day <= day and (s.until_day is None or day < s.until_day)]
    assert on_day in ([state_on(facts, M, day)], [])


@given(histories(), days, days)
def test_a_further_transfer_changes_no_state(facts: Facts, moved: date, day: date) -> None:
    """Splitting a main posting in two is a transfer to another department, and nothing else."""
    split = tuple(
        part
        for span in facts.main_postings
        for part in (
            (Posting(span.first, moved - timedelta(days=1)), Posting(moved, span.last))
            if span.first < moved and span.covers(moved)
            else (span,)
        )
    )
    assert state_on(replace(facts, main_postings=split), M, day) is state_on(facts, M, day)


@given(histories(), days)
def test_the_order_in_which_postings_are_known_does_not_matter(facts: Facts, day: date) -> None:
    backwards = tuple(reversed(facts.main_postings))
    assert arrival_on(backwards, day) == arrival_on(facts.main_postings, day)


@given(histories(), st.randoms(use_true_random=False))
def test_facts_that_do_not_depend_on_each_other_may_be_known_in_any_order(
    facts: Facts, chance: Random
) -> None:
    def mixed(known: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(chance.sample(known, len(known)))

    otherwise = replace(
        facts,
        main_postings=mixed(facts.main_postings),
        leaves=mixed(facts.leaves),
        exemptions=mixed(facts.exemptions),
        policies=mixed(facts.policies),
        completions=mixed(facts.completions),
    )
    assert timeline(otherwise, M) == timeline(facts, M)
