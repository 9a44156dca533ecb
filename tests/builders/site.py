"""A whole server with a database of its own."""

from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from server.app import create_app
from server.record.signing import KeyFolder
from server.releases.publish import publish
from server.settings import Settings
from server.storage.engine import open_engine, writing
from server.storage.schema import upgrade
from server.web.access import Role
from server.web.database import EXTENSION
from tests.builders.staff import Person, Staff, noon
from tests.http.pages import PageClient, flask_client

URL = "http://127.0.0.1:8000"


class Site:
    """The database is made at once, the application with its first client: change settings before."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        given = {"data": folder, "secret_key": "k" * 32, "url": URL, **settings}
        self.settings = Settings(**given)
        self.keys = KeyFolder(self.settings.key_folder)
        self.keys.make()
        self.engine = empty_database(self.settings.sqlalchemy_url)
        self.staff = Staff(self.engine)

    @cached_property
    def app(self) -> Flask:
        app = create_app(self.settings)
        app.testing = True
        return app

    def client(self, **environment: str) -> PageClient:
        """A browser in which nobody is signed in."""
        return flask_client(self.app, self.settings.url, **environment)

    def sign_in(self, person: Person, client: PageClient | None = None) -> PageClient:
        """A browser in which this person signed in, through the form; its page is the one after that."""
        client = client or self.client()
        client.get("/sign-in")
        client.submit("sign-in", number=person.number, password=person.password)
        assert not client.shown.errors, client.shown.errors
        return client

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


def empty_database(url: str) -> Engine:
    """With the newest schema. The caller disposes of it."""
    engine = open_engine(url)
    upgrade(engine)
    return engine
