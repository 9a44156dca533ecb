"""Writers queue before the database, so that none of them waits there until it gives up."""

import fcntl
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, text

from server.storage.engine import open_engine, reading, writing
from server.storage.turns import turn_to_write


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path}/kyozai.db")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE counted (number INTEGER)"))
    yield engine
    engine.dispose()


def ask_as_another_process(engine: Engine) -> None:
    """Raise BlockingIOError when it is somebody else's turn."""
    with Path(f"{engine.url.database}-writers").open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_while_one_writes_other_processes_wait(engine: Engine) -> None:
    with writing(engine), pytest.raises(BlockingIOError):
        ask_as_another_process(engine)


def test_after_a_transaction_that_failed_it_is_the_next_ones_turn(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine):
        raise ZeroDivisionError

    ask_as_another_process(engine)


def test_who_reads_waits_for_nobody(engine: Engine) -> None:
    with turn_to_write(engine), reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM counted")).scalar_one() == 0


def test_many_writers_at_once_all_get_their_turn(engine: Engine) -> None:
    def count() -> None:
        with writing(engine) as connection:
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
