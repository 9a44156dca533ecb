"""Every fault that an author can make is named, with its place, its cause and what to do."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import builder
from builder.checks import check_folder
from builder.commands.options import as_text
from builder.language import LANGUAGES, Language
from builder.model.problem import Kind, Problem
from tests.builders.course import changed, released, small_course, write
from tests.golden_cases import Case, cases

CASES = [*cases("problems"), *cases("releases")]
AUTHORS_ROOMS = ("builder.sources", "builder.checks", "builder.rendering")


def problems_of(case: Case, folder: Path) -> list[Problem]:
    """Those of `releases` are of a course that was released before it was changed."""
    base = small_course()
    if case.file.parent.name == "releases":
        base = released(base, folder / "released")
    return check_folder(write(case.course(base), folder / "course"))[1]


def test_nothing_is_wrong_with_the_small_course(tmp_path: Path) -> None:
    course, problems = check_folder(write(small_course(), tmp_path))

    assert course is not None
    assert problems == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_an_author_reads(case: Case, language: Language, tmp_path: Path) -> None:
    problems = problems_of(case, tmp_path)

    case.hold(language, "".join(f"{as_text(problem, language)}\n" for problem in problems))


def test_every_kind_of_problem_has_a_case(tmp_path_factory: pytest.TempPathFactory) -> None:
    met = {
        (problem.kind.code, problem.kind.cause)
        for number, case in enumerate(CASES)
        for problem in problems_of(case, tmp_path_factory.mktemp(str(number)))
    }

    assert {(kind.code, kind.cause) for kind in kinds()} - met == set()


def kinds() -> Iterator[Kind]:
    for info in pkgutil.walk_packages(builder.__path__, "builder."):
        if info.name.startswith(AUTHORS_ROOMS):
            module = importlib.import_module(info.name)
            yield from (value for value in vars(module).values() if isinstance(value, Kind))


def test_the_ten_commonest_faults_are_found_in_one_run(tmp_path: Path) -> None:
    lesson, quiz = "modules/01-plain-words/lesson.md", "quizzes/01-plain-words.yaml"
    files = changed(small_course(), "quizzes/02-ask-early.yaml", "pass: 3", "pass： 3")
    files = changed(files, lesson, "minutes: 5", "minute: 5")
    files = changed(files, lesson, "article: value-1@", "article: value-9@")
    files = changed(files, lesson, "02-ask-early/lesson.md#background", "02-ask-early/lesson.md#end")
    files = changed(
        files, lesson, "![短い文と長い文を比べる図。](figures/lengths.svg", "![](figures/none.svg"
    )
    files = changed(files, quiz, "answer: [reader, draft, test]", "answer: [reader, draft, last]")
    files = changed(files, quiz, ", explanation: 長い文は途中で迷います。}", "}")
    files = changed(files, quiz, "- id: order-2", "- id: order-1")
    files[quiz] = str(files[quiz]).partition("      - id: reader-2")[0]

    _, problems = check_folder(write(files, tmp_path))

    assert {problem.code for problem in problems} == {
        "yaml-broken",
        "key-unknown",
        "article-unknown",
        "link-anchor",
        "figure-missing",
        "figure-alt-missing",
        "quiz-answer-unknown",
        "choice-explanation-missing",
        "duplicate-id",
        "objective-questions-few",
    }
    assert len(problems) == 10
