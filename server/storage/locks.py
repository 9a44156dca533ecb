"""Only one of these at a time, and whoever comes second is told who is at it and since when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select

from server.storage import tables
from server.storage.engine import writing
from server.storage.upsert import insert_if_absent

OFFICE = "office"
"""What imports of staff lists, undoing them and publishing hold."""

FORGOTTEN_AFTER = timedelta(minutes=30)
"""Whoever holds a lock for so long was killed: nothing here takes that long."""


class Held(Exception):
    """`holder`: a person's id, or the name of a command."""

    def __init__(self, holder: str, since: datetime) -> None:
        super().__init__()
        self.holder = holder
        self.since = since


@contextmanager
def alone(engine: Engine, name: str, *, holder: str, at: datetime) -> Iterator[None]:
    """Raise Held when somebody else is at it."""
    lock = tables.operation_lock
    with writing(engine, name) as connection:
        connection.execute(delete(lock).where(lock.c.name == name, lock.c.since < at - FORGOTTEN_AFTER))
        if not insert_if_absent(connection, lock, {"name": name, "holder": holder, "since": at}):
            row = connection.execute(select(lock).where(lock.c.name == name)).one()
            raise Held(row.holder, row.since)
    try:
        yield
    finally:
        with writing(engine, name) as connection:
            connection.execute(delete(lock).where(lock.c.name == name))
