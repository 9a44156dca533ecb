"""HR's reports: by department, where it happened, by module, how long it took; and that they add up."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, noon
from tests.http.pages import PageClient, text_of

TODAY = "2026-11-23"
MODULES = ("plain-words", "ask-early")
IN_TIME, LATE = "2026-05-01", "2026-06-10"


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path) -> Site:
    """Two bureaus; two modules to be completed within thirty days of 1 April: by 1 May."""
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    for name, above in (
        ("総務局", None), ("総務課", "総務局"), ("港湾局", None), ("企画課", "港湾局"), ("海岸課", "港湾局"),
    ):  # fmt: skip
        site.staff.department(name, under=above)
    return site


@pytest.fixture
def hr(office: Site) -> PageClient:
    """Without a posting: HR is in no report here."""
    return office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,), department=None))


def joins(office: Site, department: str, *, completes: str | None = None, modules: int = 2) -> Person:
    person = office.staff.person(department=department)
    for module in MODULES[:modules] if completes else ():
        office.staff.completes(person, module, on=str(completes))
    return person


def rows(hr: PageClient, path: str) -> dict[str, list[str]]:
    """By the head of the row; without the head of the table."""
    _, *body = hr.get(path).table()
    return {row[0]: row[1:] for row in body}


def file(hr: PageClient, path: str) -> list[dict[str, str]]:
    text = hr.download(path).body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# By department ---------------------------------------------------------------------------------------


def test_a_bureau_counts_everybody_below_it_and_the_sum_counts_everybody(
    hr: PageClient, office: Site
) -> None:
    joins(office, "総務課", completes=IN_TIME)
    joins(office, "企画課", completes=LATE)
    joins(office, "海岸課")

    assert rows(hr, "/hr/departments") == {
        "総務局": ["1人", "100.0% （1 / 1人）", "100.0% （1 / 1人）", "0人", "0人", "100.0% （1 / 1人）",
                "100.0% （2 / 2件）", "0人"],
        "港湾局": ["2人", "50.0% （1 / 2人）", "50.0% （1 / 2人）", "1人", "0人", "50.0% （1 / 2人）",
                "0.0% （0 / 4件）", "0人"],
        "合計": ["3人", "66.7% （2 / 3人）", "66.7% （2 / 3人）", "1人", "0人", "66.7% （2 / 3人）",
               "33.3% （2 / 6件）", "0人"],
    }  # fmt: skip


def test_a_bureau_opens_into_its_sections_and_those_posted_to_itself(hr: PageClient, office: Site) -> None:
    joins(office, "港湾局")
    joins(office, "企画課", completes=IN_TIME)

    page = rows(hr, "/hr/departments?department=港湾局")

    assert [(name, cells[0]) for name, cells in page.items()] == [
        ("企画課", "1人"), ("海岸課", "0人"), ("港湾局（直属）", "1人"), ("合計", "2人"),
    ]  # fmt: skip
    assert page["海岸課"][1] == "—"


def test_where_one_department_stands_over_all_others_its_parts_are_shown(site: Site) -> None:
    site.staff.department("見本局")
    site.staff.department("総務課", under="見本局")
    hr = site.sign_in(site.staff.person("人事 花子", roles=(Role.HR,), department="総務課"))

    assert list(rows(hr, "/hr/departments")) == ["総務課", "合計"]


def test_a_concurrent_posting_counts_nobody_twice(hr: PageClient, office: Site) -> None:
    person = joins(office, "総務課")
    office.staff.posts(person, "企画課", "2026-04-01", kind="concurrent")

    assert {name: cells[0] for name, cells in rows(hr, "/hr/departments").items()} == {
        "総務局": "1人", "港湾局": "0人", "合計": "1人",
    }  # fmt: skip


def test_who_is_exempt_stands_beside_and_not_inside(hr: PageClient, office: Site) -> None:
    office.staff.takes_leave(joins(office, "総務課"), "2026-06-01")
    joins(office, "総務課", completes=IN_TIME)

    line = rows(hr, "/hr/departments")["総務局"]

    assert (line[0], line[1], line[-1]) == ("1人", "100.0% （1 / 1人）", "1人")


def test_an_earlier_day_shows_where_people_were_then(hr: PageClient, office: Site) -> None:
    person = joins(office, "総務課")
    office.staff.moves_to(person, "企画課", on="2026-07-01")

    assert rows(hr, "/hr/departments?day=2026-06-30")["総務局"][0] == "1人"
    assert rows(hr, "/hr/departments?day=2026-07-01")["港湾局"][0] == "1人"


def test_whoever_brought_a_completion_along_had_nothing_due(hr: PageClient, office: Site) -> None:
    office.staff.completes(office.staff.person(department=None), "plain-words", on="2026-04-01")
    back = office.staff.person(department="総務課", since="2026-04-01")
    for module in MODULES:
        office.staff.completes(back, module, on=IN_TIME)
    office.staff.leaves(back, last="2026-08-31")
    office.staff.posts(back, "企画課", "2026-10-01")

    assert rows(hr, "/hr/departments")["港湾局"][6] == "100.0% （2 / 2件）"


def test_a_report_to_others_hides_small_groups_and_what_they_could_be_worked_out_from(
    hr: PageClient, office: Site
) -> None:
    for _ in range(6):
        joins(office, "総務課")
    for _ in range(4):
        joins(office, "企画課", completes=IN_TIME)
    for _ in range(5):
        joins(office, "海岸課")

    bureaus = rows(hr, "/hr/departments?upward=1")
    sections = rows(hr, "/hr/departments?department=港湾局&upward=1")

    assert {name: cells[0] for name, cells in bureaus.items()} == {
        "総務局": "6人",
        "港湾局": "9人",
        "合計": "15人",
    }
    assert {name: set(cells) for name, cells in sections.items() if name != "合計"} == {
        "企画課": {"非表示"}, "海岸課": {"非表示"},
    }  # fmt: skip
    assert [line["対象"] for line in file(hr, "/hr/departments.csv?department=港湾局&upward=1")] == [
        "非表示", "非表示", "9",
    ]  # fmt: skip


def test_the_file_says_what_the_page_says_and_that_it_was_taken_is_logged(
    hr: PageClient, office: Site
) -> None:
    joins(office, "総務課", completes=IN_TIME)
    joins(office, "企画課")

    lines = file(hr, "/hr/departments.csv")

    assert [(line["所属"], line["対象"], line["修了率"], line["期限内修了率"]) for line in lines] == [
        ("港湾局", "1", "0.0%", "0.0%"), ("総務局", "1", "100.0%", "100.0%"), ("合計", "2", "50.0%", "50.0%"),
    ]  # fmt: skip
    assert {(line["基準日"], line["定義の版"]) for line in lines} == {(TODAY, "1")}
    with reading(office.engine) as connection:
        log = tables.access_log
        taken = connection.execute(
            select(log.c.details).where(log.c.action == "report-exported")
        ).scalar_one()
    assert (taken["report"], taken["day"]) == ("departments", TODAY)


def test_the_reports_lead_to_each_other_and_keep_day_and_department(hr: PageClient, office: Site) -> None:
    page = hr.get("/hr/departments?department=港湾局&day=2026-06-30")

    links = [
        link.get("href") or "" for link in page.all("a") if text_of(link) in ("当時の所属", "モジュール別")
    ]

    assert len(links) == 2
    assert all("day=2026-06-30" in link and "department=" in link for link in links)


# Where it happened -----------------------------------------------------------------------------------


def test_a_completion_stays_where_it_happened_whatever_comes_after(hr: PageClient, office: Site) -> None:
    office.staff.moves_to(joins(office, "総務課", completes=IN_TIME), "企画課", on="2026-07-01")

    assert rows(hr, "/hr/events") == {
        "総務局": ["2", "2", "100.0% （2 / 2件）"],
        "港湾局": ["0", "0", "—"],
        "合計": ["2", "2", "100.0% （2 / 2件）"],
    }


def test_a_duty_counts_where_somebody_was_on_its_due_date(hr: PageClient, office: Site) -> None:
    office.staff.moves_to(joins(office, "総務課", completes=LATE), "企画課", on="2026-05-15")

    assert rows(hr, "/hr/events") == {
        "総務局": ["0", "2", "0.0% （0 / 2件）"],
        "港湾局": ["2", "0", "—"],
        "合計": ["2", "2", "0.0% （0 / 2件）"],
    }


def test_only_what_happened_in_the_period_counts(hr: PageClient, office: Site) -> None:
    joins(office, "総務課", completes=LATE)

    assert rows(hr, "/hr/events?first=2026-05-02")["合計"] == ["2", "0", "—"]
    assert rows(hr, "/hr/events?first=2026-04-01&day=2026-05-31")["合計"] == ["0", "2", "0.0% （0 / 2件）"]


def test_a_department_that_ended_is_shown_with_its_successor(hr: PageClient, office: Site) -> None:
    person = joins(office, "海岸課", completes=IN_TIME)
    office.staff.moves_to(person, "企画課", on="2026-08-01")
    office.staff.merges("海岸課", into="企画課", last="2026-07-31")

    sections = rows(hr, "/hr/events?department=港湾局")

    assert sections == {
        "企画課": ["0", "0", "—"],
        "海岸課 2026年7月31日（金）で終わった所属。引継先：企画課": ["2", "2", "100.0% （2 / 2件）"],
        "合計": ["2", "2", "100.0% （2 / 2件）"],
    }
    assert rows(hr, "/hr/events")["港湾局"] == sections["合計"]
    assert file(hr, "/hr/events.csv?department=港湾局")[1]["引継先"] == "企画課"


def test_a_day_that_is_none_is_said_beside_the_field(hr: PageClient, office: Site) -> None:
    page = hr.get("/hr/events?first=April")

    assert page.errors == ["期間の初日は、2026-04-01 の形で、基準日までの日を入力してください。"]


# By module -------------------------------------------------------------------------------------------


def test_modules_count_people_and_their_sum_counts_people_and_modules(hr: PageClient, office: Site) -> None:
    joins(office, "総務課", completes=IN_TIME, modules=1)
    joins(office, "企画課")

    page = hr.get("/hr/modules").table()

    assert [row[1:4] for row in page[1:]] == [
        ["2", "50.0% （1 / 2人）", "50.0% （1 / 2人）"],
        ["2", "0.0% （0 / 2人）", "0.0% （0 / 2人）"],
        ["4", "25.0% （1 / 4件）", "25.0% （1 / 4件）"],
    ]
    assert [line["修了率"] for line in file(hr, "/hr/modules.csv?department=総務局")] == [
        "100.0%",
        "0.0%",
        "50.0%",
    ]


def test_before_the_first_release_there_are_no_modules(hr: PageClient, office: Site) -> None:
    assert "まだコースが公開されていません" in hr.get("/hr/modules?day=2026-03-31").text


# How long it took ------------------------------------------------------------------------------------


def test_days_run_from_when_the_course_is_asked_for_to_its_completion(hr: PageClient, office: Site) -> None:
    for day in ("2026-04-11", "2026-04-13", "2026-04-15", "2026-04-21"):
        joins(office, "総務課", completes=day)
    joins(office, "総務課")

    assert [line["人数"] for line in file(hr, "/hr/speed.csv")] == ["0", "4", "4", "4"]
    whole = file(hr, "/hr/speed.csv")[-1]
    assert [whole[f"{part}が終えた日数"] for part in ("四分の一", "半分", "四分の三")] == [
        "11.5",
        "13.0",
        "15.5",
    ]
    assert "4人" in hr.get("/hr/speed").text


def test_of_few_people_only_the_middle_is_said(hr: PageClient, office: Site) -> None:
    joins(office, "総務課", completes="2026-04-11")

    line = file(hr, "/hr/speed.csv")[-1]

    assert (line["半分が終えた日数"], line["四分の一が終えた日数"]) == ("10", "")
