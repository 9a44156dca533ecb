"""Corrections, closed reports, and what moved between revisions."""

from sqlalchemy import select

from server.storage import tables
from server.storage.engine import reading
from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab


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


@state("policies.correct", "counts", Role.HR)
def counts(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer)
    opens_completion(tab)


@state("policies.enter_correction", "without a reason", Role.HR)
def without_a_reason(tab: Tab) -> None:
    counts(tab)
    tab.submit("correct")


@state("policies.enter_correction", "taken back", Role.HR)
def taken_back(tab: Tab) -> None:
    counts(tab)
    tab.fill(reason="別の人の修了でした")
    tab.submit("correct")


@state("policies.person", "with a void completion", Role.HR)
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
