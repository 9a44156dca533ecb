"""Who did what with accounts and personal data, when. No secret and no answer is ever written here."""

from datetime import datetime

from flask import Flask, Response, g, request
from sqlalchemy import Connection, delete, func, insert, select

from server.storage import tables
from server.storage.engine import writing
from server.storage.ids import new_id
from server.web import clock
from server.web.access import current_person
from server.web.database import engine

SHOWN = (200, 409, 422)
"""What a page of a person is answered with, also when a form on it was not accepted."""


def log_access(connection: Connection, action: str, *, at: datetime, actor: str, **details: object) -> None:
    """The detail `person` says about whom, by id."""
    values = {"id": new_id(), "at": at, "actor": actor, "action": action}
    about = details.pop("person", None)
    connection.execute(insert(tables.access_log).values(**values, person_id=about, details=details))


def entries_before(connection: Connection, moment: datetime) -> int:
    log = tables.access_log
    return connection.scalar(select(func.count()).where(log.c.at < moment)) or 0


def forget_entries_before(connection: Connection, moment: datetime) -> int:
    log = tables.access_log
    return connection.execute(delete(log).where(log.c.at < moment)).rowcount


def looks_at(**details: object) -> None:
    """What else is to be kept of the look that this request is."""
    g.look = details


def log_look(response: Response) -> Response:
    """Whoever opens a page whose address names a person has looked at that person, before it is sent."""
    seen, reader = (request.view_args or {}).get("person_id"), current_person() if request.endpoint else None
    if seen is not None and reader is not None and response.status_code in SHOWN:
        with writing(engine(), reader.id) as connection:
            log_access(
                connection,
                "person-seen",
                at=clock.now(),
                actor=reader.id,
                person=seen,
                page=request.endpoint,
                **g.get("look", {}),
            )
    return response


def init_app(app: Flask) -> None:
    app.after_request(log_look)
