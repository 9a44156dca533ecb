"""`kyozai check`, as its users meet it."""

import json
from pathlib import Path

import pytest

from tests.builders.course import Content, Files, changed, small_course, write
from tests.builders.machine import kyozai

LESSON = "modules/01-plain-words/lesson.md"
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
        "誤り 1 件、注意 0 件。\n"
    )


def test_a_warning_is_shown_and_stops_nothing(tmp_path: Path) -> None:
    text = str(small_course()["quizzes/02-ask-early.yaml"]).partition("  - id: whom")[0]
    files = small_course() | {"quizzes/02-ask-early.yaml": text.replace("pass: 2", "pass: 1")}
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


def with_warning() -> dict[str, Content]:
    return changed(small_course(), LESSON, "読む人が困らないように書きます〔S1〕。", "**「短い文」**がよい。")


def test_strict_stops_at_a_warning_too(tmp_path: Path) -> None:
    root = write(with_warning(), tmp_path)

    done = kyozai("check", "--strict", folder=root)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("誤り 0 件、注意 1 件。\n")


def test_a_build_can_be_strict_too(tmp_path: Path) -> None:
    root = write(with_warning(), tmp_path)

    done = kyozai("build", "--strict", folder=root)

    assert done.returncode == 1
    assert not (root / "dist").exists()


@pytest.mark.parametrize(
    ("language", "cause"), [("ja", "は、太字になりません"), ("en", "does not become bold")]
)
def test_programs_read_json(language: str, cause: str, tmp_path: Path) -> None:
    root = write(with_warning(), tmp_path)

    done = kyozai("check", "--json", "--lang", language, folder=root)

    answer = json.loads(done.stdout)
    (problem,) = answer.pop("problems")
    assert (done.returncode, done.stderr) == (0, "")
    assert answer == {"language": language, "errors": 0, "warnings": 1}
    assert cause in problem.pop("cause")
    assert problem.pop("hint")
    assert problem == {
        "code": "emphasis-unreadable",
        "severity": "warning",
        "file": LESSON,
        "line": 14,
        "column": 1,
    }


@pytest.mark.parametrize(
    ("change", "options", "code"),
    [("answer: [a, c]", (), 0), ("answer: [a, x]", (), 1), ("answer: [a, x]", ("--strict",), 1)],
)
def test_json_ends_as_text_does(change: str, options: tuple[str, ...], code: int, tmp_path: Path) -> None:
    root = write(changed(small_course(), QUIZ, "answer: [a, c]", change), tmp_path)

    assert kyozai("check", "--json", *options, folder=root).returncode == code
    assert kyozai("check", *options, folder=root).returncode == code


def test_json_says_nothing_of_lines_where_a_whole_file_is_meant(tmp_path: Path) -> None:
    done = kyozai("check", "--json", folder=tmp_path)

    (problem,) = json.loads(done.stdout)["problems"]
    assert done.returncode == 1
    assert (problem["file"], problem["line"], problem["column"]) == ("course/course.yaml", None, None)


def weighing(files: Files, code: str, weight: str) -> dict[str, Content]:
    line = f"checks: {{severities: {{{code}: {weight}}}}}\nnotice:"
    return changed(files, "course/course.yaml", "notice:", line)


def test_a_course_can_hide_a_warning(tmp_path: Path) -> None:
    root = write(weighing(with_warning(), "emphasis-unreadable", "off"), tmp_path)

    assert kyozai("check", "--strict", folder=root).returncode == 0


def test_a_course_can_make_an_error_of_a_warning(tmp_path: Path) -> None:
    root = write(weighing(with_warning(), "emphasis-unreadable", "error"), tmp_path)

    done = kyozai("build", folder=root)

    assert done.returncode == 1
    assert "誤り [emphasis-unreadable]" in done.stderr


def test_an_error_that_spoils_the_course_stays_one_whatever_the_course_wants(tmp_path: Path) -> None:
    files = changed(small_course(), QUIZ, "answer: [a, c]", "answer: [a, x]")
    root = write(weighing(files, "quiz-answer-unknown", "off"), tmp_path)

    done = kyozai("check", folder=root)

    assert done.returncode == 1
    assert "誤り [quiz-answer-unknown]" in done.stderr
    assert "誤り [severity-fixed]" in done.stderr
