"""`kyozai withdraw [--dry-run] NUMBER`"""

import click
from sqlalchemy import Engine

from builder.language import N_
from server.commands.effects import say_effects
from server.commands.environment import open_database, say, say_problems
from server.releases.effect import effect_of_withdrawal
from server.releases.withdraw import WithdrawalRefused, withdraw, withdrawable
from server.storage.engine import reading, writing
from server.web import clock

ACTOR = "kyozai withdraw"


@click.command()
@click.argument("number")
@click.option("--reason", required=True, help="Why, in a sentence. It is kept in the record.")
@click.option("--dry-run", is_flag=True, help="Only say whom it would touch, per bureau.")
def command(number: str, reason: str, dry_run: bool) -> None:
    """Withdraw the newest release: states are as if it had never been, completions of it stay."""
    engine = open_database()
    try:
        if dry_run:
            show(engine, number)
        else:
            with writing(engine) as connection:
                withdraw(connection, number, reason=reason, at=clock.now(), actor=ACTOR)
            say(N_("版 %(release)s を取り下げました。修了の記録はそのままです。"), release=number)
    except WithdrawalRefused as refused:
        say_problems([refused.problem])
        raise SystemExit(1) from refused


def show(engine: Engine, number: str) -> None:
    with reading(engine) as connection:
        earlier = withdrawable(connection, number)
        effects = effect_of_withdrawal(connection, earlier.manifest if earlier else None, clock.today())
    say(N_("版 %(release)s を今日取り下げると、次のようになります。まだ何も変えていません。"), release=number)
    say_effects(effects)
