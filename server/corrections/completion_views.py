"""HR's pages that take a wrong completion back, or bring it back, with its effect beforehand."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.corrections.blueprint import blueprint
from server.corrections.changes import Change, ChangeRefused, moves_of
from server.corrections.deciding import needs_second, settle
from server.corrections.kinds import KINDS
from server.corrections.wording import names_of
from server.record.corrections import Correction, corrections_of, told
from server.releases.library import modules_on
from server.storage import tables
from server.storage.engine import writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _

NO_REASON = N_("理由を入力してください。")


@dataclass(frozen=True)
class Corrected:
    """A completion with the corrections of it, oldest first."""

    id: str
    entry_id: str
    person_id: str
    module_id: str
    version: str
    at: datetime
    evidence: str
    is_void: bool
    corrections: tuple[Correction, ...]


@blueprint.get("/hr/people/<person_id>/completions/<completion_id>")
@requires(Action.CORRECT_RECORDS, fresh=True)
def completion(person_id: str, completion_id: str) -> str:
    with writing(engine(), person_id) as connection:
        return _page(connection, person_id, completion_id)


@blueprint.post("/hr/people/<person_id>/completions/<completion_id>")
@requires(Action.CORRECT_RECORDS, fresh=True)
def correct_completion(person_id: str, completion_id: str) -> AnyResponse | tuple[str, int]:
    """The form says what whoever sent it saw: void or not. Somebody else may have corrected it since."""
    reason, was_void = request.form.get("reason", "").strip(), bool(request.form.get("was_void"))
    change = _change(person_id, completion_id, reason, is_void=was_void)
    with writing(engine(), person_id) as connection:
        if not reason:
            return _page(connection, person_id, completion_id, {"reason": _(NO_REASON)}), 422
        _corrected(connection, person_id, completion_id)
        try:
            done = settle(connection, change)
        except ChangeRefused as refused:
            return _page(connection, person_id, completion_id, {"reason": refused.message}), 409
    flash(done)
    return redirect(url_for("corrections.completion", person_id=person_id, completion_id=completion_id), 303)


def _change(person_id: str, completion_id: str, reason: str, *, is_void: bool) -> Change:
    kind = "reinstate-completion" if is_void else "void-completion"
    return Change(kind, [person_id], {"completion": completion_id}, reason)


def _page(
    connection: Connection, person_id: str, completion_id: str, errors: dict[str, str] | None = None
) -> str:
    """In a transaction that may write: the effect is looked at by entering it."""
    corrected = _corrected(connection, person_id, completion_id)
    details = tables.person_details
    change = _change(person_id, completion_id, "", is_void=corrected.is_void)
    return render_template(
        "corrections/completion.html",
        seen=connection.execute(select(details).where(details.c.person_id == person_id)).one(),
        completion=corrected,
        modules=modules_on(connection, clock.today()),
        moves=moves_of(connection, KINDS[change.kind], change, signed_in().id),
        names=names_of(connection, {each.actor for each in corrected.corrections}),
        needs_second=needs_second(),
        typed=request.form,
        errors=errors or {},
    )


def _corrected(connection: Connection, person_id: str, completion_id: str) -> Corrected:
    table = tables.completion
    row = connection.execute(
        select(table).where(table.c.id == completion_id, table.c.person_id == person_id)
    ).one_or_none()
    if row is None:
        abort(404)
    about: set[str] = {row.entry_id}
    found = []
    for entry in corrections_of(connection, person_id):
        if (entry.body.get("voids") or entry.body.get("reverses")) in about:
            about.add(entry.id)
            found.append(told(connection, entry))
    return Corrected(
        row.id,
        row.entry_id,
        person_id,
        row.module_id,
        row.module_version,
        row.completed_at,
        row.evidence,
        row.voided_at is not None,
        tuple(found),
    )
