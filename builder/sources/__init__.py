"""A course's folder read into types. What cannot be used becomes a problem and stops nothing else."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from builder.cache import Cache
from builder.language import N_
from builder.model.base import Model, version_parts
from builder.model.course import (
    GLOSSARY_FILE,
    CheckSettings,
    Course,
    CourseFile,
    Glossary,
    Introduction,
    IntroductionHeader,
    LessonHeader,
    Module,
)
from builder.model.problem import Kind, Place, Problem
from builder.model.quiz import Quiz
from builder.sources.documents import Document, read_document
from builder.sources.files import Unusable, read_text
from builder.sources.fingerprints import fingerprint
from builder.sources.kept import as_lesson, as_quiz, keep_module, kept_module
from builder.sources.lessons import LessonSource, LessonText, read_lesson

NO_COURSE = Kind(
    "course-missing",
    "error",
    N_("ここはコースのフォルダではありません（course/course.yaml がありません）。"),
    N_(
        "コースのフォルダに移ってから実行するか、--course でフォルダを指定します。"
        "course.yaml を消したのなら、元に戻します。"
    ),
)

COURSE_FILE = "course/course.yaml"
INTRODUCTION = "course/introduction.md"

VERSION = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}")
MODULE_NAME = re.compile(r"[0-9]+-[a-z0-9]+(-[a-z0-9]+)*")

T = TypeVar("T")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class ModuleSource:
    """The files of one module. `name` is that of its folder and its quiz: `NN-<id>`.

    A part is None when its file is missing or cannot be used. `fingerprint` is None when the files' content
    is not all that matters.
    """

    name: str
    lesson: LessonSource[LessonHeader] | None
    quiz: Document[Quiz] | None
    fingerprint: str | None = None

    @property
    def id(self) -> str:
        """By the lesson, else by the name of the folder."""
        if self.lesson and self.lesson.header:
            return self.lesson.header.value.id
        return self.name.partition("-")[2]

    @property
    def hides(self) -> bool:
        """Whether a section is there that could not be read."""
        return self.lesson is not None and not self.lesson.whole


@dataclass(frozen=True)
class Outline:
    """What the rest of a course may lead to in a lesson. `whole` as in `LessonText`."""

    sections: tuple[str, ...]
    whole: bool


@dataclass(frozen=True)
class Sources:
    """What could be read of a course's folder, and the problems met on the way."""

    root: Path
    file: Document[CourseFile] | None
    glossary: Document[Glossary] | None
    introduction: LessonSource[IntroductionHeader] | None
    modules: tuple[ModuleSource, ...]
    releases: tuple[str, ...]
    problems: tuple[Problem, ...]
    beside: tuple[ModuleSource, ...] = ()
    """Modules of which nothing is asked, but that they are there."""

    @property
    def is_course(self) -> bool:
        """Whether the folder is a course's at all, whatever its state."""
        return (self.root / COURSE_FILE).is_file()

    @property
    def lessons(self) -> tuple[LessonText, ...]:
        """The introduction and the modules' lessons."""
        lessons = (self.introduction, *(module.lesson for module in self.modules))
        return tuple(lesson for lesson in lessons if lesson)

    def only(self, modules: Iterable[ModuleSource]) -> "Sources":
        """The same, where only some of the modules are to be looked at."""
        chosen = tuple(modules)
        names = {module.name for module in chosen}
        others = (module for module in self.modules if module.name not in names)
        return replace(self, modules=chosen, beside=(*self.beside, *others))

    @property
    def outlines(self) -> dict[str, Outline]:
        """Of every lesson, by its path: all that others may see of it."""
        beside = (module.lesson for module in self.beside if module.lesson)
        return {lesson.path: outline(lesson) for lesson in (*self.lessons, *beside)}

    @property
    def settings(self) -> CheckSettings:
        return self.file.value.checks if self.file else CheckSettings()

    @property
    def hidden_lessons(self) -> tuple[str, ...]:
        """The paths of lessons that are due, and of which nothing could be read: that was reported."""
        folders = {folder.name for folder in self.root.glob("modules/*")}
        names = folders | {module.name for module in (*self.modules, *self.beside)}
        read = self.outlines
        return tuple(path for path in (INTRODUCTION, *map(lesson_path, sorted(names))) if path not in read)

    def course(self) -> Course | None:
        """The course as far as it could be read: modules with a fault that hides them are left out."""
        modules = [module for module in map(whole_module, self.modules) if module]
        introduction = whole_introduction(self.introduction)
        if not (self.file and self.glossary and introduction and modules):
            return None
        return Course(
            file=self.file.value,
            glossary=self.glossary.value,
            introduction=introduction,
            modules=tuple(sorted(modules, key=lambda module: (module.header.order, module.path))),
            releases=self.releases,
        )


