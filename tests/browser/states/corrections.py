"""Corrections, closed reports, and what moved between revisions."""

from sqlalchemy import insert, select

from server.storage import tables
from server.storage.engine import reading, writing
from server.storage.ids import new_id
from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab
from tests.builders.staff import Person
from tests.builders.world import MODULE, NOW


def completion_of(tab: Tab) -> str:
    completion = tables.completion
    with reading(tab.world.engine) as connection:
        theirs = select(completion.c.id).where(completion.c.person_id == tab.world.complete.id)
        return str(connection.scalars(theirs.order_by(completion.c.id)).first())


def opens_completion(tab: Tab) -> None:
    tab.open(f"/hr/people/{tab.world.complete.id}/completions/{completion_of(tab)}")


def closes_report(tab: Tab) -> None:
    tab.open("/hr/people")
    tab.page.locator("details:has(form#close) > summary").click()
    tab.fill(title="6月の報告")
    tab.submit("close")


@state("corrections.completion", "counts", Role.HR)
def counts(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer)
    opens_completion(tab)


@state("corrections.correct_completion", "without a reason", Role.HR)
def without_a_reason(tab: Tab) -> None:
    counts(tab)
    tab.submit("correct")


@state("corrections.correct_completion", "taken back", Role.HR)
def taken_back(tab: Tab) -> None:
    counts(tab)
    tab.fill(reason="別の人の修了でした")
    tab.submit("correct")


@state("corrections.person", "with a void completion", Role.HR)
def entries_with_a_void_completion(tab: Tab) -> None:
    taken_back(tab)
    tab.open(f"/hr/people/{tab.world.complete.id}/entries")


@state("learning.certificate", "taken back", Role.LEARNER)
def void_certificate(tab: Tab) -> None:
    taken_back(tab)
    tab.sign_in(tab.world.complete).open(f"/completions/{completion_of(tab)}")


@state("learning.completions", "one taken back", Role.LEARNER)
def void_completions(tab: Tab) -> None:
    taken_back(tab)
    tab.sign_in(tab.world.complete).open("/completions")


@state("reporting.closed", "none", Role.HR)
def none_closed(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/closed")


@state("reporting.close_report", "closed", Role.HR)
def closed(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer)
    closes_report(tab)


@state("reporting.revisions", "nothing asked", Role.HR)
def nothing_asked(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/revisions")


@state("reporting.revisions", "with an error", Role.HR)
def bad_revision(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/revisions?from=7")


@state("reporting.revisions", "nothing moved", Role.HR)
def nothing_moved(tab: Tab) -> None:
    closed(tab)
    tab.open("/hr/revisions?from=1&to=1")


@state("reporting.revisions", "something moved", Role.HR)
def something_moved(tab: Tab) -> None:
    closed(tab)
    opens_completion(tab)
    tab.fill(reason="別の人の修了でした")
    tab.submit("correct")
    closes_report(tab)
    tab.open("/hr/revisions?from=1&to=2")


# A list of who was at a training --------------------------------------------------------------------


def looks_at_list(tab: Tab, numbers: str) -> None:
    empty_training_list(tab)
    tab.page.locator(f"input[name=trained][value={MODULE}]").check()
    tab.fill(day="2026-05-20", reason="港湾局の研修", list=numbers)
    tab.submit("look")


@state("corrections.training_list", "empty", Role.HR)
def empty_training_list(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/training")


@state("corrections.look_at_training_list", "with its effect", Role.HR)
def training_list_with_its_effect(tab: Tab) -> None:
    looks_at_list(tab, f"{tab.world.overdue.number}\n{tab.world.complete.number}\n{tab.world.overdue.number}")


@state("corrections.look_at_training_list", "with a number that nobody has", Role.HR)
def training_list_with_an_unknown_number(tab: Tab) -> None:
    looks_at_list(tab, f"{tab.world.overdue.number}\n404")


@state("corrections.enter_training_list", "entered", Role.HR)
def training_list_entered(tab: Tab) -> None:
    training_list_with_its_effect(tab)
    tab.submit("enter")


# Two records of one human ---------------------------------------------------------------------------


def looks_at_merger(tab: Tab, number: str) -> None:
    empty_merger(tab)
    tab.fill(number=number, reason="再採用で番号が替わった")
    tab.submit("look")


@state("corrections.merger_page", "empty", Role.HR)
def empty_merger(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(f"/hr/people/{tab.world.overdue.id}/merger")


@state("corrections.look_at_merger", "with its effect", Role.HR)
def merger_with_its_effect(tab: Tab) -> None:
    looks_at_merger(tab, tab.world.complete.number)


@state("corrections.look_at_merger", "with a number that nobody has", Role.HR)
def merger_with_an_unknown_number(tab: Tab) -> None:
    looks_at_merger(tab, "404")


@state("corrections.enter_merger", "entered", Role.HR)
def merger_entered(tab: Tab) -> None:
    merger_with_its_effect(tab)
    tab.submit("enter")


@state("corrections.person", "merged into another", Role.HR)
def entries_of_a_record_given_up(tab: Tab) -> None:
    merger_entered(tab)
    tab.open(f"/hr/people/{tab.world.complete.id}/entries")


# Corrections that wait for a second one of HR --------------------------------------------------------


def is_asked_for(tab: Tab, asker: Person) -> str:
    """Returns the proposal's id."""
    proposal_id = new_id()
    with writing(tab.world.engine) as connection:
        connection.execute(
            insert(tables.proposal).values(
                id=proposal_id,
                kind="void-completion",
                person_id=tab.world.complete.id,
                arguments={"completion": completion_of(tab), "people": [tab.world.complete.id]},
                reason="別の人の修了でした",
                proposed_by=asker.id,
                proposed_at=NOW,
            )
        )
    return proposal_id


@state("corrections.proposals", "none", Role.HR)
def no_proposals(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/corrections")


@state("corrections.proposals", "one waits", Role.HR)
def a_proposal_waits(tab: Tab) -> None:
    is_asked_for(tab, tab.world.chief)
    no_proposals(tab)


@state("corrections.proposal", "of somebody else", Role.HR)
def proposal_of_somebody_else(tab: Tab) -> None:
    proposal_id = is_asked_for(tab, tab.world.chief)
    tab.sign_in(tab.world.hr_officer).open(f"/hr/corrections/{proposal_id}")


@state("corrections.proposal", "of one's own", Role.HR)
def proposal_of_ones_own(tab: Tab) -> None:
    proposal_id = is_asked_for(tab, tab.world.hr_officer)
    tab.sign_in(tab.world.hr_officer).open(f"/hr/corrections/{proposal_id}")


@state("corrections.accept_proposal", "accepted", Role.HR)
def proposal_accepted(tab: Tab) -> None:
    proposal_of_somebody_else(tab)
    tab.submit("accept")


@state("corrections.accept_proposal", "corrected meanwhile", Role.HR)
def proposal_that_does_not_fit(tab: Tab) -> None:
    proposal_id = is_asked_for(tab, tab.world.chief)
    taken_back(tab)
    tab.open(f"/hr/corrections/{proposal_id}")
    tab.submit("accept")


@state("corrections.reject_proposal", "turned down", Role.HR)
def proposal_turned_down(tab: Tab) -> None:
    proposal_of_somebody_else(tab)
    tab.submit("reject")
