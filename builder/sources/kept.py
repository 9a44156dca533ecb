"""A module that was read before without a problem: values are kept, places are read when asked for."""

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from builder.cache import Cache
from builder.model.course import LessonHeader, Module
from builder.model.quiz import Quiz
from builder.sources.documents import Document
from builder.sources.files import read_text
from builder.sources.lessons import LessonSource, read_lesson
from builder.sources.tree import Node, read_tree

SUBJECT = "modules"


def keep_module(kept: Cache, fingerprint: str, module: Module) -> None:
    kept.keep(SUBJECT, kept.key(SUBJECT, fingerprint), module.model_dump_json(by_alias=True).encode())


def kept_module(kept: Cache, fingerprint: str) -> Module | None:
    """`fingerprint`: of the module's files."""
    data = kept.kept(SUBJECT, kept.key(SUBJECT, fingerprint))
    try:
        return Module.model_validate_json(data) if data else None
    except ValidationError:
        return None


def as_lesson(root: Path, module: Module) -> LessonSource[LessonHeader]:
    @cache
    def again() -> LessonSource[LessonHeader]:
        return read_lesson(LessonHeader, root, module.path)[0]

    def header() -> Node:
        written = again().header
        assert written is not None
        return written.tree

    return LessonSource(
        path=module.path,
        sections=module.sections,
        read_lines=lambda: again().lines,
        whole=True,
        header=Document(module.path, module.header, header),
    )


def as_quiz(root: Path, module: Module) -> Document[Quiz]:
    path = module.quiz_path
    return Document(path, module.quiz, lambda: read_tree(path, read_text(root, path))[0])
