"""A course as its authors write it: `course/` and `modules/`."""

from typing import Literal

from pydantic import Field

from builder.model.base import Citation, Day, Id, Model, SourceNumber, Text, Version
from builder.model.quiz import Quiz

Basis = Literal["official", "course"]
"""`official`: a public source gives it (its numbers must be named). `course`: our own explanation."""


class Article(Model):
    id: Id
    number: int = Field(ge=1)
    title: Text


class Guideline(Model):
    """The official text that the course explains. Its version appears in citations only."""

    title: Text
    version: Version
    published: Day
    url: Text
    articles: tuple[Article, ...] = Field(min_length=1)

    def cites(self, citation: str) -> bool:
        return citation in {f"{article.id}@{self.version}" for article in self.articles}


class Source(Model):
    """A public source. `url` is missing only where the source has no public address."""

    number: SourceNumber
    title: Text
    url: Text | None = None


class Term(Model):
    """A glossary entry: the word, its plain definition, its English."""

    term: Text
    definition: Text
    english: Text


class CourseFile(Model):
    """`course/course.yaml`."""

    id: Id
    title: Text
    description: Text
    release: Version
    released: Day
    languages: tuple[Literal["ja"], ...] = ("ja",)
    guideline: Guideline
    notice: Text
    sources: tuple[Source, ...]


class Glossary(Model):
    """`course/glossary.yaml`."""

    terms: tuple[Term, ...]


class Section(Model):
    """A heading of level two and the Markdown under it, up to the next one.

    `line` is that of the heading, counted from 1 in `lesson.md`; the Markdown begins on the next one.
    """

    id: Id
    title: Text
    basis: Basis | None
    sources: tuple[SourceNumber, ...]
    markdown: str
    line: int


class LessonHeader(Model):
    """The front matter of a module's `lesson.md`.

    `point` is the module in one line (it stands on the summary), `minutes` includes the quiz,
    `change` says in a sentence what is new in this version.
    """

    id: Id
    order: int = Field(ge=1)
    version: Version
    title: Text
    article: Citation
    point: Text
    minutes: int = Field(ge=1, le=60)
    change: Text


class IntroductionHeader(Model):
    """The front matter of `course/introduction.md`."""

    title: Text
    minutes: int = Field(ge=1, le=60)


class Introduction(Model):
    """A lesson without a quiz: never required, never counted."""

    header: IntroductionHeader
    sections: tuple[Section, ...]
    path: str


class Module(Model):
    """One value: lesson and quiz. `path` is that of `lesson.md`, relative to the course's root."""

    header: LessonHeader
    sections: tuple[Section, ...]
    quiz: Quiz
    path: str
    quiz_path: str

    @property
    def id(self) -> str:
        return self.header.id


class Course(Model):
    """Everything described by `course/`, `modules/` and `quizzes/`; modules in their order.

    `releases` are the release numbers already written to `course/releases/`, oldest first.
    """

    file: CourseFile
    glossary: Glossary
    introduction: Introduction
    modules: tuple[Module, ...]
    releases: tuple[Version, ...] = ()
