"""The access log, as its page shows it: newest first, a page at a time, by the database."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from server.rules.days import end_of, start_of
from server.storage import tables

PAGE = 100


@dataclass(frozen=True)
class Access:
    at: datetime
    actor: str
    action: str
    person_id: str | None
    details: dict[str, Any]


@dataclass(frozen=True)
class Named:
    number: str
    name: str


@dataclass(frozen=True)
class LogPage:
    """`older`: what the next page is asked for by. `people`: whoever is named on the page, by id."""

    entries: tuple[Access, ...]
    older: str | None
    people: dict[str, Named]


def log_page(connection: Connection, person_id: str | None, day: date | None, before: str | None) -> LogPage:
    """`person_id`: who did it, or about whom it is."""
    rows = connection.execute(_query(person_id, day, before).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    entries = tuple(Access(row.at, row.actor, row.action, row.person_id, row.details) for row in shown)
    older = shown[-1].id if len(rows) > PAGE else None
    ids = {id for entry in entries for id in (entry.actor, entry.person_id) if id}
    return LogPage(entries, older, _named(connection, ids))


def _query(person_id: str | None, day: date | None, before: str | None) -> Select[Any]:
    """Ids sort by the time at which they were made."""
    log = tables.access_log
    query = select(log).order_by(log.c.id.desc())
    if person_id:
        query = query.where(or_(log.c.actor == person_id, log.c.person_id == person_id))
    if day:
        query = query.where(log.c.at >= start_of(day), log.c.at < end_of(day))
    return query.where(log.c.id < before) if before else query


def _named(connection: Connection, ids: set[str]) -> dict[str, Named]:
    details = tables.person_details
    rows = connection.execute(select(details).where(details.c.person_id.in_(ids)))
    return {row.person_id: Named(row.number, row.name) for row in rows}
