"""`kyozai coverage`: which of the values still lacks what."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from wcwidth import width

from builder.authoring.coverage import coverage
from builder.commands.coverage import command
from builder.commands.new import command as new
from builder.sources import read_sources
from tests.builders.course import Files, changed, small_course, without, write

LESSON, QUIZ = "modules/01-plain-words/lesson.md", "quizzes/01-plain-words.yaml"
PLAIN_WORDS = {
    "lesson": "there",
    "quiz": "there",
    "summary": "there",
    "case": "missing",
    "first_action": "there",
}
NOTHING = dict.fromkeys(PLAIN_WORDS, "missing")
CASE = "\n## 事例 {#case basis=course}\n\n窓口であったことです。\n"


def states(files: Files, folder: Path) -> list[dict[str, str]]:
    sources = read_sources(write(files, folder))
    assert sources.file is not None
    return [dict(row.states) for row in coverage(sources.file.value, sources)]


def shown(files: Files, folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--course", str(write(files, folder))])


def with_case(files: Files) -> Files:
    for lesson in (LESSON, "modules/02-ask-early/lesson.md"):
        files = {**files, lesson: str(files[lesson]) + CASE}
    return changed(files, "modules/02-ask-early/lesson.md", CASE, CASE + CASE.replace("case", "first-action"))


def test_a_row_says_what_the_module_has(tmp_path: Path) -> None:
    assert states(small_course(), tmp_path)[0] == PLAIN_WORDS


CHANGES = [
    ("a lesson is gone", without(small_course(), LESSON), {**NOTHING, "quiz": "there"}),
    ("a quiz is gone", without(small_course(), QUIZ), {**PLAIN_WORDS, "quiz": "missing"}),
    ("a quiz is broken", {**small_course(), QUIZ: "module: ["}, {**PLAIN_WORDS, "quiz": "faulty"}),
    (
        "a header is broken",
        changed(small_course(), LESSON, "minutes: 5", "minutes: five"),
        {**PLAIN_WORDS, "lesson": "faulty", "summary": "faulty", "case": "faulty"},
    ),
    (
        "a summary line is a draft",
        changed(small_course(), LESSON, "point: 読む人", "point: 【下書き】読む人"),
        {**PLAIN_WORDS, "summary": "draft"},
    ),
    (
        "an explanation is a draft",
        changed(small_course(), QUIZ, "explanation: 短い文は", "explanation: 【下書き】短い文は"),
        {**PLAIN_WORDS, "quiz": "draft"},
    ),
    (
        "a first action is a draft",
        changed(small_course(), LESSON, "もし次に", "【下書き】もし次に"),
        {**PLAIN_WORDS, "lesson": "draft", "first_action": "draft"},
    ),
    (
        "a case is written",
        {**small_course(), LESSON: str(small_course()[LESSON]) + CASE},
        {**PLAIN_WORDS, "case": "there"},
    ),
    (
        "a case may be hidden by a fault",
        changed(small_course(), LESSON, "## やって", "### やって"),
        {**PLAIN_WORDS, "lesson": "faulty", "case": "faulty"},
    ),
]


@pytest.mark.parametrize(("files", "seen"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_what_changes_in_a_row_when(files: Files, seen: dict[str, str], tmp_path: Path) -> None:
    assert states(files, tmp_path)[0] == seen


def test_an_article_without_a_module_has_a_row(tmp_path: Path) -> None:
    files = without(without(small_course(), "modules/02-ask-early/lesson.md"), "quizzes/02-ask-early.yaml")

    assert states(files, tmp_path)[1] == NOTHING


def test_a_new_module_is_a_draft_throughout(tmp_path: Path) -> None:
    files = without(without(small_course(), "modules/02-ask-early/lesson.md"), "quizzes/02-ask-early.yaml")
    CliRunner().invoke(new, ["module", "ask", "--course", str(write(files, tmp_path))])

    assert states({}, tmp_path)[1] == dict.fromkeys(PLAIN_WORDS, "draft")


def test_the_table_is_aligned_as_a_terminal_shows_it(tmp_path: Path) -> None:
    lines = shown(small_course(), tmp_path).stdout.splitlines()

    assert lines[0].split() == ["条", "レッスン", "確認テスト", "まとめの一行", "事例", "最初の一歩"]
    assert lines[1].split() == ["1", "やさしい言葉", "あり", "あり", "あり", "なし", "あり"]
    assert {width(line[: line.index("なし")]) for line in lines[1:3]} == {
        width(lines[0].partition("事例")[0])
    }


def test_the_table_is_there_in_english(tmp_path: Path) -> None:
    lines = shown(small_course(), tmp_path, "--lang", "en").stdout.splitlines()

    assert lines[0].split("  ")[0] == "Article"
    assert lines[1].split() == ["1", "やさしい言葉", "there", "there", "there", "missing", "there"]


def test_programs_read_the_same(tmp_path: Path) -> None:
    read = json.loads(shown(small_course(), tmp_path, "--json").stdout)

    assert read["whole"] == 0
    assert read["articles"][0] == {
        "article": "value-1",
        "number": 1,
        "title": "やさしい言葉",
        "modules": ["plain-words"],
        **PLAIN_WORDS,
    }


def test_what_is_missing_stops_only_those_who_ask_for_it(tmp_path: Path) -> None:
    assert shown(small_course(), tmp_path).exit_code == 0
    assert shown(small_course(), tmp_path, "--strict").exit_code == 1
    assert shown(small_course(), tmp_path, "--strict", "--json").exit_code == 1


def test_a_course_that_has_everything_passes(tmp_path: Path) -> None:
    done = shown(with_case(small_course()), tmp_path, "--strict")

    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "2 の条のうち、2 の条がそろっています。")


def test_without_a_list_of_articles_the_reason_is_shown(tmp_path: Path) -> None:
    done = shown({**small_course(), "course/course.yaml": "id: ["}, tmp_path)

    assert done.exit_code == 1
    assert "course/course.yaml:1:1 誤り [yaml-broken]" in done.stderr
