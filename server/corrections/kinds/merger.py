"""Two records of one human that become one."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from builder.language import N_
from server.corrections.changes import Change, ChangeRefused, Kind
from server.corrections.wording import person_text
from server.record.corrections import CorrectionRefused
from server.record.merging import merge_persons
from server.storage import tables
from server.web.access import PRIVILEGED
from server.web.access_log import log_access
from server.web.language import gettext as _

HAS_ROLES = N_("統合される記録には、受講者のほかの役割があります。先に管理者が役割を外してください。")
MERGED_ALREADY = N_("どちらかの記録は、もう別の記録に統合されています。")


def merger(given_up: str, kept: str, reason: str) -> Change:
    return Change("merge-persons", [kept, given_up], {"given_up": given_up, "kept": kept}, reason)


def _enter(connection: Connection, change: Change, at: datetime, actor: str) -> None:
    given_up, kept = change.arguments["given_up"], change.arguments["kept"]
    if _does_more_than_learn(connection, given_up):
        raise ChangeRefused(_(HAS_ROLES))
    try:
        merge_persons(connection, given_up, kept, reason=change.reason, at=at, actor=actor)
    except CorrectionRefused as refused:
        raise ChangeRefused(_(MERGED_ALREADY)) from refused
    _close_account(connection, given_up, at, actor)


def _does_more_than_learn(connection: Connection, person_id: str) -> bool:
    role = tables.account_role
    theirs = select(role.c.role).where(role.c.person_id == person_id)
    return bool(set(connection.scalars(theirs)) & PRIVILEGED)


def _close_account(connection: Connection, person_id: str, at: datetime, actor: str) -> None:
    """Nobody learns under the record that was given up: it would count for nobody."""
    account, session = tables.account, tables.web_session
    connection.execute(
        update(account)
        .where(account.c.person_id == person_id, account.c.disabled_at.is_(None))
        .values(disabled_at=at)
    )
    connection.execute(delete(session).where(session.c.person_id == person_id))
    log_access(connection, "account-disabled", at=at, actor=actor, person=person_id)


def _words(connection: Connection, change: Change) -> str:
    return _(
        "%(given_up)s の記録を %(kept)s の記録に統合する",
        given_up=person_text(connection, change.arguments["given_up"]),
        kept=person_text(connection, change.arguments["kept"]),
    )


MERGE = Kind(_words, _enter, N_("二つの記録を一つにしました。受講状態も新しくなっています。"))
