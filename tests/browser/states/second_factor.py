"""Second factors, confirmation, and the access log."""

from collections.abc import Callable

from server.web.access import Role
from tests.browser.states.table import STATES, Reach, State, state
from tests.browser.tab import Tab
from tests.builders.staff import PASSWORD, Person

CONFIRM_FILE = "/confirm?next=/hr/export/csv&file=1"


def person_of(tab: Tab, role: Role) -> Person:
    world = tab.world
    match role:
        case Role.HR:
            return world.hr_officer
        case Role.ADMINISTRATOR:
            return world.chief
        case Role.AUDITOR:
            return world.staff.person("監査 次郎", roles=(Role.AUDITOR,), department=None)
        case Role.MANAGER:
            return world.staff.person("所属 長子", roles=(Role.LEARNER, Role.MANAGER), department="総務課")
        case _:
            return world.newcomer


def is_asked(role: Role) -> bool:
    return role in (Role.HR, Role.AUDITOR, Role.ADMINISTRATOR)


def gives_no_code(tab: Tab, role: Role) -> None:
    """A learner and a manager have no such page."""
    if is_asked(role):
        tab.sign_in(person_of(tab, role), second_factor=False).open("/second-factor")
        tab.submit("second-factor")
    else:
        tab.sign_in(person_of(tab, role)).open("/")
        tab.post("/second-factor")


def renews_codes(tab: Tab, role: Role) -> None:
    tab.sign_in(person_of(tab, role)).open("/certificates")
    tab.post("/second-factor/recovery-codes")


def confirms_wrongly(tab: Tab, role: Role) -> None:
    tab.sign_in(person_of(tab, role)).open("/confirm?next=/")
    tab.fill(confirmation="nonsense")
    tab.submit("confirm")


def by(reach: Callable[[Tab, Role], None], role: Role) -> Reach:
    return lambda tab: reach(tab, role)


for _route, _reach in (
    ("identity.give_second_factor", gives_no_code),
    ("identity.new_recovery_codes", renews_codes),
    ("identity.check_confirmation", confirms_wrongly),
):
    STATES.extend(State(_route, f"as {role.value}", role, by(_reach, role)) for role in Role)


@state("identity.second_factor", "asks for a code", Role.HR)
def asks_for_a_code(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer, second_factor=False).open("/second-factor")


@state("identity.second_factor", "to be enrolled", Role.HR)
def to_be_enrolled(tab: Tab) -> None:
    new = tab.world.staff.person("新任 花子", roles=(Role.HR,), department=None, second_factor=False)
    tab.sign_in(new, second_factor=False).open("/second-factor")


@state("identity.second_factor", "given", Role.HR)
def given(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/second-factor")


@state("identity.give_second_factor", "with a wrong code at enrolment", Role.HR)
def wrong_at_enrolment(tab: Tab) -> None:
    to_be_enrolled(tab)
    tab.fill(code="000000")
    tab.submit("enrol")


@state("identity.confirm", "before a file", Role.HR)
def before_a_file(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open(CONFIRM_FILE)


@state("identity.check_confirmation", "the file is ready", Role.HR)
def file_is_ready(tab: Tab) -> None:
    before_a_file(tab)
    tab.fill(confirmation=PASSWORD)
    tab.submit("confirm")


@state("identity.reset", "of HR", Role.ADMINISTRATOR)
def reset(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.hr_officer.id}")
    tab.submit("reset-second-factor")


@state("identity.access_log", "after some looks", Role.ADMINISTRATOR)
def access_log(tab: Tab) -> None:
    tab.sign_in(tab.world.chief).open(f"/accounts/{tab.world.hr_officer.id}")
    tab.submit("reset-second-factor")
    tab.open("/access-log")


@state("identity.access_log", "nobody with this number", Role.AUDITOR)
def nobody_with_this_number(tab: Tab) -> None:
    tab.sign_in(person_of(tab, Role.AUDITOR)).open("/access-log?person=404")
