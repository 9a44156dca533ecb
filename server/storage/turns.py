"""Writers of a SQLite database wait for their turn in a queue.

SQLite has one writer at a time. Those who wait inside it sleep and look again, ever longer: under load some
wait a hundred times as long as others, and some until they give up. In the queue each is woken in its turn.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine

_of_this_process: dict[str, Lock] = {}


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """Held from before the transaction begins until after it ended. A lock ends with its process.

    Other databases queue their writers themselves.
    """
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database:
        yield
        return
    with _of_this_process.setdefault(database, Lock()), Path(f"{database}-writers").open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield
