"""The preview: shows what is saved, and over it what is wrong, on this machine only."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
import pytest

from builder.language import LANGUAGES
from tests.builders.course import PLAIN_WORDS, released, small_course, write
from tests.builders.preview import KYOZAI, Preview, previewing
from tests.pdf_reading import read_aloud

LESSON = "modules/01-plain-words/lesson.md"
QUESTIONS = ("short-1", "short-2", "order-1", "order-2", "reader-1")
PLACES = (
    "",
    "introduction/",
    "modules/plain-words/",
    "modules/ask-early/",
    "quizzes/plain-words/",
    *(f"quizzes/plain-words/{question}/" for question in QUESTIONS),
    "glossary/",
    "sources/",
    "print/summary/",
    "print/handout/",
    "views/phone/modules/plain-words/",
    "views/desktop/quizzes/plain-words/short-1/",
    "views/both/",
)


def words_of(pdf: bytes) -> str:
    return "".join(read_aloud(pikepdf.open(BytesIO(pdf))))


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewing(write(small_course(), tmp_path)) as preview:
        yield preview


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """One for the tests that only look."""
    with previewing(write(small_course(), tmp_path_factory.mktemp("course"))) as preview:
        yield preview


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_every_page_of_the_course_is_there(unchanged: Preview, place: str, language: str) -> None:
    page = unchanged.browser.get(f"/{language}/{place}")

    assert page.document.get("lang") == language
    assert page.document.get("data-edition") == unchanged.mark
    assert unchanged.problems() == ""


def test_the_language_switch_keeps_the_place(unchanged: Preview) -> None:
    unchanged.browser.get("/ja/modules/plain-words/")

    assert urlsplit(unchanged.browser.click("English").url).path == "/en/modules/plain-words/"


def test_links_in_a_lesson_lead_to_the_other_lesson(unchanged: Preview) -> None:
    unchanged.browser.get("/ja/modules/plain-words/")

    assert unchanged.browser.click("早く聞く").heading == "2 早く聞こう"


def test_a_figure_is_served(unchanged: Preview) -> None:
    (figure,) = unchanged.browser.get("/ja/modules/plain-words/").all("img")

    answer = unchanged.browser.download(figure.get("src", ""))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_a_question_is_shown_as_it_is_asked_with_every_explanation(unchanged: Preview) -> None:
    page = unchanged.browser.get("/ja/quizzes/plain-words/short-1/")

    assert [field.get("type") for field in page.all("input")] == ["radio"] * 3
    for explanation in (
        "短い文は一度で読めます。",
        "長い文は途中で迷います。",
        "略語は知らない人に伝わりません。",
    ):
        assert explanation in page.text


def test_an_answer_can_be_tried(unchanged: Preview) -> None:
    unchanged.browser.get("/ja/quizzes/plain-words/short-1/")

    assert "不正解" in unchanged.browser.submit("答えてみる", answer="b").text


def test_half_an_answer_is_asked_again(unchanged: Preview) -> None:
    unchanged.browser.get("/ja/quizzes/plain-words/reader-1/")

    page = unchanged.browser.submit("答えてみる", {"answer-school": "parent"})
    assert "答えがそろっていません。" in page.text


def test_an_unknown_page_says_so(unchanged: Preview) -> None:
    for path in (
        "/ja/modules/none/",
        "/ja/quizzes/plain-words/none/",
        "/ja/none",
        "/ja/print/none/",
        "/ja/print/none.pdf",
        "/ja/views/none/",
    ):
        assert unchanged.browser.get(path, status=404).heading == "このページはありません"


def test_the_summary_is_shown_as_it_is_printed(unchanged: Preview) -> None:
    (frame,) = unchanged.browser.get("/ja/print/summary/").all("iframe")

    answer = unchanged.browser.download(frame.get("src", "").partition("#")[0])
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.body.startswith(b"%PDF")
    assert "読む人の言葉で書く。" in words_of(answer.body)


def test_a_saved_file_changes_what_is_printed(preview: Preview) -> None:
    preview.save(LESSON, PLAIN_WORDS.replace("point: 読む人の言葉で書く。", "point: 読む人が喜ぶ。"))

    (frame,) = preview.browser.get("/ja/print/summary/").all("iframe")
    pdf = preview.browser.download(frame.get("src", "").partition("#")[0]).body
    assert "読む人が喜ぶ。" in words_of(pdf)


def test_what_cannot_be_printed_stands_where_the_pdf_would_stand(preview: Preview) -> None:
    preview.save(LESSON, PLAIN_WORDS.replace("point: 読む人の言葉で書く。", "point: 読む人が喜ぶ😀"))

    page = preview.browser.get("/ja/print/summary.pdf", status=422)
    assert page.heading == "PDF を作れません"
    assert "[print-character]" in page.text
    assert LESSON in page.text


def test_a_lesson_that_cannot_be_read_does_not_change_what_is_printed(preview: Preview) -> None:
    (before,) = preview.browser.get("/ja/print/summary/").all("iframe")
    preview.save(LESSON, PLAIN_WORDS.replace("minutes: 5", "minutes: five"))

    (after,) = preview.browser.get("/ja/print/summary/").all("iframe")
    assert after.get("src") == before.get("src")
    assert "five" in preview.problems()


@pytest.mark.parametrize(("view", "frames"), [("phone", 1), ("desktop", 1), ("both", 2)])
def test_a_page_is_shown_in_windows_of_set_width(unchanged: Preview, view: str, frames: int) -> None:
    page = unchanged.browser.get(f"/ja/views/{view}/modules/plain-words/")

    assert [frame.get("src") for frame in page.all("iframe")] == ["/ja/modules/plain-words/"] * frames


def test_every_page_leads_to_its_windows_and_back(unchanged: Preview) -> None:
    unchanged.browser.get("/ja/modules/plain-words/")

    assert urlsplit(unchanged.browser.click("並べる").url).path == "/ja/views/both/modules/plain-words/"
    assert urlsplit(unchanged.browser.click("この窓").url).path == "/ja/modules/plain-words/"


def test_a_saved_file_changes_the_page(preview: Preview) -> None:
    preview.save(LESSON, PLAIN_WORDS.replace("読む人が困らない", "読む人が喜ぶ"))

    assert "読む人が喜ぶように" in preview.browser.get("/ja/modules/plain-words/").text


def test_what_is_wrong_stands_over_the_last_good_page_until_it_is_mended(preview: Preview) -> None:
    preview.save(LESSON, PLAIN_WORDS.replace("minutes: 5", "minutes: five").replace("困らない", "喜ぶ"))

    page = preview.browser.get("/ja/modules/plain-words/")
    assert "読む人が困らないように" in page.text
    assert page.title.startswith("誤り 1 件")
    assert f"{LESSON}:8:" in preview.problems()
    assert "見えているのは、最後に読めた内容です。" in preview.problems()
    assert "→" in preview.problems()

    preview.save(LESSON, PLAIN_WORDS.replace("困らない", "喜ぶ"))

    assert "読む人が喜ぶように" in preview.browser.get("/ja/modules/plain-words/").text
    assert preview.problems() == ""


def test_what_was_released_is_shown_as_it_is_edited_before_its_version_is_raised(tmp_path: Path) -> None:
    files = released(small_course(), tmp_path / "released")

    with previewing(write(files, tmp_path / "course")) as preview:
        preview.save(LESSON, PLAIN_WORDS.replace("困らない", "喜ぶ"))

        page = preview.browser.get("/ja/modules/plain-words/")
        assert "読む人が喜ぶように" in page.text
        assert "[version-not-raised]" in preview.problems()
        assert "最後に読めた" not in preview.problems()


def test_the_width_that_is_shown_is_marked_as_the_current_one(unchanged: Preview) -> None:
    page = unchanged.browser.get("/ja/modules/plain-words/")

    assert [link.get("aria-current") for link in page.all("a") if link.get("aria-current")] == ["true"]


def test_a_folder_that_is_taken_away_and_put_back_is_still_followed(preview: Preview) -> None:
    modules = preview.root / "modules"
    shutil.copytree(modules, preview.root / "kept")
    shutil.rmtree(modules)
    preview.mark = preview.next_mark()
    assert preview.browser.get("/ja/modules/plain-words/").title.startswith("誤り")

    (preview.root / "kept").rename(modules)
    while preview.browser.get("/ja/").title.startswith("誤り"):
        preview.mark = preview.next_mark()
    (modules / "01-plain-words" / "lesson.md").write_text(PLAIN_WORDS.replace("困らない", "喜ぶ"), "utf-8")

    while "読む人が喜ぶように" not in preview.browser.get("/ja/modules/plain-words/").text:
        preview.mark = preview.next_mark()


def test_a_course_with_errors_from_the_start_shows_only_these(tmp_path: Path) -> None:
    broken = {**small_course(), LESSON: "---\nid: [\n---\n"}

    with previewing(write(broken, tmp_path)) as preview:
        assert preview.browser.get("/ja/").heading == "まだ見せられません"
        assert LESSON in preview.problems()

        preview.save(LESSON, PLAIN_WORDS)

        assert preview.browser.get("/ja/").heading == "小さなコース"


def test_only_names_of_this_machine_are_answered(unchanged: Preview) -> None:
    port = urlsplit(unchanged.url).port

    assert unchanged.status("/ja/", f"127.0.0.1:{port}") == 200
    assert unchanged.status("/ja/", f"localhost:{port}") == 200
    for host in (f"attacker.example:{port}", "127.0.0.1", f"localhost:{port}.attacker.example", ""):
        for path in ("/ja/", "/events", "/assets/plain-words/lengths.svg", "/theme/preview.js"):
            assert unchanged.status(path, host) == 421


def test_nothing_outside_the_course_can_be_asked_for(unchanged: Preview) -> None:
    for path in ("/theme/../serving.py", "/theme/paper.css", "/assets/../course/course.yaml", "/%2e%2e/"):
        assert unchanged.status(path, unchanged.host) == 404


def test_a_port_in_use_is_said_and_nothing_runs(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [KYOZAI, "preview", "--course", write(small_course(), tmp_path), "--port", str(port)],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"ポート {port} は、ほかのプログラムが使っています。")
    assert ended.stdout == ""


def test_a_folder_without_a_course_is_refused(tmp_path: Path) -> None:
    ended = subprocess.run(
        [KYOZAI, "preview", "--course", tmp_path], capture_output=True, encoding="utf-8", check=False
    )

    assert ended.returncode == 1
    assert "course-missing" in ended.stderr


def test_ctrl_c_ends_it_quietly(preview: Preview) -> None:
    preview.process.send_signal(signal.SIGINT)
    _, complaint = preview.process.communicate()

    assert (preview.process.returncode, complaint) == (0, "")
