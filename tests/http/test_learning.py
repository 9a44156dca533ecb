"""The learner's way: home, lesson, quiz, result, certificate."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import func, select

from builder.package import open_package
from server.demo.history import form_of
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from tests import pdf_reading
from tests.builders.learner import Learner
from tests.builders.package import next_release, real_course
from tests.builders.site import URL, Site
from tests.builders.staff import Person, noon
from tests.http.pages import Answer, Request, text_of
from tests.pdf_faults import faults

M = "customer-view"
FIRST_DAY = "2026-04-01"


@pytest.fixture
def course(site: Site) -> Site:
    """The real course, published on 1 April with a policy of thirty days."""
    site.publishes(real_course(), on=FIRST_DAY)
    site.staff.policy(since=FIRST_DAY, days=30)
    return site


@pytest.fixture
def on_the_second_of_april() -> Iterator[None]:
    with clock.fixed(noon("2026-04-02")):
        yield


@pytest.fixture
def person(course: Site) -> Person:
    return course.staff.person("青海 はる", since=FIRST_DAY)


@pytest.fixture
def learner(course: Site, person: Person, on_the_second_of_april: None) -> Learner:
    return Learner(course.sign_in(person), real_course())


def post_form(learner: Learner, address: str, fields: dict[str, str]) -> Answer:
    """Fields with the token of the page just fetched."""
    token = next(
        i.get("value", "") for i in learner.client.shown.all("input") if i.get("name") == "csrf_token"
    )
    return learner.client.send(Request("POST", URL + address, [("csrf_token", token), *fields.items()]))


def count(site: Site, table: str) -> int:
    with reading(site.engine) as connection:
        return connection.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0


def test_home_says_what_is_due_and_has_one_next_step(learner: Learner) -> None:
    home = learner.client.get("/")
    assert f"0 / {len(learner.package.manifest.modules)} モジュール修了" in home.text
    assert "期限 2026年5月1日（金）" in home.text
    assert "あと29日" in home.text
    assert home.text.count("始める：") == 1


def test_home_leads_back_to_the_section_opened_last(learner: Learner) -> None:
    learner.client.get(f"/modules/{M}/sections/background")
    home = learner.client.get("/")
    assert home.link("続きから：顧客視点でデザインしよう").endswith("/sections/background")


def test_home_leads_back_into_an_interrupted_quiz(learner: Learner) -> None:
    learner.begins(M)
    learner.answers()
    learner.goes_on()
    question = learner.question_id
    home = learner.client.get("/")
    page = learner.client.get(home.link("続きから：顧客視点でデザインしよう の確認テスト"))
    assert page.path.endswith(question)


def test_opening_every_page_and_waiting_completes_nothing(course: Site, learner: Learner) -> None:
    for module in learner.package.manifest.modules:
        for section in module.sections:
            learner.client.get(f"/modules/{module.id}/sections/{section.id}")
    with clock.fixed(noon("2026-04-02") + timedelta(hours=9)):
        assert count(course, "completion") == 0


def test_passing_the_quiz_without_opening_the_lesson_completes_the_module(learner: Learner) -> None:
    result = learner.takes(M)
    assert result.heading == "合格：顧客視点でデザインしよう を修了しました"
    whole = len(learner.package.manifest.modules)
    assert f"1 / {whole} モジュール修了" in learner.client.get("/").text


def test_every_answer_is_explained_at_once(learner: Learner) -> None:
    learner.begins(M)
    page = learner.answers(right=False)
    assert page.heading == "不正解"
    assert "正答" in page.text
    assert "回答を保存しました 12:00" in page.text


def test_a_question_never_shows_its_key_before_the_answer(learner: Learner) -> None:
    page = learner.begins(M)
    quiz = learner.package.quiz(M)
    explanations = [c.explanation for c in quiz.question(learner.question_id).all_choices()]
    assert not [text for text in explanations if text and text in page.html]


def test_an_empty_answer_is_asked_again_with_a_reason(learner: Learner) -> None:
    learner.begins(M)
    page = learner.client.submit("question", status=422)
    assert page.title.startswith("エラー：")
    assert page.errors != []


def test_a_confirmed_answer_is_final(course: Site, learner: Learner) -> None:
    page = learner.begins(M)
    address, right = page.path, learner.form(right=True)
    learner.answers(right=False)
    fields = {name: values[0] for name, values in right.items()}
    again = learner.client.post(address, fields)
    assert again.heading == "不正解"
    assert "先の回答を残しています" in again.text
    assert count(course, "answer") == 1


def test_the_back_button_shows_the_explanation_and_not_the_form(learner: Learner) -> None:
    address = learner.begins(M).path
    learner.answers()
    learner.goes_on()
    assert learner.client.get(address).heading == "正解"


def test_a_second_tab_goes_on_with_the_same_attempt(learner: Learner) -> None:
    first = learner.begins(M).path
    assert learner.begins(M).path == first


def test_a_question_cannot_be_taken_before_its_turn(learner: Learner) -> None:
    attempt = learner.begins(M).path.rsplit("/", 1)[0]
    current = learner.question_id
    later = [q.id for o, q in learner.package.quiz(M).questions() if q.id != current]
    answers = [learner.client.send(Request("GET", f"{URL}{attempt}/{q}")) for q in later]
    assert sorted({answer.status for answer in answers}) == [302, 404]
    assert {a.headers["Location"] for a in answers if a.status == 302} == {attempt}


def test_a_retry_asks_only_what_was_missed_with_the_parallel_question(learner: Learner) -> None:
    first = learner.begins(M).path
    asked = learner.question_id
    learner.client.get(first)
    result = learner.takes(M, wrong=2)
    assert result.heading == "今回は、合格に届きませんでした：顧客視点でデザインしよう"
    learner.client.submit("begin")
    assert "設問 1 / 2" in learner.client.shown.heading
    assert learner.question_id != asked
    assert learner.takes(M).heading.startswith("合格")


def test_a_missed_must_pass_objective_fails_even_with_enough_right_answers(learner: Learner) -> None:
    quiz = learner.package.quiz(M)
    must = {objective.id for objective in quiz.objectives if objective.must_pass}
    questions = {question.id for objective, question in quiz.questions() if objective.id in must}
    learner.begins(M)
    while "/result" not in learner.client.shown.path:
        learner.answers(right=learner.question_id not in questions)
        learner.goes_on()
    assert learner.client.shown.heading.startswith("今回は、合格に届きませんでした")


def test_the_certificate_names_person_module_versions_and_day(learner: Learner) -> None:
    learner.takes(M)
    certificate = learner.client.click("修了証を見る")
    for expected in (
        "青海 はる 殿",
        "顧客視点でデザインしよう",
        "1.0.0",
        "2026年4月2日（木） 12:00",
        "総務課",
    ):
        assert expected in certificate.text


@pytest.fixture
def certificate(learner: Learner) -> Answer:
    """On paper, as downloaded."""
    learner.takes(M)
    page = learner.client.click("修了証を見る")
    return learner.client.download(page.link("修了証をPDFで保存する"))


@pytest.mark.parametrize("switched", [False, True], ids=["ja", "en"])
def test_the_certificate_on_paper_says_what_the_page_says(learner: Learner, switched: bool) -> None:
    learner.takes(M)
    page = learner.client.click("修了証を見る")
    if switched:
        page = learner.client.submit("English")
    paper = learner.client.download(f"{page.path}/certificate.pdf")
    pdf = pikepdf.open(BytesIO(paper.body))
    aloud = "".join("".join(pdf_reading.read_aloud(pdf)).split())

    assert paper.headers["Content-Type"] == "application/pdf"
    facts = [text_of(fact) for article in page.all("article") for fact in article.iter() if fact.tag == "dd"]
    assert len(facts) == 9
    assert ["".join(fact.split()) for fact in facts if "".join(fact.split()) not in aloud] == []
    assert "青海はる" in aloud
    assert "これは東京都の公式教材ではありません。" in aloud


def test_the_certificate_on_paper_is_one_page_that_can_be_read_by_ear(certificate: Answer) -> None:
    pdf = pikepdf.open(BytesIO(certificate.body))

    assert len(pdf.pages) == 1
    assert pdf.docinfo.Title == "修了証：顧客視点でデザインしよう"
    assert faults(pdf) == []


def test_the_certificate_on_paper_is_the_same_every_time(learner: Learner, certificate: Answer) -> None:
    again = learner.client.download(certificate.url)

    assert again.body == certificate.body


def test_somebody_elses_attempt_and_certificate_are_not_there(course: Site, learner: Learner) -> None:
    question = learner.begins(M).path
    learner.takes(M)
    learner.client.click("修了証を見る")
    certificate = learner.client.shown.path
    other = course.sign_in(course.staff.person("有明 なつき", since=FIRST_DAY))
    other.get(question, status=404)
    other.get(certificate, status=404)
    assert other.download(f"{certificate}/certificate.pdf", status=404).is_html


def test_a_draft_is_kept_shown_and_never_graded(course: Site, learner: Learner) -> None:
    address = learner.begins(M).path
    fields = {name: values[0] for name, values in learner.form().items()}
    assert post_form(learner, f"{address}/draft", fields).status == 200
    page = learner.client.get(address)
    assert "下書きを保存しました 12:00（まだ回答していません）" in page.text
    assert count(course, "answer") == 0


def test_an_answer_posted_after_the_session_ran_idle_comes_back_to_the_same_person(
    course: Site, learner: Learner, person: Person
) -> None:
    learner.begins(M)
    question = learner.question_id
    with clock.fixed(noon("2026-04-02") + timedelta(minutes=31)):
        page = learner.answers()
        assert page.path.startswith("/sign-in")
        course.sign_in(person, learner.client)
        assert learner.question_id == question
        assert "ログインが切れる前の回答を戻しました" in learner.client.shown.text
        assert count(course, "answer") == 0
        learner.client.submit("question")
        assert count(course, "answer") == 1


def test_an_answer_held_for_one_person_is_never_shown_to_the_next(course: Site, learner: Learner) -> None:
    learner.begins(M)
    with clock.fixed(noon("2026-04-02") + timedelta(minutes=31)):
        learner.answers()
        other = course.staff.person("有明 なつき", since=FIRST_DAY)
        course.sign_in(other, learner.client)
        assert "戻しました" not in learner.client.shown.text
        assert count(course, "held_answer") == 0
        assert count(course, "draft") == 0


def test_an_attempt_belongs_to_the_release_in_which_it_began(course: Site, learner: Learner) -> None:
    learner.begins(M)
    course.staff.release("2.0.0", M, on="2026-04-02", versions={M: "2.0.0"})
    result = learner.takes(M)
    assert result.heading.startswith("合格")
    with reading(course.engine) as connection:
        assert connection.scalar(select(tables.completion.c.module_version)) == "1.0.0"
    assert "更新要" in learner.client.get(f"/modules/{M}").text


def test_a_transfer_keeps_the_completion(course: Site, learner: Learner, person: Person) -> None:
    modules = learner.package.manifest.modules
    for module in modules:
        learner.takes(module.id)
    with clock.fixed(noon("2026-07-02")):
        course.staff.moves_to(person, "港湾課", on="2026-07-01")
        home = course.sign_in(person).get("/")
        assert f"{len(modules)} / {len(modules)} モジュール修了" in home.text
        assert "今、することはありません" in home.text


def test_a_figure_is_served_and_the_quiz_file_is_not(learner: Learner) -> None:
    figure = next(path for path in learner.package.manifest.files if path.startswith("assets/"))
    answer = learner.client.download(f"/releases/1.0.0/{figure}")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    learner.client.get(f"/releases/1.0.0/quizzes/{M}.json", status=404)


def test_the_language_switch_keeps_the_place(learner: Learner) -> None:
    address = f"/modules/{M}/sections/background"
    learner.client.get(address)
    page = learner.client.submit("English")
    assert page.path == address
    assert page.document.get("lang") == "en"


def test_nothing_published_is_said_plainly(site: Site, on_the_second_of_april: None) -> None:
    client = site.learner(since=FIRST_DAY)
    assert client.get("/").heading == "コースはまだ公開されていません"


def test_whoever_has_no_posting_may_learn_without_being_asked_to(
    course: Site, on_the_second_of_april: None
) -> None:
    home = course.learner(department=None).get("/")
    assert "今、受講の割当はありません" in home.text


def test_a_question_cannot_be_answered_before_its_turn(course: Site, learner: Learner) -> None:
    attempt, current = learner.begins(M).path.rsplit("/", 1)
    for _, question in learner.package.quiz(M).questions():
        if question.id != current:
            fields = {name: values[0] for name, values in form_of(question, right=True).items()}
            assert post_form(learner, f"{attempt}/{question.id}", fields).status in (303, 404)
    assert count(course, "answer") == 0


@pytest.fixture
def major_change(tmp_path: Path) -> bytes:
    """A release in which the first module has changed in a major way."""
    lesson = "modules/01-customer-view/lesson.md"
    return next_release(tmp_path / "next", "2.0.0", {lesson: ("version: 1.0.0", "version: 2.0.0")})


def test_an_attempt_that_a_major_release_overtook_says_so(
    course: Site, learner: Learner, major_change: bytes
) -> None:
    learner.begins(M)
    course.publishes(major_change, on="2026-04-02")
    result = learner.takes(M)
    assert result.heading.startswith("合格")
    assert "大きく変わりました" in result.text
    assert "大きく変わりました" in learner.client.get(f"/modules/{M}").text


def test_no_new_attempt_begins_on_a_superseded_release(
    course: Site, learner: Learner, major_change: bytes
) -> None:
    course.publishes(major_change, on="2026-04-02")
    learner.takes(M)
    with reading(course.engine) as connection:
        assert connection.scalar(select(tables.completion.c.module_version)) == "2.0.0"


def test_a_patch_keeps_what_was_right_before_it(course: Site, learner: Learner, tmp_path: Path) -> None:
    learner.takes(M, wrong=2)
    lesson = "modules/01-customer-view/lesson.md"
    patch = next_release(tmp_path / "next", "1.0.1", {lesson: ("version: 1.0.0", "version: 1.0.1")})
    course.publishes(patch, on="2026-04-02")
    learner.begins(M)
    assert "設問 1 / 2" in learner.client.shown.heading


def test_a_section_that_a_release_dropped_is_not_where_to_go_on(
    course: Site, learner: Learner, tmp_path: Path
) -> None:
    learner.client.get(f"/modules/{M}/sections/talk")
    lesson = "modules/01-customer-view/lesson.md"
    edits = [("version: 1.0.0", "version: 1.1.0"), ("{#talk ", "{#talk-with-boss ")]
    renamed = next_release(tmp_path / "next", "1.1.0", {lesson: edits})
    course.publishes(renamed, on="2026-04-02")
    home = learner.client.get("/")
    assert learner.client.get(home.link("始める：顧客視点でデザインしよう")).status == 200


def test_looking_with_head_begins_nothing(course: Site, learner: Learner) -> None:
    before = count(course, "entry")
    learner.client.send(Request("HEAD", f"{URL}/modules/{M}/sections/background"))
    assert count(course, "entry") == before


def test_a_second_tab_may_still_send_its_answer_after_signing_in_again(
    course: Site, learner: Learner, person: Person
) -> None:
    page, fields = learner.begins(M), learner.form()
    with clock.fixed(noon("2026-04-02") + timedelta(minutes=31)):
        learner.client.get("/")
        course.sign_in(person, learner.client)
        learner.client.page = page
        learner.client.submit("question", fields)
        assert count(course, "answer") == 1


def test_an_empty_answer_after_the_session_ran_idle_is_not_held(course: Site, learner: Learner) -> None:
    learner.begins(M)
    with clock.fixed(noon("2026-04-02") + timedelta(minutes=31)):
        learner.client.submit("question")
        assert count(course, "held_answer") == 0


def test_what_is_japanese_says_so_on_an_english_page(learner: Learner) -> None:
    learner.client.get("/")
    learner.client.submit("English")
    page = learner.begins(M)
    question = learner.package.quiz(M).question(learner.question_id)
    said = {element.get("lang") for element in page.document.iter() if element.text == question.text}
    assert page.document.get("lang") == "en"
    assert said == {"ja"}


def test_the_titles_of_the_course_say_on_english_pages_that_they_are_japanese(learner: Learner) -> None:
    title = learner.package.manifest.modules[0].title
    learner.client.get("/")
    learner.client.submit("English")
    for path in ("/", f"/modules/{M}/quiz", f"/modules/{M}/sections/background"):
        page = learner.client.get(path)
        named = [element for element in page.main.iter() if (element.text or "").strip() == title]
        assert named, path
        assert {element.get("lang") for element in named} == {"ja"}, path


def signs_out_in_another_tab(learner: Learner) -> None:
    """The page that is shown stays as it is."""
    assert post_form(learner, "/sign-out", {}).status == 303


def test_an_answer_posted_after_signing_out_in_another_tab_comes_back(
    course: Site, learner: Learner, person: Person
) -> None:
    address = learner.begins(M).path
    signs_out_in_another_tab(learner)
    page = learner.answers()
    assert page.path.startswith("/sign-in")
    assert "回答は預かっています" in page.text
    course.sign_in(person, learner.client)
    assert learner.client.shown.path == address
    assert "ログインが切れる前の回答を戻しました" in learner.client.shown.text
    assert count(course, "answer") == 0


def test_an_answer_without_a_session_is_held_only_where_one_of_our_pages_sent_it(
    course: Site, learner: Learner
) -> None:
    address = learner.begins(M).path
    fields = [(name, values[0]) for name, values in learner.form().items()]
    signs_out_in_another_tab(learner)
    learner.client.send(Request("POST", URL + address, fields))
    assert count(course, "held_answer") == 0
    learner.client.send(Request("POST", URL + address, fields, {"Origin": "https://elsewhere.example"}))
    assert count(course, "held_answer") == 0


def test_who_pressed_without_a_choice_and_without_a_session_is_led_back_to_the_question(
    course: Site, learner: Learner, person: Person
) -> None:
    address = learner.begins(M).path
    signs_out_in_another_tab(learner)
    page = learner.client.submit("question")
    assert "回答は届いていません。保存した下書きは残っています。" in page.text
    learner.client.submit("sign-in", number=person.number, password=person.password)
    assert learner.client.shown.path == address


def test_a_question_from_before_a_new_sign_in_says_how_to_open_it_anew(
    course: Site, learner: Learner, person: Person
) -> None:
    page = learner.begins(M)
    signs_out_in_another_tab(learner)
    course.sign_in(person, learner.client)
    learner.client.page = page
    refused = learner.client.submit("question", learner.form(), status=400)
    assert "送った内容は届いていません" in refused.text
    assert learner.client.click("ページを開き直す").path == page.path


def test_the_quiz_says_what_hr_sees(learner: Learner) -> None:
    page = learner.client.get(f"/modules/{M}/quiz")
    assert "点数と回答は、あなたにだけ見えます。" in page.text
    assert "受講状態と期限、修了した日と版、配属です。" in page.text


def test_after_a_failed_quiz_home_leads_to_the_retry_of_what_was_missed(learner: Learner) -> None:
    learner.takes(M, wrong=2)
    home = learner.client.get("/")
    assert "もう一度受ける：顧客視点でデザインしよう（まちがえたねらいだけ）" in home.text
    assert "続きから：" not in home.text
    learner.client.submit("retry")
    assert learner.client.shown.heading == "設問 1 / 2"


def test_a_failed_result_leads_from_each_missed_objective_to_its_section_and_back(learner: Learner) -> None:
    result = learner.takes(M, wrong=2)
    link = "レッスンの該当の節を読む"
    links = [a.get("href", "") for a in result.all("a") if text_of(a).startswith(link)]
    assert len(links) == 2
    learner.client.get(links[0])
    assert learner.client.click("結果を見る").path == result.path


def test_the_section_opened_from_an_explanation_leads_to_the_next_question(learner: Learner) -> None:
    attempt = learner.begins(M).path.rsplit("/", 1)[0]
    learner.answers(right=False)
    page = learner.client.click("レッスンの該当の節を読む")
    assert "確認テストの途中です（1 / 4 問 回答済み）。" in page.text
    assert "先に確認テストを受ける" not in page.text
    assert learner.client.click("次の設問へ").path.startswith(attempt)


def test_a_section_does_not_lead_into_somebody_elses_quiz(course: Site, learner: Learner) -> None:
    attempt = learner.begins(M).path.split("/")[2]
    other = course.sign_in(course.staff.person("有明 なつき", since=FIRST_DAY))
    other.get(f"/modules/{M}/sections/background?attempt={attempt}", status=404)


def test_a_complete_module_leads_to_the_next_one(learner: Learner) -> None:
    learner.takes(M)
    page = learner.client.get(f"/modules/{M}")
    following = learner.package.manifest.modules[1]
    assert page.link(f"次のモジュールへ：{following.title}").endswith(following.id)


def test_who_is_complete_is_told_since_when_and_until_when(site: Site) -> None:
    site.publishes(real_course(), on=FIRST_DAY)
    site.staff.policy(since=FIRST_DAY, days=30, valid_days=365)
    person = site.staff.person("青海 はる", since=FIRST_DAY)
    for number, module in enumerate(open_package(real_course()).manifest.modules):
        site.staff.completes(person, module.id, on=f"2026-04-{number + 2:02}")
    with clock.fixed(noon("2026-04-20")):
        home = site.sign_in(person).get("/")
    assert "すべてのモジュールを修了しています（2026年4月11日（土） から）。" in home.text
    assert "2027年4月1日（木） まで有効です。" in home.text


def test_english_pages_say_that_the_lessons_are_japanese(learner: Learner) -> None:
    said = "Lessons and questions are in Japanese."
    assert said not in learner.client.get("/").text
    learner.client.submit("English")
    for path in ("/", f"/modules/{M}", f"/modules/{M}/quiz"):
        assert said in learner.client.get(path).text, path
