"""Whether a change is entered at once or waits for a second one of HR; and what the second one decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Connection, Row, insert, select, update

from builder.language import N_
from server.corrections.changes import Change, enter, moves_of
from server.corrections.kinds import KINDS
from server.storage import tables
from server.storage.ids import new_id
from server.web import clock
from server.web.access import signed_in
from server.web.language import gettext as _

PROPOSED = N_("申請しました。別の人事担当が承認すると、記録に加わります。")
DECIDED_SHOWN = 20


@dataclass(frozen=True)
class Proposal:
    """A change that was asked for. `is_accepted` is None while nobody has decided."""

    id: str
    change: Change
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    is_accepted: bool | None


def needs_second() -> bool:
    return bool(current_app.config["KYOZAI"].second_approver)


def settle(connection: Connection, change: Change) -> str:
    """Enter it, or leave it to a second one of HR if it could be entered now. Returns what to say.

    May raise ChangeRefused.
    """
    if not needs_second():
        enter(connection, KINDS[change.kind], change, actor=signed_in().id)
        return _(KINDS[change.kind].done)
    moves_of(connection, KINDS[change.kind], change, signed_in().id)
    connection.execute(
        insert(tables.proposal).values(
            id=new_id(),
            kind=change.kind,
            person_id=change.people[0] if len(change.people) == 1 else None,
            arguments={**change.arguments, "people": list(change.people)},
            reason=change.reason,
            proposed_by=signed_in().id,
            proposed_at=clock.now(),
        )
    )
    return _(PROPOSED)


def accept(connection: Connection, proposal: Proposal) -> None:
    """The entries name whoever asked for it as their actor, and whoever agreed. May raise ChangeRefused."""
    change = proposal.change
    enter(connection, KINDS[change.kind], change, actor=proposal.proposed_by, agreed=signed_in().id)
    _decide(connection, proposal, is_accepted=True)


def reject(connection: Connection, proposal: Proposal) -> None:
    _decide(connection, proposal, is_accepted=False)


def _decide(connection: Connection, proposal: Proposal, *, is_accepted: bool) -> None:
    table = tables.proposal
    connection.execute(
        update(table)
        .where(table.c.id == proposal.id)
        .values(reason="", decided_by=signed_in().id, decided_at=clock.now(), is_accepted=is_accepted)
    )


def waiting(connection: Connection) -> list[Proposal]:
    """The oldest first."""
    table = tables.proposal
    query = select(table).where(table.c.decided_at.is_(None)).order_by(table.c.id)
    return _proposals(connection.execute(query).all())


def decided(connection: Connection) -> list[Proposal]:
    """The newest first."""
    table = tables.proposal
    query = select(table).where(table.c.decided_at.is_not(None))
    return _proposals(
        connection.execute(query.order_by(table.c.decided_at.desc()).limit(DECIDED_SHOWN)).all()
    )


def proposal_with_id(connection: Connection, proposal_id: str) -> Proposal | None:
    table = tables.proposal
    found = _proposals(connection.execute(select(table).where(table.c.id == proposal_id)).all())
    return found[0] if found else None


def _proposals(rows: Sequence[Row[tuple[object, ...]]]) -> list[Proposal]:
    return [
        Proposal(
            row.id,
            _change(row),
            row.proposed_by,
            row.proposed_at,
            row.decided_by,
            row.decided_at,
            row.is_accepted,
        )
        for row in rows
    ]


def _change(row: Row[tuple[object, ...]]) -> Change:
    arguments = dict(row.arguments)
    return Change(row.kind, arguments.pop("people"), arguments, row.reason)
