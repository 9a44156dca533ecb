"""What people read in the source files: one text per file, and where each part of it was written.

Not in it: code, HTML, the addresses of links and figures, and the words that stand for a figure.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter

from markdown_it.token import Token

from builder.markdown import parse
from builder.model.course import CourseFile, Glossary, Section
from builder.model.problem import Place
from builder.model.quiz import Quiz
from builder.rendering.sections import REFERENCE
from builder.sources import Sources
from builder.sources.documents import Document, M
from builder.sources.lessons import H, LessonSource
from builder.sources.tree import Step

SOMETHING = "\ufffc"
"""Stands for code: it is there, and is no prose."""

NOT_READ = re.compile(r"[!-~]*[/:\\][!-~]+|\s+")

HEADER = ("title", "point", "change")


@dataclass
class Prose:
    """`module`: the name of the module that the file belongs to, empty when to none.

    Lines of `text` end where a paragraph, a cell or a value ends. `marks`: offset, and the place from there.
    """

    path: str
    module: str = ""
    text: str = ""
    marks: list[tuple[int, Callable[[int], Place]]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def mark(self, place: Callable[[int], Place]) -> None:
        """`place`: of a character, by its distance from here."""
        self.marks.append((self.length, place))

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def place(self, offset: int) -> Place:
        start, place = self.marks[bisect_right(self.marks, offset, key=itemgetter(0)) - 1]
        return place(offset - start)

    def closed(self) -> "Prose":
        self.text = "".join(self.parts)
        return self


def count(text: str) -> int:
    """How many characters there are to read: spaces, source references and addresses are none."""
    return len(NOT_READ.sub("", REFERENCE.sub("", text)))


def prose_of(sources: Sources) -> Iterator[Prose]:
    if sources.file:
        yield course_prose(sources.file)
    if sources.glossary:
        yield glossary_prose(sources.glossary)
    if sources.introduction:
        yield lesson_prose(sources.introduction)
    for module in sources.modules:
        if module.lesson:
            yield lesson_prose(module.lesson, module.name)
        if module.quiz:
            yield quiz_prose(module.quiz, module.name)


def course_prose(file: Document[CourseFile]) -> Prose:
    prose = Prose(file.path)
    for key in ("title", "description", "notice"):
        add_value(prose, file, getattr(file.value, key), key)
    return prose.closed()


def glossary_prose(glossary: Document[Glossary]) -> Prose:
    prose = Prose(glossary.path)
    for i, term in enumerate(glossary.value.terms):
        add_value(prose, glossary, term.definition, "terms", i, "definition")
    return prose.closed()


def lesson_prose(lesson: LessonSource[H], module: str = "") -> Prose:
    prose = Prose(lesson.path, module)
    if lesson.header:
        for key in HEADER:
            add_value(prose, lesson.header, getattr(lesson.header.value, key, ""), key)
    for section in lesson.sections:
        Lines(prose, lesson.lines).add_section(section)
    return prose.closed()


def quiz_prose(quiz: Document[Quiz], module: str = "") -> Prose:
    prose = Prose(quiz.path, module)
    for i, objective in enumerate(quiz.value.objectives):
        add_value(prose, quiz, objective.title, "objectives", i, "title")
        for j, question in enumerate(objective.questions):
            path: tuple[Step, ...] = ("objectives", i, "questions", j)
            add_value(prose, quiz, question.text, *path, "text")
            for k, choice in enumerate(question.all_choices()):
                if question.type == "true-false":
                    add_value(prose, quiz, choice.explanation, *path, f"if_{choice.id}")
                else:
                    add_value(prose, quiz, choice.text, *path, "choices", k, "text")
                    add_value(prose, quiz, choice.explanation, *path, "choices", k, "explanation")
            for k, target in enumerate(question.all_targets()):
                add_value(prose, quiz, target.text, *path, "targets", k, "text")
    return prose.closed()


def add_value(prose: Prose, document: Document[M], text: str, *path: Step) -> None:
    """A value of a YAML file. Every character of it has the place of the value."""
    prose.mark(partial(value_place, document, path))
    prose.add(text)
    prose.add("\n")


def value_place(document: Document[M], path: tuple[Step, ...], distance: int) -> Place:
    return document.place(*path)


def moved(place: Place, distance: int) -> Place:
    return Place(place.file, place.line, place.column + distance)


class Lines:
    """Finds the prose of one section in the lines of its file."""

    def __init__(self, prose: Prose, lines: tuple[str, ...]) -> None:
        self.prose = prose
        self.lines = lines
        self.line = 0
        self.columns: dict[int, int] = {}

    def add_section(self, section: Section) -> None:
        self.line = section.line - 1
        self.add_words(section.title)
        self.prose.add("\n")
        for block in parse(section.markdown):
            if block.type == "inline" and block.map:
                self.line = section.line + block.map[0]
                self.add_block(block.children or [])

    def add_block(self, tokens: list[Token]) -> None:
        is_address = False
        for token in tokens:
            if token.type in ("link_open", "link_close"):
                is_address = token.type == "link_open" and token.markup == "autolink"
            elif token.type == "text" and not is_address:
                self.add_words(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                self.line += 1
                self.prose.add(" " if token.type == "softbreak" else "\n")
            elif token.type == "code_inline":
                self.find(token.content)
                self.prose.add(SOMETHING)
        self.prose.add("\n")

    def add_words(self, words: str) -> None:
        column = self.find(words)
        self.prose.mark(partial(moved, Place(self.prose.path, self.line + 1, column + 1)))
        self.prose.add(words)

    def find(self, words: str) -> int:
        """The column of the words, after those already found in the line; theirs when not found."""
        start = self.columns.get(self.line, 0)
        column = self.lines[self.line].find(words, start)
        if column < 0:
            return start
        self.columns[self.line] = column + len(words)
        return column
