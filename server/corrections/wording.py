"""How people and modules are called in the sentences of corrections."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from server.releases.library import modules_on
from server.storage import tables
from server.web import clock


def person_text(connection: Connection, person_id: str) -> str:
    details = tables.person_details
    row = connection.execute(select(details).where(details.c.person_id == person_id)).one()
    return f"{row.number} {row.name}"


def names_of(connection: Connection, people: Collection[str]) -> dict[str, str]:
    details = tables.person_details
    rows = connection.execute(select(details).where(details.c.person_id.in_(people)))
    return {row.person_id: row.name for row in rows}


def module_text(connection: Connection, module_id: str) -> str:
    """Its number in the course as it is today; its id where it is no longer there."""
    module = modules_on(connection, clock.today()).get(module_id)
    return f"#{module.order}" if module else module_id
