"""Two records of one human become one: what counts goes over, by entries that say so.

Nothing is deleted from the record. The one that is given up keeps its entries, each taken back by a
correction of its own, and counts in no report any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select

from server.record.corrections import CorrectionRefused, void_completion
from server.record.entries import append
from server.record.exemptions import exempt, exemptions_of
from server.record.learning import ModuleVersion, complete_module
from server.record.postings import Terms, enter_posting, take_leave
from server.record.reversal import take_back
from server.record.standing import refreshed_at_the_end
from server.rules.days import Span, without
from server.storage import tables

REASON = "二つの記録を一つにした"
"""Of the corrections that follow from a merger; its own entry tells HR's."""


@dataclass(frozen=True)
class Merging:
    """`given_up` is to become a part of `kept`."""

    given_up: str
    kept: str
    at: datetime
    actor: str


def merge_persons(
    connection: Connection, given_up: str, kept: str, *, reason: str, at: datetime, actor: str
) -> None:
    """Raise CorrectionRefused where one of them was given up before, or both are the same."""
    if given_up == kept or merged_into(connection, given_up) or merged_into(connection, kept):
        raise CorrectionRefused(None)
    merging = Merging(given_up, kept, at, actor)
    entry_id = append(
        connection,
        "correction",
        at=at,
        actor=actor,
        person_id=given_up,
        body={"merged_into": kept},
        payload={"reason": reason},
    )
    with refreshed_at_the_end(connection):
        _bring_postings(connection, merging)
        _bring_leaves(connection, merging)
        _bring_what_was_begun(connection, merging)
        _bring_completions(connection, merging)
        _bring_exemptions(connection, merging)
    connection.execute(
        insert(tables.merged_person).values(person_id=given_up, into_id=kept, entry_id=entry_id)
    )


def merged_into(connection: Connection, person_id: str) -> str | None:
    """Whose the record is by now; None where it is a person's own."""
    merged = tables.merged_person
    return connection.scalar(select(merged.c.into_id).where(merged.c.person_id == person_id))


def merged_from(connection: Connection, person_id: str) -> list[str]:
    """Whose records became a part of this one, at whatever remove."""
    merged = tables.merged_person
    found: list[str] = []
    waiting = [person_id]
    while waiting:
        query = select(merged.c.person_id).where(merged.c.into_id == waiting.pop())
        given_up = connection.scalars(query.order_by(merged.c.person_id)).all()
        found += given_up
        waiting += given_up
    return found


def _bring_postings(connection: Connection, merging: Merging) -> None:
    """Where both had a main posting on a day, that of the one who is kept stands."""
    theirs = _rows(connection, tables.posting, merging.given_up)
    own = _rows(connection, tables.posting, merging.kept)
    _take_back(connection, merging, "posting")
    for row in theirs:
        for days in without(_days(row), [_days(each) for each in own if _excludes(each, row)]):
            terms = Terms(row.department_id, row.kind, row.appointment, row.is_head)
            enter_posting(connection, merging.kept, terms, days, at=merging.at, actor=merging.actor)


def _excludes(own: Row[Any], theirs: Row[Any]) -> bool:
    if theirs.kind == "main":
        return bool(own.kind == "main")
    return bool(own.department_id == theirs.department_id)


def _bring_leaves(connection: Connection, merging: Merging) -> None:
    theirs = _rows(connection, tables.leave, merging.given_up)
    own = [_days(row) for row in _rows(connection, tables.leave, merging.kept)]
    _take_back(connection, merging, "leave")
    for row in theirs:
        for days in without(_days(row), own):
            take_leave(connection, merging.kept, days.first, days.last, at=merging.at, actor=merging.actor)


def _bring_what_was_begun(connection: Connection, merging: Merging) -> None:
    """What was started and confirmed, of each module version once."""
    for kind in ("started", "confirmation"):
        known = {_version(row) for row in _entries(connection, merging.kept, kind)}
        for row in _entries(connection, merging.given_up, kind):
            if _version(row) not in known:
                append(
                    connection,
                    kind,
                    at=merging.at,
                    actor=merging.actor,
                    person_id=merging.kept,
                    module_id=row.module_id,
                    effective_at=row.effective_at,
                    body={**row.body, "from": row.id},
                )


def _bring_completions(connection: Connection, merging: Merging) -> None:
    """Each counts for the one who is kept, as it was, and no longer for the other."""
    for row in _rows(connection, tables.completion, merging.given_up):
        if row.voided_at is not None:
            continue
        void_completion(connection, row.id, reason=REASON, at=merging.at, actor=merging.actor)
        complete_module(
            connection,
            merging.kept,
            ModuleVersion(row.module_id, row.module_version, row.release),
            evidence=row.evidence,
            at=merging.at,
            actor=merging.actor,
            attempt_id=row.attempt_id,
            completed_at=row.completed_at,
        )


def _bring_exemptions(connection: Connection, merging: Merging) -> None:
    for each in exemptions_of(connection, merging.given_up):
        if each.days.last is None or each.days.first <= each.days.last:
            exempt(
                connection,
                merging.kept,
                [each.module_id],
                each.days,
                reason=each.reason,
                at=merging.at,
                actor=merging.actor,
            )


def _take_back(connection: Connection, merging: Merging, kind: str) -> None:
    taken = {
        row.body["reverses"]
        for row in _entries(connection, merging.given_up, "correction")
        if "reverses" in row.body
    }
    entries = [row for row in _entries(connection, merging.given_up, kind) if row.id not in taken]
    take_back(connection, entries, at=merging.at, actor=merging.actor)


def _entries(connection: Connection, person_id: str, kind: str) -> Sequence[Row[Any]]:
    entry = tables.entry
    theirs = (entry.c.person_id == person_id) & (entry.c.kind == kind)
    return connection.execute(select(entry).where(theirs).order_by(entry.c.id)).all()


def _rows(connection: Connection, table: Table, person_id: str) -> Sequence[Row[Any]]:
    return connection.execute(select(table).where(table.c.person_id == person_id).order_by(table.c.id)).all()


def _days(row: Row[Any]) -> Span:
    return Span(row.first_day, row.last_day)


def _version(row: Row[Any]) -> tuple[str, str]:
    return row.module_id, row.body["version"]
