"""A completion that counts no more, or again."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select

from builder.language import N_
from server.corrections.changes import Change, ChangeRefused, Kind
from server.corrections.wording import module_text, names_of, person_text
from server.record.corrections import (
    Correction,
    CorrectionRefused,
    reinstate_completion,
    void_completion,
)
from server.storage import tables
from server.web.language import gettext as _
from server.web.words import completion_text, moment_text

CORRECTED_ALREADY = N_("%(actor)sさんが %(moment)s に、もう訂正しています（%(reason)s）。")
NOTHING_TO_CORRECT = N_("この修了は、取り消されていません。")


def _enter(
    operation: Callable[..., str],
) -> Callable[[Connection, Change, datetime, str], None]:
    def enter(connection: Connection, change: Change, at: datetime, actor: str) -> None:
        try:
            operation(connection, change.arguments["completion"], reason=change.reason, at=at, actor=actor)
        except CorrectionRefused as refused:
            raise ChangeRefused(_already(connection, refused.earlier)) from refused

    return enter


def _already(connection: Connection, earlier: Correction | None) -> str:
    if earlier is None:
        return _(NOTHING_TO_CORRECT)
    return _(
        CORRECTED_ALREADY,
        actor=names_of(connection, {earlier.actor}).get(earlier.actor, earlier.actor),
        moment=moment_text(earlier.at),
        reason=earlier.reason,
    )


def _words(sentence: str) -> Callable[[Connection, Change], str]:
    def words(connection: Connection, change: Change) -> str:
        table = tables.completion
        done = connection.execute(select(table).where(table.c.id == change.arguments["completion"])).one()
        return _(
            sentence,
            person=person_text(connection, done.person_id),
            module=module_text(connection, done.module_id),
            moment=completion_text(done.completed_at, done.evidence),
        )

    return words


VOID = Kind(
    _words(N_("%(person)s の %(module)s の修了（%(moment)s）を取り消す")),
    _enter(void_completion),
    N_("訂正しました。元の記録は残り、受講状態は新しくなっています。"),
)
REINSTATE = Kind(
    _words(N_("%(person)s の %(module)s の修了（%(moment)s）を、もう一度数える")),
    _enter(reinstate_completion),
    VOID.done,
)
