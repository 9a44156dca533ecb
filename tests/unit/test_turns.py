"""Writers take turns: before SQLite all of them, in PostgreSQL those about the same person."""

import fcntl
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from server.storage.engine import open_engine, reading, writing
from tests.builders.databases import PostgreSQL, with_option


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE counted (number INTEGER)"))
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'kyozai.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def impatient(postgresql: PostgreSQL) -> Iterator[Engine]:
    """A PostgreSQL that makes nobody wait for longer than a moment."""
    with postgresql.database() as url:
        engine = open_engine(with_option(url, "lock_timeout=100"))
        yield engine
        engine.dispose()


def ask_as_another_process(engine: Engine) -> None:
    """Raise BlockingIOError when it is somebody else's turn."""
    with Path(f"{engine.url.database}-writers").open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_while_one_writes_to_sqlite_other_processes_wait(sqlite: Engine) -> None:
    with writing(sqlite, "somebody"), pytest.raises(BlockingIOError):
        ask_as_another_process(sqlite)


def test_after_a_transaction_that_failed_it_is_the_next_ones_turn(sqlite: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(sqlite):
        raise ZeroDivisionError

    ask_as_another_process(sqlite)


@pytest.mark.parametrize(
    ("first", "second"),
    [("haru", "haru"), (None, "haru"), ("haru", None), (None, None)],
    ids=["the same person", "everybody first", "everybody second", "everybody twice"],
)
def test_in_postgresql_these_wait_for_each_other(
    impatient: Engine, first: str | None, second: str | None
) -> None:
    with (
        writing(impatient, first),
        pytest.raises(OperationalError, match="lock timeout"),
        writing(impatient, second),
    ):
        pass


def test_in_postgresql_writers_about_two_people_do_not_wait_for_each_other(impatient: Engine) -> None:
    with writing(impatient, "haru"), writing(impatient, "akira"):
        pass


def test_who_reads_waits_for_nobody(engine: Engine) -> None:
    with writing(engine), reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM counted")).scalar_one() == 0


def test_who_reads_has_one_view_while_others_write(engine: Engine) -> None:
    counted = text("SELECT count(*) FROM counted")
    with reading(engine) as connection:
        before = connection.execute(counted).scalar_one()
        with writing(engine) as other:
            other.execute(text("INSERT INTO counted VALUES (1)"))
        assert connection.execute(counted).scalar_one() == before


@pytest.mark.parametrize("about", [None, "haru"], ids=["everybody", "one person"])
def test_many_writers_at_once_all_get_their_turn(engine: Engine, about: str | None) -> None:
    def count() -> None:
        with writing(engine, about) as connection:
            number = connection.execute(text("SELECT count(*) FROM counted")).scalar_one()
            connection.execute(text("INSERT INTO counted VALUES (:number)"), {"number": number})

    threads = [Thread(target=count) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading(engine) as connection:
        numbers = connection.execute(text("SELECT number FROM counted ORDER BY number")).scalars().all()
    assert numbers == list(range(30))
