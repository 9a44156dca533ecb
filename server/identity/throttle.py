"""Slows guessing down, by account and by address, and never locks anybody out for good.

Every try is counted before the password is looked at, so that many at once are slowed like many in turn.
Accounts that do not exist are throttled like those that do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, select

from server.storage import tables
from server.storage.upsert import upsert

LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Key:
    """What is throttled, and how many failures are free before the waits begin."""

    name: str
    free: int


def account_key(number: str) -> Key:
    """The number is hashed: somebody may type a password into its field."""
    return Key(f"account:{sha256(number.encode()).hexdigest()}", free=5)


def address_key(address: str) -> Key:
    """Whole offices share an address, so more is free; each success takes one failure back."""
    return Key(f"address:{address}", free=50)


def begin_try(connection: Connection, keys: list[Key], at: datetime) -> timedelta | None:
    """Count a try for each key. When one has to wait: for how long, and nothing is counted."""
    kept = {key: _kept(connection, key, at) for key in keys}
    # Only a key out of free tries makes wait: two tries at once may be written in either order.
    waits = [
        blocked_until - at
        for key, (failures, blocked_until) in kept.items()
        if failures >= key.free and blocked_until > at
    ]
    if waits:
        return max(waits)
    for key, (failures, _) in kept.items():
        _keep(connection, key, failures + 1, at + wait_after(failures + 1, key.free))
    return None


def wait_after(failures: int, free: int) -> timedelta:
    """Nothing at first; then one second, doubled with every failure up to the longest."""
    if failures < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - free, 16)), LONGEST_WAIT)


def succeed(connection: Connection, account: Key, address: Key, at: datetime) -> None:
    forgive(connection, account)
    failures, _ = _kept(connection, address, at)
    _keep(connection, address, max(failures - 2, 0), at)  # this try's own, and one earlier


def forgive(connection: Connection, key: Key) -> None:
    connection.execute(delete(tables.throttle).where(tables.throttle.c.key == key.name))


def forget_old(connection: Connection, at: datetime) -> None:
    connection.execute(delete(tables.throttle).where(tables.throttle.c.blocked_until < at - FORGOTTEN_AFTER))


def _kept(connection: Connection, key: Key, at: datetime) -> tuple[int, datetime]:
    row = connection.execute(select(tables.throttle).where(tables.throttle.c.key == key.name)).one_or_none()
    if row is None or row.blocked_until < at - FORGOTTEN_AFTER:
        return 0, at
    return row.failures, row.blocked_until


def _keep(connection: Connection, key: Key, failures: int, blocked_until: datetime) -> None:
    values = {"key": key.name, "failures": failures, "blocked_until": blocked_until}
    upsert(connection, tables.throttle, values)
