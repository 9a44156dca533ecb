"""HR's pages of the departments."""

from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab


@state("people.organisation", "the tree", Role.HR)
def organisation(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/organisation")


@state("people.organisation_list", "empty", Role.HR)
def empty_list(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/organisation/list")


def lists(tab: Tab, *lines: str) -> None:
    empty_list(tab)
    tab.fill(first="2027-04-01", list="\n".join(lines))
    tab.submit("check")


@state("people.organisation_list", "with changes", Role.HR)
def changes(tab: Tab) -> None:
    lists(tab, "0900,デジタル局,", "0910,推進課,0900")


@state("people.organisation_list", "with problems", Role.HR)
def problems(tab: Tab) -> None:
    lists(tab, "0900,デジタル局,9999", "0900,,")


@state("people.organisation_list", "nothing to change", Role.HR)
def nothing(tab: Tab) -> None:
    lists(tab, "総務課,総務課,")


@state("people.organisation_list", "with errors", Role.HR)
def errors(tab: Tab) -> None:
    empty_list(tab)
    tab.submit("check")


@state("people.enter_list", "entered", Role.HR)
def entered(tab: Tab) -> None:
    changes(tab)
    tab.submit("enter")


@state("people.department", "in force", Role.HR)
def department(tab: Tab) -> None:
    organisation(tab)
    tab.press("港湾課")


@state("people.rename", "with errors", Role.HR)
def rename_errors(tab: Tab) -> None:
    department(tab)
    tab.fill(name="")
    tab.submit("rename")


@state("people.rename", "renamed", Role.HR)
def renamed(tab: Tab) -> None:
    department(tab)
    tab.page.locator("#renamed-on").fill("2026-07-01")
    tab.submit("rename")


@state("people.place", "without a day", Role.HR)
def place_without_a_day(tab: Tab) -> None:
    department(tab)
    tab.submit("place")


@state("people.end", "with people", Role.HR)
def end_with_people(tab: Tab) -> None:
    department(tab)
    tab.page.locator("#last").fill("2026-06-30")
    tab.submit("end")
