"""The handout: the whole course on paper, with contents, glossary and sources."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from builder.model.base import Citation
from builder.model.course import Article, Guideline, LessonHeader
from builder.print import PrintFailed
from builder.print.page import page
from builder.print.problems import characters_lacking
from builder.rendering.course import RenderedCourse, RenderedSection
from builder.rendering.links import INTRODUCTION, asset_path, relink

SECTION_LINK = re.compile(r'href="#(?!source-S\d)([^"]*)"')


@dataclass(frozen=True)
class PrintedSection:
    anchor: str
    basis: str | None
    html: str


@dataclass(frozen=True)
class PrintedIntroduction:
    anchor: str
    title: str
    sections: list[PrintedSection]


@dataclass(frozen=True)
class PrintedModule:
    anchor: str
    header: LessonHeader
    article: Article
    sections: list[PrintedSection]


def handout(rendered: RenderedCourse) -> bytes:
    """Raise PrintFailed when the course uses a character that our fonts lack."""
    from builder.print.press import press

    printed = press(handout_page(rendered), rendered.assets)
    if printed.lacking:
        raise PrintFailed(characters_lacking(rendered.course, printed.lacking))
    return printed.pdf


def handout_page(rendered: RenderedCourse) -> str:
    course = rendered.course
    introduction = course.introduction
    return page(
        "handout.html",
        file=course.file,
        introduction=PrintedIntroduction(
            anchor(INTRODUCTION),
            introduction.header.title,
            printed_sections(INTRODUCTION, rendered.introduction),
        ),
        modules=[
            PrintedModule(
                anchor(module.id),
                module.header,
                article(course.file.guideline, module.header.article),
                printed_sections(module.id, rendered.modules[module.id]),
            )
            for module in course.modules
        ],
        glossary=course.glossary.terms,
    )


def printed_sections(lesson: str, sections: Iterable[RenderedSection]) -> list[PrintedSection]:
    return [
        PrintedSection(
            anchor(lesson, section.section.id),
            section.section.basis,
            on_one_page(section.html, lesson),
        )
        for section in sections
    ]


def on_one_page(html: str, lesson: str) -> str:
    """Links between lessons, and within this one, become links within the handout."""
    html = SECTION_LINK.sub(lambda found: f'href="{anchor_url(lesson, found[1])}"', html)
    return relink(html, anchor_url, lambda section: anchor_url(INTRODUCTION, section), asset_path)


def anchor(lesson: str, section_id: str | None = None) -> str:
    """Section ids are unique within a lesson only; the handout holds all lessons in one page."""
    return f"lesson-{lesson}--{section_id}" if section_id else f"lesson-{lesson}"


def anchor_url(lesson: str, section_id: str | None) -> str:
    return "#" + anchor(lesson, section_id)


def article(guideline: Guideline, citation: Citation) -> Article:
    """Raise StopIteration when the guideline has no such article: the checks refuse such a course."""
    return next(article for article in guideline.articles if citation == f"{article.id}@{guideline.version}")
