"""What changed since a release, how heavy it is, and the commands that say and write it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.checks import check_folder
from builder.model.release import Release
from builder.package.release import current_release
from builder.releases import Level, ModuleChange, Part, changes_between, level_between, raised
from tests.builders.course import Files, changed, package, released, small_course, without, write
from tests.builders.machine import kyozai

LESSON, QUIZ = "modules/01-plain-words/lesson.md", "quizzes/01-plain-words.yaml"
numbers = st.tuples(*[st.integers(0, 30)] * 3).map(lambda parts: ".".join(map(str, parts)))
levels = st.sampled_from([Level.PATCH, Level.MINOR, Level.MAJOR])


def release(files: Files, folder: Path) -> Release:
    course, problems = check_folder(write(files, folder))
    assert course is not None, problems
    return current_release(course, folder)


def change_of(files: Files, folder: Path) -> ModuleChange:
    """Of the first module, since the small course."""
    before = release(small_course(), folder / "before")
    return changes_between(before, release(files, folder / "after"))[0]


def test_a_release_changes_nothing_against_itself(tmp_path: Path) -> None:
    same = release(small_course(), tmp_path)

    assert [(change.parts, change.declared) for change in changes_between(same, same)] == [
        ((), Level.NONE)
    ] * 2


def test_a_changed_text_is_named_by_its_section(tmp_path: Path) -> None:
    change = change_of(changed(small_course(), LESSON, "困らない", "迷わない"), tmp_path)

    assert change.parts == (Part("section", "background", "changed"),)
    assert change.fitting is Level.PATCH


def test_a_changed_figure_changes_its_section(tmp_path: Path) -> None:
    figure = "modules/01-plain-words/figures/lengths.svg"
    change = change_of(changed(small_course(), figure, 'width="60"', 'width="80"'), tmp_path)

    assert change.parts == (Part("section", "background", "changed"),)


def test_a_changed_key_changes_its_question(tmp_path: Path) -> None:
    change = change_of(changed(small_course(), QUIZ, "answer: [a, c]", "answer: [a]"), tmp_path)

    assert change.parts == (
        Part("question", "order-2", "changed"),
        Part("key", "order-2", "changed"),
    )
    assert change.fitting is Level.MINOR


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("pass: 2", "pass: 3", Part("rule", "pass", "changed")),
        ("    must_pass: true\n", "", Part("rule", "short", "changed")),
        ("id: short-2", "id: short-3", Part("question", "short-3", "added")),
    ],
)
def test_what_decides_completion_is_never_a_patch(old: str, new: str, part: Part, tmp_path: Path) -> None:
    change = change_of(changed(small_course(), QUIZ, old, new), tmp_path)

    assert part in change.parts
    assert change.fitting is Level.MINOR


def test_a_module_that_is_gone_comes_last(tmp_path: Path) -> None:
    files = without(without(small_course(), LESSON), QUIZ)
    files = without(files, "modules/01-plain-words/figures/lengths.svg")
    before = release(small_course(), tmp_path / "before")

    changes = changes_between(before, release(files, tmp_path / "after"))

    assert [change.module.id for change in changes] == ["ask-early", "plain-words"]
    assert changes[-1].after is None


def test_a_new_module_is_asked_of_everybody(tmp_path: Path) -> None:
    whole = release(small_course(), tmp_path)
    first_only = whole.model_copy(update={"modules": whole.modules[:1]})

    assert changes_between(first_only, whole)[1].declared is Level.MAJOR


@given(numbers, levels)
def test_raising_a_version_by_a_level_is_a_change_of_that_level(version: str, level: Level) -> None:
    assert level_between(version, raised(version, level)) is level


@given(numbers, numbers)
def test_of_two_versions_only_one_is_above_the_other(one: str, other: str) -> None:
    assert (level_between(one, other) is Level.NONE) or (level_between(other, one) is Level.NONE)


# The commands.


def test_release_writes_what_the_check_holds_later_versions_against(tmp_path: Path) -> None:
    root = write(small_course(), tmp_path)

    done = kyozai("release", "1.0.0", folder=root)

    assert done.returncode == 0, done.stderr
    written = Release.model_validate_json((root / "course/releases/1.0.0.json").read_bytes())
    assert {module.id: module.version for module in written.modules} == {
        "plain-words": "1.0.0",
        "ask-early": "1.0.0",
    }
    assert kyozai("check", folder=root).returncode == 0
    (root / LESSON).write_text(str(small_course()[LESSON]).replace("困らない", "迷わない"), "utf-8")
    assert "[version-not-raised]" in kyozai("check", folder=root).stderr


def test_a_release_is_written_once(tmp_path: Path) -> None:
    root = write(released(small_course(), tmp_path / "first"), tmp_path / "course")

    done = kyozai("release", "1.0.0", "--lang", "en", folder=root)

    assert done.returncode == 1
    assert "[release-written-already]" in done.stderr


def test_release_takes_the_number_that_the_course_gives(tmp_path: Path) -> None:
    root = write(small_course(), tmp_path)

    done = kyozai("release", "1.1.0", folder=root)

    assert done.returncode == 1
    assert "[release-number-differs]" in done.stderr
    assert not (root / "course/releases").exists()


def test_the_record_of_a_release_can_be_made_from_what_was_published(tmp_path: Path) -> None:
    """Nobody wrote it down in time, or wrote down what was changed since."""
    root = write(changed(small_course(), LESSON, "困らない", "迷わない"), tmp_path / "course")
    (tmp_path / "published.zip").write_bytes(package(small_course(), tmp_path / "first"))
    kyozai("release", "1.0.0", folder=root)

    done = kyozai("release", "1.0.0", "--from", str(tmp_path / "published.zip"), folder=root)

    assert done.returncode == 0, done.stderr
    assert "[version-not-raised]" in kyozai("check", folder=root).stderr


def test_a_course_with_faults_is_not_released(tmp_path: Path) -> None:
    root = write(changed(small_course(), QUIZ, "answer: [a, c]", "answer: [a, x]"), tmp_path)

    assert kyozai("release", "1.0.0", folder=root).returncode == 1
    assert not (root / "course/releases").exists()


def second_release(folder: Path) -> Path:
    files = released(small_course(), folder / "first")
    files = changed(files, LESSON, "困らない", "迷わない")
    files = changed(files, LESSON, "version: 1.0.0", "version: 1.1.0")
    files = changed(files, LESSON, "change: 最初の版です。", "change: 背景を書き直しました。")
    files = changed(files, "course/course.yaml", "release: 1.0.0", "release: 1.1.0")
    return write(files, folder / "course")


def test_diff_says_what_changed_and_what_it_asks_of_learners(tmp_path: Path) -> None:
    done = kyozai("diff", folder=second_release(tmp_path))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "版 1.0.0（2026-12-01）から、今の版 1.1.0 までの変更\n"
        "\n"
        "#1 やさしい言葉で書こう [plain-words]\n"
        "  1.0.0 → 1.1.0  minor（修了した人に示して確認を頼みます）\n"
        "  変わった節: background\n"
        "\n"
        "変わっていません: #2\n"
    )


def test_diff_says_what_changed_outside_of_the_modules(tmp_path: Path) -> None:
    files = released(small_course(), tmp_path / "first")
    files = changed(files, "course/introduction.md", "二つの条", "二つの大切な条")
    files = changed(files, "course/glossary.yaml", "co-creation", "making together")

    done = kyozai("diff", "--lang", "en", folder=write(files, tmp_path / "course"))

    assert done.stdout == (
        "What changed from release 1.0.0 (2026-12-01) to 1.0.0 as it is now\n"
        "\n"
        "Introduction\n"
        "  Sections changed: guideline\n"
        "\n"
        "The course's title, its notice, the sources or the glossary changed.\n"
        "\n"
        "Not changed: #1 #2\n"
    )


def test_diff_answers_programs_in_json(tmp_path: Path) -> None:
    done = kyozai("diff", "--json", folder=second_release(tmp_path))

    answered = json.loads(done.stdout)
    assert (answered["before"], answered["after"]) == ("1.0.0", "1.1.0")
    assert answered["modules"][0] == {
        "id": "plain-words",
        "before": "1.0.0",
        "after": "1.1.0",
        "level": "minor",
        "fitting": "patch",
        "parts": [{"what": "section", "id": "background", "how": "changed"}],
    }
    assert [module["level"] for module in answered["modules"]] == ["minor", "none"]


def test_diff_needs_a_release(tmp_path: Path) -> None:
    done = kyozai("diff", folder=write(small_course(), tmp_path))

    assert done.returncode == 1
    assert "[release-none-yet]" in done.stderr


def test_diff_names_the_releases_there_are(tmp_path: Path) -> None:
    done = kyozai("diff", "--since", "0.9.0", folder=second_release(tmp_path))

    assert done.returncode == 2
    assert "1.0.0" in done.stderr
