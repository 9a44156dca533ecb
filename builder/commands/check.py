"""`kyozai check`: every problem of the course, each with its place, cause and hint."""

from pathlib import Path

import click

from builder.checks import check_folder
from builder.commands.options import (
    as_document,
    course_option,
    language_option,
    show,
    stop,
    stops,
    strict_option,
)
from builder.language import N_, Language, translations
from builder.memory import collector_paused
from builder.model.course import Course

FINE = N_("誤りはありません。モジュール %(modules)d、設問 %(questions)d。")


@click.command()
@course_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@strict_option
@language_option
@collector_paused()
def command(root: Path, as_json: bool, strict: bool, language: Language) -> None:
    """Check lessons and quizzes; every problem with place, cause and hint."""
    course, problems = check_folder(root)
    fails = course is None or stops(problems, strict)
    if as_json:
        click.echo(as_document(problems, language))
        raise SystemExit(int(fails))
    if course is None or fails:
        stop(problems, language)
    show(problems, language)
    click.echo(translations(language).gettext(FINE) % sizes(course))


def sizes(course: Course) -> dict[str, int]:
    questions = sum(len(list(module.quiz.questions())) for module in course.modules)
    return {"modules": len(course.modules), "questions": questions}
