"""Accounts: who may sign in, and as what."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from server.identity.activation import void_invitations
from server.storage import tables
from server.web.access import GRANTED, PRIVILEGED, Action, CurrentPerson, Role
from server.web.access_log import log_access
from server.web.sessions import end_sessions_of


class LastAdministrator(ValueError):
    """Nobody would be left to administer accounts."""


def create_account(
    connection: Connection, person_id: str, roles: Collection[Role], *, at: datetime, actor: str
) -> None:
    """An account without a password: nobody can sign in until an activation link has been used."""
    connection.execute(insert(tables.account).values(person_id=person_id))
    for role in sorted(set(roles)):
        connection.execute(insert(tables.account_role).values(person_id=person_id, role=role.value))
    log_access(connection, "account-created", at=at, actor=actor, person=person_id, roles=sorted(set(roles)))


def has_account(connection: Connection, person_id: str) -> bool:
    account = tables.account
    return connection.scalar(select(account.c.person_id).where(account.c.person_id == person_id)) is not None


def roles_of(connection: Connection, person_id: str) -> frozenset[Role]:
    role = tables.account_role
    return frozenset(
        Role(found) for found in connection.scalars(select(role.c.role).where(role.c.person_id == person_id))
    )


def grant_role(connection: Connection, person_id: str, role: Role, *, at: datetime, actor: str) -> None:
    """Granting twice changes nothing.

    A role that may do more than learn voids the slips under way and ends the sessions: whoever holds one
    of them was trusted with less.
    """
    if role in roles_of(connection, person_id):
        return
    connection.execute(insert(tables.account_role).values(person_id=person_id, role=role.value))
    if role in PRIVILEGED:
        void_invitations(connection, person_id)
        end_sessions_of(connection, person_id)
    log_access(connection, "role-granted", at=at, actor=actor, person=person_id, role=role)


def revoke_role(connection: Connection, person_id: str, role: Role, *, at: datetime, actor: str) -> None:
    """Raises LastAdministrator. Takes effect with the person's next request."""
    if role not in roles_of(connection, person_id):
        return
    if role is Role.ADMINISTRATOR:
        _refuse_last_administrator(connection, person_id)
    kept = tables.account_role
    connection.execute(delete(kept).where(kept.c.person_id == person_id, kept.c.role == role.value))
    log_access(connection, "role-revoked", at=at, actor=actor, person=person_id, role=role)


def set_roles(
    connection: Connection, person_id: str, wanted: Collection[Role], *, at: datetime, actor: str
) -> None:
    """Grant and revoke until the roles are these. Raises LastAdministrator."""
    for role in GRANTED:
        change = grant_role if role in wanted else revoke_role
        change(connection, person_id, role, at=at, actor=actor)


def may_invite(inviter: CurrentPerson, roles: Collection[Role]) -> bool:
    """Whoever holds a link can become its owner: HR may not make one for those who may do more than learn."""
    return inviter.may(Action.ISSUE_SLIPS) and (
        set(roles) <= {Role.LEARNER} or inviter.may(Action.MANAGE_ACCOUNTS)
    )


def disable_account(connection: Connection, person_id: str, *, at: datetime, actor: str) -> None:
    """Signs the person out everywhere. Raises LastAdministrator."""
    _refuse_last_administrator(connection, person_id)
    account = tables.account
    connection.execute(
        update(account)
        .where(account.c.person_id == person_id, account.c.disabled_at.is_(None))
        .values(disabled_at=at)
    )
    end_sessions_of(connection, person_id)
    log_access(connection, "account-disabled", at=at, actor=actor, person=person_id)


def remove_account(connection: Connection, person_id: str, *, at: datetime, actor: str) -> None:
    """With its password, roles and slips. Raises LastAdministrator."""
    _refuse_last_administrator(connection, person_id)
    end_sessions_of(connection, person_id)
    theirs = (tables.activation, tables.account_role, tables.second_factor, tables.recovery_code)
    for table in (*theirs, tables.account):
        connection.execute(delete(table).where(table.c.person_id == person_id))
    log_access(connection, "account-removed", at=at, actor=actor, person=person_id)


def enable_account(connection: Connection, person_id: str, *, at: datetime, actor: str) -> None:
    account = tables.account
    connection.execute(update(account).where(account.c.person_id == person_id).values(disabled_at=None))
    log_access(connection, "account-enabled", at=at, actor=actor, person=person_id)


def _refuse_last_administrator(connection: Connection, person_id: str) -> None:
    others = active_administrators(connection, with_password=True) - {person_id}
    if not others and Role.ADMINISTRATOR in roles_of(connection, person_id):
        raise LastAdministrator(person_id)


def active_administrators(connection: Connection, *, with_password: bool = False) -> set[str]:
    """Not disabled; `with_password`: able to sign in, too."""
    account, role = tables.account, tables.account_role
    query = (
        select(account.c.person_id)
        .join(role, role.c.person_id == account.c.person_id)
        .where(role.c.role == Role.ADMINISTRATOR.value, account.c.disabled_at.is_(None))
    )
    return set(
        connection.scalars(query.where(account.c.password_hash.is_not(None)) if with_password else query)
    )
