"""What whoever heads a section sees of it."""

from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab
from tests.builders.staff import Person


def head_of(tab: Tab, department: str) -> Person:
    return tab.world.staff.person(
        "課長 一", reading="カチョウ ハジメ", roles=(Role.MANAGER,), department=department, since="2026-06-01"
    )


@state("reporting.section", "some still have to", Role.MANAGER)
def section(tab: Tab) -> None:
    tab.world.staff.posts(tab.world.newcomer, "港湾課", "2026-06-01", kind="concurrent")
    tab.sign_in(head_of(tab, "港湾課")).open("/section")


@state("reporting.section", "long names", Role.MANAGER)
def long_names(tab: Tab) -> None:
    tab.world.long_named()
    tab.sign_in(head_of(tab, "見本局")).open("/section")


@state("reporting.enter_deputy", "without a day", Role.MANAGER)
def deputy_without_a_day(tab: Tab) -> None:
    section(tab)
    tab.fill(number="00001")
    tab.submit("deputy")


@state("reporting.enter_deputy", "named", Role.MANAGER)
def deputy_named(tab: Tab) -> None:
    section(tab)
    tab.fill(number=tab.world.complete.number, last="2026-06-30")
    tab.submit("deputy")
