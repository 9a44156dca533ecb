"""HR's pages of the staff list: what it would do, that it does it, and that it can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.people import alarms
from server.record.departments import begin_department
from server.record.facts import policies_by_entry
from server.record.policies import end_policy, enter_policy
from server.record.standing import differing, states_of
from server.rules.facts import Policy
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading, writing
from server.storage.locks import OFFICE, alone
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, day, noon
from tests.http.pages import Page, PageClient, text_of

TODAY = noon("2026-11-24")
HEADER = "職員番号,氏名,フリガナ,所属コード,所属名,配属日"
HARU = "00123,青海 はる,オウミ ハル,0111,総務課,2026-04-01"
MOVED = "00123,青海 はる,オウミ ハル,0121,企画課,2026-10-01"
MORE = f"{HEADER},配属区分,終了日,休職開始日,休職終了日"


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(TODAY):
        yield


@pytest.fixture
def officer(site: Site, tmp_path: Path) -> Person:
    site.staff.policy(since="2026-04-01", days=30)
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    return site.staff.person("人事 花子", number="90001", roles=(Role.HR,), department=None)


@pytest.fixture
def hr(site: Site, officer: Person) -> PageClient:
    return site.sign_in(officer)


def brings(hr: PageClient, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Page:
    data = "".join(f"{line}\r\n" for line in (header, *lines)).encode(encoding)
    hr.get("/hr/roster")
    return hr.submit("bring", files={"file": ("staff.csv", data)})


def takes_in(hr: PageClient, *lines: str, header: str = HEADER) -> Page:
    brings(hr, *lines, header=header)
    return hr.submit("import")


def undoes(hr: PageClient, *, status: int = 200) -> Page:
    hr.get("/hr/roster")
    return hr.submit("undo", status=status)


def person_id(site: Site, number: str = "00123") -> str:
    details = tables.person_details
    with reading(site.engine) as connection:
        return str(connection.scalars(select(details.c.person_id).where(details.c.number == number)).one())


def postings(site: Site) -> list[tuple[str, str | None]]:
    posting = tables.posting
    with reading(site.engine) as connection:
        rows = connection.execute(select(posting).order_by(posting.c.first_day))
        return [(str(row.first_day), str(row.last_day) if row.last_day else None) for row in rows]


def state(site: Site, number: str = "00123", on: str = "2026-11-24") -> State | None:
    with reading(site.engine) as connection:
        states = states_of(connection, person_id(site, number), day(on))
    return states["plain-words"].state if states else None


def count(site: Site, table: str) -> int:
    with reading(site.engine) as connection:
        return len(connection.execute(select(tables.metadata.tables[table])).all())


def everybody_stands_right(site: Site) -> bool:
    with reading(site.engine) as connection:
        people = connection.scalars(select(tables.person.c.id)).all()
        return differing(connection, people) == []


# Bringing a list -----------------------------------------------------------------------------------


def test_a_list_is_shown_before_anything_changes(hr: PageClient, site: Site) -> None:
    page = brings(hr, HARU)

    assert page.heading == "名簿の確認：staff.csv"
    assert "追加する職員：1件" in page.text
    assert "新しい所属：1件" in page.text
    assert count(site, "posting") == 0


def test_a_list_as_excel_saves_it_in_japan_is_read(hr: PageClient) -> None:
    page = brings(hr, HARU.replace("青海", "髙橋"), encoding="cp932")

    assert "CP932 として読みました" in page.text
    assert "髙橋 はる" in page.text


def test_what_is_wrong_is_said_with_its_line_and_nothing_can_be_taken_in(hr: PageClient) -> None:
    page = brings(hr, HARU, "00124,飯田,,0111,総務課,46113")

    assert "3行目3列目：「フリガナ」が空です。" in page.text
    assert "表計算ソフトの日付の番号のようです" in page.text
    assert "この内容で取り込む" not in page.text


def test_no_file_is_said_beside_the_field(hr: PageClient) -> None:
    hr.get("/hr/roster")

    page = hr.submit("bring", files={"file": ("", b"")}, status=422)

    assert page.errors == ["名簿のファイルを選んでください。"]


def test_a_list_on_the_desk_is_nobody_elses(hr: PageClient, site: Site) -> None:
    address = brings(hr, HARU).path
    other = site.sign_in(site.staff.person("人事 太郎", number="90002", roles=(Role.HR,), department=None))

    assert other.get(address, status=404).status == 404


def test_a_meaning_that_was_told_once_is_known_from_then_on(hr: PageClient) -> None:
    header = HEADER.replace("職員番号", "社員番号") + ",備考"
    page = brings(hr, f"{HARU},x", header=header)
    assert "知らない見出しがあります" in page.text

    hr.submit("headings", {"heading-0": "number", "heading-1": "ignore"})

    assert "追加する職員：1件" in hr.shown.text
    assert "追加する職員：1件" in brings(hr, f"{HARU},y", header=header).text


def test_what_follows_for_those_who_come_is_said_before(hr: PageClient, site: Site) -> None:
    takes_in(hr, f"{HARU},本務,2026-08-31,,", header=MORE)
    for module in ("plain-words", "ask-early"):
        site.staff.completes(Person(person_id(site), "00123", "青海 はる"), module, on="2026-04-20")

    page = brings(hr, MOVED, "00124,飯田 あきら,イイダ アキラ,0121,企画課,2026-11-20")

    assert "加わる職員のうち 1人は「修了」から始まります。" in page.text
    assert "加わる職員のうち 1人は「未着手」から始まります。" in page.text
    assert "1人に、#1〜#2 の割当が加わります。期限は 2026年12月20日（日） です。" in page.text


def test_whom_a_transfer_takes_into_a_policy_is_said_before(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU)
    with writing(site.engine) as connection:
        for policy_id, everybody in policies_by_entry(connection).items():
            end_policy(connection, policy_id, everybody.first, at=TODAY, actor="a test")
        first = day("2026-04-01")
        planning = begin_department(connection, "0121", "企画課", first, at=TODAY, actor="a test")
        only = Policy(first, departments=frozenset({planning}))
        enter_policy(connection, only, at=TODAY, actor="a test")

    page = brings(hr, MOVED)

    assert "1人に、#1〜#2 の割当が加わります。期限は 2026年10月31日（土） です。" in page.text
    assert "そのうち 1人には、異動先の受講方針で割当が加わります。" in page.text


def test_what_is_asked_no_more_is_said_before(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU, "00124,飯田 あきら,イイダ アキラ,0121,企画課,2026-04-01")

    page = brings(
        hr,
        f"{HARU},本務,2026-11-30,,",
        "00124,飯田 あきら,イイダ アキラ,0121,企画課,2026-04-01,本務,,2026-12-01,",
        header=MORE,
    )

    assert "配属が終わる 1人には、終わりの翌日から何も求めません。" in page.text
    assert "休職する 1人は、その間は免除です。" in page.text


# Taking it in --------------------------------------------------------------------------------------


def test_taking_in_makes_people_with_their_states(hr: PageClient, site: Site) -> None:
    page = takes_in(hr, HARU)

    assert "取り込みました" in page.text
    assert state(site) is State.OVERDUE
    assert everybody_stands_right(site)


def test_a_transfer_keeps_what_was_completed(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU)
    haru = Person(person_id(site), "00123", "青海 はる")
    site.staff.completes(haru, "plain-words", on="2026-04-20")

    takes_in(hr, MOVED)

    assert postings(site) == [("2026-04-01", "2026-09-30"), ("2026-10-01", None)]
    assert state(site) is State.COMPLETE


def test_concurrent_postings_leave_and_last_days_are_taken_in(hr: PageClient, site: Site) -> None:
    takes_in(
        hr,
        f"{HARU},本務,2027-03-31,2026-11-01,2026-12-31",
        "00123,青海 はる,オウミ ハル,0121,企画課,2026-10-01,兼務,,,",
        header=MORE,
    )

    assert postings(site) == [("2026-04-01", "2027-03-31"), ("2026-10-01", None)]
    assert state(site) is State.EXEMPT
    assert state(site, on="2027-04-01") is State.NOT_REQUIRED


def test_who_is_absent_from_a_list_has_not_left(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU, HARU.replace("00123,青海", "00124,飯田"))

    page = takes_in(hr, MOVED)

    assert "取り込みました" in page.text
    assert state(site, "00124") is State.OVERDUE


def test_the_same_list_twice_changes_nothing(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU)
    before = count(site, "entry")

    page = brings(hr, HARU)

    assert "変わるところはありません" in page.text
    assert count(site, "entry") == before


def test_a_number_may_go_to_somebody_else_when_that_is_said(hr: PageClient, site: Site) -> None:
    takes_in(hr, f"{HARU},本務,2026-06-30,,", header=MORE)
    earlier = person_id(site)
    line = "00123,飯田 あきら,イイダ アキラ,0111,総務課,2026-10-01"

    page = brings(hr, line)
    assert "「青海 はる」さんの番号でした" in page.text

    hr.click("別の人の番号として取り込む：00123")
    hr.submit("import")

    assert person_id(site) != earlier
    assert person_id(site, "00123（2026-11-24まで）") == earlier


def test_new_people_get_their_slips_together(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU)
    page = hr.click("アカウントのない職員に案内票を出す")
    assert "1人います" in page.text

    page = hr.submit("slips")

    assert "青海 はる さんへ" in page.text
    assert "アカウントのない職員はいません" in hr.get("/accounts/new").text


# What is unusual, and others at it -----------------------------------------------------------------


def many(last: str = "") -> list[str]:
    return [
        f"1{number:04},職員 {number},ショクイン,0111,総務課,2026-04-01,本務,{last},," for number in range(10)
    ]


def test_a_list_that_ends_many_postings_has_to_be_confirmed(hr: PageClient, site: Site) -> None:
    takes_in(hr, *many(), header=MORE)

    brings(hr, *many(last="2026-11-30"), header=MORE)
    page = hr.submit("import", status=422)
    assert page.errors == ["いつもと違うところがあります。そのつもりなら、印を付けてください。"]
    assert "10人のうち 10人の配属が終わります" in page.text
    assert {last for _, last in postings(site)} == {None}

    hr.submit("import", unusual="leaving:10")
    assert {last for _, last in postings(site)} == {"2026-11-30"}


def test_a_list_ten_times_shorter_has_to_be_confirmed(hr: PageClient) -> None:
    takes_in(hr, *many(), header=MORE)

    page = brings(hr, MOVED)

    assert f"前の取り込みは {alarms.SHRUNK} 行でした" in page.text


def test_a_list_checked_before_another_change_is_checked_again(hr: PageClient, site: Site) -> None:
    brings(hr, HARU)
    site.staff.person("飯田 あきら", number="00124")

    page = hr.submit("import", status=422)
    assert page.errors == ["確認した後に、ほかの記録が変わりました。もう一度確認してください。"]
    assert "配属" in page.text

    hr.submit("again")
    assert "取り込みました" in hr.submit("import").text


def test_whoever_comes_second_is_told_who_is_at_it(hr: PageClient, site: Site, officer: Person) -> None:
    brings(hr, HARU)

    with alone(site.engine, OFFICE, holder=officer.id, at=TODAY):
        page = hr.submit("import", status=409)

    assert page.errors[0].startswith("人事 花子 さんが 12:00 から作業中です。")
    assert count(site, "posting") == 0


def test_whoever_was_killed_at_it_holds_nobody_up(hr: PageClient, site: Site) -> None:
    brings(hr, HARU)
    with writing(site.engine) as connection:
        connection.execute(tables.operation_lock.insert().values(name=OFFICE, holder="killed", since=TODAY))

    assert "取り込みました" in hr.submit("import").text


# Taking it back ------------------------------------------------------------------------------------


def test_undoing_an_import_leaves_everything_as_it_was(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU)
    haru = Person(person_id(site), "00123", "青海 はる")
    site.staff.completes(haru, "plain-words", on="2026-04-20")
    before = postings(site), state(site, on="2026-11-24")

    takes_in(hr, MOVED.replace("青海 はる", "青海 春"))
    page = undoes(hr)

    assert "取り消しました" in page.text
    assert (postings(site), state(site, on="2026-11-24")) == before
    assert everybody_stands_right(site)
    with reading(site.engine) as connection:
        details = tables.person_details
        assert connection.scalar(select(details.c.name).where(details.c.number == "00123")) == "青海 はる"


def test_undoing_deletes_no_entry_and_names_each_that_it_takes_back(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU)
    with reading(site.engine) as connection:
        before = {row.id for row in connection.execute(select(tables.entry))}
        (taken_in,) = connection.execute(select(tables.roster_import)).all()

    undoes(hr)

    with reading(site.engine) as connection:
        rows = connection.execute(select(tables.entry)).all()
    assert before <= {row.id for row in rows}
    assert [row.body["reverses"] for row in rows if row.kind == "correction"] == taken_in.entries[::-1]


def test_an_import_on_which_something_rests_is_not_undone(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU)
    haru = Person(person_id(site), "00123", "青海 はる")
    site.staff.completes(haru, "plain-words", on="2026-11-20")

    page = undoes(hr, status=409)

    assert page.errors == ["後からの記録（修了 1件）が、この取り込みの上にあるので取り消せません。"]
    assert count(site, "posting") == 1


def test_after_an_undo_the_mended_list_can_be_taken_in(hr: PageClient, site: Site) -> None:
    takes_in(hr, HARU.replace("総務課", "総務科"))
    hr.get("/accounts/new")
    hr.submit("slips")
    undoes(hr)

    takes_in(hr, HARU)

    assert state(site) is State.OVERDUE
    assert "1人います" in hr.get("/accounts/new").text


def test_only_the_last_import_is_offered_to_be_undone(hr: PageClient) -> None:
    takes_in(hr, HARU)
    takes_in(hr, MOVED)

    page = hr.get("/hr/roster")

    assert [text_of(button) for button in page.all("button")].count("この取り込みを取り消す") == 1
