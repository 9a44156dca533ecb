"""The checks of a course. A new check is one new file here and one line in CHECKS."""

from collections.abc import Callable, Iterable
from pathlib import Path

from builder.checks import citations, days, duplicates, figures, html, links, modules, questions
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
    links.check,
    modules.check,
    questions.check,
)


def check_folder(root: Path) -> tuple[Course | None, list[Problem]]:
    """The course as far as it can be read, and everything wrong with it, in order."""
    sources = read_sources(root)
    found = [problem for check in CHECKS for problem in check(sources)] if sources.is_course else []
    return sources.course(), in_order([*sources.problems, *found])
