"""The course package's `course.json`: what a release consists of, with digests."""

from typing import Literal

from pydantic import Field

from builder.model.base import Citation, Day, Digest, Id, Model, SourceNumber, Text, Version
from builder.model.course import Basis, Guideline, Source, Term


class PackagedSection(Model):
    id: Id
    title: Text
    basis: Basis | None
    sources: tuple[SourceNumber, ...]
    digest: Digest


class PackagedQuestion(Model):
    """`digest` covers all of it, `key` the right answer alone."""

    id: Id
    digest: Digest
    key: Digest
    choices: dict[Id, Digest]


class PackagedObjective(Model):
    id: Id
    title: Text
    must_pass: bool
    questions: tuple[PackagedQuestion, ...]


class PackagedModule(Model):
    id: Id
    order: int
    version: Version
    title: Text
    article: Citation
    point: Text
    minutes: int
    change: Text
    sections: tuple[PackagedSection, ...]
    pass_number: int
    objectives: tuple[PackagedObjective, ...]


class PackagedIntroduction(Model):
    title: Text
    minutes: int
    sections: tuple[PackagedSection, ...]


class Manifest(Model):
    """`course.json`.

    `files` gives the SHA-256 of every other file in the package. `content_digest` covers lessons,
    questions and assets, not the PDFs: it is the same on any machine. `predecessor` is the release
    that this one follows.
    """

    format: Literal[1]
    id: Id
    title: Text
    description: Text
    release: Version
    released: Day
    predecessor: Version | None
    languages: tuple[str, ...]
    guideline: Guideline
    notice: Text
    introduction: PackagedIntroduction
    modules: tuple[PackagedModule, ...] = Field(min_length=1)
    sources: tuple[Source, ...]
    glossary: tuple[Term, ...]
    content_digest: Digest
    tools: dict[str, str]
    files: dict[str, Digest]

    def module(self, module_id: str) -> PackagedModule:
        """Raise KeyError when the release has no such module."""
        for module in self.modules:
            if module.id == module_id:
                return module
        raise KeyError(module_id)
