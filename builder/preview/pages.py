"""The pages of the preview: an edition and an address in, HTML out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from builder.language import LANGUAGES, N_, Language
from builder.model.course import Course, Module
from builder.model.problem import Problem
from builder.model.questions import NotAnAnswer, Question
from builder.preview.editions import Edition
from builder.rendering.course import RenderedCourse, RenderedSection
from builder.rendering.links import INTRODUCTION, asset_path, cited, relink
from builder.rendering.templates import environment

Values = dict[str, Any]

PRINTS = {"summary": N_("要点1枚"), "handout": N_("読みもの全体")}
PRINTED = re.compile(r"/[a-z]+/print/([a-z]+)\.pdf")
VIEWS = {"phone": ("phone",), "desktop": ("desktop",), "both": ("phone", "desktop")}
"""The widths that a page is shown at: in a window of its own size, or in two beside each other."""


class NoSuchPage(LookupError):
    """The course has, in this edition, nothing at this address."""


def page(edition: Edition, path: str, query: str = "") -> tuple[HTTPStatus, str]:
    """`path` begins with the language: `/ja/modules/customer-view/`. `query` is an answer to a question."""
    language, place = split(path)
    status = HTTPStatus.OK
    if edition.rendered is None:
        template, values = "nothing.html", Values()
    else:
        try:
            template, values = Pages(edition.rendered, language).find(place, query)
        except NoSuchPage:
            status, template, values = HTTPStatus.NOT_FOUND, "missing.html", Values()
    return status, show(template, language, edition=edition, place=place, **values)


def printed_name(path: str) -> str | None:
    """Of the PDF at an address such as `/ja/print/summary.pdf`."""
    found = PRINTED.fullmatch(path)
    return found[1] if found and found[1] in PRINTS else None


def print_failed(path: str, problems: Sequence[Problem]) -> tuple[HTTPStatus, str]:
    """What stands where the PDF would stand."""
    language, _ = split(path)
    return HTTPStatus.UNPROCESSABLE_ENTITY, show("print-failed.html", language, problems=problems)


def split(path: str) -> tuple[Language, str]:
    for language in LANGUAGES:
        if path.startswith(f"/{language}/"):
            return language, path.removeprefix(f"/{language}/")
    return LANGUAGES[0], path.removeprefix("/")


@dataclass(frozen=True)
class Pages:
    rendered: RenderedCourse
    language: Language

    @property
    def course(self) -> Course:
        return self.rendered.course

    def find(self, place: str, query: str) -> tuple[str, Values]:
        """The template of the page and what it shows. Raises NoSuchPage."""
        match place.split("/"):
            case [""]:
                return "index.html", {"course": self.course}
            case ["introduction", ""]:
                return "introduction.html", self.introduction()
            case ["modules", module_id, ""]:
                return "module.html", self.module(module_id)
            case ["quizzes", module_id, ""]:
                return "quiz.html", {"module": self.find_module(module_id)}
            case ["quizzes", module_id, question_id, ""]:
                return "question.html", self.question(module_id, question_id, query)
            case ["glossary", ""]:
                return "glossary.html", {"course": self.course}
            case ["sources", ""]:
                return "sources.html", {"course": self.course}
            case ["print", name, ""] if name in PRINTS:
                return "print.html", {"name": name, "print_title": PRINTS[name]}
            case ["views", view, *rest] if view in VIEWS:
                return "view.html", {"view": view, "widths": VIEWS[view], "inner": "/".join(rest)}
        raise NoSuchPage(place)

    def introduction(self) -> Values:
        return {"header": self.course.introduction.header, **self.lesson(self.rendered.introduction)}

    def module(self, module_id: str) -> Values:
        module = self.find_module(module_id)
        articles = self.course.file.guideline.articles
        cited_article = module.header.article.partition("@")[0]
        return {
            "module": module,
            "article": next(article for article in articles if article.id == cited_article),
            "guideline": self.course.file.guideline,
            **self.lesson(self.rendered.modules[module_id]),
        }

    def lesson(self, sections: tuple[RenderedSection, ...]) -> Values:
        return {
            "sections": [(section.section, self.linked(section.html)) for section in sections],
            "sources": cited((section.html for section in sections), self.course.file.sources),
        }

    def linked(self, html: str) -> str:
        return relink(
            html,
            module_url=lambda module_id, section: self.url(f"modules/{module_id}/", section),
            introduction_url=lambda section: self.url(f"{INTRODUCTION}/", section),
            asset_url=lambda module_id, file: "/" + asset_path(module_id, file),
            glossary_url=self.url("glossary/", None),
        )

    def url(self, place: str, section: str | None) -> str:
        return f"/{self.language}/{place}" + (f"#{section}" if section else "")

    def question(self, module_id: str, question_id: str, query: str) -> Values:
        module = self.find_module(module_id)
        ids = [question.id for _, question in module.quiz.questions()]
        if question_id not in ids:
            raise NoSuchPage(question_id)
        number = ids.index(question_id)
        return {
            "module": module,
            "question": module.quiz.question(question_id),
            "before": ids[number - 1] if number else None,
            "after": ids[number + 1] if number + 1 < len(ids) else None,
            **answered(module.quiz.question(question_id), query),
        }

    def find_module(self, module_id: str) -> Module:
        for module in self.course.modules:
            if module.id == module_id:
                return module
        raise NoSuchPage(module_id)


def answered(question: Question, query: str) -> Values:
    """What was tried out, or nothing. `incomplete`: the form holds no whole answer, and is asked again."""
    form = parse_qs(query)
    try:
        return {"draft": form, "given": question.parse(form) if query else None, "incomplete": False}
    except NotAnAnswer:
        return {"draft": form, "given": None, "incomplete": True}


def show(template: str, language: Language, **values: Any) -> str:
    return environment("builder.preview", language).get_template(template).render(language=language, **values)
