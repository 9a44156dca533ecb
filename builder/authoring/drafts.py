"""The files that a new module begins with: complete, without an error, and marked as a draft throughout."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from builder.model.schemas import schema_line
from builder.sources import lesson_path, quiz_path

MARK = "【下書き】"
"""Stands in every text that still has to be written."""

REFERENCE = re.compile(r"^ +section: (.+)\n", re.MULTILINE)
PLAIN = re.compile(r"[^\W\d_][^:#'\"\n]*")
"""What YAML takes as text without quotes, whatever follows."""


@dataclass(frozen=True)
class ModuleDraft:
    """`source`: a number from the list of sources, for the parts that need one; None when there is none."""

    id: str
    order: int
    title: str
    article: str
    source: str | None

    @property
    def name(self) -> str:
        return f"{self.order:02}-{self.id}"

    def files(self) -> dict[str, str]:
        """Path, relative to the course's root → text."""
        lesson = environment().get_template("lesson.md").render(draft=self)
        sections = re.findall(r"^## .*\{#([a-z0-9-]+) ", lesson, re.MULTILINE)
        return {
            lesson_path(self.name): lesson,
            **quiz_files(self.name, self.id, self.article, sections),
        }


def quiz_files(name: str, module_id: str, article: str, sections: Collection[str]) -> dict[str, str]:
    """`sections`: the ids of those that the lesson has; questions refer to no others."""
    path = quiz_path(name)
    template = environment().get_template("quiz.yaml")
    text = template.render(schema_line=schema_line(path), module_id=module_id, article=article)
    return {path: REFERENCE.sub(lambda line: line[0] if line[1] in sections else "", text)}


def yaml_text(text: str) -> str:
    """One line of text as YAML reads it back."""
    needs_no_quotes = PLAIN.fullmatch(text) and text.lower() not in ("true", "false", "null")
    return text if needs_no_quotes else "'" + text.replace("'", "''") + "'"


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("builder.authoring"),
        autoescape=False,  # noqa: S701  # Markdown and YAML, read as such by the checks
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        comment_start_string="<#",  # {# begins the attributes of a heading
        comment_end_string="#>",
        keep_trailing_newline=True,
    )
    made.filters["yaml"] = yaml_text
    return made
