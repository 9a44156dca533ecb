"""`kyozai build`: sources in, course package and PDFs out. All of it appears in `dist/`, or none."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import click

from builder.cache import Cache
from builder.checks import check_folder
from builder.commands.options import course_option, language_option, show, stop, stops, strict_option
from builder.digests import digest
from builder.language import N_, Language, translations
from builder.memory import collector_paused
from builder.model.course import Course
from builder.output import CHECKSUMS, OutputRefused, replace_output
from builder.package.writing import content_files, describe, write_package
from builder.print import PrintFailed
from builder.print.handout import handout
from builder.print.proof import proofread
from builder.print.summary import summary
from builder.rendering.course import RenderedCourse, render_course

MADE = N_("%(folder)s に作りました。")
SIZE = N_("  %(name)s  %(size)s バイト")
PDFS = {"handout": handout, "summary": summary}


@click.command()
@course_option
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to fill. Default: dist in the course's folder.",
)
@strict_option
@language_option
@collector_paused()
def command(root: Path, output: Path | None, strict: bool, language: Language) -> None:
    """Build the course package and the PDFs into dist/."""
    course, problems = check_folder(root)
    if course is None or stops(problems, strict):
        stop(problems, language)
    show(problems, language)
    folder = output or root / "dist"
    try:
        files = make(course, root)
        replace_output(folder, files)
    except PrintFailed as failed:
        stop(failed.problems, language)
    except OutputRefused as refused:
        stop([refused.problem], language)
    report(folder, files, language)


def make(course: Course, root: Path) -> dict[str, bytes]:
    """Everything that a build leaves, but for the checksums: file name → bytes. Raise PrintFailed."""
    cache = Cache(root)
    rendered = render_course(course, root, cache)
    pdfs = print_pdfs(rendered, cache)
    return {f"{course.file.id}-{course.file.release}.zip": write_package(rendered, pdfs)} | pdfs


def print_pdfs(rendered: RenderedCourse, cache: Cache) -> dict[str, bytes]:
    """All that keeps any of the PDFs from being printed is found in one run."""
    content = printed_content(rendered)
    pdfs, problems = {}, []
    for name in PDFS:
        try:
            pdfs[f"{name}.pdf"] = cache.remember(name, content, partial(print_pdf, name, rendered))
        except PrintFailed as failed:
            problems += failed.problems
    if problems:
        raise PrintFailed(problems)
    return pdfs


def print_pdf(name: str, rendered: RenderedCourse) -> bytes:
    """Raise PrintFailed."""
    shown = describe(rendered, content_files(rendered))
    return proofread(name, PDFS[name](rendered), rendered.course, shown)


def printed_content(rendered: RenderedCourse) -> list[object]:
    """Everything that may appear in a PDF."""
    course = rendered.course.model_dump(mode="json", exclude={"releases": True, "file": {"checks"}})
    return [course, {path: digest(data) for path, data in content_files(rendered).items()}]


def report(folder: Path, files: Mapping[str, bytes], language: Language) -> None:
    say: Callable[[str], str] = translations(language).gettext
    click.echo(say(MADE) % {"folder": folder})
    for name in sorted(files):
        click.echo(say(SIZE) % {"name": name, "size": f"{len(files[name]):,}"})
    click.echo(f"  {CHECKSUMS}")
