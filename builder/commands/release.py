"""`kyozai release`: write down what a release consists of, for the ones after it to be held against."""

from collections.abc import Sequence
from pathlib import Path

import click

from builder.checks import check_folder
from builder.commands.options import course_option, has_errors, language_option, show, stop
from builder.language import N_, Language, translations
from builder.model.course import Course
from builder.model.problem import Kind, Place, Problem
from builder.model.release import Release, as_file, release_of
from builder.package import PackageInvalid, open_package
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
PACKAGE_DIFFERS = Kind(
    "release-package-differs",
    "error",
    N_("パッケージは、コース %(course)s の版 %(written)s です。"),
    N_("コース %(expected)s の版 %(given)s として公開したパッケージを指定します。"),
)
DONE = N_("%(path)s を書きました。教材と一緒にコミットし、kyozai build、kyozai publish の順に進みます。")


@click.command()
@click.argument("number")
@click.option(
    "--from",
    "package",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Of this package, which was published, instead of the folder. Replaces what is there.",
)
@course_option
@language_option
def command(number: str, package: Path | None, root: Path, language: Language) -> None:
    """Write course/releases/NUMBER.json, once, when the course is ready to be published."""
    course, problems = check_folder(root)
    if course is None:
        stop(problems, language)
    if package:
        release = published_release(package, number, course.file.id, language)
    else:
        release = release_to_be(course, problems, number, root, language)
    path = release_path(number)
    file = root / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(as_file(release), "utf-8")
    click.echo(translations(language).gettext(DONE) % {"path": path})


def published_release(package: Path, number: str, course_id: str, language: Language) -> Release:
    """What a package says of itself. Stops where it is not that release of the course."""
    place = Place(package.name)
    try:
        manifest = open_package(package.read_bytes()).manifest
    except PackageInvalid as invalid:
        stop([Problem(each.kind, place, each.values) for each in invalid.problems], language)
    if (manifest.id, manifest.release) != (course_id, number):
        found = {"course": manifest.id, "written": manifest.release}
        wanted = {"expected": course_id, "given": number}
        stop([Problem(PACKAGE_DIFFERS, place, found | wanted)], language)
    return release_of(manifest)


def release_to_be(
    course: Course, problems: Sequence[Problem], number: str, root: Path, language: Language
) -> Release:
    """What the folder holds. Stops where that has an error, another number, or was released already."""
    if has_errors(problems):
        stop(problems, language)
    show(problems, language)
    if number != course.file.release:
        values = {"written": course.file.release, "given": number}
        stop([Problem(OTHER_NUMBER, Place(COURSE_FILE), values)], language)
    if number in course.releases:
        stop([Problem(WRITTEN_ALREADY, Place(release_path(number)), {"given": number})], language)
    return current_release(course, root)
