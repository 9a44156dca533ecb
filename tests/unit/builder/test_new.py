"""`kyozai new`: what it makes is without fault, and what is there stays as it is."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from builder.authoring.drafts import MARK, ModuleDraft
from builder.authoring.planning import one_line
from builder.checks import check_folder
from builder.commands.new import command
from builder.commands.release import command as release
from builder.model.course import Course, LessonHeader
from builder.model.schemas import QUIZ, schema_files, schema_line
from builder.sources.documents import read_document
from tests.builders.course import COURSE, Files, changed, small_course, without, write
from tests.builders.package import ROOT

THIRD_ARTICLE = changed(
    small_course(),
    "course/course.yaml",
    "title: 早く聞く}\n",
    "title: 早く聞く}\n    - {id: value-3, number: 3, title: 見直す}\n",
)


def new(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--course", str(root)])


def faultless(root: Path) -> Course:
    course, problems = check_folder(root)
    assert problems == []
    assert course is not None
    return course


def files_in(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_new_module_has_no_fault(tmp_path: Path) -> None:
    root = write(THIRD_ARTICLE, tmp_path)

    done = new(root, "module", "look-again")

    assert done.exit_code == 0, done.output
    module = faultless(root).modules[2]
    assert (module.id, module.header.order, module.header.title) == ("look-again", 3, "見直す")
    assert module.header.article == "value-3@1.0.0"


def test_a_new_module_has_the_parts_of_those_that_are_there(tmp_path: Path) -> None:
    root = write(THIRD_ARTICLE, tmp_path)
    new(root, "module", "look-again")
    module = faultless(root).modules[2]
    pattern, _ = check_folder(ROOT)
    assert pattern is not None

    assert [section.id for section in module.sections] == [
        section.id for section in pattern.modules[0].sections
    ]
    assert [len(objective.questions) for objective in module.quiz.objectives] == [2, 2, 2, 2]
    assert all(question.section for _, question in module.quiz.questions())


def test_every_part_says_that_it_is_a_draft(tmp_path: Path) -> None:
    root = write(THIRD_ARTICLE, tmp_path)
    new(root, "module", "look-again")
    module = faultless(root).modules[2]

    assert [section.id for section in module.sections if MARK not in section.markdown] == []
    for _, question in module.quiz.questions():
        written = [question.text, *(choice.explanation for choice in question.all_choices())]
        assert all(text.startswith(MARK) for text in written)


def test_the_files_and_the_next_step_are_named(tmp_path: Path) -> None:
    root = write({**THIRD_ARTICLE, **schema_files()}, tmp_path)

    done = new(root, "module", "look-again")

    assert done.stdout == (
        "作りました：modules/03-look-again/lesson.md\n"
        "作りました：quizzes/03-look-again.yaml\n"
        "順番 3「見直す」、条 value-3@1.0.0。違うときは、レッスンの始めで直します。\n"
        f"次に：kyozai preview --course {root} で見ながら、【下書き】の文を書き直します。\n"
        f"まだ書かれていないものは、kyozai coverage --course {root} で分かります。\n"
    )


def test_title_order_and_article_can_be_given(tmp_path: Path) -> None:
    root = write(THIRD_ARTICLE, tmp_path)

    new(root, "module", "again", "--title", "何度でも: #見直す", "--order", "12", "--article", "value-2")

    module = faultless(root).modules[2]
    assert module.path == "modules/12-again/lesson.md"
    assert (module.header.title, module.header.article) == ("何度でも: #見直す", "value-2@1.0.0")


@given(st.text(max_size=40))
def test_any_title_is_read_back_as_it_was_given(title: str) -> None:
    files = ModuleDraft("a", 1, one_line(title) or "題", "value-1@1.0.0", None).files()
    header, problems = read_document(
        LessonHeader, "lesson.md", files["modules/01-a/lesson.md"].split("---\n")[1]
    )

    assert problems == []
    assert header is not None
    assert header.value.title == (one_line(title) or "題")


def test_a_course_without_sources_gets_no_reference_to_one(tmp_path: Path) -> None:
    files = changed(
        small_course(),
        "course/course.yaml",
        COURSE.partition("sources:\n")[2],
        "  []\n",
    )
    root = write(files, tmp_path)
    before = check_folder(root)[1]

    new(root, "module", "look-again", "--article", "value-1")

    assert check_folder(root)[1] == before


def test_a_lesson_without_quiz_gets_one(tmp_path: Path) -> None:
    root = write(without(small_course(), "quizzes/02-ask-early.yaml"), tmp_path)

    done = new(root, "quiz", "ask-early")

    assert done.exit_code == 0, done.output
    module = faultless(root).modules[1]
    assert {question.article for _, question in module.quiz.questions()} == {"value-2@1.0.0"}
    assert (root / module.quiz_path).read_text("utf-8").startswith(schema_line(module.quiz_path) + "\n")


def test_schemas_that_the_new_file_names_are_made_with_it(tmp_path: Path) -> None:
    root = write(without(small_course(), "quizzes/02-ask-early.yaml"), tmp_path)

    new(root, "quiz", "ask-early")

    assert (root / QUIZ.path).read_text("utf-8") == schema_files()[QUIZ.path]


REFUSALS = [
    (["module", "Ask Early"], "modules 誤り [new-id-unusable]"),
    (["module", "introduction"], "modules 誤り [module-id-reserved]"),
    (["module", "ask-early"], "modules/02-ask-early/lesson.md 誤り [new-id-taken]"),
    (["module", "again", "--order", "2"], "modules/02-ask-early/lesson.md 誤り [new-order-taken]"),
    (["module", "again", "--article", "value-9"], "course/course.yaml 誤り [new-article-unknown]"),
    (["module", "again"], "course/course.yaml 誤り [new-article-needed]"),
    (["quiz", "ask-early"], "quizzes/02-ask-early.yaml 誤り [new-file-exists]"),
    (["quiz", "again"], "modules 誤り [new-quiz-without-lesson]"),
]


@pytest.mark.parametrize(("arguments", "problem"), REFUSALS, ids=[problem for _, problem in REFUSALS])
def test_what_cannot_be_made_is_refused_and_nothing_changes(
    arguments: list[str], problem: str, tmp_path: Path
) -> None:
    root = write(small_course(), tmp_path)
    before = files_in(root)

    done = new(root, *arguments)

    assert done.exit_code == 1
    assert problem in done.stderr
    assert "→" in done.stderr
    assert files_in(root) == before


def test_an_id_of_an_earlier_release_is_not_used_again(tmp_path: Path) -> None:
    root = write(THIRD_ARTICLE, tmp_path)
    CliRunner().invoke(release, ["1.0.0", "--course", str(root)])
    shutil.rmtree(root / "modules" / "02-ask-early")
    (root / "quizzes" / "02-ask-early.yaml").unlink()

    done = new(root, "module", "ask-early")

    assert done.exit_code == 1
    assert "course/releases/1.0.0.json 誤り [module-id-reused]" in done.stderr


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    root = write(small_course(), tmp_path)

    done = new(root, "module", "Again", "--order", "2", "--article", "value-9", "--lang", "en")

    assert [line for line in done.stderr.splitlines() if "[" in line] == [
        "modules Error [new-id-unusable]",
        "course/course.yaml Error [new-article-unknown]",
        "modules/02-ask-early/lesson.md Error [new-order-taken]",
    ]


BROKEN: list[tuple[Files, str]] = [
    ({}, "course-missing"),
    ({**small_course(), "course/course.yaml": "id: [\n"}, "yaml-broken"),
]


@pytest.mark.parametrize(("files", "code"), BROKEN, ids=[code for _, code in BROKEN])
def test_a_course_that_cannot_be_read_is_said_to_be_so(files: Files, code: str, tmp_path: Path) -> None:
    done = new(write(files, tmp_path), "module", "again")

    assert done.exit_code == 1
    assert f"[{code}]" in done.stderr


def test_a_file_in_the_way_stops_all_of_it(tmp_path: Path) -> None:
    root = write({**THIRD_ARTICLE, "course/schemas": "no folder"}, tmp_path)
    before = files_in(root)

    done = new(root, "module", "look-again")

    assert done.exit_code == 1
    assert "[new-file-not-writable]" in done.stderr
    assert files_in(root) == before
    assert not (root / "modules" / "03-look-again").exists()
