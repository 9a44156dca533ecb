"""Only one of these at a time, and whoever comes second is told who is at it and since when."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, delete, insert, select, text

from server.storage import tables
from server.storage.engine import writing

OFFICE = "office"
"""What imports of staff lists, undoing them and publishing hold."""

_CLAIM = text("SELECT pg_try_advisory_lock(hashtext(:name))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtext(:name))")


class Held(Exception):
    """`holder`: a person's id, or the name of a command; empty in the moment before it is known."""

    def __init__(self, holder: str, since: datetime) -> None:
        super().__init__()
        self.holder = holder
        self.since = since


@contextmanager
def alone(engine: Engine, name: str, *, holder: str, at: datetime) -> Iterator[None]:
    """Raise Held when somebody else is at it. What was killed holds nothing any more."""
    lock = tables.operation_lock
    with _claimed(engine, name) as is_claimed:
        if not is_claimed:
            raise _held(engine, name, at)
        with writing(engine, name) as connection:
            connection.execute(delete(lock).where(lock.c.name == name))
            connection.execute(insert(lock).values(name=name, holder=holder, since=at))
        try:
            yield
        finally:
            with writing(engine, name) as connection:
                connection.execute(delete(lock).where(lock.c.name == name))


def _held(engine: Engine, name: str, at: datetime) -> Held:
    lock = tables.operation_lock
    with engine.connect() as connection:
        row = connection.execute(select(lock).where(lock.c.name == name)).one_or_none()
    return Held(row.holder, row.since) if row else Held("", at)


@contextmanager
def _claimed(engine: Engine, name: str) -> Iterator[bool]:
    """The claim ends with its process, or with its connection to the database."""
    if engine.dialect.name == "sqlite":
        with _claimed_on_this_machine(Path(f"{engine.url.database}-{name}")) as is_claimed:
            yield is_claimed
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_claimed = bool(connection.scalar(_CLAIM, {"name": name}))
        try:
            yield is_claimed
        finally:
            if is_claimed:
                connection.scalar(_GIVE_BACK, {"name": name})


@contextmanager
def _claimed_on_this_machine(path: Path) -> Iterator[bool]:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
