"""The checks of a course. A new check is one new file here and one line in CHECKS."""

from collections.abc import Callable, Iterable
from pathlib import Path

from builder.checks import (
    citations,
    days,
    duplicates,
    figures,
    html,
    leftovers,
    links,
    modules,
    questions,
    versions,
)
from builder.model.course import Course
from builder.model.problem import Problem, in_order
from builder.sources import Sources, read_sources

Check = Callable[[Sources], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    citations.check,
    days.check,
    duplicates.check,
    figures.check,
    html.check,
    leftovers.check,
    links.check,
    modules.check,
    questions.check,
    versions.check,
)


def check_folder(root: Path) -> tuple[Course | None, list[Problem]]:
    """The course as far as it can be read, and everything wrong with it, in order."""
    sources = read_sources(root)
    found = [problem for check in CHECKS for problem in check(sources)] if sources.is_course else []
    return sources.course(), in_order(once([*sources.problems, *found]))


def once(problems: Iterable[Problem]) -> list[Problem]:
    """The same at the same place is one problem."""
    by_look = {(problem.place, problem.kind, str(problem.values)): problem for problem in problems}
    return list(by_look.values())
