"""`kyozai records rebuild`"""

import click
from sqlalchemy import Engine, select

from builder.language import N_
from server.commands.environment import (
    complain,
    open_database,
    say,
)
from server.record.standing import differing, refresh_everybody
from server.storage import tables
from server.storage.engine import reading, writing


@click.command("rebuild")
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
