"""Insert what may be there already, in one statement, on SQLite and PostgreSQL alike."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def insert_if_absent(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Whether the row was inserted. One with the same primary key stays as it is."""
    statement = _insert(connection, table).values(**values).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


def upsert(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert the row, or give the one with the same primary key these values."""
    statement = _insert(connection, table).values(**values)
    keys = [column.name for column in table.primary_key]
    changed = {name: value for name, value in values.items() if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))
