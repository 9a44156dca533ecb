"""HR's reports."""

from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab
from tests.builders.world import LONG_DEPARTMENT


@state("reporting.departments", "all", Role.HR)
def departments(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/departments")


@state("reporting.departments", "small ones hidden", Role.HR)
def small_departments(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/departments?upward=1")


@state("reporting.departments", "long names", Role.HR)
def long_names(tab: Tab) -> None:
    tab.world.staff.department(LONG_DEPARTMENT, under="見本局")
    tab.world.long_named()
    tab.sign_in(tab.world.hr_officer).open("/hr/departments")


@state("reporting.departments", "one without others below it", Role.HR)
def one_department(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/departments?department=総務課")


@state("reporting.events", "this fiscal year", Role.HR)
def events(tab: Tab) -> None:
    tab.world.staff.moves_to(tab.world.complete, "港湾課", on="2026-05-15")
    tab.sign_in(tab.world.hr_officer).open("/hr/events?department=見本局")


@state("reporting.events", "with a department that ended", Role.HR)
def events_of_an_ended_department(tab: Tab) -> None:
    staff = tab.world.staff
    staff.moves_to(tab.world.newcomer, "港湾課", on="2026-06-09")
    staff.moves_to(tab.world.complete, "港湾課", on="2026-06-09")
    staff.merges("総務課", into="港湾課", last="2026-06-08")
    tab.sign_in(tab.world.hr_officer).open("/hr/events?department=見本局")


@state("reporting.events", "a first day that is none", Role.HR)
def events_with_an_error(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/events?first=April")


@state("reporting.modules", "all", Role.HR)
def modules(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/modules")


@state("reporting.modules", "before the first release", Role.HR)
def no_modules(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/modules?day=2026-03-31")


@state("reporting.speed", "some", Role.HR)
def speed(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/speed")


@state("reporting.speed", "nobody complete", Role.HR)
def no_speed(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/speed?department=港湾課")
