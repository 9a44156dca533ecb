"""`kyozai check`: every problem of the course, each with its place, cause and hint."""

from pathlib import Path

import click

from builder.checks import check_folder
from builder.commands.options import course_option, has_errors, language_option, show, stop
from builder.language import N_, Language, translations
from builder.memory import collector_paused
from builder.model.course import Course

FINE = N_("誤りはありません。モジュール %(modules)d、設問 %(questions)d。")


@click.command()
@course_option
@language_option
@collector_paused()
def command(root: Path, language: Language) -> None:
    """Check lessons and quizzes; every problem with place, cause and hint."""
    course, problems = check_folder(root)
    if course is None or has_errors(problems):
        stop(problems, language)
    show(problems, language)
    click.echo(translations(language).gettext(FINE) % counts(course))


def counts(course: Course) -> dict[str, int]:
    questions = sum(len(list(module.quiz.questions())) for module in course.modules)
    return {"modules": len(course.modules), "questions": questions}
