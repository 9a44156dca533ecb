"""Exemptions: that somebody need not complete a module, from a day to a day, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from server.record.entries import append, reason_in
from server.record.standing import refresh
from server.rules.days import ONE_DAY, Span, may_end, start_of
from server.storage import tables


class ExemptionRefused(ValueError):
    """It would end more than a day before it begins, or ends by then already."""


@dataclass(frozen=True)
class Entered:
    """An exemption as it stands by now. `reason` is empty where it was erased."""

    entry_id: str
    module_id: str
    days: Span
    reason: str


def exempt(
    connection: Connection,
    person_id: str,
    modules: Sequence[str],
    days: Span,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> None:
    """The reason lies beside the entries, where it can be erased."""
    if days.last is not None and days.last < days.first:
        raise ExemptionRefused
    last = days.last.isoformat() if days.last else None
    for module_id in modules:
        append(
            connection,
            "exemption",
            at=at,
            actor=actor,
            person_id=person_id,
            module_id=module_id,
            effective_at=start_of(days.first),
            body={"first": days.first.isoformat(), "last": last},
            payload={"reason": reason},
        )
    refresh(connection, [person_id])


def end_exemption(
    connection: Connection,
    person_id: str,
    entry_id: str,
    last: date,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> None:
    """From the next day on the module is asked for again. The eve of its first day takes it back."""
    entered = {each.entry_id: each for each in exemptions_of(connection, person_id)}
    exemption = entered.get(entry_id)
    if exemption is None or not may_end(exemption.days, last):
        raise ExemptionRefused
    append(
        connection,
        "exemption",
        at=at,
        actor=actor,
        person_id=person_id,
        module_id=exemption.module_id,
        effective_at=start_of(last + ONE_DAY),
        body={"ends": entry_id, "last": last.isoformat()},
        payload={"reason": reason},
    )
    refresh(connection, [person_id])


def exemptions_of(connection: Connection, person_id: str) -> list[Entered]:
    """In the order in which they were entered."""
    entry, payload = tables.entry, tables.entry_payload
    query = (
        select(entry.c.id, entry.c.module_id, entry.c.body, payload.c.payload)
        .outerjoin(payload, payload.c.entry_id == entry.c.id)
        .where(entry.c.person_id == person_id, entry.c.kind == "exemption")
        .order_by(entry.c.id)
    )
    rows = connection.execute(query).all()
    ends = {row.body["ends"]: date.fromisoformat(row.body["last"]) for row in rows if "ends" in row.body}
    return [
        Entered(
            row.id,
            row.module_id,
            Span(date.fromisoformat(row.body["first"]), ends.get(row.id) or _day(row.body["last"])),
            reason_in(row.payload),
        )
        for row in rows
        if "first" in row.body
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
