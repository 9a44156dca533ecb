"""`kyozai build`: sources in, course package and PDFs out. All of it appears in `dist/`, or none."""

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from builder.commands.options import (
    course_option,
    language_option,
    schemas_option,
    show,
    stop,
    stops,
    strict_option,
)
from builder.language import N_, Language, translations
from builder.last_build import LastBuild
from builder.memory import collector_paused
from builder.model.deliveries import PRESETS, Options, Wanted

MADE = N_("%(folder)s に作りました。")
SIZE = N_("  %(name)s  %(size)s バイト")
CHECKSUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"


@click.command()
@course_option
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to fill. Default: dist in the course's folder.",
)
@click.option(
    "--sign",
    "key",
    envvar="KYOZAI_SIGN",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEY",
    help="Sign SHA256SUMS with this Ed25519 key (PEM). Default: the one that KYOZAI_SIGN names.",
)
@click.option("--one-unit", is_flag=True, help="cmi5: one unit for the whole course, not one a module.")
@click.option(
    "--preset",
    "presets",
    multiple=True,
    type=click.Choice(sorted(PRESETS)),
    help="Make a delivery for this system, too.",
)
@schemas_option
@strict_option
@language_option
@collector_paused()
def command(
    root: Path,
    output: Path | None,
    key: Path | None,
    one_unit: bool,
    presets: tuple[str, ...],
    schemas: Path | None,
    strict: bool,
    language: Language,
) -> None:
    """Build the course package, the PDFs and the deliveries into dist/."""
    folder = output or root / "dist"
    wanted = Wanted(Options(one_unit=one_unit), presets, str(schemas.absolute()) if schemas else "")
    last = LastBuild(root, folder, wanted, key)
    report(folder, last.left() or build(root, folder, last, wanted, key, strict, language), language)


def build(
    root: Path,
    folder: Path,
    last: LastBuild,
    wanted: Wanted,
    key: Path | None,
    strict: bool,
    language: Language,
) -> dict[str, int]:
    """File name → size. What it takes is loaded only now: often nothing has changed."""
    from builder.checks import check_folder
    from builder.making import DeliveryRefused, make
    from builder.output import OutputRefused, replace_output
    from builder.print import PrintFailed
    from builder.signature import SignatureRefused

    course, problems = check_folder(root)
    if course is None or stops(problems, strict):
        stop(problems, language)
    show(problems, language)
    try:
        files = make(course, root, wanted)
        replace_output(folder, files, key)
    except (PrintFailed, DeliveryRefused) as failed:
        stop(failed.problems, language)
    except (OutputRefused, SignatureRefused) as refused:
        stop([refused.problem], language)
    if not problems:
        last.keep()
    return {name: len(data) for name, data in files.items()}


def report(folder: Path, sizes: Mapping[str, int], language: Language) -> None:
    say: Callable[[str], str] = translations(language).gettext
    click.echo(say(MADE) % {"folder": folder})
    for name in sorted(sizes.keys() - {CHECKSUMS, SIGNATURE}):
        click.echo(say(SIZE) % {"name": name, "size": f"{sizes[name]:,}"})
    click.echo(f"  {CHECKSUMS}")