def outline(lesson: LessonText) -> Outline:
    return Outline(tuple(section.id for section in lesson.sections), lesson.whole)


def read_sources(root: Path, cache: Cache | None = None) -> Sources:
    """`cache`: where modules are kept that were read without a problem."""
    return Reading(root, cache).run()


class Reading:
    """One pass over the folder that gathers problems."""

    def __init__(self, root: Path, cache: Cache | None) -> None:
        self.root = root
        self.cache = cache
        self.problems: list[Problem] = []

    def run(self) -> Sources:
        if not (self.root / COURSE_FILE).is_file():
            return self.nothing()
        return Sources(
            root=self.root,
            file=self.usable(
                lambda: read_document(CourseFile, COURSE_FILE, read_text(self.root, COURSE_FILE))
            ),
            glossary=self.usable(
                lambda: read_document(Glossary, GLOSSARY_FILE, read_text(self.root, GLOSSARY_FILE))
            ),
            introduction=self.usable(lambda: read_lesson(IntroductionHeader, self.root, INTRODUCTION)),
            modules=tuple(self.module(name) for name in module_names(self.root)),
            releases=release_numbers(self.root),
            problems=tuple(self.problems),
        )

    def nothing(self) -> Sources:
        problem = Problem(NO_COURSE, Place(COURSE_FILE))
        return Sources(self.root, None, None, None, (), (), (problem,))

    def module(self, name: str) -> ModuleSource:
        if self.cache is None:
            return self.read_module(name, None)
        files = (f"modules/{name}", quiz_path(name))
        before = fingerprint(self.root, *files)
        kept = kept_module(self.cache, before) if before else None
        if kept:
            return ModuleSource(name, as_lesson(self.root, kept), as_quiz(self.root, kept), before)
        met = len(self.problems)
        source = self.read_module(name, before)
        module = whole_module(source) if len(self.problems) == met else None
        if before and module and not source.hides and before == fingerprint(self.root, *files):
            keep_module(self.cache, before, module)
        return source

    def read_module(self, name: str, fingerprint: str | None) -> ModuleSource:
        lesson, quiz = lesson_path(name), quiz_path(name)
        return ModuleSource(
            name=name,
            lesson=self.present(lesson, lambda: read_lesson(LessonHeader, self.root, lesson)),
            quiz=self.present(quiz, lambda: self.yaml(Quiz, quiz)),
            fingerprint=fingerprint,
        )

    def yaml(self, model: type[M], path: str) -> tuple[Document[M] | None, list[Problem]]:
        return read_document(model, path, read_text(self.root, path))

    def present(self, path: str, read: Callable[[], tuple[T | None, list[Problem]]]) -> T | None:
        return self.usable(read) if (self.root / path).exists() else None

    def usable(self, read: Callable[[], tuple[T | None, list[Problem]]]) -> T | None:
        try:
            value, problems = read()
        except Unusable as unusable:
            self.problems.append(unusable.problem)
            return None
        self.problems += problems
        return value


def lesson_path(name: str) -> str:
    return f"modules/{name}/lesson.md"


def quiz_path(name: str) -> str:
    return f"quizzes/{name}.yaml"


def module_names(root: Path) -> list[str]:
    """Of every module that has a folder or a quiz, sorted by name."""
    folders = {folder.name for folder in root.glob("modules/*") if folder.is_dir()}
    quizzes = {quiz.stem for quiz in root.glob("quizzes/*.yaml")}
    return sorted(filter(MODULE_NAME.fullmatch, folders | quizzes))


def release_numbers(root: Path) -> tuple[str, ...]:
    """Of the releases written to `course/releases/`, oldest first."""
    stems = (file.stem for file in root.glob("course/releases/*.json"))
    return tuple(sorted(filter(VERSION.fullmatch, stems), key=version_parts))


def whole_module(source: ModuleSource) -> Module | None:
    if not (source.lesson and source.lesson.header and source.quiz):
        return None
    return Module(
        header=source.lesson.header.value,
        sections=source.lesson.sections,
        quiz=source.quiz.value,
        path=source.lesson.path,
        quiz_path=source.quiz.path,
    )


def whole_introduction(source: LessonSource[IntroductionHeader] | None) -> Introduction | None:
    if not (source and source.header):
        return None
    return Introduction(header=source.header.value, sections=source.sections, path=source.path)
