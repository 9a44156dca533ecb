"""What HR enters of one person."""

from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab
from tests.builders.world import MODULE


def of(tab: Tab) -> str:
    return f"/hr/people/{tab.world.overdue.id}/entries"


@state("corrections.person", "nothing entered", Role.HR)
def nothing_entered(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(of(tab))


@state("corrections.look_at_exemption", "nothing chosen", Role.HR)
def nothing_chosen(tab: Tab) -> None:
    nothing_entered(tab)
    tab.submit("exempt")


@state("corrections.look_at_exemption", "with its effect", Role.HR)
def exemption_with_its_effect(tab: Tab) -> None:
    nothing_entered(tab)
    tab.page.locator(f"input[name=module][value={MODULE}]").check()
    tab.fill(reason="外部の資格がある")
    tab.submit("exempt")


@state("corrections.enter_exemption", "entered", Role.HR)
def exempted(tab: Tab) -> None:
    exemption_with_its_effect(tab)
    tab.submit("enter")


@state("corrections.look_at_end_of_exemption", "with its effect", Role.HR)
def end_with_its_effect(tab: Tab) -> None:
    exempted(tab)
    form = tab.page.locator("form[id^=end-]").get_attribute("id")
    assert form
    tab.fill(**{form.replace("end-", "why-"): "資格が切れた"})
    tab.submit(form)


@state("corrections.enter_end_of_exemption", "ended", Role.HR)
def exemption_ended(tab: Tab) -> None:
    end_with_its_effect(tab)
    tab.submit("enter")


@state("corrections.look_at_training", "on no day", Role.HR)
def trained_on_no_day(tab: Tab) -> None:
    nothing_entered(tab)
    tab.submit("training")


@state("corrections.look_at_training", "with its effect", Role.HR)
def training_with_its_effect(tab: Tab) -> None:
    nothing_entered(tab)
    tab.page.locator(f"input[name=trained][value={MODULE}]").check()
    tab.fill(**{"day": "2026-05-20", "training-name": "港湾局の研修"})
    tab.submit("training")


@state("corrections.enter_training", "entered", Role.HR)
def trained(tab: Tab) -> None:
    training_with_its_effect(tab)
    tab.submit("enter")
