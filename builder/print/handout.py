"""The handout: the whole course on paper, with contents, glossary and sources."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.model.base import Citation
from builder.model.course import Article, Course, Guideline, LessonHeader, Module, Source
from builder.print.page import page, theme
from builder.rendering.course import RenderedCourse, RenderedSection
from builder.rendering.links import INTRODUCTION, asset_path, cited, relink

if TYPE_CHECKING:
    from builder.press.pdf import Printed

HEAD = re.compile(r'<h2>.*?</h2>\n(?:<p class="basis".*?</p>\n?)?', re.DOTALL)
SECTION_LINK = re.compile(r'href="#(?!source-S\d)([^"]*)"')


@dataclass(frozen=True)
class PrintedSection:
    """`head` is the heading, with what the section rests on; `text` is the rest."""

    id: str
    anchor: str
    head: str
    text: str


@dataclass(frozen=True)
class PrintedIntroduction:
    anchor: str
    title: str
    sections: list[PrintedSection]


@dataclass(frozen=True)
class PrintedModule:
    """`sources` are those that the lesson cites."""

    anchor: str
    header: LessonHeader
    article: Article
    sections: list[PrintedSection]
    sources: list[Source]


def handout(rendered: RenderedCourse) -> "Printed":
    from builder.press.pdf import press

    return press(handout_page(rendered), handout_files(rendered))


def handout_files(rendered: RenderedCourse) -> dict[str, bytes]:
    """What the page asks for, beside the press's own files: address → bytes."""
    return theme("handout.css", "dont.svg", "instead.svg") | dict(rendered.assets)


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
        modules=[printed_module(course, module, rendered.modules[module.id]) for module in course.modules],
        glossary=course.glossary.terms,
    )


def printed_module(course: Course, module: Module, sections: Iterable[RenderedSection]) -> PrintedModule:
    return PrintedModule(
        anchor(module.id),
        module.header,
        article(course.file.guideline, module.header.article),
        printed_sections(module.id, sections),
        cited([section.html for section in sections], course.file.sources),
    )


def printed_sections(lesson: str, sections: Iterable[RenderedSection]) -> list[PrintedSection]:
    return [printed_section(lesson, section.section.id, section.html) for section in sections]


def printed_section(lesson: str, section_id: str, html: str) -> PrintedSection:
    html = on_one_page(html, lesson)
    head = HEAD.match(html)
    assert head, "the renderer begins every section with its heading"
    return PrintedSection(section_id, anchor(lesson, section_id), head[0], html[head.end() :])


def on_one_page(html: str, lesson: str) -> str:
    """Links between lessons, and within this one, become links within the handout."""
    html = SECTION_LINK.sub(lambda found: f'href="{anchor_url(lesson, found[1])}"', html)
    return relink(
        html, anchor_url, lambda section: anchor_url(INTRODUCTION, section), asset_path, "#glossary"
    )


def anchor(lesson: str, section_id: str | None = None) -> str:
    """Section ids are unique within a lesson only; the handout holds all lessons in one page."""
    return f"lesson-{lesson}--{section_id}" if section_id else f"lesson-{lesson}"


def anchor_url(lesson: str, section_id: str | None) -> str:
    return "#" + anchor(lesson, section_id)


def article(guideline: Guideline, citation: Citation) -> Article:
    """Raise StopIteration when the guideline has no such article: the checks refuse such a course."""
    return next(article for article in guideline.articles if citation == f"{article.id}@{guideline.version}")
