"""An exemption, and its end."""

from datetime import date, datetime

from sqlalchemy import Connection

from builder.language import N_
from server.corrections.changes import Change, ChangeRefused, Kind
from server.corrections.wording import module_text, person_text
from server.record.exemptions import ExemptionRefused, end_exemption, exempt, exemptions_of
from server.rules.days import Span
from server.web.day_fields import BAD_END
from server.web.language import gettext as _
from server.web.words import day_text


def exemption(person_id: str, modules: list[str], days: Span, reason: str) -> Change:
    last = days.last.isoformat() if days.last else None
    arguments = {"modules": modules, "first": days.first.isoformat(), "last": last}
    return Change("exempt", [person_id], arguments, reason)


def end_of_exemption(person_id: str, entry_id: str, last: date, reason: str) -> Change:
    arguments = {"exemption": entry_id, "last": last.isoformat()}
    return Change("end-exemption", [person_id], arguments, reason)


def _exempt(connection: Connection, change: Change, at: datetime, actor: str) -> None:
    (person_id,) = change.people
    exempt(
        connection,
        person_id,
        change.arguments["modules"],
        _days(change),
        reason=change.reason,
        at=at,
        actor=actor,
    )


def _end(connection: Connection, change: Change, at: datetime, actor: str) -> None:
    (person_id,) = change.people
    last = date.fromisoformat(change.arguments["last"])
    try:
        end_exemption(
            connection,
            person_id,
            change.arguments["exemption"],
            last,
            reason=change.reason,
            at=at,
            actor=actor,
        )
    except ExemptionRefused as refused:
        raise ChangeRefused(_(BAD_END)) from refused


def _days(change: Change) -> Span:
    last = change.arguments["last"]
    return Span(date.fromisoformat(change.arguments["first"]), date.fromisoformat(last) if last else None)


def _exempt_words(connection: Connection, change: Change) -> str:
    days = _days(change)
    return _(
        "%(person)s を %(modules)s から免除する（%(first)s〜%(last)s）",
        person=person_text(connection, change.people[0]),
        modules=_("、").join(module_text(connection, each) for each in change.arguments["modules"]),
        first=day_text(days.first),
        last=day_text(days.last) if days.last else "",
    )


def _end_words(connection: Connection, change: Change) -> str:
    entered = exemptions_of(connection, change.people[0])
    (module_id,) = (each.module_id for each in entered if each.entry_id == change.arguments["exemption"])
    return _(
        "%(person)s の %(module)s の免除を %(last)s までにする",
        person=person_text(connection, change.people[0]),
        module=module_text(connection, module_id),
        last=day_text(date.fromisoformat(change.arguments["last"])),
    )


EXEMPT = Kind(_exempt_words, _exempt, N_("免除を記録しました。受講状態も新しくなっています。"))
END = Kind(_end_words, _end, N_("免除を終わりにしました。受講状態も新しくなっています。"))
