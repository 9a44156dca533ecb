"""What everybody sees at the door, and what HR and administrators see of accounts."""

from playwright.sync_api import Locator

from server.identity import views
from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab
from tests.builders.staff import PASSWORD
from tests.http.test_access import NOBODY


@state("identity.sign_in", "first visit", NOBODY)
def sign_in(tab: Tab) -> None:
    tab.open("/sign-in")


@state("identity.sign_in", "ran idle", NOBODY)
def after_an_idle_hour(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer, minutes_ago=60).open("/")


@state("identity.sign_in", "holding an answer", NOBODY)
def holding_an_answer(tab: Tab) -> None:
    attempt = tab.world.begins(tab.world.newcomer, "true-false")
    tab.sign_in(tab.world.newcomer).open(f"/attempts/{attempt}/short-2")
    tab.page.locator("main input[type=radio]").first.check()
    tab.world.runs_idle()
    tab.submit("question")


@state("identity.sign_in", "in a demonstration", NOBODY)
def demonstration(tab: Tab) -> None:
    tab.world.is_of_samples()
    with tab.world.demonstrating():
        tab.open("/sign-in")


@state("identity.check_sign_in", "without entries", NOBODY)
def without_entries(tab: Tab) -> None:
    tab.open("/sign-in")
    tab.submit("sign-in")


@state("identity.check_sign_in", "wrong password", NOBODY)
def wrong_password(tab: Tab) -> None:
    tab.open("/sign-in")
    tab.fill(number=tab.world.newcomer.number, password="wrong")
    tab.submit("sign-in")


@state("identity.check_sign_in", "too many failures", NOBODY)
def too_many_failures(tab: Tab) -> None:
    tab.open("/sign-in")
    for _ in range(6):
        tab.fill(number="99999", password="wrong")
        tab.submit("sign-in")


@state("identity.enter_code", "empty", NOBODY)
def code(tab: Tab) -> None:
    tab.open("/activate")


@state("identity.activation", "good", NOBODY)
def activation(tab: Tab) -> None:
    tab.open(tab.world.invites(tab.world.invited))


@state("identity.activation", "not good", NOBODY)
def unusable_link(tab: Tab) -> None:
    tab.open("/activate/2222-2222-2222-2222")


@state("identity.set_password", "too short", NOBODY)
def short_password(tab: Tab) -> None:
    choose_password(tab, "short", "short")


@state("identity.set_password", "not the same twice", NOBODY)
def different_passwords(tab: Tab) -> None:
    choose_password(tab, PASSWORD, PASSWORD[::-1])


@state("identity.set_password", "chosen", NOBODY)
def password_chosen(tab: Tab) -> None:
    choose_password(tab, PASSWORD, PASSWORD)


def choose_password(tab: Tab, password: str, again: str) -> None:
    tab.open(tab.world.invites(tab.world.invited))
    tab.fill(password=password, again=again)
    tab.submit("activate")


@state("identity.accounts", "some", Role.ADMINISTRATOR)
def accounts(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open("/accounts")


@state("identity.accounts", "seen by HR", Role.HR)
def accounts_of_hr(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/accounts")


@state("identity.accounts", "one found", Role.ADMINISTRATOR)
def one_account(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open("/accounts?search=オウミ")


@state("identity.accounts", "none found", Role.ADMINISTRATOR)
def no_account(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open("/accounts?search=いない人")


@state("identity.accounts", "on pages", Role.ADMINISTRATOR)
def many_accounts(tab: Tab) -> None:
    with tab.world.by(views, "PAGE", 2):
        tab.sign_in(tab.world.chief).open("/accounts?page=2")


@state("identity.accounts", "long names", Role.HR)
def long_account(tab: Tab) -> None:
    tab.world.long_named()
    tab.sign_in(tab.world.hr_officer).open("/accounts")


@state("identity.account", "of a learner", Role.ADMINISTRATOR)
def account(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.newcomer.id}")


@state("identity.account", "of a learner, seen by HR", Role.HR)
def account_seen_by_hr(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(f"/accounts/{tab.world.newcomer.id}")


@state("identity.account", "of HR, seen by HR", Role.HR)
def account_of_hr(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(f"/accounts/{tab.world.hr_officer.id}")


@state("identity.account", "invited", Role.ADMINISTRATOR)
def account_of_somebody_invited(tab: Tab) -> None:
    tab.world.invites(tab.world.invited)
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.invited.id}")


@state("identity.issue_slip", "issued", Role.HR)
def slip(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(f"/accounts/{tab.world.invited.id}")
    tab.submit("issue-slip")


@state("identity.issue_slip", "issued by an administrator", Role.ADMINISTRATOR)
def slip_by_administrator(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.hr_officer.id}")
    tab.submit("issue-slip")


@state("identity.change_roles", "changed", Role.ADMINISTRATOR)
def roles_changed(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.newcomer.id}")
    role(tab, "hr").check()
    tab.submit("change-roles")


@state("identity.change_roles", "of the last administrator", Role.ADMINISTRATOR)
def last_administrator(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.chief.id}")
    role(tab, "administrator").uncheck()
    tab.submit("change-roles")


@state("identity.disable", "disabled", Role.ADMINISTRATOR)
def disabled(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.newcomer.id}")
    tab.submit("disable")


@state("identity.disable", "the last administrator", Role.ADMINISTRATOR)
def last_administrator_disabled(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.chief.id}")
    tab.submit("disable")


@state("identity.enable", "enabled", Role.ADMINISTRATOR)
def enabled(tab: Tab) -> None:
    disabled(tab)
    tab.submit("enable")


def role(tab: Tab, name: str) -> Locator:
    return tab.page.locator(f"input[name=role][value={name}]")
