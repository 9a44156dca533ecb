"""Persons and what names them. The number is text, may change, and is never the key."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from server.rules.days import day_of
from server.rules.readings import sort_key
from server.storage import tables
from server.storage.ids import new_id

ERASED = "消去済み"
"""Stands in reports where a name stood."""

NOT_A_VARIANT = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
"""All but the variant characters that only names still have: unified, they would be another name."""


def tidy(text: str) -> str:
    """One way to write the same: full-width letters and half-width kana made plain, blanks joined."""
    plain = NOT_A_VARIANT.sub(lambda part: unicodedata.normalize("NFKC", part[0]), text)
    return " ".join(plain.split())


def add_person(
    connection: Connection, number: str, name: str, reading: str, *, is_sample: bool = False, at: datetime
) -> str:
    """Returns the person's id."""
    person_id = new_id()
    connection.execute(insert(tables.person).values(id=person_id, created_at=at, is_sample=is_sample))
    values = _details(number, name, reading)
    connection.execute(insert(tables.person_details).values(person_id=person_id, **values))
    return person_id


def add_people(connection: Connection, people: Sequence[tuple[str, str, str]], *, at: datetime) -> list[str]:
    """Samples, by number, name and reading. Returns their ids."""
    ids = [new_id() for _ in people]
    connection.execute(
        insert(tables.person), [{"id": each, "created_at": at, "is_sample": True} for each in ids]
    )
    rows = [{"person_id": each, **_details(*person)} for each, person in zip(ids, people, strict=True)]
    connection.execute(insert(tables.person_details), rows)
    return ids


def change_details(connection: Connection, person_id: str, name: str, reading: str) -> None:
    number, _ = details_of(connection, person_id)
    _change(connection, person_id, number, name, reading)


def restore_details(
    connection: Connection, person_id: str, number: str, name: str, reading: str, *, at: datetime
) -> None:
    """As they were, whoever has the number by now."""
    if person_with_number(connection, number) != person_id:
        release_number(connection, number, at=at)
    _change(connection, person_id, number, name, reading)


def erase_details(connection: Connection, person_id: str) -> None:
    """Nothing names the person any more. The row stays, so that nobody is missing from a count."""
    _change(connection, person_id, f"{ERASED}-{person_id[-8:]}", ERASED, "")


def release_number(connection: Connection, number: str, *, at: datetime) -> None:
    """Whoever had the number keeps it with the day on which it went to somebody else."""
    details = tables.person_details
    row = connection.execute(select(details).where(details.c.number == number)).one_or_none()
    if row is not None:
        _change(connection, row.person_id, f"{number}（{day_of(at)}まで）", row.name, row.reading)


def _change(connection: Connection, person_id: str, number: str, name: str, reading: str) -> None:
    details = tables.person_details
    values = _details(number, name, reading)
    connection.execute(update(details).where(details.c.person_id == person_id).values(values))


def _details(number: str, name: str, reading: str) -> dict[str, str | bytes]:
    return {"number": number, "name": name, "reading": reading, "sort_key": sort_key(reading, number)}


def person_with_number(connection: Connection, number: str) -> str | None:
    details = tables.person_details
    return connection.scalar(select(details.c.person_id).where(details.c.number == number))


def details_of(connection: Connection, person_id: str) -> tuple[str, str]:
    """Number and name."""
    details = tables.person_details
    row = connection.execute(
        select(details.c.number, details.c.name).where(details.c.person_id == person_id)
    ).one()
    return row.number, row.name
