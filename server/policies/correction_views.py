"""HR's pages that take a wrong completion back, or bring it back, with its effect beforehand."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.policies.blueprint import blueprint, modules_on
from server.record.corrections import (
    Correction,
    CorrectionRefused,
    corrections_of,
    reinstate_completion,
    told,
    void_completion,
)
from server.record.facts import facts_of
from server.rules.days import day_of
from server.rules.facts import Completion, Facts
from server.rules.state import State, course_state, state_on
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _
from server.web.words import moment_text

NO_REASON = N_("理由を入力してください。")
CORRECTED_ALREADY = N_("%(actor)sさんが %(moment)s に、もう訂正しています（%(reason)s）。")
NOTHING_TO_CORRECT = N_("この修了は、取り消されていません。")


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
def correct(person_id: str, completion_id: str) -> str:
    with reading(engine()) as connection:
        return _page(connection, person_id, completion_id)


@blueprint.post("/hr/people/<person_id>/completions/<completion_id>")
@requires(Action.CORRECT_RECORDS, fresh=True)
def enter_correction(person_id: str, completion_id: str) -> AnyResponse | tuple[str, int]:
    """The form says what whoever sent it saw: void or not. Somebody else may have corrected it since."""
    reason = request.form.get("reason", "").strip()
    operation = reinstate_completion if request.form.get("was_void") else void_completion
    with writing(engine(), person_id) as connection:
        if not reason:
            return _page(connection, person_id, completion_id, {"reason": _(NO_REASON)}), 422
        _corrected(connection, person_id, completion_id)
        try:
            operation(connection, completion_id, reason=reason, at=clock.now(), actor=signed_in().id)
        except CorrectionRefused as refused:
            errors = {"reason": _already(connection, refused.earlier)}
            return _page(connection, person_id, completion_id, errors), 409
    flash(_("訂正しました。元の記録は残り、受講状態は新しくなっています。"))
    return redirect(url_for("policies.correct", person_id=person_id, completion_id=completion_id), 303)


def _page(
    connection: Connection, person_id: str, completion_id: str, errors: dict[str, str] | None = None
) -> str:
    corrected = _corrected(connection, person_id, completion_id)
    details = tables.person_details
    return render_template(
        "policies/correction.html",
        seen=connection.execute(select(details).where(details.c.person_id == person_id)).one(),
        completion=corrected,
        module=modules_on(connection, clock.today()).get(corrected.module_id),
        moves=_moves(connection, corrected),
        names=_names(connection, {each.actor for each in corrected.corrections}),
        typed=request.form,
        errors=errors or {},
    )


def _moves(connection: Connection, completion: Corrected) -> list[tuple[str, State, State]]:
    """Today's states of the module and of the course, as they are and as they would be."""
    facts = facts_of(connection, [completion.person_id])[completion.person_id]
    this_one = Completion(completion.module_id, completion.version, day_of(completion.at))
    others = list(facts.completions)
    if completion.is_void:
        others.append(this_one)
    elif this_one in others:
        others.remove(this_one)
    supposed = replace(facts, completions=tuple(others))
    before, after = _states(facts, completion.module_id), _states(supposed, completion.module_id)
    return [(what, before[what], after[what]) for what in ("module", "course")]


def _states(facts: Facts, module_id: str) -> dict[str, State]:
    today = clock.today()
    modules = {module for release in facts.releases for module in release.versions}
    return {
        "module": state_on(facts, module_id, today),
        "course": course_state(state_on(facts, module, today) for module in modules),
    }


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


def _already(connection: Connection, earlier: Correction | None) -> str:
    if earlier is None:
        return _(NOTHING_TO_CORRECT)
    names = _names(connection, {earlier.actor})
    return _(
        CORRECTED_ALREADY,
        actor=names.get(earlier.actor, earlier.actor),
        moment=moment_text(earlier.at),
        reason=earlier.reason,
    )


def _names(connection: Connection, people: set[str]) -> dict[str, str]:
    details = tables.person_details
    rows = connection.execute(select(details).where(details.c.person_id.in_(people)))
    return {row.person_id: row.name for row in rows}
