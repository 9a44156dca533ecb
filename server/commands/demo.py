"""`kyozai demo`: sample staff with a history that ends today, served on this machine only."""

import os
import secrets
from pathlib import Path

import click
from sqlalchemy import Engine, exists, inspect, select

from builder.language import N_
from builder.package import packages_in
from server.commands.environment import complain, say
from server.commands.serve import serve, stop_unless_free
from server.record.signing import KeyFolder
from server.settings import Settings
from server.storage import tables
from server.storage.engine import open_engine, reading
from server.storage.schema import upgrade
from server.web import clock

HOST = "127.0.0.1"
DATABASE = "samples.db"
"""Never the name of a real one."""

REAL_PEOPLE = N_("%(file)s には見本でない職員がいます。見本は作りません。")


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--package",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The course package. Default: the one in dist/.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".kyozai/demo"),
    show_default=True,
    help="Where the sample database is made anew each time.",
)
def command(port: int, package: Path | None, data: Path) -> None:
    """Serve the course with sample staff on this machine only. Everything in it is invented."""
    from server.demo.history import make_history

    stop_unless_free(HOST, port)
    settings = demo_settings(data, port)
    engine = empty_database(settings)
    people_steps = make_history(engine, find_package(package).read_bytes(), clock.today())
    engine.dispose()
    say(N_("見本の職員60人と、今日までの記録を作りました（%(steps)s 件の操作）。"), steps=people_steps)
    say(
        N_("%(url)s/ を開き、見本の職員を選んで入ってください。止めるときは Ctrl-C を押します。"),
        url=settings.url,
    )
    serve(HOST, port, workers=2)


def demo_settings(data: Path, port: int) -> Settings:
    """Handed to the server's processes by their environment; nothing of a real installation is used."""
    for name in [name for name in os.environ if name.startswith("KYOZAI_") and name != "KYOZAI_LANG"]:
        del os.environ[name]
    os.environ |= {
        "KYOZAI_CONFIG": os.devnull,
        "KYOZAI_DATA": str(data.absolute()),
        "KYOZAI_DATABASE_URL": f"sqlite:///{data.absolute() / DATABASE}",
        "KYOZAI_URL": f"http://{HOST}:{port}",
        "KYOZAI_SECRET_KEY": secrets.token_urlsafe(32),
        "KYOZAI_ORGANISATION": "見本局",
        "KYOZAI_DEMO": "true",
    }
    return Settings()


def empty_database(settings: Settings) -> Engine:
    """Made anew, so that the history ends today. A database with people of its own is left alone."""
    engine = open_engine(settings.sqlalchemy_url)
    if holds_real_people(engine):
        complain(REAL_PEOPLE, file=engine.url.database)
        raise SystemExit(1)
    engine.dispose()
    for file in settings.data.glob(f"{DATABASE}*"):
        file.unlink()
    engine = open_engine(settings.sqlalchemy_url)
    upgrade(engine)
    KeyFolder(settings.key_folder).make()
    return engine


def holds_real_people(engine: Engine) -> bool:
    """Whatever its schema: every version of it says of a person whether the demo made them."""
    if not inspect(engine).has_table(tables.person.name):
        return False
    with reading(engine) as connection:
        return bool(connection.scalar(select(exists().where(tables.person.c.is_sample.is_(False)))))


def find_package(package: Path | None) -> Path:
    if package is not None:
        return package
    found = packages_in(Path("dist"))
    if len(found) != 1:
        complain(N_("dist/ にコースパッケージがありません。先に kyozai build を実行してください。"))
        raise SystemExit(1)
    return found[0]
