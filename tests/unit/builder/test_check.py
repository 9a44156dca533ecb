"""`kyozai check`, as its users meet it."""

from pathlib import Path

from tests.builders.course import changed, small_course, write
from tests.builders.machine import kyozai

QUIZ = "quizzes/01-plain-words.yaml"


def test_a_course_without_faults_is_said_to_be_so(tmp_path: Path) -> None:
    root = write(small_course(), tmp_path)

    done = kyozai("check", folder=root)

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "誤りはありません。モジュール 2、設問 12。\n",
        "",
    )


def test_the_folder_and_the_language_can_be_named(tmp_path: Path) -> None:
    root = write(small_course(), tmp_path / "course")

    done = kyozai("check", "--course", str(root), "--lang", "en", folder=tmp_path)

    assert (done.returncode, done.stdout) == (0, "No errors. Modules: 2, questions: 12.\n")


def test_faults_are_shown_and_counted(tmp_path: Path) -> None:
    files = changed(small_course(), QUIZ, "answer: [a, c]", "answer: [a, x]")
    root = write(files, tmp_path)

    done = kyozai("check", folder=root)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{QUIZ}:46:21 誤り [quiz-answer-unknown]\n"
        "  設問「order-2」の正答「x」は、選択肢（a, b, c）にありません。\n"
        "  → 正答は選択肢の id から選びます。\n"
        "誤りが 1 件あります。\n"
    )


def test_a_warning_is_shown_and_stops_nothing(tmp_path: Path) -> None:
    text = str(small_course()["quizzes/02-ask-early.yaml"]).partition("  - id: whom")[0]
    files = small_course() | {"quizzes/02-ask-early.yaml": text.replace("pass: 3", "pass: 1")}
    root = write(files, tmp_path)

    done = kyozai("check", folder=root)

    assert done.returncode == 0
    assert "注意 [quiz-objectives-number]" in done.stderr
    assert done.stdout.startswith("誤りはありません。")


def test_another_folder_is_no_course(tmp_path: Path) -> None:
    done = kyozai("check", folder=tmp_path)

    assert done.returncode == 1
    assert "[course-missing]" in done.stderr


def test_a_wrong_option_is_wrong_usage(tmp_path: Path) -> None:
    assert kyozai("check", "--languages", "ja", folder=tmp_path).returncode == 2
