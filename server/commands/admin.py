"""`kyozai admin invite`"""

import click

from builder.language import N_
from server.commands.environment import load_settings, open_database, say
from server.commands.invitation import Invitee, invite, say_slip, say_until
from server.storage.engine import writing
from server.web import clock
from server.web.access import PRIVILEGED, Role

ROLES = sorted(role.value for role in PRIVILEGED)


@click.group()
def command() -> None:
    """Invite an administrator or HR."""


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
