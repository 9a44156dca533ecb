"""`kyozai records compare`"""

import json
from typing import Any

import click
from sqlalchemy import Row, select

from builder.language import N_
from server.commands.environment import (
    open_database,
    say,
    translated,
)
from server.commands.records.options import read_options, seal_of
from server.record.revisions import Moved, compare
from server.storage import tables
from server.storage.engine import reading
from server.web.words import KIND_WORDS, STATE_WORDS, moment_text


@click.command("compare")
@click.argument("earlier", type=click.IntRange(1))
@click.argument("later", type=click.IntRange(1))
@click.option("--as-of", "day", metavar="DAY", help="The day (2026-04-01), in Japan. Default: today.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, for programs.")
def compare_command(earlier: int, later: int, day: str | None, as_json: bool) -> None:
    """Say whose states on a day are known otherwise since revision EARLIER, and by which entries."""
    engine = open_database()
    asked = read_options(engine, {"day": day or ""})
    for revision in (earlier, later):
        seal_of(engine, revision)
    if earlier > later:
        raise click.BadParameter(translated(N_("前の改訂番号を先に書いてください。")))
    with reading(engine) as connection:
        details = tables.person_details
        names = {row.person_id: row for row in connection.execute(select(details))}
        count = 0
        for moved in compare(connection, earlier, later, asked.day):
            count += 1
            click.echo(json_line(moved) if as_json else moved_line(moved, names.get(moved.person_id)))
    if not as_json:
        say(N_("状態が変わった所 %(count)s件"), count=count)


def moved_line(moved: Moved, details: Row[Any] | None) -> str:
    person = f"{details.number} {details.name}" if details else translated(N_("消去済み"))
    causes = "、".join(
        f"{translated(KIND_WORDS[cause.kind])}（{moment_text(cause.recorded_at)}）" for cause in moved.causes
    )
    before, after = (translated(STATE_WORDS[state]) for state in (moved.before, moved.after))
    return f"{person}  {moved.module_id or translated(N_('コース'))}  {before} → {after}  {causes}"


def json_line(moved: Moved) -> str:
    causes = [{"entry": cause.entry_id, "kind": cause.kind, "actor": cause.actor} for cause in moved.causes]
    values = {"person": moved.person_id, "module": moved.module_id or None, "before": moved.before}
    return json.dumps({**values, "after": moved.after, "causes": causes}, ensure_ascii=False)
