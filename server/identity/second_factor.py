"""The second factor: an authenticator app, and recovery codes for the day on which it is not at hand.

Until it is given, HR, auditors and administrators may do no more than learn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select, update

from server.identity import throttle
from server.identity.keyring import Keyring
from server.identity.one_time_codes import as_digits, is_code, is_recovery_code, new_recovery_codes, step_of
from server.identity.passwords import hash_password, is_right
from server.identity.sign_in import Refused
from server.storage import tables
from server.storage.engine import reading, writing
from server.storage.ids import new_id
from server.web.access_log import log_access
from server.web.sessions import end_sessions_of

_FACTOR, _RECOVERY = tables.second_factor, tables.recovery_code


@dataclass(frozen=True)
class Given:
    """`left`: how many recovery codes are left, when it was one of them."""

    left: int | None = None


def is_enrolled(connection: Connection, person_id: str) -> bool:
    found = select(_FACTOR.c.person_id).where(_FACTOR.c.person_id == person_id)
    return connection.scalar(found) is not None


def enrol(
    engine: Engine, keyring: Keyring, person_id: str, secret: str, typed: str, *, at: datetime
) -> Sequence[str] | None:
    """The recovery codes, which are kept nowhere; None when the app did not show this code.

    The code that proves the enrolment is used up by it. Whoever is enrolled already is so no more than once.
    """
    step = step_of(secret, as_digits(typed), at, after=0)
    if step is None:
        return None
    codes = new_recovery_codes()
    hashes = [hash_password(code) for code in codes]
    with writing(engine, person_id) as connection:
        if is_enrolled(connection, person_id):
            return None
        values = {"person_id": person_id, "secret": keyring.sealed(secret)}
        connection.execute(insert(_FACTOR).values(**values, enrolled_at=at, last_step=step))
        _keep_recovery_codes(connection, person_id, hashes)
        log_access(connection, "second-factor-enrolled", at=at, actor=person_id, person=person_id)
    return codes


def check_code(
    engine: Engine, keyring: Keyring, person_id: str, typed: str, *, at: datetime
) -> Given | Refused:
    """Of the app, or a recovery code. Tries are slowed down like those of passwords."""
    digits = as_digits(typed)
    if is_recovery_code(digits):
        return _check_recovery_code(engine, person_id, digits, at)
    with writing(engine, person_id) as connection:
        wait = throttle.begin_try(connection, [_key(person_id)], at)
        if wait is not None:
            return Refused(wait)
        if not is_code(digits) or not _accepts(connection, keyring, person_id, digits, at):
            return _refuse(connection, person_id, at)
        return _give(connection, person_id, "second-factor-given", at)


def _accepts(connection: Connection, keyring: Keyring, person_id: str, code: str, at: datetime) -> bool:
    """A code is accepted once: none of its step or of one before it is good any more."""
    kept = connection.execute(select(_FACTOR).where(_FACTOR.c.person_id == person_id)).one_or_none()
    secret = keyring.opened(kept.secret) if kept else None
    if kept is None or secret is None:
        return False
    step = step_of(secret, code, at, after=kept.last_step)
    if step is None:
        return False
    renewed = keyring.sealed(secret)  # by the newest key
    connection.execute(
        update(_FACTOR).where(_FACTOR.c.person_id == person_id).values(last_step=step, secret=renewed)
    )
    return True


def _check_recovery_code(engine: Engine, person_id: str, digits: str, at: datetime) -> Given | Refused:
    """The slow hashes are worked out between two transactions, as for passwords."""
    with writing(engine, person_id) as connection:
        wait = throttle.begin_try(connection, [_key(person_id)], at)
        if wait is not None:
            return Refused(wait)
        unused = connection.execute(_unused(person_id)).all()
    found = next((row.id for row in unused if is_right(digits, row.code_hash)), None)
    with writing(engine, person_id) as connection:
        code = update(_RECOVERY).where(_RECOVERY.c.id == found, _RECOVERY.c.used_at.is_(None))
        if found is None or connection.execute(code.values(used_at=at)).rowcount != 1:
            return _refuse(connection, person_id, at)
        return _give(connection, person_id, "recovery-code-used", at, left=len(unused) - 1)


def _refuse(connection: Connection, person_id: str, at: datetime) -> Refused:
    log_access(connection, "second-factor-refused", at=at, actor=person_id, person=person_id)
    return Refused()


def _give(
    connection: Connection, person_id: str, action: str, at: datetime, left: int | None = None
) -> Given:
    throttle.forgive(connection, _key(person_id))
    log_access(connection, action, at=at, actor=person_id, person=person_id)
    return Given(left)


def _key(person_id: str) -> throttle.Key:
    return throttle.Key(f"code:{person_id}", free=5)


def recovery_codes_left(engine: Engine, person_id: str) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(_unused(person_id).subquery())) or 0


def renew_recovery_codes(engine: Engine, person_id: str, *, at: datetime) -> Sequence[str]:
    """New ones. Those before are good no more."""
    codes = new_recovery_codes()
    hashes = [hash_password(code) for code in codes]
    with writing(engine, person_id) as connection:
        _keep_recovery_codes(connection, person_id, hashes)
        log_access(connection, "recovery-codes-renewed", at=at, actor=person_id, person=person_id)
    return codes


def reset_second_factor(connection: Connection, person_id: str, *, at: datetime, actor: str) -> bool:
    """The next sign-in enrols anew, and every session ends. False where there is nothing to reset."""
    was_enrolled = is_enrolled(connection, person_id)
    connection.execute(delete(_RECOVERY).where(_RECOVERY.c.person_id == person_id))
    connection.execute(delete(_FACTOR).where(_FACTOR.c.person_id == person_id))
    throttle.forgive(connection, _key(person_id))
    end_sessions_of(connection, person_id)
    log_access(connection, "second-factor-reset", at=at, actor=actor, person=person_id)
    return was_enrolled


def _keep_recovery_codes(connection: Connection, person_id: str, hashes: Sequence[str]) -> None:
    connection.execute(delete(_RECOVERY).where(_RECOVERY.c.person_id == person_id))
    rows = [{"id": new_id(), "person_id": person_id, "code_hash": code_hash} for code_hash in hashes]
    connection.execute(insert(_RECOVERY), rows)


def _unused(person_id: str) -> Select[Any]:
    return select(_RECOVERY).where(_RECOVERY.c.person_id == person_id, _RECOVERY.c.used_at.is_(None))
