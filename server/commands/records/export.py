"""`kyozai records export` and `audit-pack`"""

import sys
from pathlib import Path

import click

from builder.language import N_
from server.commands.environment import (
    load_settings,
    open_database,
    say,
    signing_keys,
    translated,
)
from server.commands.files import write_whole, written_whole
from server.commands.records.options import account, read_options, say_seal, seal_of
from server.record.department_history import department_history
from server.record.seals import seal_now
from server.reporting.audit_pack import write_audit_pack
from server.reporting.export import Export, log_export
from server.reporting.formats import FORMATS
from server.reporting.people import page_of_people
from server.storage.engine import reading, writing
from server.web import clock


@click.command("export")
@click.option("--as-of", "day", metavar="DAY", help="The day (2026-04-01), in Japan. Default: today.")
@click.option("--department", metavar="CODE", help="Only this department and all below it.")
@click.option(
    "--state",
    metavar="STATE",
    help="Only people in this state of the course, or in these: overdue,not-started.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="csv",
    show_default=True,
    help="CSV in UTF-8, in CP932 (a zip with a list of what it cannot write), Excel, or JSON Lines.",
)
@click.option(
    "--known-at", "revision", type=click.IntRange(1), metavar="REV", help="As it was known at this revision."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default=Path("-"),
    help="The file to write. Default: standard output.",
)
def export_command(
    day: str | None,
    department: str | None,
    state: str | None,
    form: str,
    revision: int | None,
    output: Path,
) -> None:
    """Write the completion records: the same bytes as the page's export. Seals the record first."""
    settings = load_settings()
    key, engine = signing_keys(settings).current(), open_database(settings)
    asked = read_options(engine, {"day": day or "", "department": department or "", "state": state or ""})
    with writing(engine) as connection:
        log_export(
            connection, asked, at=clock.now(), actor="kyozai records export", account=account(), format=form
        )
    newest = seal_now(engine, key, clock.now())
    made = Export(asked, seal_of(engine, revision) if revision else newest, FORMATS[form])
    if output == Path("-"):
        for piece in made.pieces(engine):
            click.echo(piece, nl=False)
        return
    with reading(engine) as connection:
        people = page_of_people(connection, department_history(connection), asked, 0, 1).number
    with click.progressbar(length=people, label=translated(N_("書き出し中")), file=sys.stderr) as bar:
        write_whole(output, made.pieces(engine, each=lambda: bar.update(1)))


@click.command("audit-pack")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-of", "day", metavar="DAY", help="The day (2026-04-01), in Japan. Default: today.")
def audit_pack_command(file: Path, day: str | None) -> None:
    """Write all that an auditor asks for into one zip, which is read without this program."""
    settings = load_settings()
    keys, engine = signing_keys(settings), open_database(settings)
    asked = read_options(engine, {"day": day or ""})
    with writing(engine) as connection:
        log_export(connection, asked, at=clock.now(), actor="kyozai records audit-pack", account=account())
    seal = seal_now(engine, keys.current(), clock.now())
    with written_whole(file) as out:
        write_audit_pack(engine, out, asked, seal, keys)
    say(N_("監査資料を %(path)s に書きました。読み方は中の README.txt にあります。"), path=file)
    say_seal(seal)
