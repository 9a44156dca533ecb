"""What HR enters of one person: that they are exempt, and that they were trained elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, Row, select
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.corrections.blueprint import blueprint
from server.corrections.changes import Change, ChangeRefused, Move, moves_of
from server.corrections.deciding import needs_second, settle
from server.corrections.kinds import KINDS
from server.corrections.kinds.exemption import end_of_exemption, exemption
from server.corrections.kinds.training import training
from server.corrections.wording import person_text
from server.record.exemptions import exemptions_of
from server.record.merging import merged_into
from server.releases.library import modules_on
from server.rules.days import Span
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.day_fields import BAD_DAY, LAST_BEFORE_FIRST, read_day
from server.web.language import gettext as _

NO_MODULE = N_("モジュールを選んでください。")
NO_REASON = N_("理由を入力してください。")
NOT_YET = N_("研修の日は、今日までの日を入力してください。")

Answer = str | AnyResponse | tuple[str, int]
Read = Callable[[Connection, str, dict[str, str]], Change | None]
"""What a form asks for; None where something is wrong: then the errors say what, by field."""


@dataclass(frozen=True)
class Looked:
    """A change that is not entered yet. `fields`: those of its form, which enters it at `action`."""

    words: str
    moves: Sequence[Move]
    fields: Sequence[tuple[str, str]]
    action: str


@blueprint.get("/hr/people/<person_id>/entries")
@requires(Action.SEE_RECORDS)
def person(person_id: str) -> str:
    with reading(engine()) as connection:
        return _page(connection, person_id)


@blueprint.post("/hr/people/<person_id>/exemptions")
@requires(Action.SET_POLICIES, fresh=True)
def look_at_exemption(person_id: str) -> Answer:
    return _look(person_id, _exemption, url_for("corrections.enter_exemption", person_id=person_id))


@blueprint.post("/hr/people/<person_id>/exemptions/enter")
@requires(Action.SET_POLICIES, fresh=True)
def enter_exemption(person_id: str) -> Answer:
    return _enter(person_id, _exemption)


@blueprint.post("/hr/people/<person_id>/exemptions/<entry_id>/end")
@requires(Action.SET_POLICIES, fresh=True)
def look_at_end_of_exemption(person_id: str, entry_id: str) -> Answer:
    action = url_for("corrections.enter_end_of_exemption", person_id=person_id, entry_id=entry_id)
    return _look(person_id, partial(_end_of_exemption, entry_id=entry_id), action)


@blueprint.post("/hr/people/<person_id>/exemptions/<entry_id>/end/enter")
@requires(Action.SET_POLICIES, fresh=True)
def enter_end_of_exemption(person_id: str, entry_id: str) -> Answer:
    return _enter(person_id, partial(_end_of_exemption, entry_id=entry_id))


@blueprint.post("/hr/people/<person_id>/training")
@requires(Action.SET_POLICIES, fresh=True)
def look_at_training(person_id: str) -> Answer:
    return _look(person_id, _training, url_for("corrections.enter_training", person_id=person_id))


@blueprint.post("/hr/people/<person_id>/training/enter")
@requires(Action.SET_POLICIES, fresh=True)
def enter_training(person_id: str) -> Answer:
    return _enter(person_id, _training)


def _look(person_id: str, read: Read, action: str) -> Answer:
    """What it would move. Nothing is entered yet."""
    errors: dict[str, str] = {}
    with writing(engine(), person_id) as connection:
        change = read(connection, _known(connection, person_id), errors)
        if change is None:
            return _page(connection, person_id, errors), 422
        kind = KINDS[change.kind]
        try:
            moves = moves_of(connection, kind, change, signed_in().id)
        except ChangeRefused as refused:
            return _page(connection, person_id, {"change": refused.message}), 422
        fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
        looked = Looked(kind.words(connection, change), moves, fields, action)
        return _page(connection, person_id, looked=looked)


def _enter(person_id: str, read: Read) -> Answer:
    errors: dict[str, str] = {}
    with writing(engine(), person_id) as connection:
        change = read(connection, _known(connection, person_id), errors)
        if change is None:
            return _page(connection, person_id, errors), 422
        try:
            done = settle(connection, change)
        except ChangeRefused as refused:
            return _page(connection, person_id, {"change": refused.message}), 422
    flash(done)
    return redirect(url_for("corrections.person", person_id=person_id), 303)


def _exemption(connection: Connection, person_id: str, errors: dict[str, str]) -> Change | None:
    modules, reason = request.form.getlist("module"), _reason("reason", errors)
    first, last = read_day(request.form, "first", errors), read_day(request.form, "last", errors)
    if first is None:
        errors.setdefault("first", BAD_DAY)
    if first and last and last < first:
        errors["last"] = LAST_BEFORE_FIRST
    if not modules or not set(modules) <= set(modules_on(connection, clock.today())):
        errors["module"] = NO_MODULE
    return None if errors or first is None else exemption(person_id, modules, Span(first, last), reason)


def _end_of_exemption(
    connection: Connection, person_id: str, errors: dict[str, str], *, entry_id: str
) -> Change | None:
    field, reason = f"last-{entry_id}", _reason(f"why-{entry_id}", errors)
    last = read_day(request.form, field, errors)
    if last is None:
        errors[field] = BAD_DAY
    return None if errors or last is None else end_of_exemption(person_id, entry_id, last, reason)


def _training(connection: Connection, person_id: str, errors: dict[str, str]) -> Change | None:
    """Completions of the module versions that were in force on the day of the training."""
    modules, reason = request.form.getlist("trained"), _reason("training-name", errors)
    day = read_day(request.form, "day", errors)
    if day is None or day > clock.today():
        errors.setdefault("day", NOT_YET)
    if not modules:
        errors["trained"] = NO_MODULE
    return None if errors or day is None else training([person_id], modules, day, reason)


def _reason(field: str, errors: dict[str, str]) -> str:
    reason = request.form.get(field, "").strip()
    if not reason:
        errors[field] = NO_REASON
    return reason


def _page(
    connection: Connection,
    person_id: str,
    errors: dict[str, str] | None = None,
    looked: Looked | None = None,
) -> str:
    details = tables.person_details
    seen = connection.execute(select(details).where(details.c.person_id == person_id)).one_or_none()
    if seen is None:
        abort(404)
    return render_template(
        "corrections/person.html",
        seen=seen,
        modules=modules_on(connection, clock.today()),
        exemptions=exemptions_of(connection, person_id),
        completions=_completions(connection, person_id),
        kept_as=_kept_as(connection, person_id),
        looked=looked,
        needs_second=needs_second(),
        typed=request.form,
        today=clock.today(),
        errors={field: _(message) for field, message in (errors or {}).items()},
    )


def _completions(connection: Connection, person_id: str) -> Sequence[Row[Any]]:
    """Newest first, those that were taken back too."""
    completion = tables.completion
    query = select(completion).where(completion.c.person_id == person_id)
    return connection.execute(query.order_by(completion.c.completed_at.desc(), completion.c.id.desc())).all()


def _kept_as(connection: Connection, person_id: str) -> tuple[str, str] | None:
    """Id and name of whose record it is by now."""
    kept = merged_into(connection, person_id)
    return (kept, person_text(connection, kept)) if kept else None


def _known(connection: Connection, person_id: str) -> str:
    known = connection.scalar(select(tables.person.c.id).where(tables.person.c.id == person_id))
    return str(known) if known else abort(404)
