"""A whole server with a database of its own."""

from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyotp
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, inspect, make_url, update

from server.app import create_app
from server.record.signing import KeyFolder
from server.releases.publish import publish
from server.settings import Settings
from server.storage import tables
from server.storage.engine import open_engine, writing
from server.storage.schema import upgrade
from server.web import clock
from server.web.access import Role
from server.web.database import EXTENSION
from tests.builders.staff import APP_SECRET, SECRET_KEY, Person, Staff, noon
from tests.http.pages import PageClient, flask_client

URL = "http://127.0.0.1:8000"


class Site:
    """The database is made at once, the application with its first client: change settings before."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        given = {"data": folder, "secret_key": SECRET_KEY, "url": URL, **settings}
        self.settings = Settings(**given)
        self.keys = KeyFolder(self.settings.key_folder)
        self.keys.make()
        self.engine = empty_database(self.settings.sqlalchemy_url)
        self.staff = Staff(self.engine)

    @cached_property
    def app(self) -> Flask:
        app = create_app(self.settings)
        app.jinja_env.bytecode_cache = TEMPLATES
        app.testing = True
        return app

    def client(self, **environment: str) -> PageClient:
        """A browser in which nobody is signed in."""
        return flask_client(self.app, self.settings.url, **environment)

    def sign_in(self, person: Person, client: PageClient | None = None) -> PageClient:
        """A browser in which this person signed in, through the forms; its page is the one after that."""
        client = client or self.client()
        client.get("/sign-in")
        client.submit("sign-in", number=person.number, password=person.password)
        assert not client.shown.errors, client.shown.errors
        self.gives_second_factor(person, client)
        return client

    def gives_second_factor(self, person: Person, client: PageClient) -> None:
        """Where the page asks for it. Any code is new to the server, however often one signs in."""
        if client.shown.path.startswith("/second-factor"):
            with writing(self.engine) as connection:
                factor = tables.second_factor
                own = update(factor).where(factor.c.person_id == person.id)
                connection.execute(own.values(last_step=0))
            if "登録する" in client.shown.button_texts():
                enrols(client)
            else:
                client.submit("second-factor", code=code_of(APP_SECRET))
            assert not client.shown.errors, client.shown.errors

    def learner(self, **details: Any) -> PageClient:
        return self.sign_in(self.staff.person(**details))

    def hr(self) -> PageClient:
        return self.sign_in(self.staff.person("人事 花子", reading="ジンジ ハナコ", roles=(Role.HR,)))

    def administrator(self) -> PageClient:
        return self.sign_in(
            self.staff.person("管理 太郎", reading="カンリ タロウ", roles=(Role.ADMINISTRATOR,))
        )

    def publishes(self, package: bytes, *, on: str = "2026-04-01") -> None:
        with writing(self.engine) as connection:
            publish(connection, package, name="package.zip", at=noon(on), actor="a test")

    def close(self) -> None:
        self.engine.dispose()
        if "app" in vars(self):
            self.app.extensions[EXTENSION].dispose()


def enrols(client: PageClient) -> None:
    """Reads the secret from the page, as an authenticator app would, and puts the recovery codes away."""
    client.submit("enrol", code=code_of(shown_secret(client)))
    client.click("しまったので続ける")


def shown_secret(client: PageClient) -> str:
    return "".join((client.shown.by_id("secret").text or "").split())


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return pyotp.TOTP(secret).at(clock.now())


def empty_database(url: str) -> Engine:
    """With the newest schema. The caller disposes of it."""
    file = make_url(url).database
    if url.startswith("sqlite") and file and not Path(file).exists():
        Path(file).write_bytes(newest_schema())
    engine = open_engine(url)
    if not inspect(engine).has_table(tables.person.name):
        upgrade(engine)
    return engine


@cache
def newest_schema() -> bytes:
    """A SQLite database to copy. Migrations take longer than a copy of what they make."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "newest.db"
        engine = open_engine(f"sqlite:///{file}")
        upgrade(engine)
        engine.dispose()
        return file.read_bytes()


class Compiled(BytecodeCache):
    """Templates, compiled once for all applications of a process."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()
