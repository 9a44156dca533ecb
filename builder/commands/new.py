"""`kyozai new`: files to begin with. Nothing that is there is changed."""

from collections.abc import Mapping
from pathlib import Path

import click

from builder.authoring.drafts import MARK, ModuleDraft
from builder.authoring.planning import Wish, plan_module, plan_quiz
from builder.authoring.writing import WritingRefused, write_new
from builder.commands.options import course_option, language_option, stop
from builder.language import N_, Language, translations
from builder.model.schemas import QUIZ, schema_files
from builder.sources import Sources, read_sources
from builder.sources.releases import read_releases

MADE = N_("作りました：%(file)s")
ABOUT = N_("順番 %(order)d「%(title)s」、条 %(article)s。違うときは、レッスンの始めで直します。")
NEXT = N_("次に：kyozai preview%(course)s で見ながら、%(mark)sの文を書き直します。")
LEFT = N_("まだ書かれていないものは、kyozai coverage%(course)s で分かります。")


@click.group()
def command() -> None:
    """Begin a module or a quiz, with files that check finds no error in."""


@command.command("module")
@click.argument("module_id", metavar="ID")
@click.option("--title", help="The module's title. Default: that of the article.")
@click.option("--order", type=click.IntRange(1), help="Its place in the course. Default: the first free one.")
@click.option(
    "--article", help="The article's id. Default: the one of the same number, or the next without a module."
)
@course_option
@language_option
def module(
    module_id: str, title: str | None, order: int | None, article: str | None, root: Path, language: Language
) -> None:
    """Make a lesson and its quiz, with all their parts and a word on each."""
    sources = sources_of(root, language)
    releases, _ = read_releases(root, sources.releases)
    draft, problems = plan_module(sources, releases, Wish(module_id, title, order, article))
    if draft is None:
        stop(problems, language)
    write(root, draft.files(), language)
    say_what_it_is_about(draft, language)
    say_what_is_next(root, language)


@command.command("quiz")
@click.argument("module_id", metavar="ID")
@course_option
@language_option
def quiz(module_id: str, root: Path, language: Language) -> None:
    """Make the quiz of a lesson that has none."""
    files, problems = plan_quiz(sources_of(root, language), module_id)
    if problems:
        stop(problems, language)
    write(root, files, language)
    say_what_is_next(root, language)


def sources_of(root: Path, language: Language) -> Sources:
    sources = read_sources(root)
    if not sources.is_course:
        stop(sources.problems, language)
    return sources


def write(root: Path, files: Mapping[str, str], language: Language) -> None:
    """With the schemas that the files name, if these are not there yet."""
    schemas = {} if (root / QUIZ.path).exists() else schema_files()
    missing = {path: text for path, text in schemas.items() if not (root / path).exists()}
    try:
        write_new(root, {**files, **missing})
    except WritingRefused as refused:
        stop([refused.problem], language)
    for path in (*files, *missing):
        click.echo(translations(language).gettext(MADE) % {"file": path})


def say_what_it_is_about(draft: ModuleDraft, language: Language) -> None:
    values = {"order": draft.order, "title": draft.title, "article": draft.article}
    click.echo(translations(language).gettext(ABOUT) % values)


def say_what_is_next(root: Path, language: Language) -> None:
    course = "" if root == Path() else f" --course {root}"
    for message in (NEXT, LEFT):
        click.echo(translations(language).gettext(message) % {"course": course, "mark": MARK})
