"""The database: SQLite or PostgreSQL, each so that what was acknowledged survives a power cut."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from server.storage.turns import turn_of_this_machine, wait_for_turn

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
    return _open_sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _open_postgresql(parsed)


def _open_sqlite(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, pool_size=CONNECTIONS, max_overflow=0)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _open_postgresql(url: URL) -> Engine:
    """PostgreSQL commits durably unless its own configuration says otherwise: `_check_durability` asks it."""
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
    )
    event.listen(engine, "connect", _check_durability)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own: _begin does
    for name, wanted in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {wanted}")
        answered = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if answered != wanted:
            raise StorageFault(f"SQLite answers {name} = {answered}, {wanted} is needed")


def _check_durability(connection: Any, _record: object) -> None:
    answered = connection.execute("SHOW synchronous_commit").fetchone()[0]
    connection.rollback()
    if answered == "off":
        raise StorageFault("PostgreSQL answers synchronous_commit = off, on is needed")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turns writer half-way would fail, not wait.
    writes = connection.get_execution_options().get("writes", False)
    driver: Any = connection.connection.dbapi_connection
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database; nothing is kept."""
    with _view(engine) as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def _view(engine: Engine) -> Connection:
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection


@contextmanager
def writing(engine: Engine, about: str | None = None) -> Iterator[Connection]:
    """One transaction: everything in it is kept, or nothing. Writers take turns.

    `about` is the id of the one person (or session, or account) whose rows alone the transaction reads and
    changes. Where the database can, those about others need not wait for it. Without, it is about everybody:
    nobody else writes meanwhile.
    """
    with (
        turn_of_this_machine(engine),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        wait_for_turn(connection, about)
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
            wait_for_turn(connection, None)
            yield connection
            if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise StorageFault(f"the change would leave references to nothing: {broken[:5]}")
