"""The database: SQLite set so that what was acknowledged survives a power cut, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from server.storage.turns import turn_to_write

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "busy_timeout": 30_000,
}
"""What every SQLite connection must answer when asked back. synchronous 2 is FULL; recursive_triggers
lets the record's triggers refuse REPLACE, too."""


CONNECTIONS = 40
"""At most, per process: a request takes one at a time, and there are fewer threads than this."""


class StorageFault(RuntimeError):
    """The database does not give what durability needs."""


def open_engine(url: str) -> Engine:
    """Errors name no values: they may be answers or secrets, and errors are logged."""
    parsed = make_url(url)
    if parsed.database:
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True, pool_size=CONNECTIONS, max_overflow=0)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own: _begin does
    for name, wanted in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {wanted}")
        answered = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if answered != wanted:
            raise StorageFault(f"SQLite answers {name} = {answered}, {wanted} is needed")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turns writer half-way would fail, not wait.
    writes = connection.get_execution_options().get("writes", False)
    driver: Any = connection.connection.dbapi_connection
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database; nothing is kept."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: everything in it is kept, or nothing."""
    with (
        turn_to_write(engine),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def changing_tables(engine: Engine) -> Iterator[Connection]:
    """The same for a change of the schema, on a connection that is used for nothing else.

    SQLite changes a table by making it anew: for that moment nothing may hold on to it.
    """
    with engine.connect().execution_options(writes=True) as connection:
        connection.detach()
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys = 0")
        with connection.begin():
            yield connection
            if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise StorageFault(f"the change would leave references to nothing: {broken[:5]}")
