"""HR's pages of the policies."""

from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab


@state("policies.policies", "one in force", Role.HR)
def policies(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/policies")


@state("policies.new_policy", "empty", Role.HR)
def new_policy(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/policies/new")


@state("policies.new_policy", "with its effect", Role.HR)
def with_its_effect(tab: Tab) -> None:
    new_policy(tab)
    tab.fill(first="2026-05-01", days="5")
    tab.submit("preview")


@state("policies.new_policy", "with errors", Role.HR)
def with_errors(tab: Tab) -> None:
    new_policy(tab)
    tab.fill(days="many")
    tab.submit("preview")


@state("policies.enter", "changed meanwhile", Role.HR)
def changed_meanwhile(tab: Tab) -> None:
    with_its_effect(tab)
    tab.world.staff.moves_to(tab.world.newcomer, "港湾課", on="2026-06-09")
    tab.submit("enter")


@state("policies.enter", "entered", Role.HR)
def entered(tab: Tab) -> None:
    with_its_effect(tab)
    tab.submit("enter")


@state("policies.end", "no day yet", Role.HR)
def end(tab: Tab) -> None:
    policies(tab)
    address = tab.page.locator("a[href$='/end']").get_attribute("href")
    assert address
    tab.open(address)


@state("policies.end", "with its effect", Role.HR)
def end_with_its_effect(tab: Tab) -> None:
    end(tab)
    tab.fill(last="2026-06-10")
    tab.submit("preview")


@state("policies.end", "with an error", Role.HR)
def end_with_an_error(tab: Tab) -> None:
    end(tab)
    tab.fill(last="2026-03-31")
    tab.submit("preview")


@state("policies.enter_end", "ended", Role.HR)
def ended(tab: Tab) -> None:
    end_with_its_effect(tab)
    tab.submit("enter")
