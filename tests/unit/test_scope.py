"""Whom a policy is about: everybody, a part of the organisation, or some terms of appointment."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.assignment import assignments_on
from server.rules.days import Span
from server.rules.facts import Completion, Facts, Place, Policy, Posting, Release, Tree
from server.rules.scope import within
from server.rules.state import State, state_on, timeline

M = "customer-view"
APRIL = date(2026, 4, 1)
EVER = date(1900, 1, 1)
PLACES = {
    "port": (Place(Span(EVER), None),),
    "planning": (Place(Span(EVER), "port"),),
    "coast": (Place(Span(EVER), "port"),),
    "general": (Place(Span(EVER), None),),
}
TREE = Tree(PLACES)


def day(text: str) -> date:
    return date.fromisoformat(text)


def facts(policy: Policy, *postings: Posting) -> Facts:
    return Facts(
        main_postings=postings, policies=(policy,), releases=(Release(APRIL, {M: "1.0.0"}),), tree=TREE
    )


OF_THE_PORT = Policy(APRIL, days=30, departments=frozenset({"port"}))


@pytest.mark.parametrize(
    ("department", "state"),
    [("port", State.NOT_STARTED), ("planning", State.NOT_STARTED), ("general", State.NOT_REQUIRED)],
)
def test_a_policy_of_a_department_asks_it_and_all_below_it(department: str, state: State) -> None:
    assert state_on(facts(OF_THE_PORT, Posting(APRIL, None, department)), M, APRIL) is state


def test_a_policy_of_some_terms_asks_nobody_on_other_terms() -> None:
    policy = Policy(APRIL, appointments=frozenset({"regular", "fiscal-year"}))

    assert state_on(facts(policy, Posting(APRIL, appointment="fiscal-year")), M, APRIL) is State.NOT_STARTED
    assert state_on(facts(policy, Posting(APRIL, appointment="seconded-out")), M, APRIL) is State.NOT_REQUIRED


def test_somebody_seconded_here_is_asked_from_the_day_of_arrival() -> None:
    arrived = facts(Policy(APRIL, days=30), Posting(day("2026-06-01"), appointment="seconded-in"))

    assert [each.due for each in assignments_on(arrived, M, day("2026-06-01"))] == [day("2026-07-01")]


def test_a_transfer_inside_the_scope_moves_no_due_date() -> None:
    moved = facts(
        OF_THE_PORT,
        Posting(APRIL, day("2026-04-14"), "planning"),
        Posting(day("2026-04-15"), None, "coast"),
    )

    assert [each.due for each in assignments_on(moved, M, day("2026-04-20"))] == [day("2026-05-01")]


def test_a_transfer_into_the_scope_is_an_arrival_and_one_out_of_it_asks_nothing_more() -> None:
    came = facts(
        OF_THE_PORT,
        Posting(APRIL, day("2026-05-31"), "general"),
        Posting(day("2026-06-01"), day("2026-08-31"), "coast"),
        Posting(day("2026-09-01"), None, "general"),
    )

    assert state_on(came, M, day("2026-05-31")) is State.NOT_REQUIRED
    assert [each.due for each in assignments_on(came, M, day("2026-06-01"))] == [day("2026-07-01")]
    assert state_on(came, M, day("2026-09-01")) is State.NOT_REQUIRED


def test_a_department_that_is_placed_elsewhere_leaves_the_scope_that_day() -> None:
    june = day("2026-06-01")
    moved = (Place(Span(EVER, june - timedelta(days=1)), "port"), Place(Span(june), "general"))
    posted = replace(facts(OF_THE_PORT, Posting(APRIL, None, "coast")), tree=Tree(PLACES | {"coast": moved}))

    assert state_on(posted, M, day("2026-05-31")) is State.OVERDUE
    assert state_on(posted, M, june) is State.NOT_REQUIRED
    assert [standing.from_day for standing in timeline(posted, M)][-1] == june


def test_a_due_date_of_its_own_is_not_before_a_newcomers() -> None:
    policy = Policy(APRIL, days=30, due=day("2026-06-30"))

    early, late = facts(policy, Posting(APRIL)), facts(policy, Posting(day("2026-06-15")))

    assert [each.due for each in assignments_on(early, M, APRIL)] == [day("2026-06-30")]
    assert [each.due for each in assignments_on(late, M, day("2026-06-15"))] == [day("2026-07-15")]


def test_after_its_last_day_a_policy_asks_nothing_and_before_it_nothing_changes() -> None:
    policy = Policy(APRIL, days=30)
    ended = replace(policy, last=day("2026-06-30"))
    posting = Posting(APRIL)

    for text in ("2026-04-01", "2026-05-02", "2026-06-30"):
        assert state_on(facts(ended, posting), M, day(text)) is state_on(facts(policy, posting), M, day(text))
    assert state_on(facts(ended, posting), M, day("2026-07-01")) is State.NOT_REQUIRED


# Laws ----------------------------------------------------------------------------------------------

departments = st.sampled_from(["port", "planning", "coast", "general"])
offsets = st.integers(0, 300)


@st.composite
def careers(draw: st.DrawFn) -> tuple[Posting, ...]:
    """One posting after the other, without a gap."""
    first, postings = APRIL + timedelta(days=draw(offsets)), []
    for length in draw(st.lists(st.integers(0, 90), min_size=1, max_size=4)):
        last = first + timedelta(days=length)
        postings.append(Posting(first, last, draw(departments)))
        first = last + timedelta(days=1)
    return (*postings, Posting(first, None, draw(departments)))


policies = st.builds(
    Policy,
    first=offsets.map(lambda offset: APRIL + timedelta(days=offset)),
    days=st.integers(0, 60),
    last=st.none() | st.just(date(2027, 3, 31)),
    departments=st.sets(departments, max_size=2).map(frozenset),
)


@given(careers(), policies, offsets, offsets)
def test_the_kept_states_are_those_of_each_day(
    career: tuple[Posting, ...], policy: Policy, done: int, looked: int
) -> None:
    known = replace(
        facts(policy, *career), completions=(Completion(M, "1.0.0", APRIL + timedelta(days=done)),)
    )
    on = APRIL + timedelta(days=looked)
    kept = [s for s in timeline(known, M) if s.from_day <= on and (s.until_day is None or on < s.until_day)]
    assert [s.state for s in kept] in ([state_on(known, M, on)], [])
    assert kept or state_on(known, M, on) is State.NOT_REQUIRED


@given(careers(), policies, offsets)
def test_credit_is_never_lost_by_a_transfer(career: tuple[Posting, ...], policy: Policy, done: int) -> None:
    """Once complete, somebody is complete wherever anything is asked of them."""
    completed = APRIL + timedelta(days=done)
    known = replace(facts(policy, *career), completions=(Completion(M, "1.0.0", completed),))
    for posting in career:
        on = max(completed, posting.first)
        assert state_on(known, M, on) in (State.COMPLETE, State.NOT_REQUIRED)


@given(careers(), policies)
def test_the_times_within_a_scope_lie_within_the_postings_and_do_not_overlap(
    career: tuple[Posting, ...], policy: Policy
) -> None:
    spans = within(policy, career, TREE)
    for span in spans:
        assert any(posting.covers(span.first) for posting in career)
    for before, after in itertools.pairwise(sorted(spans, key=lambda span: span.first)):
        assert before.last is not None
        assert before.last < after.first
