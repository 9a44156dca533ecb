"""Pages for what cannot be shown. They belong to no route."""

from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab
from tests.http.test_access import NOBODY

REFUSAL = "refusal"


@state(REFUSAL, "not found", NOBODY)
def nowhere(tab: Tab) -> None:
    tab.open("/nowhere")


@state(REFUSAL, "not found, signed in", Role.LEARNER)
def nowhere_signed_in(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/modules/nowhere")


@state(REFUSAL, "not allowed", Role.LEARNER)
def not_allowed(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/hr/people")


@state(REFUSAL, "not this method", Role.LEARNER)
def not_this_method(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/language")


@state(REFUSAL, "form expired", NOBODY)
def form_expired(tab: Tab) -> None:
    tab.open("/sign-in")
    tab.context.clear_cookies()
    tab.submit("sign-in")


@state(REFUSAL, "too large", NOBODY)
def too_large(tab: Tab) -> None:
    tab.open("/sign-in")
    tab.fill(number="9" * 300_000)
    tab.submit("sign-in")


@state(REFUSAL, "fault of ours", Role.LEARNER)
def fault(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/")
    with tab.world.broken("learning.glossary"):
        tab.open("/glossary")
