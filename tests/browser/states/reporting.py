"""What HR sees of people and their records."""

from server.reporting import people_views
from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab
from tests.builders.world import OTHER_MODULE


@state("reporting.people", "all", Role.HR)
def everybody(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/people")


@state("reporting.people", "filtered", Role.HR)
def filtered(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/people?department=総務課&state=complete&day=2026-06-01")


@state("reporting.people", "filter applied by the form", Role.HR)
def filter_applied(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/people")
    tab.page.locator("#state").select_option("complete")
    tab.submit("filters")


@state("reporting.people", "nobody in this state", Role.HR)
def nobody_in_this_state(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/people?state=exempt")


@state("reporting.people", "nobody on this day", Role.HR)
def nobody_on_this_day(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/people?day=2020-04-01")


@state("reporting.people", "filter with errors", Role.HR)
def filter_with_errors(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/people?day=2027-01-01&department=nowhere&state=happy")


@state("reporting.people", "on pages", Role.HR)
def on_pages(tab: Tab) -> None:
    with tab.world.by(people_views, "PAGE", 2):
        tab.sign_in(tab.world.hr_officer).open("/hr/people?page=2")


@state("reporting.people", "long names", Role.HR)
def long_names(tab: Tab) -> None:
    tab.world.staff.posts(tab.world.long_named(), "総務課", "2026-05-01", kind="concurrent")
    tab.sign_in(tab.world.hr_officer).open("/hr/people")


@state("reporting.person", "complete", Role.HR)
def complete(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(f"/hr/people/{tab.world.complete.id}")


@state("reporting.person", "with a history", Role.HR)
def with_a_history(tab: Tab) -> None:
    world = tab.world
    world.staff.moves_to(world.overdue, "総務課", on="2026-05-15")
    world.staff.posts(world.overdue, "港湾課", "2026-06-01", kind="concurrent")
    world.staff.takes_leave(world.overdue, "2026-05-20", "2026-05-25")
    world.staff.completes(world.overdue, OTHER_MODULE, on="2026-06-02")
    tab.sign_in(world.hr_officer).open(f"/hr/people/{world.overdue.id}")


@state("reporting.person", "before the first release", Role.HR)
def without_a_release(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(f"/hr/people/{tab.world.overdue.id}?day=2026-03-31")


@state("reporting.person", "long names", Role.HR)
def person_with_long_names(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(f"/hr/people/{tab.world.long_named().id}")
