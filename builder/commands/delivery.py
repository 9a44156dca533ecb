"""`kyozai delivery verify`: whether a delivery may leave the house, or come into it."""

import json
from pathlib import Path

import click

from builder.commands.options import as_text, language_option, schemas_option
from builder.language import N_, Language, translations

GOOD = N_("%(form)s の配布物です。ファイル %(files)d 個。誤りはありません。")
RAN = N_("動かして確かめました：不合格にも修了にも、たどり着けます。")
NOT_RUN = N_("中のプレーヤーを動かしてはいません（Kyozai の配布物だけを動かせます）。")
FORMS = {"web": N_("ウェブ")}


@click.group()
def command() -> None:
    """Verify what is made for other learning systems, ours or another's."""


@command.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--trusted",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="One of the public keys (PEM) in FOLDER must have signed it.",
)
@schemas_option
@language_option
def verify_command(
    file: Path, as_json: bool, trusted: Path | None, schemas: Path | None, language: Language
) -> None:
    """Verify FILE: safe to unpack, whole, and fetching nothing from elsewhere. It is not trusted."""
    from builder.deliveries.verification import verify
    from builder.signature import signature_problem

    seen = verify(file.read_bytes(), file.name, schemas)
    unsigned = signature_problem(file, trusted) if trusted else None
    problems = [*seen.problems, *([unsigned] if unsigned else [])]
    errors = [problem for problem in problems if problem.severity == "error"]
    say = translations(language).gettext
    if as_json:
        found = [{"code": each.code, "severity": each.severity, "file": each.place.file} for each in problems]
        told = {"form": seen.form, "files": seen.files, "has_run": seen.has_run, "problems": found}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(as_text(problem, language), err=True)
        if not errors:
            click.echo(say(GOOD) % {"form": say(FORMS.get(seen.form, seen.form)), "files": seen.files})
            click.echo(say(RAN if seen.has_run else NOT_RUN))
    if errors:
        raise SystemExit(1)
