"""What the builder's commands have in common: their options, and how problems are shown."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from builder.language import LANGUAGES, N_, Language, translations
from builder.model.problem import Place, Problem

ERROR = N_("誤り")
WARNING = N_("注意")

course_option = click.option(
    "--course",
    "root",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The course's folder. Default: this folder.",
)
language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="ja",
    help="The language of messages. Default: ja.",
)


def show(problems: Sequence[Problem], language: Language) -> None:
    for problem in problems:
        click.echo(as_text(problem, language), err=True)


def as_text(problem: Problem, language: Language) -> str:
    severity = ERROR if problem.severity == "error" else WARNING
    return (
        f"{where(problem.place)} {translations(language).gettext(severity)} [{problem.code}]\n"
        f"  {problem.cause(language)}\n"
        f"  → {problem.hint(language)}"
    )


def where(place: Place) -> str:
    return f"{place.file}:{place.line}:{place.column}" if place.line else place.file


def has_errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def stop(problems: Sequence[Problem], language: Language) -> NoReturn:
    """Show what is wrong, count it, and end with exit code 1."""
    show(problems, language)
    message = translations(language).gettext(N_("誤りが %(count)d 件あります。"))
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(message % {"count": errors}, err=True)
    raise SystemExit(1)
