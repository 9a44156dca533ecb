"""Whether number and password fit together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from server.identity import throttle
from server.identity.passwords import hash_password, is_right, needs_new_hash, normalised
from server.storage import tables
from server.storage.engine import writing
from server.web.access_log import log_access

SIGN_IN = "sign-in"
"""What these transactions are about: tries are counted one after the other, by account and by address."""


@dataclass(frozen=True)
class Refused:
    """The number or the password is wrong (nobody learns which), or both were tried too often: `wait`."""

    wait: timedelta | None = None


def check_password(
    engine: Engine,
    number: str,
    password: str,
    address: str,
    *,
    at: datetime,
    action: str = "signed-in",
) -> str | Refused:
    """The person's id, or why not. `action`: as which it is logged.

    The slow hash is worked out between two transactions, not inside one.
    """
    number = normalised(number).strip()
    account, place = throttle.account_key(number), throttle.address_key(address)
    with writing(engine, SIGN_IN) as connection:
        wait = throttle.begin_try(connection, [account, place], at)
        row = _account_with(connection, number)
    if wait is not None:
        return Refused(wait)
    known = is_right(password, row.password_hash if row and row.disabled_at is None else None)
    new_hash = hash_password(password) if known and row and needs_new_hash(row.password_hash) else None
    with writing(engine, SIGN_IN) as connection:
        if not known or row is None:
            actor = row.person_id if row else "unknown"
            log_access(connection, "sign-in-refused", at=at, actor=actor, address=address)
            return Refused()
        throttle.succeed(connection, account, place, at)
        if new_hash:
            _keep_hash(connection, row.person_id, new_hash)
        log_access(connection, action, at=at, actor=row.person_id, address=address)
    return str(row.person_id)


def _account_with(connection: Connection, number: str) -> Row[Any, Any, Any] | None:
    details, account = tables.person_details, tables.account
    return connection.execute(
        select(account.c.person_id, account.c.password_hash, account.c.disabled_at)
        .join(details, details.c.person_id == account.c.person_id)
        .where(details.c.number == number)
    ).one_or_none()


def _keep_hash(connection: Connection, person_id: str, password_hash: str) -> None:
    account = tables.account
    connection.execute(
        update(account).where(account.c.person_id == person_id).values(password_hash=password_hash)
    )
