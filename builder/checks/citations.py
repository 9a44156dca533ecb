"""What is cited exists: articles of the guideline, numbers in the list of sources."""

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial
from unicodedata import normalize

from builder.language import N_
from builder.model.course import Guideline, Section
from builder.model.problem import Kind, Place, Problem
from builder.rendering.references import NUMBER, REFERENCE
from builder.sources import Sources
from builder.sources.lessons import LessonText

UNKNOWN_ARTICLE = Kind(
    "article-unknown",
    "error",
    N_("条「%(given)s」は、指針にありません。"),
    N_("course/course.yaml の articles の id と、指針の版を @ でつなぎます（例: %(example)s）。"),
)
UNKNOWN_SOURCE = Kind(
    "source-unknown",
    "error",
    N_("出典「%(given)s」は、出典の一覧にありません。"),
    N_("course/course.yaml の sources に加えるか、番号を直します。"),
    lowerable=True,
)
ODD_REFERENCE = Kind(
    "source-reference-unusable",
    "error",
    N_("「%(given)s」は出典への参照になりません。"),
    N_("〔 〕の中に、半角の大文字と数字で書きます。"),
    lowerable=True,
)
BRACKETS = re.compile(r"〔[^〔〕\n]*〕")
OTHER_BRACKETS = re.compile(r"[［【\[]\s*([SＳ][0-9０-９]+[a-z]?)\s*[\]】］](?![(（\[:])")


def check(sources: Sources) -> Iterator[Problem]:
    if sources.file is None:
        return
    if not sources.file.shortened("guideline", "articles"):
        yield from article_problems(sources, sources.file.value.guideline)
    if not sources.file.shortened("sources"):
        known = {source.number for source in sources.file.value.sources}
        for lesson in sources.lessons:
            yield from source_problems(lesson, known)


def article_problems(sources: Sources, guideline: Guideline) -> Iterator[Problem]:
    known = [f"{article.id}@{guideline.version}" for article in guideline.articles]
    for given, place in citations(sources):
        if given not in known:
            meant = next(iter(get_close_matches(given, known, n=1)), None)
            yield Problem(UNKNOWN_ARTICLE, place(), {"given": given, "example": known[0], "meant": meant})


def citations(sources: Sources) -> Iterator[tuple[str, Callable[[], Place]]]:
    """What is cited, and a way to find where."""
    for module in sources.modules:
        if module.lesson and module.lesson.header:
            yield module.lesson.header.value.article, partial(module.lesson.header.place, "article")
        if module.quiz:
            for i, objective in enumerate(module.quiz.value.objectives):
                for j, question in enumerate(objective.questions):
                    path = ("objectives", i, "questions", j, "article")
                    yield question.article, partial(module.quiz.place, *path)


def source_problems(lesson: LessonText, known: set[str]) -> Iterator[Problem]:
    for section in lesson.sections:
        for number in section.sources:
            if number not in known:
                yield Problem(UNKNOWN_SOURCE, Place(lesson.path, section.line, 1), {"given": number})
        yield from reference_problems(lesson, section, known)


def reference_problems(lesson: LessonText, section: Section, known: set[str]) -> Iterator[Problem]:
    for line, text in enumerate(section.markdown.split("\n"), start=section.line + 1):
        for brackets in BRACKETS.finditer(text):
            place = Place(lesson.path, line, brackets.start() + 1)
            if REFERENCE.fullmatch(brackets[0]):
                for number in NUMBER.findall(brackets[0]):
                    if number not in known:
                        yield Problem(UNKNOWN_SOURCE, place, {"given": number})
            elif REFERENCE.fullmatch(meant := normalize("NFKC", brackets[0]).upper()):
                yield Problem(ODD_REFERENCE, place, {"given": brackets[0], "meant": meant})
        for brackets in OTHER_BRACKETS.finditer(text):
            number = normalize("NFKC", brackets[1])
            if number in known:
                place = Place(lesson.path, line, brackets.start() + 1)
                yield Problem(ODD_REFERENCE, place, {"given": brackets[0], "meant": f"〔{number}〕"})
