"""Completions from a training that was held elsewhere: of one person, or of a list."""

from datetime import date, datetime

from sqlalchemy import Connection, select

from builder.language import N_
from server.corrections.changes import Change, ChangeRefused, Kind
from server.corrections.wording import module_text, person_text
from server.record.learning import ModuleVersion, complete_module
from server.record.standing import refreshed_at_the_end
from server.releases.library import newest
from server.rules.days import start_of
from server.storage import tables
from server.web.language import gettext as _
from server.web.words import day_text

NOT_OFFERED = N_("この日には、選んだモジュールはまだ公開されていませんでした。")


def training(people: list[str], modules: list[str], day: date, reason: str) -> Change:
    return Change("record-training", people, {"modules": modules, "day": day.isoformat()}, reason)


def _enter(connection: Connection, change: Change, at: datetime, actor: str) -> None:
    """Completions of the module versions that were in force on the day, each once."""
    day = date.fromisoformat(change.arguments["day"])
    modules = _versions(connection, change.arguments["modules"], day)
    with refreshed_at_the_end(connection):
        for person_id in change.people:
            trained = trained_already(connection, person_id, day)
            for module in modules:
                if module.module_id not in trained:
                    complete_module(
                        connection,
                        person_id,
                        module,
                        evidence="offline",
                        reason=change.reason,
                        at=at,
                        completed_at=start_of(day),
                        actor=actor,
                    )


def _versions(connection: Connection, modules: list[str], day: date) -> list[ModuleVersion]:
    published = newest(connection, day)
    offered = {module.id: module.version for module in published.manifest.modules} if published else {}
    if published is None or not set(modules) <= set(offered):
        raise ChangeRefused(_(NOT_OFFERED))
    return [ModuleVersion(each, offered[each], published.number) for each in sorted(modules)]


def trained_already(connection: Connection, person_id: str, day: date) -> set[str]:
    """The modules of which the training of this day is entered: a form sent twice enters it once."""
    completion = tables.completion
    query = select(completion.c.module_id).where(
        completion.c.person_id == person_id,
        completion.c.evidence == "offline",
        completion.c.completed_day == day,
        completion.c.voided_at.is_(None),
    )
    return set(connection.scalars(query))


def _words(connection: Connection, change: Change) -> str:
    people = change.people
    return _(
        "%(people)s の %(modules)s の修了（%(day)s の集合研修）を記録する",
        people=person_text(connection, people[0])
        if len(people) == 1
        else _("%(count)s人", count=len(people)),
        modules=_("、").join(module_text(connection, each) for each in change.arguments["modules"]),
        day=day_text(date.fromisoformat(change.arguments["day"])),
    )


RECORD = Kind(_words, _enter, N_("集合研修の修了を記録しました。"))
