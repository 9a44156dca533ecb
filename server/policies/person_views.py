"""What HR enters of one person: that they are exempt, and that they were trained elsewhere."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, Row, select
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.policies.blueprint import blueprint, modules_on
from server.policies.fields import BAD_DAY, BAD_END, LAST_BEFORE_FIRST, read_day
from server.record.exemptions import ExemptionRefused, end_exemption, exempt, exemptions_of
from server.record.learning import ModuleVersion, complete_module
from server.releases.library import newest
from server.rules.days import Span, start_of
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _

NO_MODULE = N_("モジュールを選んでください。")
NO_REASON = N_("理由を入力してください。")
NOT_YET = N_("研修の日は、今日までの日を入力してください。")
NOT_OFFERED = N_("この日には、選んだモジュールはまだ公開されていませんでした。")


@blueprint.get("/hr/people/<person_id>/entries")
@requires(Action.SEE_RECORDS)
def person(person_id: str) -> str:
    with reading(engine()) as connection:
        return _page(connection, person_id)


@blueprint.post("/hr/people/<person_id>/exemptions")
@requires(Action.SET_POLICIES)
def enter_exemption(person_id: str) -> AnyResponse | tuple[str, int]:
    modules, reason = request.form.getlist("module"), request.form.get("reason", "").strip()
    errors: dict[str, str] = {}
    first, last = read_day(request.form, "first", errors), read_day(request.form, "last", errors)
    if first is None:
        errors.setdefault("first", BAD_DAY)
    if not modules:
        errors["module"] = NO_MODULE
    if not reason:
        errors["reason"] = NO_REASON
    if first and last and last < first:
        errors["last"] = LAST_BEFORE_FIRST
    with writing(engine(), person_id) as connection:
        if errors or first is None or not set(modules) <= set(modules_on(connection, clock.today())):
            return _page(connection, person_id, errors or {"module": NO_MODULE}), 422
        exempt(
            connection,
            _known(connection, person_id),
            modules,
            Span(first, last),
            reason=reason,
            at=clock.now(),
            actor=signed_in().id,
        )
    return _back(person_id, _("免除を記録しました。受講状態も新しくなっています。"))


@blueprint.post("/hr/people/<person_id>/exemptions/<entry_id>/end")
@requires(Action.SET_POLICIES)
def enter_end_of_exemption(person_id: str, entry_id: str) -> AnyResponse | tuple[str, int]:
    errors: dict[str, str] = {}
    last = read_day(request.form, f"last-{entry_id}", errors)
    with writing(engine(), person_id) as connection:
        if last is None:
            return _page(connection, person_id, {f"last-{entry_id}": BAD_DAY}), 422
        try:
            end_exemption(connection, person_id, entry_id, last, at=clock.now(), actor=signed_in().id)
        except ExemptionRefused:
            return _page(connection, person_id, {f"last-{entry_id}": BAD_END}), 422
    return _back(person_id, _("免除を終わりにしました。受講状態も新しくなっています。"))


@blueprint.post("/hr/people/<person_id>/training")
@requires(Action.SET_POLICIES)
def enter_training(person_id: str) -> AnyResponse | tuple[str, int]:
    """Completions of the module versions that were in force on the day of the training."""
    modules = request.form.getlist("trained")
    errors: dict[str, str] = {}
    day = read_day(request.form, "day", errors)
    if day is None or day > clock.today():
        errors.setdefault("day", NOT_YET)
    if not modules:
        errors["trained"] = NO_MODULE
    with writing(engine(), person_id) as connection:
        offered = modules_on(connection, day) if day else {}
        if not errors and not set(modules) <= set(offered):
            errors["day"] = NOT_OFFERED
        if errors or day is None:
            return _page(connection, person_id, errors), 422
        published = newest(connection, day)
        assert published is not None
        for module_id in sorted(set(modules) - _trained_already(connection, person_id, day)):
            complete_module(
                connection,
                _known(connection, person_id),
                ModuleVersion(module_id, offered[module_id].version, published.number),
                evidence="offline",
                at=clock.now(),
                completed_at=start_of(day),
                actor=signed_in().id,
            )
    return _back(person_id, _("集合研修の修了を記録しました。"))


def _page(connection: Connection, person_id: str, errors: dict[str, str] | None = None) -> str:
    details = tables.person_details
    seen = connection.execute(select(details).where(details.c.person_id == person_id)).one_or_none()
    if seen is None:
        abort(404)
    return render_template(
        "policies/person.html",
        seen=seen,
        modules=modules_on(connection, clock.today()),
        exemptions=exemptions_of(connection, person_id),
        completions=_completions(connection, person_id),
        typed=request.form,
        today=clock.today(),
        errors={field: _(message) for field, message in (errors or {}).items()},
    )


def _completions(connection: Connection, person_id: str) -> Sequence[Row[Any]]:
    """Newest first, those that were taken back too."""
    completion = tables.completion
    query = select(completion).where(completion.c.person_id == person_id)
    return connection.execute(query.order_by(completion.c.completed_at.desc(), completion.c.id.desc())).all()


def _trained_already(connection: Connection, person_id: str, day: date) -> set[str]:
    """The modules of which the training of this day is entered: a form sent twice enters it once."""
    completion = tables.completion
    query = select(completion.c.module_id).where(
        completion.c.person_id == person_id,
        completion.c.evidence == "offline",
        completion.c.completed_day == day,
        completion.c.voided_at.is_(None),
    )
    return set(connection.scalars(query))


def _known(connection: Connection, person_id: str) -> str:
    known = connection.scalar(select(tables.person.c.id).where(tables.person.c.id == person_id))
    return str(known) if known else abort(404)


def _back(person_id: str, done: str) -> AnyResponse:
    flash(done)
    return redirect(url_for("policies.person", person_id=person_id), 303)
