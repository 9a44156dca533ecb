"""`kyozai records export` and `kyozai records rebuild`"""

import getpass
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
from sqlalchemy import Engine, select

from builder.language import N_
from server.commands.environment import complain, open_database, say, translated
from server.record.department_history import department_history
from server.record.standing import differing, refresh_everybody
from server.reporting.export import export, log_export
from server.reporting.filters import Filter, read_filter
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock

OPTIONS = {"day": "--as-of", "department": "--department", "state": "--state"}


@click.group()
def command() -> None:
    """Export the completion records, or hold the kept states against the rules."""


@command.command("export")
@click.option("--as-of", "day", metavar="DAY", help="The day (2026-04-01), in Japan. Default: today.")
@click.option("--department", metavar="CODE", help="Only this department and all below it.")
@click.option(
    "--state",
    metavar="STATE",
    help="Only people in this state of the course, or in these: overdue,not-started.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default=Path("-"),
    help="The file to write. Default: standard output.",
)
def export_command(day: str | None, department: str | None, state: str | None, output: Path) -> None:
    """Write the completion records as CSV: the same bytes as the page's export."""
    engine = open_database()
    asked = read_options(engine, {"day": day or "", "department": department or "", "state": state or ""})
    with writing(engine) as connection:
        log_export(connection, asked, at=clock.now(), actor="kyozai records export", account=account())
    if output == Path("-"):
        for piece in export(engine, asked):
            click.echo(piece, nl=False)
    else:
        write_whole(output, export(engine, asked))


def read_options(engine: Engine, given: dict[str, str]) -> Filter:
    """Wrong usage when one of them cannot be used."""
    with reading(engine) as connection:
        asked, errors = read_filter(given, department_history(connection), clock.today())
    for field, message in errors.items():
        raise click.BadParameter(translated(message), param_hint=OPTIONS[field])
    return asked


def account() -> str:
    """Who typed the command, as far as this machine knows."""
    try:
        return getpass.getuser()
    except KeyError:
        return str(os.getuid())


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write beside the file and put it in its place when all is there. Only its owner may read it."""
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(pieces)
                os.fsync(file.fileno())
            Path(name).rename(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        complain(N_("「%(path)s」に書けません（%(reason)s）。"), path=path, reason=error.strerror)
        raise SystemExit(1) from error


@command.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare; exit code 1 if anybody's states differ.")
def rebuild_command(check: bool) -> None:
    """Make the kept states anew from the record, or check that they are what the rules say."""
    engine = open_database()
    if check:
        check_states(engine)
        return
    with writing(engine) as connection:
        refresh_everybody(connection)
    say(N_("受講状態を記録から作り直しました。"))


def check_states(engine: Engine) -> None:
    with reading(engine) as connection:
        people = connection.scalars(select(tables.person.c.id).order_by(tables.person.c.id)).all()
        wrong = differing(connection, people)
    say(
        N_("一致 %(right)s人、不一致 %(wrong)s人"),
        right=len(people) - len(wrong),
        wrong=len(wrong),
    )
    for person_id in wrong:
        complain(N_("受講状態が規則と違います：%(person)s"), person=person_id)
    if wrong:
        complain(N_("kyozai records rebuild で、記録から作り直せます。"))
        raise SystemExit(1)
