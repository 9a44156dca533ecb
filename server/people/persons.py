"""Persons and what names them. The number is text, may change, and is never the key."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from server.storage import tables
from server.storage.ids import new_id


def add_person(
    connection: Connection, number: str, name: str, reading: str, *, is_sample: bool = False, at: datetime
) -> str:
    """Returns the person's id."""
    person_id = new_id()
    connection.execute(insert(tables.person).values(id=person_id, created_at=at, is_sample=is_sample))
    connection.execute(
        insert(tables.person_details).values(person_id=person_id, number=number, name=name, reading=reading)
    )
    return person_id


def change_details(connection: Connection, person_id: str, name: str, reading: str) -> None:
    details = tables.person_details
    connection.execute(
        update(details).where(details.c.person_id == person_id).values(name=name, reading=reading)
    )


def person_with_number(connection: Connection, number: str) -> str | None:
    details = tables.person_details
    return connection.scalar(select(details.c.person_id).where(details.c.number == number))
