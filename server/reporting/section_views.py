"""The page of whoever heads a section: who in it still has to, and who may see it instead."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.record.department_history import Department, department_history
from server.reporting.blueprint import blueprint
from server.reporting.section import deputies, headed, name_deputy, section_of
from server.rules.rates import rate_text
from server.rules.state import State
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.access_log import log_access
from server.web.database import engine
from server.web.language import gettext as _

BAD_LAST_DAY = N_("代理の最後の日を、今日からの日で、2026-04-01 の形で入力してください。")
NOBODY = N_("この職員番号で、利用できるアカウントのある職員はいません。")


@blueprint.get("/section")
@requires(Action.SEE_SECTION)
def section() -> str:
    with reading(engine()) as connection:
        page = _page(connection)
        own = headed(connection, department_history(connection), signed_in().id, clock.today())
    codes = [department.code for department in own]
    with writing(engine(), signed_in().id) as connection:
        log_access(connection, "section-seen", at=clock.now(), actor=signed_in().id, departments=codes)
    return page


@blueprint.post("/section/deputies")
@requires(Action.NAME_DEPUTIES)
def enter_deputy() -> AnyResponse | tuple[str, int]:
    number, at = request.form.get("number", "").strip(), clock.now()
    last = _last_day(request.form.get("last", ""))
    with writing(engine()) as connection:
        department = _chosen(connection)
        errors = {} if last else {"last": _(BAD_LAST_DAY)}
        if last and department:
            me = signed_in().id
            person = name_deputy(connection, department, number, clock.today(), last, at=at, by=me)
            if person is None:
                errors["number"] = _(NOBODY)
            else:
                log_access(
                    connection, "deputy-named", at=at, actor=me, person=person, department=department.code
                )
        if errors or department is None:
            return _page(connection, errors), 422
    flash(_("代理を決めました。"))
    return redirect(url_for("reporting.section"), 303)


def _chosen(connection: Connection) -> Department | None:
    """Only of the departments that this person heads."""
    own = headed(connection, department_history(connection), signed_in().id, clock.today())
    return next((each for each in own if each.code == request.form.get("department")), None)


def _last_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day >= clock.today() else None


def _page(connection: Connection, errors: dict[str, str] | None = None) -> str:
    history, today = department_history(connection), clock.today()
    departments = headed(connection, history, signed_in().id, today)
    return render_template(
        "reporting/section.html",
        section=section_of(connection, history, departments, today),
        deputies=deputies(connection, departments, today),
        now=clock.now(),
        today=today,
        states=list(State),
        rate_text=rate_text,
        typed=request.form,
        errors=errors or {},
    )
