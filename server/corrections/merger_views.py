"""HR's page that makes two records of one human one, with its effect beforehand."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, Row, select
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.corrections.blueprint import blueprint
from server.corrections.changes import Change, ChangeRefused, Move, moves_of
from server.corrections.deciding import needs_second, settle
from server.corrections.kinds import KINDS
from server.corrections.kinds.merger import merger
from server.record.merging import merged_into
from server.releases.library import modules_on
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _

NO_REASON = N_("理由を入力してください。")
NO_NUMBER = N_("この職員番号の記録はありません。")
SAME = N_("同じ人の記録です。もう一つの記録の職員番号を入力してください。")


@blueprint.get("/hr/people/<person_id>/merger")
@requires(Action.CORRECT_RECORDS, fresh=True)
def merger_page(person_id: str) -> str:
    with reading(engine()) as connection:
        return _page(connection, _details(connection, person_id), {})


@blueprint.post("/hr/people/<person_id>/merger")
@requires(Action.CORRECT_RECORDS, fresh=True)
def look_at_merger(person_id: str) -> str | tuple[str, int]:
    """What would come over. Nothing is entered yet."""
    errors: dict[str, str] = {}
    with writing(engine()) as connection:
        kept = _details(connection, person_id)
        other, change = _read(connection, kept, errors)
        if errors or change is None:
            return _page(connection, kept, errors), 422
        try:
            moves = moves_of(connection, KINDS[change.kind], change, signed_in().id)
        except ChangeRefused as refused:
            return _page(connection, kept, {"number": refused.message}), 422
        return _page(connection, kept, {}, other, moves)


@blueprint.post("/hr/people/<person_id>/merger/enter")
@requires(Action.CORRECT_RECORDS, fresh=True)
def enter_merger(person_id: str) -> AnyResponse | tuple[str, int]:
    errors: dict[str, str] = {}
    with writing(engine()) as connection:
        kept = _details(connection, person_id)
        _other, change = _read(connection, kept, errors)
        if errors or change is None:
            return _page(connection, kept, errors), 422
        try:
            done = settle(connection, change)
        except ChangeRefused as refused:
            return _page(connection, kept, {"number": refused.message}), 409
    flash(done)
    return redirect(url_for("corrections.person", person_id=person_id), 303)


def _read(
    connection: Connection, kept: Row[Any], errors: dict[str, str]
) -> tuple[Row[Any] | None, Change | None]:
    """The other record, and the merger; None where something is wrong: then `errors` says what."""
    details, number = tables.person_details, request.form.get("number", "").strip()
    reason = request.form.get("reason", "").strip()
    other = connection.execute(select(details).where(details.c.number == number)).one_or_none()
    if other is None:
        errors["number"] = _(NO_NUMBER)
    elif other.person_id == kept.person_id:
        errors["number"] = _(SAME)
    if not reason:
        errors["reason"] = _(NO_REASON)
    return other, merger(other.person_id, kept.person_id, reason) if other and not errors else None


def _details(connection: Connection, person_id: str) -> Row[Any]:
    """Of a record that was not given up."""
    details = tables.person_details
    row = connection.execute(select(details).where(details.c.person_id == person_id)).one_or_none()
    return abort(404) if row is None or merged_into(connection, person_id) else row


def _page(
    connection: Connection,
    kept: Row[Any],
    errors: dict[str, str],
    other: Row[Any] | None = None,
    moves: list[Move] | None = None,
) -> str:
    return render_template(
        "corrections/merger.html",
        kept=kept,
        other=other,
        moves=moves,
        modules=modules_on(connection, clock.today()),
        needs_second=needs_second(),
        typed=request.form,
        errors=errors,
    )
