"""HR's pages of the departments: what a list would change, and what became of one department."""

from collections.abc import Iterator

import pytest

from server.record.department_history import department_history
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.site import Site
from tests.builders.staff import day, noon
from tests.http.pages import Page, PageClient

TODAY = "2026-11-24"


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def bureau(site: Site) -> Site:
    """総務局 with 総務課 and 企画課, each called by its name."""
    for name, above in (("総務局", None), ("総務課", "総務局"), ("企画課", "総務局")):
        site.staff.department(name, under=above)
    return site


@pytest.fixture
def hr(bureau: Site) -> PageClient:
    return bureau.sign_in(bureau.staff.person("人事 花子", roles=(Role.HR,), department=None))


def checks(hr: PageClient, *lines: str, first: str = "2027-04-01", status: int = 200) -> Page:
    hr.get("/hr/organisation/list")
    return hr.submit("check", {"first": first, "list": "\n".join(lines)}, status=status)


def tree(site: Site, on: str) -> list[tuple[str, str]]:
    with reading(site.engine) as connection:
        return [(each.code, each.path) for each in department_history(connection).on(day(on)).in_order]


def opens(hr: PageClient, name: str) -> Page:
    page = hr.get("/hr/organisation")
    return hr.get(next(a.get("href") or "" for a in page.all("a") if "".join(a.itertext()).endswith(name)))


def test_a_list_is_looked_at_before_anything_changes(hr: PageClient, bureau: Site) -> None:
    before = tree(bureau, "2027-04-01")
    page = checks(
        hr, "所属コード\t所属名\t上位", "0900\tデジタル局\t", "0910\t推進課\t0900", "企画課\t政策課\t0900"
    )
    assert "変わること（4件）" in page.text
    assert "名前が変わります（前は 企画課）" in page.text
    assert "上位が変わります（総務局 → 0900）" in page.text
    assert tree(bureau, "2027-04-01") == before


def test_what_was_seen_is_then_entered_from_the_day_on(hr: PageClient, bureau: Site) -> None:
    before = tree(bureau, "2027-03-31")
    checks(hr, "0910,推進課,0900", "0900,デジタル局,", "企画課,政策課,0900")
    hr.submit("enter")
    assert tree(bureau, "2027-03-31") == before
    assert ("0910", "デジタル局 推進課") in tree(bureau, "2027-04-01")
    assert ("企画課", "デジタル局 政策課") in tree(bureau, "2027-04-01")


def test_a_list_that_is_as_it_is_changes_nothing(hr: PageClient) -> None:
    assert "今の所属と同じです" in checks(hr, "企画課,企画課,総務局").text


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["0900,"], "1行目 0900 ：所属コードと所属名が要ります。"),
        (["0900,甲,", "0900,乙,"], "2行目 0900 乙：この所属コードは、上の行にもあります。"),
        (["0900,甲,9999"], "1行目 0900 甲：上位の所属コードが、この一覧にも今の所属にもありません。"),
        (["0900,甲,0910", "0910,乙,0900"], "1行目 0900 甲：上位をたどると、自分に戻ります。"),
    ],
)
def test_each_bad_line_is_named(hr: PageClient, lines: list[str], said: str) -> None:
    page = checks(hr, *lines)
    assert said in page.text
    assert not page.all("form[@id='enter']")


def test_a_list_needs_a_day(hr: PageClient) -> None:
    assert "日付は 2026-04-01 の形" in checks(hr, "0900,甲,", first="", status=422).text


def test_a_department_that_changes_later_already_is_not_changed_before(hr: PageClient, bureau: Site) -> None:
    checks(hr, "企画課,政策課,総務局", first="2027-04-01")
    hr.submit("enter")
    assert (
        "この日より後に始まる変更が、もう記録されています。"
        in checks(hr, "企画課,計画課,総務局", first=TODAY).text
    )


def test_whoever_would_stand_under_itself_is_refused_and_nothing_is_kept(
    hr: PageClient, bureau: Site
) -> None:
    before = tree(bureau, "2027-04-01")
    checks(hr, "0900,甲,", "総務局,総務局,企画課")
    page = hr.submit("enter", status=409)
    assert "自分か、自分の下の所属を上位にはできません。" in page.text
    assert tree(bureau, "2027-04-01") == before


def test_a_renamed_department_is_called_so_from_the_day_on(hr: PageClient, bureau: Site) -> None:
    opens(hr, "企画課")
    page = hr.submit("rename", {"name": "政策課", "renamed-on": "2027-04-01"})
    assert [row[0] for row in page.table()] == ["所属名", "企画課", "政策課"]
    assert ("企画課", "総務局 企画課") in tree(bureau, "2027-03-31")


def test_a_department_is_moved_to_the_top(hr: PageClient, bureau: Site) -> None:
    opens(hr, "企画課")
    hr.submit("place", {"parent": "", "placed-on": "2027-04-01"})
    assert ("企画課", "企画課") in tree(bureau, "2027-04-01")


def test_a_merged_department_names_who_goes_on_with_its_work(hr: PageClient, bureau: Site) -> None:
    page = opens(hr, "企画課")
    option = next(o for o in page.all("option") if (o.text or "").endswith("総務課"))
    page = hr.submit("end", {"last": "2027-03-31", "successor": option.get("value") or ""})
    assert "仕事を引き継いだ所属：総務課" in page.text
    assert "企画課" not in [code for code, _ in tree(bureau, "2027-04-01")]


def test_a_department_with_people_does_not_end(hr: PageClient, bureau: Site) -> None:
    bureau.staff.person("青海 はる", department="企画課", since="2026-04-01")
    opens(hr, "企画課")
    page = hr.submit("end", {"last": "2027-03-31"}, status=409)
    assert "先に名簿で異動させてください。" in page.text


def test_a_bureau_with_sections_does_not_end(hr: PageClient) -> None:
    opens(hr, "総務局")
    assert "下に所属が残っています。" in hr.submit("end", {"last": "2027-03-31"}, status=409).text


@pytest.mark.parametrize("form", ["rename", "place", "end"])
def test_every_change_needs_a_day(hr: PageClient, form: str) -> None:
    opens(hr, "企画課")
    assert "日付は 2026-04-01 の形" in hr.submit(form, status=422).text


def test_there_is_no_page_of_a_department_that_never_was(hr: PageClient) -> None:
    hr.get("/hr/organisation/nowhere", status=404)
