"""`kyozai init`: settings, database, signing key, first policy and administrator. What is there stays."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Connection, Engine

from builder.language import N_
from server.commands.environment import connect, load_settings, say, translated
from server.commands.invitation import Invitee, invite, say_slip, say_until
from server.identity.accounts import active_administrators
from server.record.facts import policies
from server.record.policies import enter_policy
from server.record.signing import KeyFolder, NoSigningKey
from server.record.standing import refresh_everybody
from server.rules.facts import Policy
from server.settings import Settings, config_path
from server.storage.engine import reading as reading_from
from server.storage.engine import writing
from server.storage.schema import is_current, upgrade
from server.web import clock
from server.web.access import Role

ACTOR = "kyozai init"


@click.command()
@click.option("--organisation", help="The name at the head of every page.")
@click.option("--url", help="Where people reach the server.  [default: http://127.0.0.1:8000]")
@click.option("--database-url", help="postgresql://…  [default: a SQLite database in KYOZAI_DATA]")
@click.option("--contact", help="Whom learners can ask, at the foot of every page.")
@click.option("--number", help="The first administrator's number.")
@click.option("--name", help="… name.")
@click.option("--reading", help="… name in katakana.")
@click.option(
    "--policy-days",
    type=click.IntRange(1, 3650),
    default=30,
    show_default=True,
    help="Days from arrival to the due date.",
)
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given stays empty or at its default.")
def command(
    organisation: str | None,
    url: str | None,
    database_url: str | None,
    contact: str | None,
    number: str | None,
    name: str | None,
    reading: str | None,
    policy_days: int,
    yes: bool,
) -> None:
    """Make the settings (kyozai.toml), the database and the first administrator.

    What is there already stays as it is: running it again harms nothing.
    """
    write_settings(organisation, url, contact, database_url, asks=not yes)
    settings = load_settings()
    with files_for_their_owner_alone():
        engine = make_database(settings)
        make_signing_key(settings)
    with writing(engine) as connection:
        begin_policy(connection, policy_days)
    invite_first_administrator(engine, settings, number, name, reading, asks=not yes)


def write_settings(
    organisation: str | None, url: str | None, contact: str | None, database_url: str | None, *, asks: bool
) -> None:
    path = config_path()
    if path.exists():
        say(N_("設定 %(path)s はすでにあります。そのまま使います。"), path=path)
        return
    values = {
        "organisation": answer(organisation, N_("組織の名前"), "", asks=asks),
        "url": answer(url, N_("サーバーの住所（URL）"), "http://127.0.0.1:8000", asks=asks),
        "contact": answer(contact, N_("問い合わせ先"), "", asks=asks),
        "secret_key": secrets.token_urlsafe(32),
        **({"database_url": database_url} if database_url else {}),
    }
    load_settings(**values)
    write_private(path, "".join(f"{name} = {toml_string(value)}\n" for name, value in values.items()))
    say(N_("設定 %(path)s を作りました。"), path=path)


def answer(given: str | None, question: str, default: str | None, *, asks: bool) -> str:
    if given is not None:
        return given
    if asks:
        return str(click.prompt(translated(question), default=default, show_default=bool(default)))
    if default is None:
        raise click.UsageError(translated(N_("--yes には --number、--name、--reading が要ります。")))
    return default


def write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def toml_string(text: str) -> str:
    """A JSON string is a TOML basic string."""
    return json.dumps(text, ensure_ascii=False)


@contextmanager
def files_for_their_owner_alone() -> Iterator[None]:
    """The database holds personal data."""
    earlier = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(earlier)


def make_database(settings: Settings) -> Engine:
    engine = connect(settings)
    if is_current(engine):
        say(N_("データベースはすでにあります。記録はそのままです。"))
    else:
        upgrade(engine)
        with writing(engine) as connection:
            refresh_everybody(connection)
        say(N_("データベースを用意しました。"))
    return engine


def make_signing_key(settings: Settings) -> None:
    keys = KeyFolder(settings.key_folder)
    try:
        keys.current()
    except NoSigningKey:
        keys.make()
        say(N_("封印の鍵を %(path)s に作りました。データベースと別に控えてください。"), path=keys.path)
    else:
        say(N_("封印の鍵はすでにあります。"))


def begin_policy(connection: Connection, days: int) -> None:
    if policies(connection):
        say(N_("受講方針はすでにあります。"))
        return
    today = clock.today()
    enter_policy(connection, Policy(today, days=days), at=clock.now(), actor=ACTOR)
    say(
        N_("受講方針：全員がすべてのモジュールを、配属（または %(day)s）から %(days)s 日以内に修了します。"),
        day=today,
        days=days,
    )


def invite_first_administrator(
    engine: Engine,
    settings: Settings,
    number: str | None,
    name: str | None,
    reading: str | None,
    *,
    asks: bool,
) -> None:
    with reading_from(engine) as connection:
        if active_administrators(connection):
            say(N_("管理者はすでにいます。リンクは kyozai admin invite --new-link で出し直せます。"))
            return
    invitee = Invitee.typed(
        answer(number, N_("最初の管理者の職員番号"), None, asks=asks),
        answer(name, N_("最初の管理者の氏名"), None, asks=asks),
        answer(reading, N_("最初の管理者のフリガナ"), None, asks=asks),
    )
    with writing(engine) as connection:
        slip = invite(
            connection, settings, invitee, Role.ADMINISTRATOR, at=clock.now(), actor=ACTOR, new_link=True
        )
    assert slip is not None
    say(N_("最初の管理者を招待しました。次のリンクを開き、パスワードを決めてください。"))
    say_slip(slip)
    say_until(slip)
