"""HR's pages of the staff list."""

from server.people.roster_uploads import put_on_the_desk
from server.storage import ids
from server.storage.engine import writing
from server.web.access import Role
from tests.browser.states.table import state
from tests.browser.tab import Tab
from tests.builders.world import LONG_DEPARTMENT, LONG_NAME, NOW

HEADER = "職員番号,氏名,フリガナ,所属コード,所属名,配属日,配属区分,終了日"
NEWCOMER = "00123,有明 はる,アリアケ ハル,0121,企画課,2026-06-01,,"
LONG = f"00124,{LONG_NAME},テシガワラ,0131,{LONG_DEPARTMENT},2026-06-01,,"


def on_the_desk(tab: Tab, *lines: str, header: str = HEADER) -> str:
    """The address of the page on which this list is checked."""
    data = "\n".join((header, *lines)).encode()
    officer = tab.world.hr_officer.id
    with writing(tab.world.engine) as connection:
        upload = put_on_the_desk(connection, data, "staff.csv", at=NOW, actor=officer)
    return f"/hr/roster/{upload}"


def checks(tab: Tab, *lines: str, header: str = HEADER) -> None:
    address = on_the_desk(tab, *lines, header=header)
    tab.sign_in(tab.world.hr_officer).open(address)


@state("people.roster", "before the first import", Role.HR)
def roster(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/hr/roster")


@state("people.bring", "without a file", Role.HR)
def no_file(tab: Tab) -> None:
    roster(tab)
    tab.submit("bring")


@state("people.check", "with changes", Role.HR)
def changes(tab: Tab) -> None:
    person = tab.world.overdue
    moves = f"{person.number},{person.name},イイダ アキラ,総務課,総務課,2026-06-08,,"
    checks(tab, NEWCOMER, moves)


@state("people.check", "long names", Role.HR)
def long_names(tab: Tab) -> None:
    checks(tab, LONG)


@state("people.check", "with problems", Role.HR)
def problems(tab: Tab) -> None:
    checks(tab, NEWCOMER.replace("2026-06-01", "46113"), "00125,,,0121,企画課,2026-06-01,兼任,")


@state("people.check", "headings to be told", Role.HR)
def headings(tab: Tab) -> None:
    checks(tab, NEWCOMER, header=HEADER.replace("職員番号", "社員番号"))


@state("people.check", "nothing to change", Role.HR)
def nothing_to_change(tab: Tab) -> None:
    person = tab.world.overdue
    checks(tab, f"{person.number},{person.name},イイダ アキラ,港湾課,港湾課,2026-04-01,,")


@state("people.tell_headings", "told", Role.HR)
def headings_told(tab: Tab) -> None:
    headings(tab)
    tab.page.locator("#heading-0").select_option("number")
    tab.submit("headings")


@state("people.take", "changed meanwhile", Role.HR)
def changed_meanwhile(tab: Tab) -> None:
    checks(tab, NEWCOMER)
    tab.world.staff.person("海野 あお", number=ids.new_id()[-6:], department="総務課")
    tab.submit("import")


@state("people.look_again", "checked again", Role.HR)
def checked_again(tab: Tab) -> None:
    changed_meanwhile(tab)
    tab.submit("again")


@state("people.take", "taken in", Role.HR)
def taken_in(tab: Tab) -> None:
    checks(tab, NEWCOMER)
    tab.submit("import")


@state("people.undo", "undone", Role.HR)
def undone(tab: Tab) -> None:
    taken_in(tab)
    tab.submit("undo")


@state("identity.new_accounts", "nobody waits", Role.HR)
def nobody_waits(tab: Tab) -> None:
    tab.sign_in(tab.world.hr_officer).open("/accounts/new")


@state("identity.new_accounts", "somebody waits", Role.HR)
def somebody_waits(tab: Tab) -> None:
    taken_in(tab)
    tab.open("/accounts/new")


@state("identity.issue_slips", "issued by HR", Role.HR)
def slips_issued(tab: Tab) -> None:
    somebody_waits(tab)
    tab.submit("slips")


@state("identity.issue_slips", "nobody waits any more", Role.ADMINISTRATOR)
def slips_for_nobody(tab: Tab) -> None:
    taken_in(tab)
    tab.sign_in(tab.world.chief).open("/accounts/new")
    tab.submit("slips")
