"""Why somebody is asked for a module: what happened, and what follows."""

from dataclasses import replace
from datetime import date

import pytest

from server.rules.days import ONE_DAY, Span
from server.rules.facts import Completion, Exemption, Facts, Policy, Posting, Release
from server.rules.reason import Occasion, Outcome, Reason, reasons_on

MODULES = ("customer-view", "co-creation", "agile")
APRIL = date(2026, 4, 1)
NEXT_APRIL = date(2027, 4, 1)
DUE = date(2026, 5, 1)


@pytest.fixture
def newcomer() -> Facts:
    """Arrived at the port office on 1 April 2026; policy and release are a year older."""
    return Facts(
        main_postings=(Posting(APRIL, department="port"),),
        policies=(Policy(date(2025, 4, 1)),),
        releases=(Release(date(2025, 4, 1), dict.fromkeys(MODULES, "1.0.0")),),
    )


def complete(facts: Facts, *modules: str, on: date = date(2026, 4, 20)) -> Facts:
    done = tuple(Completion(module, "1.0.0", on) for module in modules)
    return replace(facts, completions=(*facts.completions, *done))


def moved(facts: Facts, on: date = NEXT_APRIL) -> Facts:
    postings = (Posting(APRIL, on - ONE_DAY, "port"), Posting(on, department="water"))
    return replace(facts, main_postings=postings)


def test_a_newcomer_is_asked_because_of_the_arrival(newcomer: Facts) -> None:
    assert reasons_on(newcomer, MODULES, APRIL) == [
        Reason(Occasion.ARRIVAL, APRIL, Outcome.TO_DO, MODULES, DUE, "port")
    ]


def test_what_is_complete_stands_apart_from_what_is_to_be_done(newcomer: Facts) -> None:
    reasons = reasons_on(complete(newcomer, "agile"), MODULES, date(2026, 4, 25))
    assert [(each.outcome, each.modules) for each in reasons] == [
        (Outcome.TO_DO, ("customer-view", "co-creation")),
        (Outcome.DONE, ("agile",)),
    ]


def test_a_transfer_adds_nothing_to_whoever_is_complete(newcomer: Facts) -> None:
    assert reasons_on(complete(moved(newcomer), *MODULES), MODULES, NEXT_APRIL) == [
        Reason(Occasion.TRANSFER, NEXT_APRIL, Outcome.NOTHING_ADDED, MODULES, None, "water")
    ]


def test_a_transfer_keeps_the_due_date_of_what_is_open(newcomer: Facts) -> None:
    day = date(2026, 4, 16)
    assert reasons_on(moved(newcomer, day), MODULES, day) == [
        Reason(Occasion.TRANSFER, day, Outcome.DUE_KEPT, MODULES, DUE, "water")
    ]


def test_a_transfer_into_a_policy_s_departments_begins_its_time(newcomer: Facts) -> None:
    scoped = replace(newcomer.policies[0], departments=frozenset({"water"}))
    facts = moved(replace(newcomer, policies=(scoped,)))
    assert reasons_on(facts, MODULES, date(2026, 4, 16)) == []
    assert reasons_on(facts, MODULES, NEXT_APRIL) == [
        Reason(Occasion.TRANSFER, NEXT_APRIL, Outcome.TO_DO, MODULES, date(2027, 5, 1), "water")
    ]


def test_whoever_left_and_came_back_is_told_so(newcomer: Facts) -> None:
    postings = (Posting(APRIL, date(2026, 6, 30), "port"), Posting(NEXT_APRIL, department="water"))
    back = complete(replace(newcomer, main_postings=postings), *MODULES)
    assert reasons_on(back, MODULES, NEXT_APRIL) == [
        Reason(Occasion.RETURN, NEXT_APRIL, Outcome.NOTHING_ADDED, MODULES, None, "water")
    ]


def test_a_policy_that_began_later_is_the_reason(newcomer: Facts) -> None:
    june = date(2026, 6, 1)
    facts = replace(newcomer, policies=(Policy(june),))
    assert reasons_on(facts, MODULES, june) == [
        Reason(Occasion.POLICY, june, Outcome.TO_DO, MODULES, date(2026, 7, 1))
    ]


def test_a_module_that_was_published_later_is_the_reason(newcomer: Facts) -> None:
    june = date(2026, 6, 1)
    released = (*newcomer.releases, Release(june, {**dict.fromkeys(MODULES, "1.0.0"), "new": "1.0.0"}))
    facts = replace(newcomer, releases=released)
    assert reasons_on(facts, [*MODULES, "new"], june)[-1] == Reason(
        Occasion.RELEASE, june, Outcome.TO_DO, ("new",), date(2026, 7, 1)
    )


def test_after_a_major_change_that_module_alone_is_asked_again(newcomer: Facts) -> None:
    june = date(2026, 6, 1)
    changed = Release(june, {**dict.fromkeys(MODULES, "1.0.0"), "agile": "2.0.0"})
    facts = complete(replace(newcomer, releases=(*newcomer.releases, changed)), *MODULES)
    assert reasons_on(facts, MODULES, june)[-1] == Reason(
        Occasion.CHANGE, june, Outcome.AGAIN, ("agile",), date(2026, 7, 1)
    )


def test_what_is_valid_no_longer_is_asked_again(newcomer: Facts) -> None:
    facts = complete(replace(newcomer, policies=(Policy(APRIL, valid_days=365),)), *MODULES)
    assert reasons_on(facts, MODULES, date(2027, 4, 20)) == [
        Reason(Occasion.LAPSE, date(2027, 4, 20), Outcome.AGAIN, MODULES)
    ]


def test_leave_exempts_from_everything_until_it_ends(newcomer: Facts) -> None:
    leave = Span(date(2026, 4, 10), date(2026, 9, 30))
    assert reasons_on(replace(newcomer, leaves=(leave,)), MODULES, date(2026, 5, 1)) == [
        Reason(Occasion.LEAVE, leave.first, Outcome.EXEMPT, MODULES, leave.last)
    ]


def test_an_exemption_exempts_from_its_module(newcomer: Facts) -> None:
    exempt = Exemption("agile", Span(date(2026, 4, 10)))
    reasons = reasons_on(replace(newcomer, exemptions=(exempt,)), MODULES, date(2026, 4, 12))
    assert reasons[-1] == Reason(Occasion.EXEMPTION, date(2026, 4, 10), Outcome.EXEMPT, ("agile",))


def test_who_has_no_posting_is_asked_for_nothing(newcomer: Facts) -> None:
    assert reasons_on(replace(newcomer, main_postings=()), MODULES, APRIL) == []
