"""Brings a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from server.storage.engine import changing_tables, reading


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    with changing_tables(engine) as connection:
        upgrade_within(connection, revision)


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """In the caller's transaction, which `changing_tables` began."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema; an empty one has none."""
    with reading(engine) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    return revision == newest_schema()


def newest_schema() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()
