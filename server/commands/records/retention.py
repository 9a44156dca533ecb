"""`kyozai records retention`"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import click
from sqlalchemy import Connection, Engine

from builder.language import N_
from server.commands.environment import load_settings, open_database, say, translated
from server.commands.records.options import account
from server.identity.accounts import LastAdministrator, remove_account
from server.people.leavers import left_before
from server.people.persons import erase_details
from server.record.erasure import erase_answers_before, erase_payloads, people_with_answers_before
from server.record.merging import merged_from
from server.rules.days import start_of
from server.rules.eras import first_day_kept
from server.settings import Settings
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access_log import entries_before, forget_entries_before, log_access

ACTOR = "kyozai records retention"


@dataclass(frozen=True)
class DataClass:
    """A kind of personal data with its term. `forget` takes one of `outlived` at a time."""

    words: str
    years: Callable[[Settings], int]
    outlived: Callable[[Connection, date], Sequence[str]]
    forget: Callable[[Connection, str, date, datetime], None]


def _forget_answers(connection: Connection, person_id: str, first_kept: date, at: datetime) -> None:
    erase_answers_before(connection, person_id, start_of(first_kept), at=at, actor=ACTOR)


def _forget_leaver(connection: Connection, person_id: str, _: date, at: datetime) -> None:
    """With the records that were merged into this one. The last administrator stays."""
    for each in (person_id, *merged_from(connection, person_id)):
        remove_account(connection, each, at=at, actor=ACTOR)
        erase_payloads(connection, each, at=at, actor=ACTOR)
        erase_details(connection, each)


DATA_CLASSES = (
    DataClass(
        N_("回答の中身：%(count)s人の受験"),
        lambda settings: settings.keep_answers_years,
        lambda connection, day: people_with_answers_before(connection, start_of(day)),
        _forget_answers,
    ),
    DataClass(
        N_("退職した人の氏名、アカウント、理由：%(count)s人"),
        lambda settings: settings.keep_leavers_years,
        left_before,
        _forget_leaver,
    ),
)


@click.command("retention")
@click.option("--apply", "is_applied", is_flag=True, help="Take it away; without this it is only listed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def retention_command(is_applied: bool, yes: bool) -> None:
    """List what was kept longer than the settings say (keep_…_years), or take it away.

    Completions, counts, seals and verification stay as they are.
    """
    settings, at = load_settings(), clock.now()
    engine = open_database(settings)
    with reading(engine) as connection:
        numbers = [len(_outlived(connection, each, settings)) for each in DATA_CLASSES]
        looks = entries_before(connection, _first_look_kept(settings))
    for each, number in zip(DATA_CLASSES, numbers, strict=True):
        _say_line(each.words, number, _first_kept(each, settings))
    _say_line(
        N_("アクセス記録：%(count)s件"), looks, first_day_kept(clock.today(), settings.keep_access_log_years)
    )
    if not is_applied:
        say(N_("見ただけです。消すには --apply を付けます。"))
        return
    if not yes:
        click.confirm(translated(N_("元に戻せません。消しますか")), abort=True)
    for each in DATA_CLASSES:
        _take_away(engine, each, settings, at)
    with writing(engine) as connection:
        forget_entries_before(connection, _first_look_kept(settings))
        log_access(connection, "retention-applied", at=at, actor=ACTOR, account=account())
    say(N_("消しました。前の控えには残っています。控えも、期限が来たら消してください。"))


def _take_away(engine: Engine, each: DataClass, settings: Settings, at: datetime) -> None:
    """Of one person at a time: nobody waits for all of it, and what was begun can be gone on with."""
    first_kept = _first_kept(each, settings)
    with reading(engine) as connection:
        people = _outlived(connection, each, settings)
    for person_id in people:
        try:
            with writing(engine, person_id) as connection:
                each.forget(connection, person_id, first_kept, at)
        except LastAdministrator:
            say(N_("最後の管理者は消せません。先に別の管理者を招いてください。"))


def _outlived(connection: Connection, each: DataClass, settings: Settings) -> Sequence[str]:
    return each.outlived(connection, _first_kept(each, settings))


def _first_kept(each: DataClass, settings: Settings) -> date:
    return first_day_kept(clock.today(), each.years(settings))


def _first_look_kept(settings: Settings) -> datetime:
    return start_of(first_day_kept(clock.today(), settings.keep_access_log_years))


def _say_line(words: str, number: int, first_kept: date) -> None:
    say(
        N_("%(what)s（%(day)s より前）"),
        what=translated(words, count=number),
        day=first_kept.isoformat(),
    )
