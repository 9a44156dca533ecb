"""Invite somebody from the command line: a person with an account, a role and a link."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from sqlalchemy import Connection

from builder.language import N_
from server.commands.environment import say
from server.identity.accounts import create_account, grant_role, has_account
from server.identity.activation import issue
from server.identity.slips import Slip, activation_link
from server.people.persons import add_person, details_of, person_with_number, tidy
from server.settings import Settings
from server.web.access import Role
from server.web.words import moment_text


@dataclass(frozen=True)
class Invitee:
    number: str
    name: str
    reading: str

    @classmethod
    def typed(cls, number: str, name: str, reading: str) -> "Invitee":
        return cls(tidy(number), tidy(name), tidy(reading))


def invite(
    connection: Connection,
    settings: Settings,
    invitee: Invitee,
    role: Role,
    *,
    at: datetime,
    actor: str,
    new_link: bool = False,
) -> Slip | None:
    """Somebody known keeps name and reading, and gets a link for a new account or when it is asked."""
    person_id = person_with_number(connection, invitee.number) or add_person(
        connection, invitee.number, invitee.name, invitee.reading, at=at
    )
    if has_account(connection, person_id):
        grant_role(connection, person_id, role, at=at, actor=actor)
        if not new_link:
            return None
    else:
        create_account(connection, person_id, {role}, at=at, actor=actor)
    return issue_slip(connection, settings, person_id, at=at, actor=actor)


def issue_slip(
    connection: Connection, settings: Settings, person_id: str, *, at: datetime, actor: str
) -> Slip:
    hours = settings.activation_hours
    token = issue(connection, person_id, at=at, actor=actor, hours=hours)
    number, name = details_of(connection, person_id)
    return Slip(name, number, activation_link(settings.url, token), until=at + timedelta(hours=hours))


def say_slip(slip: Slip) -> None:
    click.echo(f"{slip.number}  {slip.name}  {slip.link}")


def say_until(slip: Slip) -> None:
    say(N_("リンクは一度だけ、%(moment)s まで使えます。"), moment=moment_text(slip.until))
