"""Insert what may be there already, in one statement, on SQLite and PostgreSQL alike."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_absent(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Whether the row was inserted. One with the same primary key stays as it is."""
    return connection.execute(_insert_if_absent(connection.dialect.name, table), values).rowcount == 1


def upsert(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert the row, or give the one with the same primary key these values."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(values)), values)


# Made once each: SQLAlchemy takes longer to put one together than SQLite takes to do it.


@cache
def _insert_if_absent(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    # without the option SQLAlchemy forgets how many rows PostgreSQL inserted
    return _insert(dialect, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
