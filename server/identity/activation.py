"""Activation: a link on a printed slip, good once and for a few days, with which a person sets a password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from server.identity import throttle
from server.identity.passwords import normalised
from server.storage import tables
from server.web.access_log import log_access
from server.web.sessions import digest, end_sessions_of

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that is mistaken for something else on paper (0 and O, 1 and I): the slip may have to be typed."""
GROUPS, GROUP_LENGTH = 4, 4


@dataclass(frozen=True)
class Invitation:
    """Whose link it is."""

    person_id: str
    number: str
    name: str


def new_token() -> str:
    """80 random bits: enough for a secret that is good once, for three days, and only over the network."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def as_typed(token: str) -> str:
    """The token that was meant: case, width, blanks and hyphens do not matter."""
    plain = "".join(character for character in normalised(token).upper() if character in ALPHABET)
    return "-".join(plain[i : i + GROUP_LENGTH] for i in range(0, len(plain), GROUP_LENGTH))


def issue(connection: Connection, person_id: str, *, at: datetime, actor: str, hours: int) -> str:
    """A new token for this account. Earlier ones are void from now on; only a digest is kept."""
    token = new_token()
    void_invitations(connection, person_id)
    connection.execute(
        insert(tables.activation).values(
            token_digest=digest(token),
            person_id=person_id,
            issued_at=at,
            issued_by=actor,
            expires_at=at + timedelta(hours=hours),
        )
    )
    log_access(connection, "slip-issued", at=at, actor=actor, person=person_id)
    return token


def invitation_of(connection: Connection, token: str, at: datetime) -> Invitation | None:
    """None when the link is unknown, void, used or too old, or the account is disabled."""
    activation, account, details = tables.activation, tables.account, tables.person_details
    row = connection.execute(
        select(details.c.person_id, details.c.number, details.c.name)
        .join(account, account.c.person_id == details.c.person_id)
        .join(activation, activation.c.person_id == account.c.person_id)
        .where(
            activation.c.token_digest == digest(as_typed(token)),
            activation.c.used_at.is_(None),
            activation.c.expires_at > at,
            account.c.disabled_at.is_(None),
        )
    ).one_or_none()
    return Invitation(*row) if row else None


def activate(connection: Connection, token: str, password_hash: str, *, at: datetime) -> Invitation | None:
    """Set the password and use the link up. The person is signed out everywhere. None: see above."""
    invited = invitation_of(connection, token, at)
    if invited is None:
        return None
    account, activation = tables.account, tables.activation
    connection.execute(
        update(account).where(account.c.person_id == invited.person_id).values(password_hash=password_hash)
    )
    connection.execute(
        update(activation).where(activation.c.token_digest == digest(as_typed(token))).values(used_at=at)
    )
    end_sessions_of(connection, invited.person_id)
    throttle.forgive(connection, throttle.account_key(invited.number))
    log_access(connection, "password-set", at=at, actor=invited.person_id)
    return invited


def void_invitations(connection: Connection, person_id: str) -> None:
    """Links not used yet are good no more."""
    activation = tables.activation
    connection.execute(
        delete(activation).where(activation.c.person_id == person_id, activation.c.used_at.is_(None))
    )
