"""`make bench` measures. Here it is only seen that all that it measures still runs: no time is asserted."""

from pathlib import Path

import pytest

from builder.checks import check_folder
from tests.benchmarks.__main__ import TOPICS, write
from tests.benchmarks.courses import CHARACTERS, QUESTIONS, body, lesson, write_course
from tests.benchmarks.measuring import Goal, Line, ratio


@pytest.mark.parametrize("topic", TOPICS)
def test_every_benchmark_runs(topic: str) -> None:
    assert [line.what for line in TOPICS[topic](small=True) if line.ratio > 0] != []


def test_the_course_that_is_built_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    course, problems = check_folder(write_course(tmp_path, 3))

    assert course is not None
    assert problems == []
    assert [len(list(module.quiz.questions())) for module in course.modules] == [sum(QUESTIONS)] * 3
    assert len(body(lesson(1, 3))) == pytest.approx(CHARACTERS, rel=0.15)


def test_a_ratio_is_the_median_over_the_turns() -> None:
    assert ratio({"a": [2.0, 30.0, 4.0], "b": [1.0, 1.0, 1.0]}, "a", "b") == 4.0


def test_a_goal_is_reached_from_one_side() -> None:
    assert [Goal(2).is_reached(2), Goal(2).is_reached(2.1)] == [True, False]
    assert [Goal(2, at_least=True).is_reached(2), Goal(2, at_least=True).is_reached(1.9)] == [True, False]


def test_results_take_the_place_of_the_last_ones(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("before\n<!-- results -->\nlast\n<!-- end of results -->\nafter\n", "utf-8")

    write(page, [Line("a build", 1.25, Goal(1.5), "5 s / 4 s")])

    text = page.read_text("utf-8")
    assert "| a build | 1.25 | ≤ 1.5 | reached | 5 s / 4 s |" in text
    assert (text.startswith("before\n"), text.endswith("after\n"), "last\n" in text) == (True, True, False)
