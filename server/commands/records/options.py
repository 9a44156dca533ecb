"""What several of the commands about records share."""

import getpass
import os

import click
from sqlalchemy import Engine

from builder.language import N_
from server.commands.environment import (
    complain,
    say,
    translated,
)
from server.record.department_history import department_history
from server.record.seals import Seal, seals
from server.reporting.filters import Filter, read_filter
from server.storage.engine import reading
from server.web import clock
from server.web.words import moment_text

OPTIONS = {"day": "--as-of", "department": "--department", "state": "--state"}


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


def seal_of(engine: Engine, revision: int) -> Seal:
    """Stops the command where there is none."""
    with reading(engine) as connection:
        found = next((seal for seal in seals(connection) if seal.number == revision), None)
    if found is None:
        complain(N_("記録の改訂番号 %(number)s はありません。"), number=revision)
        raise SystemExit(1)
    return found


def say_seal(seal: Seal) -> None:
    say(
        N_("記録の改訂番号 %(number)s（%(moment)s）、封印 %(mark)s"),
        number=seal.number,
        moment=moment_text(seal.at),
        mark=seal.mark,
    )
