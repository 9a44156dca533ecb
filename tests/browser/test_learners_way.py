"""A learner's whole way in a real browser: from the activation slip to the certificate."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from builder.package import open_package
from server.demo.history import form_of
from server.identity.activation import issue
from server.storage.engine import writing
from tests.builders.package import real_course
from tests.builders.site import Site
from tests.builders.staff import PASSWORD, Person

PACKAGE = open_package(real_course())
MODULE = PACKAGE.manifest.modules[0]


@pytest.fixture
def newcomer(course: Site) -> Person:
    return course.staff.person("青海 はる", active=False)


def activation_link(site: Site, person: Person) -> str:
    with writing(site.engine) as connection:
        token = issue(connection, person.id, at=datetime.now(UTC), actor="a test", hours=72)
    return f"/activate/{token}"


def sign_in(page: Page, person: Person) -> None:
    page.goto("/sign-in")
    page.get_by_label("職員番号").fill(person.number)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()


def choose(page: Page, *, right: bool) -> None:
    """Fill the question that the page shows."""
    question = PACKAGE.quiz(MODULE.id).question(page.url.rsplit("/", 1)[-1])
    for name, values in form_of(question, right=right).items():
        if name == "answer":
            for value in values:
                page.locator(f"input[name=answer][value={value}]").check()
        else:
            page.locator(f"select[name={name}]").select_option(values[0])


def test_from_the_activation_slip_to_the_certificate(course: Site, page: Page, newcomer: Person) -> None:
    page.goto(activation_link(course, newcomer))
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    sign_in(page, newcomer)

    page.get_by_role("link", name="始める：").click()
    page.get_by_role("link", name="レッスンを読む").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text(MODULE.sections[0].title)
    page.get_by_role("link", name="次へ：").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text(MODULE.sections[1].title)

    page.goto("/")
    page.get_by_role("link", name="続きから：").click()
    expect(page).to_have_url(f"{course.settings.url}/modules/{MODULE.id}/sections/{MODULE.sections[1].id}")

    page.get_by_role("link", name="先に確認テストを受ける").click()
    page.get_by_role("button", name="確認テストを始める").click()
    for number in range(1, len(MODULE.objectives) + 1):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"設問 {number} / {len(MODULE.objectives)}")
        choose(page, right=True)
        page.get_by_role("button", name="回答する").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("正解")
        page.get_by_role("link", name="次の設問へ").or_(page.get_by_role("link", name="結果を見る")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"合格：{MODULE.title} を修了しました")
    page.get_by_role("link", name="修了証を見る").click()
    expect(page.get_by_text("青海 はる 殿")).to_be_visible()


def test_an_answer_without_a_choice_is_explained_in_place(course: Site, page: Page) -> None:
    sign_in(page, course.staff.person())
    page.goto(f"/modules/{MODULE.id}/quiz")
    page.get_by_role("button", name="確認テストを始める").click()
    page.get_by_role("button", name="回答する").click()
    expect(page).to_have_title(f"エラー：設問 1 / {len(MODULE.objectives)}：{MODULE.title} — 教材")
    page.locator(".error-summary a").click()
    expect(page.locator("fieldset.question")).to_be_focused()


def test_on_a_small_telephone_the_header_takes_two_rows_and_nothing_lies_beside_the_page(
    course: Site, page: Page
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page, course.staff.person("大塚 あきら"))
    module = f"/modules/{MODULE.id}"
    for path in ("/", module, f"{module}/sections/case", f"{module}/quiz"):
        page.goto(path)
        first, *_, last = page.locator(".site-header a, .site-header button").all()
        top, bottom = first.bounding_box(), last.bounding_box()
        assert top
        assert bottom
        assert bottom["y"] < top["y"] + 2 * top["height"], path
        assert page.locator("html").evaluate("html => html.scrollWidth") == 320, path


def test_no_request_leaves_the_server(course: Site, context: BrowserContext, page: Page) -> None:
    seen: list[str] = []
    context.on("request", lambda request: seen.append(request.url))
    sign_in(page, course.staff.person())
    for path in ("/", f"/modules/{MODULE.id}", f"/modules/{MODULE.id}/sections/case", "/glossary"):
        page.goto(path)
    assert [url for url in seen if not url.startswith(course.settings.url)] == []
    assert any(url.endswith(".css") for url in seen)


@pytest.mark.parametrize("context", [True], ids=["with JavaScript"], indirect=True)
def test_a_choice_not_yet_confirmed_is_kept_as_a_draft(course: Site, page: Page) -> None:
    sign_in(page, course.staff.person())
    page.goto(f"/modules/{MODULE.id}/quiz")
    page.get_by_role("button", name="確認テストを始める").click()
    choose(page, right=True)
    expect(page.locator("#draft-status")).to_contain_text("下書きを保存しました")
    page.reload()
    expect(page.locator("#draft-status")).to_contain_text("まだ回答していません")
    chosen = page.locator("input:checked").count() + page.locator("select").evaluate_all(
        "selects => selects.filter(select => select.value).length"
    )
    assert chosen > 0
