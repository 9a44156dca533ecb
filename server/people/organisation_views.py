"""HR's pages of the departments: their tree, a list of changes with a look beforehand, one department."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.people.blueprint import blueprint
from server.people.organisation import arrange, plan_of, read_lines
from server.record.department_history import DepartmentHistory, department_history
from server.record.departments import (
    Contradiction,
    DepartmentRefused,
    end_department,
    place_department,
    rename_department,
)
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _

CONTRADICTIONS: dict[Contradiction, str] = {
    "code-taken": N_("この所属コードは、その日、ほかの所属が使っています。"),
    "under-itself": N_("自分か、自分の下の所属を上位にはできません。"),
    "changed-later": N_("もう終わっているか、この日より後に始まる変更があります。"),
    "has-people": N_("この日より後も配属されている職員がいます。先に名簿で異動させてください。"),
    "has-departments": N_("下に所属が残っています。先に移すか、終わりにしてください。"),
}
NEEDS_DAY = N_("日付は 2026-04-01 の形で入力してください。")
NEEDS_NAME = N_("所属名を入力してください。")
NEEDS_LIST = N_("一覧を貼り付けてください。")
UNKNOWN_CHOICE = N_("一覧にあるものから選んでください。")

Answer = AnyResponse | tuple[str, int]


@blueprint.get("/hr/organisation")
@requires(Action.MANAGE_DEPARTMENTS)
def organisation() -> str:
    with reading(engine()) as connection:
        history = department_history(connection)
    today = clock.today()
    return render_template(
        "people/organisation.html",
        departments=history.on(today).in_order,
        others=[each for each in history.all_ids() if not _is_there(history, each, today)],
        history=history,
    )


@blueprint.route("/hr/organisation/list", methods=["GET", "POST"])
@requires(Action.MANAGE_DEPARTMENTS)
def organisation_list() -> str | tuple[str, int]:
    """What the list would change. Nothing is entered yet."""
    if request.method == "GET":
        return _list_page({})
    errors: dict[str, str] = {}
    first = _day("first", errors)
    if not request.form.get("list", "").strip():
        errors["list"] = _(NEEDS_LIST)
    if errors or first is None:
        return _list_page(errors), 422
    with reading(engine()) as connection:
        plan = plan_of(read_lines(request.form["list"]), department_history(connection), first)
    return _list_page({}, plan=plan)


@blueprint.post("/hr/organisation")
@requires(Action.MANAGE_DEPARTMENTS)
def enter_list() -> Answer:
    errors: dict[str, str] = {}
    first = _day("first", errors)
    if first is None:
        return _list_page(errors), 422
    try:
        with writing(engine()) as connection:
            plan = plan_of(read_lines(request.form.get("list", "")), department_history(connection), first)
            if plan.problems:
                return _list_page({}, plan=plan), 422
            arrange(connection, plan, first, at=clock.now(), actor=signed_in().id)
    except DepartmentRefused as refused:
        return _list_page({"list": _(CONTRADICTIONS[refused.contradiction])}), 409
    flash(_("所属を変えました。"))
    return redirect(url_for("people.organisation"), 303)


@blueprint.get("/hr/organisation/<department_id>")
@requires(Action.MANAGE_DEPARTMENTS)
def department(department_id: str) -> str:
    with reading(engine()) as connection:
        return _department_page(connection, department_id, {})


@blueprint.post("/hr/organisation/<department_id>/name")
@requires(Action.MANAGE_DEPARTMENTS)
def rename(department_id: str) -> Answer:
    errors: dict[str, str] = {}
    first, name = _day("renamed-on", errors), request.form.get("name", "").strip()
    if not name:
        errors["name"] = _(NEEDS_NAME)
    with writing(engine()) as connection:
        if errors or first is None:
            return _department_page(connection, department_id, errors), 422
        _known(connection, department_id)
        try:
            rename_department(connection, department_id, name, first, at=clock.now(), actor=signed_in().id)
        except DepartmentRefused as refused:
            return _refused(connection, department_id, "renamed-on", refused)
    return _back(department_id)


@blueprint.post("/hr/organisation/<department_id>/place")
@requires(Action.MANAGE_DEPARTMENTS)
def place(department_id: str) -> Answer:
    errors: dict[str, str] = {}
    first = _day("placed-on", errors)
    with writing(engine()) as connection:
        known = _known(connection, department_id)
        parent_id = request.form.get("parent") or None
        if parent_id is not None and parent_id not in known.all_ids():
            errors["parent"] = _(UNKNOWN_CHOICE)
        if errors or first is None:
            return _department_page(connection, department_id, errors), 422
        try:
            place_department(
                connection, department_id, parent_id, first, at=clock.now(), actor=signed_in().id
            )
        except DepartmentRefused as refused:
            return _refused(connection, department_id, "placed-on", refused)
    return _back(department_id)


@blueprint.post("/hr/organisation/<department_id>/end")
@requires(Action.MANAGE_DEPARTMENTS)
def end(department_id: str) -> Answer:
    errors: dict[str, str] = {}
    last, successors = _day("last", errors), request.form.getlist("successor")
    with writing(engine()) as connection:
        known = _known(connection, department_id)
        if not set(successors) <= set(known.all_ids()) - {department_id}:
            errors["successor"] = _(UNKNOWN_CHOICE)
        if errors or last is None:
            return _department_page(connection, department_id, errors), 422
        try:
            end_department(
                connection, department_id, last, successors=successors, at=clock.now(), actor=signed_in().id
            )
        except DepartmentRefused as refused:
            return _refused(connection, department_id, "last", refused)
    return _back(department_id)


def _day(field: str, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(request.form.get(field, "").strip())
    except ValueError:
        errors[field] = _(NEEDS_DAY)
        return None


def _list_page(errors: dict[str, str], **values: object) -> str:
    return render_template(
        "people/organisation_list.html", errors=errors, typed=request.form, **{"plan": None, **values}
    )


def _department_page(connection: Connection, department_id: str, errors: dict[str, str]) -> str:
    history = _known(connection, department_id)
    return render_template(
        "people/department.html",
        periods=history.periods_of(department_id),
        department_id=department_id,
        successors=_successors(connection, department_id),
        choices=[each for each in history.on(clock.today()).in_order if each.id != department_id],
        history=history,
        today=clock.today(),
        typed=request.form,
        errors=errors,
    )


def _refused(
    connection: Connection, department_id: str, field: str, refused: DepartmentRefused
) -> tuple[str, int]:
    return _department_page(connection, department_id, {field: _(CONTRADICTIONS[refused.contradiction])}), 409


def _known(connection: Connection, department_id: str) -> DepartmentHistory:
    history = department_history(connection)
    return history if department_id in history.all_ids() else abort(404)


def _successors(connection: Connection, department_id: str) -> list[str]:
    table = tables.department_successor
    return list(
        connection.scalars(select(table.c.successor_id).where(table.c.department_id == department_id))
    )


def _is_there(history: DepartmentHistory, department_id: str, day: date) -> bool:
    return any(period.days.covers(day) for period in history.periods_of(department_id))


def _back(department_id: str) -> AnyResponse:
    flash(_("記録しました。受講状態も新しくなっています。"))
    return redirect(url_for("people.department", department_id=department_id), 303)
