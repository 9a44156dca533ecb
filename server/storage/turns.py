"""Writers wait for their turn in a queue.

SQLite has one writer at a time. Those who wait inside it sleep and look again, ever longer: under load some
wait a hundred times as long as others, and some until they give up. In the queue of this machine each is
woken in its turn.

PostgreSQL has many writers, and keeps them apart only where they change the same row. What a rule reads and
then acts on (is this the last question? is there a main posting already? who is the last administrator?)
would no longer hold when it acts. So writers about the same person take turns, and one about everybody waits
for all others: the locks are the database's own, and end with their transaction.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, text

_of_this_process: dict[str, Lock] = {}

EVERYBODY = 0x6B796F7A6169
"""The key of the lock that every writer holds: shared, or alone when it writes about everybody."""

ONE = 0x6B79
"""The class of the locks that stand for one person each."""

_AS_ONE_OF_MANY = text(
    "SELECT pg_advisory_xact_lock_shared(:everybody), pg_advisory_xact_lock(:one, hashtext(:about))"
)
_ALONE = text("SELECT pg_advisory_xact_lock(:everybody)")


@contextmanager
def turn_of_this_machine(engine: Engine) -> Iterator[None]:
    """Held from before the transaction begins until after it ended. A lock ends with its process."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database:
        yield
        return
    with _of_this_process.setdefault(database, Lock()), Path(f"{database}-writers").open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield


def wait_for_turn(connection: Connection, about: str | None) -> None:
    """The first thing in a transaction: what it reads afterwards is what the one before it left."""
    if connection.dialect.name != "postgresql":
        return
    if about is None:
        connection.execute(_ALONE, {"everybody": EVERYBODY})
    else:
        connection.execute(_AS_ONE_OF_MANY, {"everybody": EVERYBODY, "one": ONE, "about": about})
