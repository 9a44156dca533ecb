"""Every fault that an author can make is named, with its place, its cause and what to do."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import builder
from builder.checks import KINDS, check_folder
from builder.commands.options import as_text
from builder.language import LANGUAGES, Language
from builder.model.problem import Kind, Problem
from builder.package import open_package
from tests.builders.course import changed, released, small_course, write
from tests.builders.package import package_of
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


BAD_FILES = {
    "tab indent": "A tab in the indentation",
    "full-width colon": "A full-width colon",
    "no/on where true or false is meant": "`on` where true is meant",
    "0123 read as another type": "`0123` where a number is due",
    "1:30 read as another type": "`1:30` where a number is due",
    "dates read as another type": "A date of an era, and one that other programs would read as a date",
    "what looks like another type and is text": "Text that other programs read as another type stays text",
    "はい/いいえ where true or false is meant": "いいえ and no where false is meant",
    "duplicate key": "The same key twice",
    "duplicate id": "The same question twice",
    "zero keys on single choice": "Zero keys on a single choice",
    "two keys on single choice": "Two keys on a single choice",
    "key not among options": "A key that names no choice",
    "option without feedback": "A choice without an explanation",
    "empty pool": "An empty pool of questions",
    "pool smaller than draw": "Too few questions for an objective",
    "unreachable pass mark": "A pass mark that cannot be reached",
    "unequal matching": "A matching that leaves a choice out",
    "duplicate steps in ordering": "Duplicate steps in an ordering",
    "numeric": "A numeric question",
    "branching": "A branching question",
    "missing alt text": "A figure without alternative text",
    "broken anchor": "A link to a section that does not exist",
    "image name differing in case": "A figure whose name differs in case",
    "Shift_JIS": "A file saved as Shift_JIS",
    "UTF-16": "A lesson saved as UTF-16",
    "BOM": "A file with a byte-order mark (BOM)",
    "NFD file names": "A figure with an NFD file name",
    "unknown guideline article": "An unknown article in a lesson",
    "equal order numbers": "Two modules at the same place",
    "lesson over the minutes allowed": "A lesson over the minutes allowed",
    "sentence over 60 characters": "A sentence of more than 60 characters",
    "undefined glossary term": "An undefined glossary term",
    "pasted Word styles": "Pasted Word styles",
    "kanji run of 6": "A run of six kanji",
    "katakana run of 10": "A run of ten katakana",
    "double negative": "A double negative",
    "unexplained abbreviation": "An unexplained abbreviation",
}
"""What must have a message of its own, and the case that shows it."""


@pytest.mark.parametrize("title", BAD_FILES.values(), ids=BAD_FILES)
def test_every_bad_file_of_the_list_has_its_case(title: str) -> None:
    (case,) = [case for case in CASES if case.title == title]

    assert case.blocks("ja")
    assert case.blocks("en")


LOWERABLE = sorted({kind.code for kind in KINDS if kind.lowerable})


@pytest.mark.parametrize("code", LOWERABLE)
def test_a_course_is_packed_in_spite_of_an_error_that_may_be_turned_down(code: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if is_only(code, case))
    files = case.course()
    wanted = f"checks: {{severities: {{{code}: warning}}}}\nnotice:"
    root = write(changed(files, "course/course.yaml", "notice:", wanted), tmp_path)

    _, problems = check_folder(root)

    assert {problem.code: problem.severity for problem in problems} == {code: "warning"}
    assert open_package(package_of(root)).manifest


def is_only(code: str, case: Case) -> bool:
    """By what is read: whether the case is about nothing else."""
    return set(re.findall(r"\[([a-z-]+)\]$", "".join(case.blocks("en")), re.MULTILINE)) == {code}


def test_a_code_may_be_turned_down_or_not_whatever_the_kind() -> None:
    assert {kind.code for kind in KINDS if not kind.lowerable}.isdisjoint(LOWERABLE)


def test_every_code_that_can_be_met_can_be_named_in_a_course() -> None:
    assert {kind.code for kind in kinds()} <= {kind.code for kind in KINDS}


def test_the_ten_commonest_faults_are_found_in_one_run(tmp_path: Path) -> None:
    lesson, quiz = "modules/01-plain-words/lesson.md", "quizzes/01-plain-words.yaml"
    files = changed(small_course(), "quizzes/02-ask-early.yaml", "pass: 2", "pass： 2")
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
