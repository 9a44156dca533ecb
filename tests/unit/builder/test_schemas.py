"""What editors are told of the source files is what the reader reads."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from builder.authoring.reference import reference
from builder.checks.questions import explanation_problems
from builder.model.problem import Problem
from builder.model.quiz import Quiz
from builder.model.schemas import QUIZ, SOURCE_FILES, SourceFile, json_schema, schema_files, schema_line
from builder.sources.documents import Document, read_document
from builder.sources.files import Unusable, read_text
from builder.sources.tree import read_tree
from tests.builders.course import changed, small_course, write
from tests.builders.machine import kyozai
from tests.builders.package import ROOT
from tests.golden_cases import REWRITE, Case, cases

VALIDATORS = {file.name: Draft202012Validator(json_schema(file)) for file in SOURCE_FILES}
REAL_FILES = [(kind, path) for kind in SOURCE_FILES for path in sorted(ROOT.glob(kind.pattern))]
CASES = list(cases("problems"))


def yaml_of(text: str) -> str:
    """The front matter of a lesson, the whole of another file."""
    return text.split("---\n")[1] if text.startswith("---\n") else text


def shape_problems(kind: SourceFile, text: str) -> list[Problem]:
    """What the reader says, and that every choice is explained."""
    document, problems = read_document(kind.model, "file", text)
    if document is not None and isinstance(document.value, Quiz):
        problems += unexplained(document)
    return problems


def unexplained(document: Document[Any]) -> Iterator[Problem]:
    for i, objective in enumerate(document.value.objectives):
        for j, question in enumerate(objective.questions):
            yield from explanation_problems(document, question, ("objectives", i, "questions", j))


def is_well_formed(kind: SourceFile, text: str) -> bool:
    tree, _ = read_tree("file", text)
    return VALIDATORS[kind.name].is_valid(tree.plain())


@pytest.mark.parametrize("kind", SOURCE_FILES, ids=lambda kind: kind.name)
def test_a_schema_is_one(kind: SourceFile) -> None:
    Draft202012Validator.check_schema(json_schema(kind))


@pytest.mark.parametrize(("kind", "file"), REAL_FILES, ids=[str(file) for _, file in REAL_FILES])
def test_every_file_of_the_course_is_well_formed(kind: SourceFile, file: Path) -> None:
    assert is_well_formed(kind, yaml_of(file.read_text("utf-8")))


@pytest.mark.parametrize(("kind", "file"), REAL_FILES, ids=[str(file) for _, file in REAL_FILES])
def test_every_yaml_file_of_the_course_names_its_schema(kind: SourceFile, file: Path) -> None:
    if kind.is_yaml:
        first_line = file.read_text("utf-8").splitlines()[0]
        assert first_line == schema_line(file.relative_to(ROOT).as_posix())
        assert (file.parent / first_line.partition("=")[2]).resolve() == ROOT / kind.path


@pytest.mark.parametrize("path", schema_files())
def test_the_schemas_of_the_course_are_those_of_the_code(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == schema_files()[path]


def test_the_page_of_keys_is_made_from_the_same_words() -> None:
    page = ROOT / "docs" / "source-files.md"
    if REWRITE:
        page.write_text(reference(), "utf-8")
    assert page.read_text("utf-8") == reference()


@pytest.mark.parametrize("kind", SOURCE_FILES, ids=lambda kind: kind.name)
def test_every_key_is_explained_in_japanese(kind: SourceFile) -> None:
    schema = json_schema(kind)
    for part in (schema, *schema.get("$defs", {}).values()):
        for key, field in part["properties"].items():
            assert key == "type" or not field.get("description", "").isascii(), key


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_editors_refuse_what_check_reports_as_ill_formed_and_nothing_else(case: Case, tmp_path: Path) -> None:
    root = write(case.course(), tmp_path)
    for kind in SOURCE_FILES:
        for file in root.glob(kind.pattern):
            try:
                text = yaml_of(read_text(root, file.relative_to(root).as_posix()))
                tree, doubled = read_tree("file", text)
            except Unusable:
                continue
            well_formed = VALIDATORS[kind.name].is_valid(tree.plain())
            assert well_formed == (shape_problems(kind, text) == doubled), file


SCALARS = [None, True, False, 0, 1, 2, -1, 61, "", " ", "　", "a", "b", "A b", "x" * 65, "１.0.0", "1.0.0"]
WORDS = ["2026-12-01", "S0", "official", "ja", "single", "true-false", "value-1@1.0.0"]
PARTS = [[], ["a"], ["a", "b"], {}, {"a": "b"}, {"A b": "a"}, {"x" * 65: "a"}, {"id": "a", "text": "あ"}]
VALUES = st.sampled_from([*SCALARS, *WORDS, *PARTS])
DOCUMENTS = st.sampled_from(
    [
        (kind, read_tree("file", yaml_of(file.read_text("utf-8")))[0].plain())
        for kind, file in REAL_FILES
        if kind is not QUIZ
    ]
    + [(QUIZ, read_tree("file", str(small_course()["quizzes/01-plain-words.yaml"]))[0].plain())]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield from places(part, (*path, step))


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[SourceFile, Any]:
    """A file with something replaced, taken away or added."""
    kind, whole = draw(DOCUMENTS)
    document = {"file": deepcopy(whole)}
    path = ("file", *draw(st.sampled_from(list(places(whole)))))
    around: Any = document
    for step in path[:-1]:
        around = around[step]
    match draw(st.sampled_from(["replace", "remove", "add"])):
        case "remove" if len(path) > 1:
            del around[path[-1]]
        case "add" if isinstance(around[path[-1]], dict):
            key = draw(st.sampled_from(["text", "explanaton", "type", "pinned", "section", "url", "名前"]))
            around[path[-1]][key] = draw(VALUES)
        case "add" if isinstance(around[path[-1]], list):
            around[path[-1]].append(draw(VALUES))
        case _:
            around[path[-1]] = draw(VALUES)
    return kind, document["file"]


@given(spoilt())
def test_what_the_schema_accepts_is_what_the_reader_reads(file: tuple[SourceFile, Any]) -> None:
    kind, document = file
    text = json.dumps(document, ensure_ascii=False)  # which is YAML, too

    assert VALIDATORS[kind.name].is_valid(document) == (shape_problems(kind, text) == [])


def test_schemas_are_written_and_files_that_do_not_name_them_are_named(tmp_path: Path) -> None:
    root = write(small_course(), tmp_path)

    done = kyozai("schema", folder=root)

    assert done.returncode == 0
    assert {path: (root / path).read_text("utf-8") for path in schema_files()} == schema_files()
    assert (
        "  quizzes/01-plain-words.yaml\n    # yaml-language-server: $schema=../course/schemas/quiz.json\n"
        in (done.stdout)
    )
    assert kyozai("check", folder=root).returncode == 0


def test_a_file_that_names_its_schema_is_left_in_peace(tmp_path: Path) -> None:
    line = schema_line("course/course.yaml")
    root = write(changed(small_course(), "course/course.yaml", "id: small", f"{line}\nid: small"), tmp_path)

    assert "course/course.yaml" not in kyozai("schema", folder=root).stdout


def test_a_stale_schema_is_found_and_left_as_it_is(tmp_path: Path) -> None:
    root = write({**small_course(), **schema_files(), QUIZ.path: "{}"}, tmp_path)

    done = kyozai("schema", "--check", folder=root)

    assert done.returncode == 1
    assert f"{QUIZ.path} 誤り [schema-stale]" in done.stderr
    assert (root / QUIZ.path).read_text("utf-8") == "{}"


def test_current_schemas_are_said_to_be_so(tmp_path: Path) -> None:
    root = write({**small_course(), **schema_files()}, tmp_path)

    assert kyozai("schema", "--check", folder=root).returncode == 0


def test_schemas_belong_into_a_course(tmp_path: Path) -> None:
    done = kyozai("schema", folder=tmp_path)

    assert done.returncode == 1
    assert "[course-missing]" in done.stderr
    assert list(tmp_path.iterdir()) == []
