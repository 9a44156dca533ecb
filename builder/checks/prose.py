"""What people read in the source files: one text per file, and where each part of it was written.

Not in it: code, HTML, the addresses of links and figures, and the words that stand for a figure.
Most files have nothing to complain of, so places are only looked for when somebody asks.
"""

import re
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markdown_it.token import Token

from builder.markdown import parse
from builder.model.course import CourseFile, Glossary, IntroductionHeader, LessonHeader
from builder.model.problem import Place
from builder.model.quiz import Quiz
from builder.rendering.references import REFERENCE
from builder.sources import Sources
from builder.sources.documents import Document
from builder.sources.lessons import LessonSource
from builder.sources.tree import Step

SOMETHING = "\ufffc"
"""Stands for code: it is there, and is no prose."""

NOT_READ = re.compile(r"[!-~]*[/:\\][!-~]+|\s+")

COURSE = ("title", "description", "notice")
HEADER = ("title", "point", "change")

Path = tuple[Step, ...]
Value = tuple[str, Path]
"""A text, and where in its document it stands."""

Piece = tuple[str, int]
"""A text, and the index of its line in the file."""


@dataclass(frozen=True)
class Prose:
    """`module`: the name of the module that the file belongs to, empty when to none.

    Lines of `text` end where a paragraph, a cell or a value ends.
    """

    path: str
    module: str

    @property
    @abstractmethod
    def text(self) -> str: ...

    @abstractmethod
    def place(self, offset: int) -> Place:
        """Of a character of the text."""


def count(text: str) -> int:
    """How many characters there are to read: spaces, source references and addresses are none."""
    return len(NOT_READ.sub("", REFERENCE.sub("", text)))


def prose_of(sources: Sources) -> Iterator[Prose]:
    if sources.file:
        yield Values(sources.file.path, "", sources.file)
    if sources.glossary:
        yield Values(sources.glossary.path, "", sources.glossary)
    if sources.introduction:
        yield Lesson(sources.introduction.path, "", sources.introduction)
    for module in sources.modules:
        if module.lesson:
            yield Lesson(module.lesson.path, module.name, module.lesson)
        if module.quiz:
            yield Values(module.quiz.path, module.name, module.quiz)


@dataclass(frozen=True)
class Values(Prose):
    """The texts of a YAML file. Every character of a value has the place of the value."""

    document: Document[Any]

    @cached_property
    def text(self) -> str:
        return "".join(f"{text}\n" for text, _ in values_of(self.document.value))

    def place(self, offset: int) -> Place:
        end = 0
        for text, path in values_of(self.document.value):
            end += len(text) + 1
            if offset < end:
                return self.document.place(*path)
        raise IndexError(offset)


def values_of(value: object) -> Iterator[Value]:
    match value:
        case Quiz():
            yield from quiz_values(value)
        case Glossary():
            for i, term in enumerate(value.terms):
                yield term.definition, ("terms", i, "definition")
        case CourseFile():
            yield from ((getattr(value, key), (key,)) for key in COURSE)
        case LessonHeader() | IntroductionHeader():
            yield from ((getattr(value, key), (key,)) for key in HEADER if hasattr(value, key))


def quiz_values(quiz: Quiz) -> Iterator[Value]:
    for i, objective in enumerate(quiz.objectives):
        yield objective.title, ("objectives", i, "title")
        for j, question in enumerate(objective.questions):
            path: Path = ("objectives", i, "questions", j)
            yield question.text, (*path, "text")
            for k, choice in enumerate(question.all_choices()):
                if question.type == "true-false":
                    yield choice.explanation, (*path, f"if_{choice.id}")
                else:
                    yield choice.text, (*path, "choices", k, "text")
                    yield choice.explanation, (*path, "choices", k, "explanation")
            for k, target in enumerate(question.all_targets()):
                yield target.text, (*path, "targets", k, "text")


@dataclass(frozen=True)
class Lesson(Prose):
    """Header and sections. A character of a section has its own line and column."""

    source: LessonSource[LessonHeader] | LessonSource[IntroductionHeader]

    @cached_property
    def header(self) -> Values | None:
        return Values(self.path, self.module, self.source.header) if self.source.header else None

    @cached_property
    def text(self) -> str:
        body = "".join(text for text, _ in self.pieces())
        return f"{self.header.text}{body}" if self.header else body

    def place(self, offset: int) -> Place:
        if self.header:
            if offset < len(self.header.text):
                return self.header.place(offset)
            offset -= len(self.header.text)
        columns: dict[int, int] = {}
        for text, line in self.pieces():
            column = self.column(text, line, columns.get(line, 0))
            if offset < len(text):
                return Place(self.path, line + 1, column + offset + 1)
            offset -= len(text)
            columns[line] = column + len(text)
        raise IndexError(offset)

    def column(self, text: str, line: int, start: int) -> int:
        """Where the text stands in the line, after `start`; there when it was not written like this."""
        return max(self.source.lines[line].find(text, start), start)

    def pieces(self) -> Iterator[Piece]:
        for section in self.source.sections:
            yield section.title, section.line - 1
            yield "\n", section.line - 1
            for block in parse(section.markdown):
                if block.type == "inline" and block.map:
                    yield from block_pieces(block.children or [], section.line + block.map[0])


def block_pieces(tokens: list[Token], line: int) -> Iterator[Piece]:
    is_address = False
    for token in tokens:
        match token.type:
            case "text" if not is_address:
                yield token.content, line
            case "link_open":
                is_address = token.markup == "autolink"
            case "link_close":
                is_address = False
            case "softbreak" | "hardbreak":
                yield (" " if token.type == "softbreak" else "\n"), line
                line += 1
            case "code_inline":
                yield SOMETHING, line
    yield "\n", line
