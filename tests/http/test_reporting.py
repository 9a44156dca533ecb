"""HR's pages and the export: who is complete, as of a day, and that they agree."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.reporting.filters import usual_days
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, noon
from tests.golden_cases import REWRITE
from tests.http.pages import PageClient, text_of

TODAY = "2026-11-23"
GOLDEN = Path(__file__).parent.parent / "golden" / "records-export.csv"


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path) -> Site:
    """Two bureaus, a course of two modules to be completed within thirty days of 1 April."""
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    site.staff.department("総務局")
    site.staff.department("総務部", under="総務局")
    site.staff.department("総務課", under="総務部")
    site.staff.department("港湾局")
    site.staff.department("企画課", under="港湾局")
    return site


@pytest.fixture
def haru(office: Site) -> Person:
    """Completed a module in 総務課 in May, moved to 企画課 in July."""
    haru = office.staff.person("青海 はる", reading="オウミ ハル", number="00012", department="総務課")
    office.staff.completes(haru, "plain-words", on="2026-05-10")
    office.staff.moves_to(haru, "企画課", on="2026-07-01")
    return haru


@pytest.fixture
def hr(office: Site) -> PageClient:
    """Without a posting: HR is not in its own table here."""
    return office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,), department=None))


def complete_everything(office: Site, person: Person, *, on: str) -> None:
    for module in ("plain-words", "ask-early"):
        office.staff.completes(person, module, on=on)


def names(client: PageClient, query: str = "") -> list[str]:
    rows = client.get(f"/hr/people{query}").table()
    return [row[1] for row in rows[1:]]


SEAL = re.compile(rb"1-[0-9a-f]{32}")
"""Of the first export: it covers ids and moments that are others each time."""


def exported(client: PageClient, query: str = "") -> list[dict[str, str]]:
    text = client.download(f"/hr/export/csv{query}").body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def accesses(office: Site, action: str) -> list[Any]:
    with reading(office.engine) as connection:
        return list(connection.execute(select(tables.access_log).where(tables.access_log.c.action == action)))


# The table -----------------------------------------------------------------------------------------


def test_a_person_is_one_row_with_the_state_in_words(hr: PageClient, haru: Person) -> None:
    assert hr.get("/hr/people").table() == [
        ["職員番号", "氏名", "現所属", "コースの状態", "修了数", "近い期限"],
        ["00012", "青海 はる", "港湾局 企画課", "期限超過", "1 / 2", "2026年5月1日（金）"],
    ]


def test_people_stand_in_the_order_of_their_readings(hr: PageClient, office: Site) -> None:
    for name, reading_ in (("和田", "ワダ"), ("青海", "ｵｳﾐ"), ("橋本", "はしもと"), ("阿部", "アベ")):
        office.staff.person(name, reading=reading_)

    assert names(hr) == ["阿部", "青海", "橋本", "和田"]


def test_a_department_stands_for_all_departments_below_it(hr: PageClient, office: Site, haru: Person) -> None:
    office.staff.person("橋本 りく", department="総務課")

    assert names(hr, "?department=総務局") == ["橋本 りく"]
    assert names(hr, "?department=総務課") == ["橋本 りく"]
    assert names(hr, "?department=港湾局") == ["青海 はる"]


def test_the_table_can_be_narrowed_to_a_state(hr: PageClient, office: Site, haru: Person) -> None:
    complete_everything(office, office.staff.person("橋本 りく"), on="2026-04-10")

    assert names(hr, "?state=complete") == ["橋本 りく"]
    assert names(hr, "?state=overdue") == ["青海 はる"]
    assert names(hr, "?state=overdue,complete") == names(hr)


@pytest.mark.parametrize(
    ("today", "month", "year"),
    [
        ("2026-11-24", "2026-10-31", "2026-03-31"),
        ("2026-03-31", "2026-02-28", "2025-03-31"),
        ("2026-04-01", "2026-03-31", "2026-03-31"),
        ("2026-01-05", "2025-12-31", "2025-03-31"),
    ],
)
def test_the_usual_days_are_today_and_the_ends_of_the_month_and_the_fiscal_year_before(
    today: str, month: str, year: str
) -> None:
    assert [day.isoformat() for day in usual_days(date.fromisoformat(today)).values()] == [today, month, year]


def test_a_link_changes_the_day_and_keeps_the_rest_of_the_filter(hr: PageClient, haru: Person) -> None:
    page = hr.get("/hr/people?department=港湾局&day=2026-05-05")
    (link,) = [link for link in page.links() if "day=2026-03-31" in link]
    assert "department=" in link


def test_one_link_leads_to_those_who_have_not_started_or_are_overdue(
    hr: PageClient, office: Site, haru: Person
) -> None:
    office.staff.person("新田 そら", reading="ニッタ ソラ", since="2026-11-20")
    complete_everything(office, office.staff.person("橋本 りく"), on="2026-04-10")

    hr.get("/hr/people")
    page = hr.click("未着手・期限超過だけ")

    assert [(row[1], row[3]) for row in page.table()[1:]] == [
        ("青海 はる", "期限超過"),
        ("新田 そら", "未着手"),
    ]


def test_a_day_before_the_transfer_shows_the_department_of_that_day(hr: PageClient, haru: Person) -> None:
    assert hr.get("/hr/people?day=2026-06-30").table()[1][2] == "総務局 総務部 総務課"
    assert hr.get("/hr/people?day=2026-07-01").table()[1][2] == "港湾局 企画課"


def test_a_day_before_the_completion_shows_what_was_known_then(hr: PageClient, haru: Person) -> None:
    assert hr.get("/hr/people?day=2026-04-20").table()[1][3:] == ["未着手", "0 / 2", "2026年5月1日（金）"]
    assert hr.get("/hr/people?day=2026-05-09").table()[1][4] == "0 / 2"
    assert hr.get("/hr/people?day=2026-05-10").table()[1][4] == "1 / 2"


def test_whoever_left_is_gone_the_day_after(hr: PageClient, office: Site, haru: Person) -> None:
    office.staff.leaves(haru, last="2026-09-30")

    assert names(hr, "?day=2026-09-30") == ["青海 はる"]
    assert "この日にこの所属にいた職員はいません" in hr.get("/hr/people?day=2026-10-01").text


def test_a_concurrent_posting_is_shown_and_counted_at_the_main_one_only(hr: PageClient, office: Site) -> None:
    kei = office.staff.person("木村 けい", department="総務課")
    office.staff.posts(kei, "企画課", "2026-06-01", kind="concurrent")

    assert hr.get("/hr/people?department=総務局").table()[1][2] == "総務局 総務部 総務課 兼務：港湾局 企画課"
    assert hr.get("/hr/people?department=総務局&day=2026-05-31").table()[1][2] == "総務局 総務部 総務課"
    assert "この日にこの所属にいた職員はいません" in hr.get("/hr/people?department=港湾局").text


def test_rates_count_people_and_say_of_how_many(hr: PageClient, office: Site, haru: Person) -> None:
    complete_everything(office, office.staff.person("橋本 りく"), on="2026-04-10")
    office.staff.takes_leave(office.staff.person("三宅 なお"), "2026-05-01")

    text = hr.get("/hr/people").text

    assert "修了率 50.0%（1 / 2人）" in text
    assert "修了＋更新要 50.0%（1 / 2人）" in text
    assert "職員を本務の所属で一度だけ数えています" in text
    for count in ("修了 1人", "期限超過 1人", "免除 1人"):
        assert count in text


def test_the_rates_stay_those_of_the_department_when_one_state_is_looked_at(
    hr: PageClient, office: Site, haru: Person
) -> None:
    complete_everything(office, office.staff.person("橋本 りく"), on="2026-04-10")

    assert "修了率 50.0%（1 / 2人）" in hr.get("/hr/people?state=overdue").text


def test_without_anybody_required_the_rate_is_a_dash(hr: PageClient, office: Site, haru: Person) -> None:
    assert "修了率 — " in hr.get("/hr/people?department=総務局").text


def test_a_state_that_nobody_has_is_said_so(hr: PageClient, haru: Person) -> None:
    assert "この受講状態の職員はいません" in hr.get("/hr/people?state=expired").text


def test_before_the_first_release_everybody_is_listed_and_nothing_is_required(
    hr: PageClient, office: Site
) -> None:
    office.staff.person("橋本 りく", since="2026-03-01")

    assert hr.get("/hr/people?day=2026-03-31").table()[1][1:] == [
        "橋本 りく",
        "総務局 総務部 総務課",
        "対象外",
        "—",
        "—",
    ]


def test_people_beyond_a_hundred_are_on_the_next_page(hr: PageClient, office: Site) -> None:
    for number in range(102):
        office.staff.person(f"職員 {number:03}", reading=f"ショクイン {number:03}")

    assert len(names(hr)) == 100
    assert [row[1] for row in hr.click("次の100人").table()[1:]] == ["職員 100", "職員 101"]
    assert hr.click("前の100人").table()[1][1] == "職員 000"
    assert len(names(hr, "?page=99")) == 2


def test_the_filters_stay_on_the_next_page(hr: PageClient, office: Site) -> None:
    for _ in range(101):
        office.staff.person()

    hr.get("/hr/people?department=総務局&day=2026-06-01")

    assert "department=%E7%B7%8F%E5%8B%99%E5%B1%80" in hr.shown.link("次の100人")
    assert "day=2026-06-01" in hr.shown.link("次の100人")


def test_the_form_asks_what_the_address_asks(hr: PageClient, haru: Person) -> None:
    hr.get("/hr/people")
    page = hr.submit("filters", department="総務局", day="2026-06-30", state="overdue,not-started")

    assert [row[1] for row in page.table()[1:]] == ["青海 はる"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("day=2026-02-30", "基準日の日は暦にありません。日を確かめてください。"),
        ("day=きのう", "基準日は 2026-04-01 の形で入力してください。"),
        ("day=2026-11-24", "基準日は今日までです。"),
        ("department=99", "この所属コードの所属はありません。一覧から選んでください。"),
        ("state=asleep", "この受講状態はありません。一覧から選んでください。"),
    ],
)
def test_a_filter_that_cannot_be_used_is_said_and_linked(hr: PageClient, query: str, message: str) -> None:
    page = hr.get(f"/hr/people?{query}", status=400)

    assert page.errors == [message]
    assert page.title.startswith("エラー：")
    assert hr.get(f"/hr/export/csv?{query}", status=400).errors == [message]


def test_all_that_is_wrong_is_said_at_once(hr: PageClient) -> None:
    assert len(hr.get("/hr/people?day=x&department=x&state=x", status=400).errors) == 3


def test_the_first_day_of_all_is_a_day_like_any_other(hr: PageClient, haru: Person) -> None:
    assert "職員はいません" in hr.get("/hr/people?day=0001-01-01").text
    assert exported(hr, "?day=0001-01-01") == []


def test_the_table_can_be_read_in_english(hr: PageClient, haru: Person) -> None:
    hr.get("/hr/people")
    page = hr.submit("English")

    assert page.table()[1][3] == "Overdue"
    assert not [letter for row in page.table()[:1] for cell in row for letter in cell if ord(letter) > 0x2FFF]


def test_somebody_who_left_is_found_by_name_and_number_and_marked(
    hr: PageClient, office: Site, haru: Person
) -> None:
    office.staff.leaves(haru, last="2026-09-30")

    for words in ("青海", "ｵｳﾐ", "00012", "12"):
        hr.get("/hr/people")
        rows = hr.submit("filters", search=words).table()
        assert [row[2] for row in rows if row[1] == "青海 はる"] == [
            "所属なし（2026年9月30日（水） まで 港湾局 企画課）"
        ]


def test_somebody_who_left_is_found_and_not_counted(hr: PageClient, office: Site, haru: Person) -> None:
    office.staff.leaves(haru, last="2026-09-30")
    office.staff.person("橋本 りく")

    assert "合計 1人" in hr.get("/hr/people?search=青海").text


def test_in_a_department_only_those_posted_there_are_searched(
    hr: PageClient, office: Site, haru: Person
) -> None:
    office.staff.leaves(haru, last="2026-09-30")

    assert "見つかりません。" in hr.get("/hr/people?search=青海&department=港湾局").text


def test_a_list_on_paper_says_what_it_is_a_list_of(hr: PageClient, haru: Person) -> None:
    text = hr.get("/hr/people?department=港湾局&state=overdue,not-started&day=2026-06-30").text
    assert "この日にこの所属にいた職員はいません" in text
    assert (
        "基準日 2026年6月30日（火）の終わりの時点 所属 港湾局（港湾局、下の部署を含む）"
        " 受講状態 期限超過・未着手 作成 2026年11月23日（月） 12:00、人事 花子"
    ) in text


def test_today_is_as_of_this_minute_and_an_earlier_day_as_of_its_end(hr: PageClient, haru: Person) -> None:
    assert "2026年11月23日（月） 12:00 現在。" in hr.get("/hr/people").text
    assert "2026年11月22日（日）の終わりの時点。" in hr.get("/hr/people?day=2026-11-22").text


def test_the_department_of_an_earlier_day_is_not_called_the_present_one(hr: PageClient, haru: Person) -> None:
    assert hr.get("/hr/people?day=2026-06-30").table()[0][2] == "その日の所属"
    assert "その日の所属 総務局 総務部 総務課" in hr.click("青海 はる").text


def test_every_state_is_explained(hr: PageClient, haru: Person) -> None:
    legends = hr.get("/hr/people").main.iter("details")
    assert len(State) in [len(list(legend.iter("li"))) for legend in legends]


def test_the_way_back_from_a_person_keeps_the_filters(hr: PageClient, haru: Person) -> None:
    before = hr.get("/hr/people?search=青海&department=港湾局&state=overdue&day=2026-07-01").table()
    hr.click("青海 はる")

    back = hr.get(next(link for link in hr.shown.links() if "state=overdue" in link))
    assert back.table() == before


# One person ----------------------------------------------------------------------------------------


def test_a_persons_page_has_the_history_and_each_completion(
    hr: PageClient, office: Site, haru: Person
) -> None:
    office.staff.takes_leave(haru, "2026-08-01", "2026-08-31")

    hr.get("/hr/people")
    text = hr.click("青海 はる").text

    assert (
        "やさしい言葉で書こう 修了 2026年5月1日（金） 期限後 1.0.0"
        " 2026年5月10日（日） 12:00 総務局 総務部 総務課 確認テスト合格" in text
    )
    assert "港湾局 企画課 本務 2026年7月1日（水） 続いています" in text
    assert "総務局 総務部 総務課 本務 2026年4月1日（水） 2026年6月30日（火）" in text
    assert "2026年8月1日（土）から2026年8月31日（月）まで" in text


def test_a_persons_page_keeps_the_day_of_the_table(hr: PageClient, haru: Person) -> None:
    hr.get("/hr/people?day=2026-05-09")
    text = hr.click("青海 はる").text

    assert "2026年5月9日（土）" in text
    assert "確認テスト合格" not in text


@pytest.mark.parametrize(
    ("done", "due"),
    [
        ("2026-04-30", "2026年5月1日（金） 期限内"),
        ("2026-05-01", "2026年5月1日（金） 期限内"),
        ("2026-05-02", "2026年5月1日（金） 期限後"),
        ("2026-04-01", "期限内"),
    ],
)
def test_a_complete_module_keeps_its_due_date_and_says_whether_it_was_met(
    hr: PageClient, office: Site, done: str, due: str
) -> None:
    riku = office.staff.person("橋本 りく")
    office.staff.completes(riku, "plain-words", on=done)

    (table, _) = hr.get(f"/hr/people/{riku.id}").main.iter("table")
    row = [text_of(cell) for cell in list(table.iter("tr"))[1]]
    assert row[2] == due


def test_doing_it_again_later_does_not_make_it_late(hr: PageClient, office: Site) -> None:
    riku = office.staff.person("橋本 りく")
    office.staff.completes(riku, "plain-words", on="2026-04-10")
    office.staff.completes(riku, "plain-words", on="2026-08-01", version="1.1.0")

    assert "2026年5月1日（金） 期限内 1.1.0" in hr.get(f"/hr/people/{riku.id}").text


def test_somebody_who_left_still_has_a_page(hr: PageClient, office: Site, haru: Person) -> None:
    office.staff.leaves(haru, last="2026-09-30")

    text = hr.get(f"/hr/people/{haru.id}").text

    assert "所属なし（2026年9月30日（水） まで 港湾局 企画課）" in text
    assert "確認テスト合格" in text


def test_every_look_at_a_persons_page_is_logged(hr: PageClient, office: Site, haru: Person) -> None:
    hr.get(f"/hr/people/{haru.id}?day=2026-05-09")

    (access,) = accesses(office, "person-seen")
    assert access.person_id == haru.id
    assert access.details == {"page": "reporting.person", "day": "2026-05-09"}


def test_nobody_has_no_page(hr: PageClient, office: Site) -> None:
    hr.get("/hr/people/nobody", status=404)

    assert accesses(office, "person-seen") == []


# The export ----------------------------------------------------------------------------------------


def test_the_export_of_a_small_office_is_this_file(hr: PageClient, office: Site, haru: Person) -> None:
    """One of each: moved, left, on leave, with two postings, complete, new, named like a formula."""
    staff = office.staff
    complete_everything(
        office, staff.person("橋本 りく", reading="ハシモト リク", number="0007"), on="2026-04-10"
    )
    staff.leaves(staff.person("田中 まこと", reading="タナカ マコト"), last="2026-11-22")
    staff.takes_leave(staff.person("三宅 なお", reading="ミヤケ ナオ", number="A-3"), "2026-05-01")
    kei = staff.person("木村 けい", reading="ｷﾑﾗ ｹｲ", number="100")
    staff.posts(kei, "企画課", "2026-06-01", kind="concurrent")
    staff.person("新田 そら", reading="ニッタ ソラ", number="200", since="2026-11-20", department="港湾局")
    staff.person('=HYPERLINK("x","y")', reading="ンン", number="-1", department="＠課")

    answer = hr.download("/hr/export/csv")

    body = SEAL.sub(b"1-...", answer.body)
    if REWRITE:
        GOLDEN.write_bytes(body)
    assert body == GOLDEN.read_bytes()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=records-2026-11-23.csv"


def test_the_department_then_is_that_of_the_day_of_completion(hr: PageClient, haru: Person) -> None:
    done, missing = exported(hr)

    assert (done["当時所属"], done["現所属"]) == ("総務局 総務部 総務課", "港湾局 企画課")
    assert (missing["当時所属"], missing["現所属"]) == ("", "港湾局 企画課")


def test_the_newest_completion_up_to_the_day_is_the_one_shown(
    hr: PageClient, office: Site, haru: Person
) -> None:
    office.staff.completes(haru, "plain-words", on="2026-08-01", version="1.1.0")

    assert exported(hr)[0]["モジュールの版"] == "1.1.0"
    assert exported(hr, "?day=2026-07-31")[0]["修了日時"] == "2026-05-10 12:00"
    assert exported(hr, "?day=2026-05-09")[0]["修了日時"] == ""


def test_the_export_of_a_filtered_list_has_every_module_of_exactly_the_people_listed(
    hr: PageClient, office: Site, haru: Person
) -> None:
    complete_everything(office, office.staff.person("橋本 りく"), on="2026-04-10")

    for query in ("?state=overdue", "?state=complete", "?state=overdue,complete", "?search=橋本"):
        rows = exported(hr, query)
        assert list(dict.fromkeys(row["氏名"] for row in rows)) == names(hr, query)
        assert len(rows) == 2 * len(names(hr, query))


def test_the_page_says_what_the_file_holds(hr: PageClient, office: Site, haru: Person) -> None:
    complete_everything(office, office.staff.person("橋本 りく"), on="2026-04-10")

    assert "この一覧の1人の、すべてのモジュールが入ります" in hr.get("/hr/people?state=overdue").text


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?state=overdue,not-started", "records-2026-11-23-overdue_not-started.csv"),
        ("?day=2026-05-09&department=P-1&state=complete", "records-2026-05-09-P-1-complete.csv"),
        ("?department=A/1", "records-2026-11-23-A_1.csv"),
        ("?search=青海", "records-2026-11-23-search.csv"),
    ],
)
def test_files_of_different_filters_differ_in_name(
    hr: PageClient, office: Site, query: str, name: str
) -> None:
    office.staff.department("港湾部", "P-1")
    office.staff.department("別の部", "A/1")

    answer = hr.download(f"/hr/export/csv{query}")

    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_the_export_has_the_due_date_of_a_complete_module_too(hr: PageClient, haru: Person) -> None:
    assert [row["期限"] for row in exported(hr)] == ["2026-05-01", "2026-05-01"]


def test_the_export_has_the_people_of_the_table(hr: PageClient, office: Site, haru: Person) -> None:
    office.staff.person("橋本 りく", department="総務課")

    for query in ("", "?department=総務局", "?department=港湾局&day=2026-06-30", "?day=2026-06-30"):
        listed = {row["氏名"] for row in exported(hr, query)}
        page = hr.get(f"/hr/people{query}")
        shown = {row[1] for row in page.table()[1:]} if "職員はいません" not in page.text else set()
        assert listed == shown


def test_the_export_speaks_japanese_whatever_the_page_speaks(hr: PageClient, haru: Person) -> None:
    hr.get("/hr/people")
    before = hr.download("/hr/export/csv").body
    hr.submit("English")

    assert hr.download("/hr/export/csv").body == before


def test_every_export_is_logged_with_its_filters(hr: PageClient, office: Site, haru: Person) -> None:
    hr.download("/hr/export/csv?department=港湾局&state=overdue,not-started")

    (access,) = accesses(office, "records-exported")
    assert access.details == {
        "day": TODAY,
        "department": "港湾局",
        "states": ["not-started", "overdue"],
        "format": "csv",
    }


# Who may -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.LEARNER, Role.ADMINISTRATOR])
def test_only_hr_sees_records(office: Site, haru: Person, role: Role) -> None:
    client = office.sign_in(office.staff.person("別の 人", roles=(role,)))

    for path in ("/hr/people", f"/hr/people/{haru.id}", "/hr/export/csv"):
        client.get(path, status=403)
    assert accesses(office, "person-seen") == accesses(office, "records-exported") == []


def test_nobody_sees_records_without_signing_in(office: Site, haru: Person) -> None:
    for path in ("/hr/people", f"/hr/people/{haru.id}", "/hr/export/csv"):
        assert "/sign-in" in office.client().get(path).url
