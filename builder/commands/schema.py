"""`kyozai schema`: the JSON Schemas of the source files, where editors find them without a network."""

from collections.abc import Iterator
from pathlib import Path

import click

from builder.authoring.reference import reference
from builder.authoring.writing import WritingRefused, stale, write_ours
from builder.commands.options import course_option, language_option, stop
from builder.language import N_, Language, translations
from builder.model.problem import Kind, Place, Problem
from builder.model.schemas import SOURCE_FILES, schema_files, schema_line
from builder.sources import COURSE_FILE, NO_COURSE

STALE = Kind(
    "schema-stale",
    "error",
    N_("「%(file)s」がないか、古くなっています。"),
    N_("kyozai schema で作り直します。"),
)
WRITTEN = N_("作りました：%(file)s")
CURRENT = N_("どれも新しいままです（%(folder)s）。")
UNNAMED = N_("次のファイルの一行目に、この行を加えると、エディタがキーを補い、誤りを示します。")


@click.command()
@course_option
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit code 1 when a file is stale.")
@click.option("--reference", "as_reference", is_flag=True, help="Print every key as Markdown instead.")
@language_option
def command(root: Path, only_check: bool, as_reference: bool, language: Language) -> None:
    """Write the JSON Schemas by which editors complete and check the YAML files."""
    if as_reference:
        click.echo(reference(), nl=False)
        return
    if not (root / COURSE_FILE).is_file():
        stop([Problem(NO_COURSE, Place(COURSE_FILE))], language)
    if only_check:
        refuse_stale(root, language)
    else:
        write_schemas(root, language)
    name_schemas(root, language)


def refuse_stale(root: Path, language: Language) -> None:
    problems = [Problem(STALE, Place(path), {"file": path}) for path in stale(root, schema_files())]
    if problems:
        stop(problems, language)


def write_schemas(root: Path, language: Language) -> None:
    say = translations(language).gettext
    try:
        written = write_ours(root, schema_files())
    except WritingRefused as refused:
        stop([refused.problem], language)
    for path in written:
        click.echo(say(WRITTEN) % {"file": path})
    if not written:
        click.echo(say(CURRENT) % {"folder": f"{root}/course/schemas"})


def name_schemas(root: Path, language: Language) -> None:
    """Say which files do not name theirs. They are the trainer's, and are not touched."""
    unnamed = list(files_without_schema(root))
    if unnamed:
        click.echo(translations(language).gettext(UNNAMED))
    for path in unnamed:
        click.echo(f"  {path}\n    {schema_line(path)}")


def files_without_schema(root: Path) -> Iterator[str]:
    for kind in SOURCE_FILES:
        if kind.is_yaml:
            for file in sorted(root.glob(kind.pattern)):
                path = file.relative_to(root).as_posix()
                if schema_line(path).encode() not in file.read_bytes():
                    yield path
