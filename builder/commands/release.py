"""`kyozai release`: write down what a release consists of, for the ones after it to be held against."""

from pathlib import Path

import click

from builder.checks import check_folder
from builder.commands.options import course_option, has_errors, language_option, show, stop
from builder.language import N_, Language, translations
from builder.model.problem import Kind, Place, Problem
from builder.model.release import as_file
from builder.package.release import current_release
from builder.sources import COURSE_FILE
from builder.sources.releases import release_path

OTHER_NUMBER = Kind(
    "release-number-differs",
    "error",
    N_("course/course.yaml の release は %(written)s です。%(given)s ではありません。"),
    N_("release と released（公開日）を直してから実行するか、版番号を %(written)s にします。"),
)
WRITTEN_ALREADY = Kind(
    "release-written-already",
    "error",
    N_("版 %(given)s の控えは、すでにあります。"),
    N_("公開した版は変えません。変更を公開するときは、版番号を上げます。"),
)
DONE = N_("%(path)s を書きました。教材と一緒にコミットし、kyozai build、kyozai publish の順に進みます。")


@click.command()
@click.argument("number")
@course_option
@language_option
def command(number: str, root: Path, language: Language) -> None:
    """Write course/releases/NUMBER.json, once, when the course is ready to be published."""
    course, problems = check_folder(root)
    if course is None or has_errors(problems):
        stop(problems, language)
    show(problems, language)
    path = release_path(number)
    if number != course.file.release:
        values = {"written": course.file.release, "given": number}
        stop([Problem(OTHER_NUMBER, Place(COURSE_FILE), values)], language)
    if number in course.releases:
        stop([Problem(WRITTEN_ALREADY, Place(path), {"given": number})], language)
    file = root / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(as_file(current_release(course, root)), "utf-8")
    click.echo(translations(language).gettext(DONE) % {"path": path})
