"""Sources are read as their authors meant them, and whatever they wrote, nothing breaks."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.checks import check_folder
from builder.sources import read_sources
from builder.sources.files import Unusable
from builder.sources.tree import read_tree
from tests.builders.course import changed, small_course, without, write

LESSON = "modules/02-ask-early/lesson.md"
QUIZ = "quizzes/01-plain-words.yaml"


def plain(yaml: str) -> object:
    return read_tree("file.yaml", yaml)[0].plain()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("5", 5),
        ("-5", -5),
        ("0", 0),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("True", "True"),
        ("はい", "はい"),
        ("0123", "0123"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1.0", "1.0"),
        ("1.0.0", "1.0.0"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("2026-12-01", "2026-12-01"),
        ("'5'", "5"),
        ('"true"', "true"),
        ("''", ""),
        ("９", "９"),
        ("99999999999999999999", "99999999999999999999"),
    ],
)
def test_plain_words_are_what_they_look_like(written: str, value: object) -> None:
    assert plain(f"key: {written}") == {"key": value}


def test_keys_are_text_whatever_they_look_like() -> None:
    assert plain("{1: a, true: b, null: c}") == {"1": "a", "true": "b", "null": "c"}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert plain("<<: {a: 1}") == {"<<": {"a": 1}}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_a_file_without_content_has_no_keys(text: str) -> None:
    assert plain(text) in ({}, None)


def test_places_are_counted_from_one_and_in_characters() -> None:
    tree, _ = read_tree("file.yaml", "題: あ\n項目:\n  - 値: い\n", first_line=5)

    *_, node = tree.follow(("項目", 0, "値"))
    assert (node.content, node.line, node.column) == ("い", 7, 8)


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
    )

    with pytest.raises(Unusable) as refused:
        plain(bomb)

    assert (refused.value.problem.code, refused.value.problem.place.line) == ("yaml-alias", 1)


def test_sections_are_split_at_headings_of_level_two_only(tmp_path: Path) -> None:
    text = """\
### 小見出し

```
## 見出しではない {#code basis=course}
```

    ## これも見出しではない

> ## 引用の中の見出し

<!--
## 隠した見出し {#hidden basis=course}
-->

文の下の線は見出しではない
---"""
    files = changed(small_course(), LESSON, "作ってからでは直せません。", text)

    sources = read_sources(write(files, tmp_path))

    assert [section.id for section in sources.modules[1].lesson.sections] == ["background"]  # type: ignore[union-attr]


def test_a_section_says_where_it_begins(tmp_path: Path) -> None:
    module = read_sources(write(small_course(), tmp_path)).modules[0]
    assert module.lesson is not None

    for section in module.lesson.sections:
        assert module.lesson.lines[section.line - 1].startswith(f"## {section.title} {{#{section.id}")
        assert section.markdown.split("\n")[0] == module.lesson.lines[section.line]


def test_files_from_windows_read_like_any_other(tmp_path: Path) -> None:
    windows = {
        path: b"\xef\xbb\xbf" + str(text).replace("\n", "\r\n").encode()
        for path, text in small_course().items()
    }

    course, problems = check_folder(write(windows, tmp_path / "windows"))

    assert {problem.code for problem in problems} == {"file-bom"}
    assert course == check_folder(write(small_course(), tmp_path / "unix"))[0]


def test_modules_come_in_their_order_whatever_their_folders_are_called(tmp_path: Path) -> None:
    files = changed(small_course(), "modules/01-plain-words/lesson.md", "order: 1", "order: 3")

    course = read_sources(write(files, tmp_path)).course()

    assert course is not None
    assert [module.id for module in course.modules] == ["ask-early", "plain-words"]


def test_releases_come_oldest_first(tmp_path: Path) -> None:
    names = ("1.10.0", "1.9.0", "1.2.0", "notes")
    files = small_course() | {f"course/releases/{name}.json": "{}" for name in names}

    assert read_sources(write(files, tmp_path)).releases == ("1.2.0", "1.9.0", "1.10.0")


@pytest.mark.parametrize("path", sorted(small_course()))
def test_one_file_that_cannot_be_read_stops_no_other(path: str, tmp_path: Path) -> None:
    broken = small_course() | {path: b"\xff\xfe broken"}
    other = QUIZ if path != QUIZ else "quizzes/02-ask-early.yaml"
    broken = changed(broken, other, "\npass: ", "\npas: ")

    _, problems = check_folder(write(broken, tmp_path))

    assert {"file-encoding", "key-unknown"} == {problem.code for problem in problems}


def test_a_module_that_cannot_be_read_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    course, problems = check_folder(write(without(small_course(), "quizzes/01-plain-words.yaml"), tmp_path))

    assert course is not None
    assert [module.id for module in course.modules] == ["ask-early"]
    assert [problem.code for problem in problems] == ["module-without-quiz"]


def test_a_choice_that_cannot_be_used_hides_no_other_fault_and_makes_none(tmp_path: Path) -> None:
    files = changed(small_course(), QUIZ, "{id: a, text: 短い文,", "{id: a, text: 12,")
    files = changed(files, QUIZ, "answer: [a, c]", "answer: [a, x]")

    _, problems = check_folder(write(files, tmp_path))

    assert [problem.code for problem in problems] == ["value-not-text", "quiz-answer-unknown"]


def test_a_question_that_cannot_be_used_is_not_missed(tmp_path: Path) -> None:
    files = changed(small_course(), QUIZ, "type: ordering", "type: sorting-by-hand")

    _, problems = check_folder(write(files, tmp_path))

    assert [problem.code for problem in problems] == ["question-type-unknown"]


ODD = st.text(st.characters(codec="utf-8"), max_size=80) | st.sampled_from(
    [
        "---\n",
        "## a {#",
        "{#a basis=course}",
        "- - - ",
        "? a",
        "&a *a",
        "!!x",
        "<!--",
        "![](",
        "[x](",
        "〔S1",
        "\t",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(small_course())), st.lists(ODD, max_size=6), st.integers(0, 10_000))
def test_whatever_an_author_writes_is_a_problem_or_none(
    tmp_path: Path, path: str, pieces: list[str], position: int
) -> None:
    text = str(small_course()[path])
    at = position % (len(text) + 1)
    write(small_course() | {path: text[:at] + "".join(pieces) + text[at:]}, tmp_path)

    _, problems = check_folder(tmp_path)

    for problem in problems:
        assert problem.cause("ja")
        assert problem.hint("en")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(small_course())), st.binary(max_size=40), st.integers(0, 10_000))
def test_whatever_bytes_a_file_has_are_a_problem_or_none(
    tmp_path: Path, path: str, data: bytes, position: int
) -> None:
    whole = str(small_course()[path]).encode()
    at = position % (len(whole) + 1)
    write(small_course() | {path: whole[:at] + data + whole[at:]}, tmp_path)

    check_folder(tmp_path)
