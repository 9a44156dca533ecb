"""The checks of a course. A new check is one new file here and one line in one of the lists of checks."""

from collections.abc import Callable, Iterable
from pathlib import Path

from builder import sources as sources_room
from builder.cache import Cache
from builder.checks import (
    citations,
    days,
    deliveries,
    duplicates,
    figures,
    html,
    leftovers,
    length,
    links,
    modules,
    pasted,
    questions,
    reading,
    saving,
    sentences,
    severities,
    versions,
    words,
    writing,
)
from builder.checks.faultless import Faultless
from builder.checks.severities import severity_problems, weighed
from builder.model.course import Course
from builder.model.problem import Kind, Problem, in_order
from builder.print import problems as printing
from builder.rendering import figures as drawing
from builder.sources import Sources, documents, files, lessons, quiz_faults, read_sources, releases, tree

Check = Callable[[Sources], Iterable[Problem]]

COURSE_CHECKS: tuple[Check, ...] = (
    days.check,
    deliveries.check,
    duplicates.check,
    modules.check,
    versions.check,
)
"""They compare modules with each other, with the course, or with what was released."""

MODULE_CHECKS: tuple[Check, ...] = (
    citations.check,
    duplicates.check_quizzes,
    figures.check,
    html.check,
    leftovers.check,
    links.check,
    pasted.check,
    questions.check,
    reading.check,
    saving.check,
    writing.check,
)
"""They look into one module after the other: at its files, `course/`, and the outlines of other lessons."""

ROOMS = (
    *(citations, days, deliveries, duplicates, figures, html, leftovers, length, links, modules),
    *(pasted, questions, saving, sentences, severities, versions, words, writing),
    *(sources_room, documents, files, lessons, quiz_faults, releases, tree),
    *(drawing, printing),
)
KINDS = tuple(value for room in ROOMS for value in vars(room).values() if isinstance(value, Kind))
"""All that can be said of a course; some kinds share a code."""

BESIDE_THE_TEXT = (figures, severities, versions, releases, drawing)
"""Rooms whose errors leave the course as readable as it was: numbers, settings, a figure left out."""

READABLE = frozenset(
    kind.code
    for room in ROOMS
    for kind in vars(room).values()
    if isinstance(kind, Kind) and (kind.severity == "warning" or kind.lowerable or room in BESIDE_THE_TEXT)
)


def hides_content(problem: Problem) -> bool:
    """Whether something of the course may be missing or wrong where it is shown in spite of the problem."""
    return problem.severity == "error" and problem.code not in READABLE


def check_folder(root: Path) -> tuple[Course | None, list[Problem]]:
    """The course as far as it can be read, and everything wrong with it, in order."""
    cache = Cache(root)
    sources = read_sources(root, cache)
    found = check_sources(sources, cache) if sources.is_course else []
    found += severity_problems(sources.file, KINDS)
    return sources.course(), in_order(list(weighed(once([*sources.problems, *found]), sources.settings)))


def check_sources(sources: Sources, cache: Cache) -> list[Problem]:
    faultless = Faultless(cache, sources)
    doubtful = sources.only(faultless.doubtful(sources))
    in_modules = [problem for check in MODULE_CHECKS for problem in check(doubtful)]
    faultless.keep(sources, [*sources.problems, *in_modules])
    return in_modules + [problem for check in COURSE_CHECKS for problem in check(sources)]


def once(problems: Iterable[Problem]) -> list[Problem]:
    """The same at the same place is one problem."""
    by_look = {(problem.place, problem.kind, str(problem.values)): problem for problem in problems}
    return list(by_look.values())
