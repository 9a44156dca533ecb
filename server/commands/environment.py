"""What most commands begin with: the settings, the database, the language of messages."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from builder.language import N_, Language
from builder.model.problem import Problem
from server.record.signing import KeyFolder, NoSigningKey
from server.settings import Settings, config_path
from server.storage.engine import open_engine
from server.storage.locks import OFFICE, Held, alone
from server.storage.schema import is_current
from server.web import clock
from server.web.language import catalogue
from server.web.words import moment_text


def load_settings(**given: Any) -> Settings:
    """Stops the command with what to mend when the settings are not good. `given` wins over all others."""
    try:
        return Settings(**given)
    except ValidationError as invalid:
        for error in invalid.errors():
            name = ".".join(str(part) for part in error["loc"])
            message = (
                N_("設定 %(name)s がありません（%(file)s または環境変数 KYOZAI_%(variable)s）")
                if error["type"] == "missing"
                else N_("設定 %(name)s：%(reason)s（%(file)s または環境変数 KYOZAI_%(variable)s）")
            )
            complain(message, name=name, reason=error["msg"], file=config_path(), variable=name.upper())
        complain(N_("まだ設定がないときは、先に kyozai init を実行してください。"))
        raise SystemExit(1) from invalid


def open_database(settings: Settings | None = None) -> Engine:
    """Stops the command unless the database is there and has the newest schema."""
    engine = connect(settings or load_settings())
    if not is_current(engine):
        complain(N_("データベースの用意ができていません。先に kyozai init を実行してください。"))
        raise SystemExit(1)
    return engine


def connect(settings: Settings) -> Engine:
    """To whatever is there, or stops the command. The connections are closed at its end."""
    engine = open_engine(settings.sqlalchemy_url)
    click.get_current_context().call_on_close(engine.dispose)
    try:
        engine.connect().close()
    except OperationalError as unreachable:
        complain(
            N_("データベースにつながりません。設定 database_url を確かめてください：%(reason)s"),
            reason=unreachable.orig,
        )
        raise SystemExit(1) from unreachable
    return engine


def signing_keys(settings: Settings) -> KeyFolder:
    """Stops the command where there is no key to sign with."""
    keys = KeyFolder(settings.key_folder)
    try:
        keys.current()
    except NoSigningKey as missing:
        complain(
            N_("封印の鍵が %(path)s にありません。控えから戻してください。初めてなら kyozai init です。"),
            path=missing.folder,
        )
        raise SystemExit(1) from missing
    return keys


@contextmanager
def alone_or_stop(engine: Engine, actor: str) -> Iterator[None]:
    """Only one import of a staff list, undoing of one, or publication at a time."""
    try:
        with alone(engine, OFFICE, holder=actor, at=clock.now()):
            yield
    except Held as held:
        complain(
            N_("%(holder)s が %(moment)s から作業中です。終わるのを待ってください。何も変えていません。"),
            holder=held.holder,
            moment=moment_text(held.since),
        )
        raise SystemExit(1) from held


def message_language() -> Language:
    return "en" if os.environ.get("KYOZAI_LANG", "ja").startswith("en") else "ja"


def translated(message: str, **values: object) -> str:
    return catalogue(message_language()).gettext(message) % values


def say(message: str, **values: object) -> None:
    """Print a message (marked with N_ where it is written) in the language of `KYOZAI_LANG`."""
    click.echo(translated(message, **values))


def complain(message: str, **values: object) -> None:
    click.echo(translated(message, **values), err=True)


def say_problems(problems: Iterable[Problem]) -> None:
    language = message_language()
    for problem in problems:
        where = ":".join(
            str(part) for part in (problem.place.file, problem.place.line, problem.place.column) if part
        )
        click.echo(f"{where}: [{problem.code}] {problem.cause(language, catalogue)}", err=True)
        click.echo(f"  → {problem.hint(language, catalogue)}", err=True)
