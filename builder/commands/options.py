"""What the builder's commands have in common: their options, and how problems are shown."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from builder.language import LANGUAGES, N_, Language, translations
from builder.model.problem import Place, Problem, counts

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
strict_option = click.option("--strict", is_flag=True, help="Let warnings stop, too.")
schemas_option = click.option(
    "--schemas",
    envvar="KYOZAI_SCHEMAS",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Hold manifests against the standards' XML schemas (.xsd) in FOLDER, too. Default: KYOZAI_SCHEMAS.",
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
    return counts(problems)["error"] > 0


def stops(problems: Sequence[Problem], strict: bool) -> bool:
    return has_errors(problems) or (strict and bool(problems))


def stop(problems: Sequence[Problem], language: Language) -> NoReturn:
    """Show what is wrong, count it, and end with exit code 1."""
    show(problems, language)
    message = translations(language).gettext(N_("誤り %(error)d 件、注意 %(warning)d 件。"))
    click.echo(message % counts(problems), err=True)
    raise SystemExit(1)


def as_document(problems: Sequence[Problem], language: Language) -> str:
    """JSON, as docs/problems.md describes it."""
    document = {
        "language": language,
        "errors": counts(problems)["error"],
        "warnings": counts(problems)["warning"],
        "problems": [described(problem, language) for problem in problems],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def described(problem: Problem, language: Language) -> dict[str, str | int | None]:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": problem.place.file,
        "line": problem.place.line or None,
        "column": problem.place.column or None,
        "cause": problem.cause(language),
        "hint": problem.hint(language),
    }
