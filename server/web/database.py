"""The application's database and the key that seals it, for views."""

from flask import Flask, current_app
from sqlalchemy import Engine

from server.record.signing import KeyFolder, SigningKey
from server.storage.engine import open_engine
from server.storage.schema import is_current

EXTENSION = "kyozai.engine"


class DatabaseNotReady(RuntimeError):
    """The database is empty or has an older schema: `kyozai init` mends it."""


def init_app(app: Flask, url: str) -> None:
    engine = open_engine(url)
    if not is_current(engine):
        raise DatabaseNotReady(str(engine.url))
    app.extensions[EXTENSION] = engine


def engine() -> Engine:
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Engine)
    return found


def signing_key() -> SigningKey:
    """Raises NoSigningKey: the server does not start without one, but it may be taken away."""
    return KeyFolder(current_app.config["KYOZAI"].key_folder).current()
