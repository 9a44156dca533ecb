"""What was due by a day, and what of it was done in time."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.rules.duties import NOTHING_TO_DO, Duty, Tally, duties, tallies
from server.rules.state import Standing, State

FIRST = date(2026, 4, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def told(*states: tuple[State, int, int | None]) -> list[Standing]:
    """(State, from which day, due on which day), each until the next one."""
    untils = [*(day(first) for _, first, _ in states[1:]), None]
    return [
        Standing(state, day(first), until, None if due is None else day(due))
        for (state, first, due), until in zip(states, untils, strict=True)
    ]


def test_what_is_not_due_yet_is_no_duty() -> None:
    (duty,) = duties(told((State.NOT_STARTED, 0, 30)))
    assert duty.from_day == day(30)


def test_what_was_complete_by_the_due_date_was_in_time_for_good() -> None:
    assert duties(
        told((State.NOT_STARTED, 0, 30), (State.IN_PROGRESS, 5, 30), (State.COMPLETE, 30, None))
    ) == [Duty(day(30), day(30), None, True)]


def test_what_was_complete_later_stays_late() -> None:
    assert duties(told((State.NOT_STARTED, 0, 30), (State.OVERDUE, 31, 30), (State.COMPLETE, 40, None))) == [
        Duty(day(30), day(30), None, False)
    ]


def test_what_was_asked_no_more_before_it_was_done_is_no_duty_from_then_on() -> None:
    assert duties(told((State.OVERDUE, 31, 30), (State.EXEMPT, 50, None))) == [
        Duty(day(30), day(31), day(50), False)
    ]


def test_a_module_that_was_complete_when_it_was_first_asked_for_was_no_duty() -> None:
    assert duties(told((State.NOT_REQUIRED, 0, None), (State.COMPLETE, 3, None))) == []


def test_a_due_date_counts_once_however_often_it_was_met() -> None:
    again = told(
        (State.NOT_STARTED, 0, 30),
        (State.COMPLETE, 5, None),
        (State.UPDATE_DUE, 10, 30),
        (State.COMPLETE, 12, None),
    )
    assert duties(again) == [Duty(day(30), day(30), None, True)]


def test_duties_add_up_by_day() -> None:
    kept = [Duty(day(30), day(30), None, True), Duty(day(40), day(40), day(50), False)]
    assert tallies(kept, begun=day(2)) == [
        Tally(day(2), day(30), 0, 0, True),
        Tally(day(30), day(40), 1, 1, True),
        Tally(day(40), day(50), 2, 1, True),
        Tally(day(50), None, 1, 1, True),
    ]


def test_of_somebody_who_was_asked_for_nothing_there_is_nothing_to_add_up() -> None:
    assert tallies([], begun=None) == []


# Laws ---------------------------------------------------------------------------------------------

HAS_DUE = [state for state in State if state not in NOTHING_TO_DO]


@st.composite
def timelines(draw: st.DrawFn) -> list[Standing]:
    starts = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=8)))
    states = []
    for start in starts:
        state = draw(st.sampled_from(list(State)))
        states.append((state, start, draw(st.sampled_from([10, 20, 30, 40])) if state in HAS_DUE else None))
    return told(*states)


def verdicts(standings: list[Standing], on: date) -> dict[date, bool]:
    """By the end of a day: due date → whether it was met in time. The definition, told day by day."""
    found: dict[date, bool] = {}
    before: Standing | None = None
    for now in standings:
        if now.from_day > on:
            break
        if now.state is State.COMPLETE and before and before.due and before.due <= on:
            found[before.due] = now.from_day <= before.due
        if now.due and now.due <= on and (now.until_day is None or now.until_day > now.due):
            if now.until_day is None or now.until_day > on:
                found[now.due] = False
            else:
                found.pop(now.due, None)
        before = now
    return found


@given(timelines(), st.integers(0, 70))
def test_on_every_day_they_are_what_the_definition_says(standings: list[Standing], number: int) -> None:
    on = day(number)
    there = [each for each in duties(standings) if covers(each, on)]

    assert {each.due: each.on_time for each in there} == verdicts(standings, on)
    assert len({each.due for each in there}) == len(there)


@given(st.lists(timelines(), max_size=3), st.none() | st.integers(0, 60), st.integers(0, 70))
def test_on_every_day_they_add_up(modules: list[list[Standing]], begun: int | None, number: int) -> None:
    on = day(number)
    known = [duty for standings in modules for duty in duties(standings)]
    there = [each for each in known if covers(each, on)]

    told = [each for each in tallies(known, None if begun is None else day(begun)) if covers(each, on)]

    expected = (len(there), sum(each.on_time for each in there), begun is not None and day(begun) <= on)
    assert [(each.due, each.on_time, each.has_begun) for each in told] == ([expected] if told else [])
    assert told or expected == (0, 0, False)


def covers(each: Duty | Tally, on: date) -> bool:
    return each.from_day <= on and (each.until_day is None or on < each.until_day)
