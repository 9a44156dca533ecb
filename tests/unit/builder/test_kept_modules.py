"""Whatever was kept of modules that did not change: it is as if nothing had been kept."""

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.cache import Cache
from builder.checks import check_folder
from builder.checks.faultless import Faultless
from builder.model.problem import Problem
from builder.package.writing import content_files, describe, write_package
from builder.rendering.course import render_course
from builder.sources import read_sources
from builder.sources.fingerprints import fingerprint
from tests.builders.course import Content, changed, released, small_course, without, write
from tests.builders.package import PDF

FIRST = "modules/01-plain-words"
SECOND = "modules/02-ask-early"
Edit = Callable[[dict[str, Content]], dict[str, Content]]


def replacing(path: str, old: str, new: str) -> Edit:
    return lambda files: changed(files, path, old, new)


def adding(path: str, text: str) -> Edit:
    return lambda files: {**files, path: f"{files[path]!s}{text}"}


EDITS: dict[str, Edit] = {
    "a sentence more": adding(f"{SECOND}/lesson.md", "\nもう一つ書きます。\n"),
    "a warning": adding(f"{FIRST}/lesson.md", "\n行政手続簡素化推進計画を読みます。\n"),
    "a broken link": adding(f"{SECOND}/lesson.md", "\n[前へ](../01-plain-words/lesson.md#nowhere)\n"),
    "another section": adding(f"{SECOND}/lesson.md", "\n## 追記 {#more basis=course}\n\n足しました。\n"),
    "a section that others lead to gone": replacing(f"{SECOND}/lesson.md", "{#background ", "{#reasons "),
    "the same order": replacing(f"{SECOND}/lesson.md", "order: 2", "order: 1"),
    "another id": replacing(f"{SECOND}/lesson.md", "id: ask-early", "id: ask-soon"),
    "a higher version": replacing(f"{FIRST}/lesson.md", "version: 1.0.0", "version: 1.0.1"),
    "a source less": replacing("course/course.yaml", "  - {number: S0, title: 指針の目次}\n", ""),
    "stricter": adding("course/course.yaml", "checks: {sentence_characters: 20}\n"),
    "broken YAML": adding("quizzes/01-plain-words.yaml", "\t- no"),
    "an unknown answer": replacing("quizzes/01-plain-words.yaml", "answer: a", "answer: z"),
    "an unsafe figure": replacing(f"{FIRST}/figures/lengths.svg", "<title>", "<script/><title>"),
    "another figure": replacing(f"{FIRST}/figures/lengths.svg", "#0017c1", "#0017c2"),
    "no figure": lambda files: without(files, f"{FIRST}/figures/lengths.svg"),
    "one module less": lambda files: without(files, "quizzes/02-ask-early.yaml"),
}
IN_PLACE = tuple(name for name in EDITS if name not in ("no figure", "one module less"))
"""What takes a file away comes last: the others want to find it."""


def edited(names: frozenset[str], base: dict[str, Content]) -> dict[str, Content]:
    files = base
    for name in [*IN_PLACE, *(name for name in EDITS if name not in IN_PLACE)]:
        files = EDITS[name](files) if name in names else files
    return files


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Content]:
    """The small course after its first release."""
    return released(small_course(), tmp_path_factory.mktemp("released"))


def outcome(root: Path) -> tuple[list[Problem], bytes | None]:
    """All that an author meets, and the package without its PDFs."""
    course, problems = check_folder(root)
    if course is None:
        return problems, None
    cache = Cache(root)
    rendered = render_course(course, root, cache)
    files = content_files(rendered)
    return problems, write_package(describe(rendered, files, cache), files, {"handout.pdf": PDF})


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.frozensets(st.sampled_from(sorted(EDITS)), max_size=3), min_size=2, max_size=5),
    is_released=st.booleans(),
)
def test_any_series_of_edits_ends_as_without_a_cache(
    steps: list[frozenset[str]], is_released: bool, release: dict[str, Content]
) -> None:
    base = release if is_released else small_course()
    with TemporaryDirectory() as folder:
        root, afresh = Path(folder) / "course", Path(folder) / "afresh"
        for step in steps:
            for name in ("course", "modules", "quizzes"):
                shutil.rmtree(root / name, ignore_errors=True)
            shutil.rmtree(afresh, ignore_errors=True)
            files = edited(step, base)
            assert outcome(write(files, root)) == outcome(write(files, afresh))


def test_after_one_lesson_changed_only_its_module_is_looked_through(tmp_path: Path) -> None:
    check_folder(write(small_course(), tmp_path))
    write(edited(frozenset({"a sentence more"}), small_course()), tmp_path)

    sources = read_sources(tmp_path, Cache(tmp_path))

    doubtful = Faultless(Cache(tmp_path), sources).doubtful(sources)
    assert [module.name for module in doubtful] == ["02-ask-early"]


def test_a_module_is_looked_through_again_when_a_section_that_it_leads_to_is_gone(tmp_path: Path) -> None:
    check_folder(write(small_course(), tmp_path))
    write(edited(frozenset({"a section that others lead to gone"}), small_course()), tmp_path)

    _, problems = check_folder(tmp_path)

    assert "link-anchor" in {problem.code for problem in problems if problem.place.file.startswith(FIRST)}


def test_a_module_with_a_problem_is_looked_through_again(tmp_path: Path) -> None:
    check_folder(write(edited(frozenset({"a warning"}), small_course()), tmp_path))

    sources = read_sources(tmp_path, Cache(tmp_path))

    doubtful = Faultless(Cache(tmp_path), sources).doubtful(sources)
    assert [module.name for module in doubtful] == ["01-plain-words"]


def test_damage_to_what_was_kept_does_no_harm(tmp_path: Path) -> None:
    before = outcome(write(small_course(), tmp_path))
    kept = [path for path in (tmp_path / ".kyozai").rglob("*") if path.is_file()]
    assert {path.parent.name for path in kept} >= {"modules", "faultless", "objectives"}

    for path in kept:
        path.write_bytes(path.read_bytes()[:-1] + b"?")

    assert outcome(tmp_path) == before


def test_a_folder_with_a_link_in_it_has_no_fingerprint(tmp_path: Path) -> None:
    write(small_course(), tmp_path)
    assert fingerprint(tmp_path, FIRST)

    (tmp_path / FIRST / "figures" / "other.svg").symlink_to("lengths.svg")

    assert fingerprint(tmp_path, FIRST) is None
    assert fingerprint(tmp_path, SECOND)


def test_a_folder_behind_a_link_has_no_fingerprint(tmp_path: Path) -> None:
    write(small_course(), tmp_path / "elsewhere")
    (tmp_path / "modules").symlink_to(tmp_path / "elsewhere" / "modules")

    assert fingerprint(tmp_path, FIRST) is None
