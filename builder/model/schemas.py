"""JSON Schemas (draft 2020-12) of the source files, for editors to complete and check by.

A schema accepts exactly what the reader finds well formed, with every choice explained. What else the checks
say of a course (ids that lead nowhere, too few questions) is no matter of a schema.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import cleandoc, getsource
from itertools import pairwise
from pathlib import PurePosixPath
from posixpath import dirname, relpath
from textwrap import dedent
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from builder.model.base import Model, Written
from builder.model.course import CourseFile, Glossary, IntroductionHeader, LessonHeader
from builder.model.quiz import Quiz

FOLDER = "course/schemas"
SCHEMA_LINE = "# yaml-language-server: $schema="


@dataclass(frozen=True)
class SourceFile:
    """A kind of source file. `pattern`: which files of a course's folder are of this kind."""

    name: str
    pattern: str
    model: type[Model]

    @property
    def path(self) -> str:
        """Of its schema, relative to the course's root."""
        return f"{FOLDER}/{self.name}.json"

    @property
    def is_yaml(self) -> bool:
        return self.pattern.endswith(".yaml")


COURSE = SourceFile("course", "course/course.yaml", CourseFile)
GLOSSARY = SourceFile("glossary", "course/glossary.yaml", Glossary)
INTRODUCTION = SourceFile("introduction", "course/introduction.md", IntroductionHeader)
LESSON = SourceFile("lesson", "modules/*/lesson.md", LessonHeader)
QUIZ = SourceFile("quiz", "quizzes/*.yaml", Quiz)
SOURCE_FILES = (COURSE, INTRODUCTION, GLOSSARY, LESSON, QUIZ)


class AuthorsSchema(GenerateJsonSchema):
    """Says to authors what was written for them, and nothing that was written for programmers."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("description", None)
        for name, explanation in explanations(schema["cls"]).items():
            alias = schema["cls"].model_fields[name].alias or name
            made["properties"][alias]["description"] = explanation
        return made

    def field_is_required(self, field: Any, total: bool) -> bool:
        """A text that is empty when it is missing is one that the checks ask for."""
        return field["schema"].get("default") == "" or super().field_is_required(field, total)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default") in ("", None) or isinstance(made["default"], dict):
            made.pop("default", None)
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Pydantic leaves keys that do not fit the pattern open."""
        return super().dict_schema(schema) | {"additionalProperties": False}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """`discriminator` is a word of OpenAPI."""
        made = super().tagged_union_schema(schema)
        made.pop("discriminator")
        return made


def explanations(model: type) -> dict[str, str]:
    """Field → the text under it, in the source of the model and of those that it extends."""
    found: dict[str, str] = {}
    for written in (cls for cls in reversed(model.__mro__) if issubclass(cls, Written)):
        [definition] = ast.parse(dedent(getsource(written))).body
        assert isinstance(definition, ast.ClassDef)
        for field, text in pairwise([*definition.body, ast.Pass()]):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                    found[name] = cleandoc(said)
                case ast.AnnAssign(target=ast.Name(id=name)), _:
                    found.pop(name, None)
    return found


def json_schema(file: SourceFile) -> dict[str, Any]:
    made = file.model.model_json_schema(schema_generator=AuthorsSchema)
    return {"$schema": AuthorsSchema.schema_dialect, **made}


def schema_files() -> Mapping[str, str]:
    """Path, relative to the course's root → text."""
    return {file.path: as_text(json_schema(file)) for file in SOURCE_FILES}


def as_text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def source_file(path: str) -> SourceFile | None:
    """The kind of the file at a path relative to the course's root."""
    return next((file for file in SOURCE_FILES if PurePosixPath(path).match(file.pattern)), None)


def schema_line(path: str) -> str:
    """The first line of the YAML file at `path`, by which editors find its schema. It must have one."""
    file = source_file(path)
    assert file is not None
    return f"{SCHEMA_LINE}{relpath(file.path, dirname(path))}"
