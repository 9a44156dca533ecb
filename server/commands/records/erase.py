"""`kyozai records erase`"""

import click

from builder.language import N_
from server.commands.environment import (
    complain,
    open_database,
    say,
    translated,
)
from server.identity.accounts import LastAdministrator, remove_account
from server.people.persons import erase_details, person_with_number
from server.record.erasure import Erased, erase_payloads
from server.record.merging import merged_from
from server.storage.engine import reading, writing
from server.web import clock


@click.command("erase")
@click.argument("number")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_command(number: str, yes: bool) -> None:
    """Erase what names or describes somebody: name, account, answers, reasons. It cannot be undone.

    Counts, seals and verification stay as they are; reports say 消去済み in place of the name. Records that
    were merged into this one are erased with it.
    """
    engine = open_database()
    with reading(engine) as connection:
        person_id = person_with_number(connection, number)
    if person_id is None:
        complain(N_("職員番号 %(number)s の職員はいません。"), number=number)
        raise SystemExit(1)
    if not yes:
        question = N_("氏名、アカウント、回答、理由を消します。元に戻せません。消しますか")
        click.confirm(translated(question), abort=True)
    at, actor = clock.now(), "kyozai records erase"
    try:
        with writing(engine) as connection:
            erased = Erased(0, 0)
            for each in (person_id, *merged_from(connection, person_id)):
                erased += erase_payloads(connection, each, at=at, actor=actor)
                remove_account(connection, each, at=at, actor=actor)
                erase_details(connection, each)
    except LastAdministrator as refused:
        complain(N_("最後の管理者は消せません。先に別の管理者を招いてください。"))
        raise SystemExit(1) from refused
    say(
        N_("消しました（記録に付く中身 %(payloads)s 件、受験 %(attempts)s 回の回答）。"),
        payloads=erased.payloads,
        attempts=erased.attempts,
    )
    say(N_("前の控えには残っています。控えも、期限が来たら消してください。"))
