"""`kyozai admin invite` and `kyozai admin reset-second-factor`"""

import click

from builder.language import N_
from server.commands.environment import complain, load_settings, open_database, say
from server.commands.invitation import Invitee, invite, say_slip, say_until
from server.identity.accounts import has_account
from server.identity.second_factor import reset_second_factor
from server.people.persons import person_with_number, tidy
from server.storage.engine import writing
from server.web import clock
from server.web.access import PRIVILEGED, Role

ROLES = sorted(role.value for role in PRIVILEGED)


@click.group()
def command() -> None:
    """Invite an administrator, HR or an auditor, or let one enrol a second factor anew."""


@command.command("invite")
@click.argument("number")
@click.argument("name")
@click.argument("reading")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option(
    "--new-link", is_flag=True, help="A new link for somebody who has an account; the old one is void."
)
def invite_command(number: str, name: str, reading: str, role: str, new_link: bool) -> None:
    """Give NUMBER this role, and print the link with which a new account sets its password."""
    settings = load_settings()
    invitee = Invitee.typed(number, name, reading)
    with writing(open_database(settings)) as connection:
        slip = invite(
            connection,
            settings,
            invitee,
            Role(role),
            at=clock.now(),
            actor="kyozai admin invite",
            new_link=new_link,
        )
    if slip is None:
        say(N_("%(number)s のアカウントはすでにあります。役割を加えました。"), number=invitee.number)
        say(N_("パスワードを決め直すリンクが要るときは、--new-link を付けてください。"))
        return
    say_slip(slip)
    say_until(slip)


@command.command("reset-second-factor")
@click.argument("number")
def reset_second_factor_command(number: str) -> None:
    """Forget the authenticator app and the recovery codes of NUMBER: the next sign-in enrols anew."""
    actor = "kyozai admin reset-second-factor"
    with writing(open_database()) as connection:
        person_id = person_with_number(connection, tidy(number))
        if person_id is None or not has_account(connection, person_id):
            complain(N_("%(number)s のアカウントはありません。職員番号を確かめてください。"), number=number)
            raise SystemExit(1)
        was_enrolled = reset_second_factor(connection, person_id, at=clock.now(), actor=actor)
    if was_enrolled:
        say(N_("%(number)s の確認コードの登録を消しました。次のログインで登録し直します。"), number=number)
    else:
        say(N_("%(number)s は、確認コードを登録していません。"), number=number)
