"""How heavy a problem is: as its kind says, or as the course wants it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from builder.language import N_
from builder.model.course import CheckSettings, CourseFile, Weight
from builder.model.problem import Kind, Problem
from builder.sources.documents import Document

UNKNOWN_CODE = Kind(
    "severity-code-unknown",
    "error",
    N_("コード「%(given)s」はありません。"),
    N_("コードの一覧は docs/problems.md にあります。"),
)
FIXED = Kind(
    "severity-fixed",
    "error",
    N_("コード「%(given)s」の誤りは、%(weight)s にできません。"),
    N_("この誤りがあると、コースを正しく読めません。この行を消し、誤りの方を直します。"),
)


def severity_problems(file: Document[CourseFile] | None, kinds: Iterable[Kind]) -> Iterator[Problem]:
    if file is None:
        return
    by_code = {kind.code: kind for kind in kinds}
    for code, weight in file.value.checks.severities.items():
        place = file.place("checks", "severities", code)
        if code not in by_code:
            meant = next(iter(get_close_matches(code, by_code, n=1)), None)
            yield Problem(UNKNOWN_CODE, place, {"given": code, "meant": meant})
        elif not may_be(weight, by_code[code]):
            yield Problem(FIXED, place, {"given": code, "weight": weight})


def may_be(weight: Weight, kind: Kind) -> bool:
    return weight == "error" or kind.severity == "warning" or kind.lowerable


def weighed(problems: Iterable[Problem], settings: CheckSettings) -> Iterator[Problem]:
    """The problems as heavy as the course wants them, without those that it does not want to see."""
    for problem in problems:
        weight = wanted(problem.kind, settings.severities)
        if weight != "off":
            yield problem if weight == problem.severity else reweighed(problem, weight)


def wanted(kind: Kind, severities: Mapping[str, Weight]) -> Weight:
    weight = severities.get(kind.code, kind.severity)
    return weight if may_be(weight, kind) else kind.severity


def reweighed(problem: Problem, weight: Weight) -> Problem:
    assert weight != "off"
    return replace(problem, kind=replace(problem.kind, severity=weight))
