"""HR's pages of the policies: which there are, a new one with its effect beforehand, the end of one."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from server.policies.blueprint import blueprint
from server.policies.effect import effect_of_end, effect_of_policy
from server.policies.form import read_last_day, read_policy
from server.record.department_history import department_history
from server.record.entries import newest_of_the_office
from server.record.facts import policies_by_entry
from server.record.policies import end_policy, enter_policy
from server.releases.library import modules_on
from server.rules.facts import Policy
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _
from server.web.words import APPOINTMENTS

USUAL = {"days": "30", "grace_days": "30"}


@blueprint.get("/hr/policies")
@requires(Action.SEE_POLICIES)
def policies() -> str:
    with reading(engine()) as connection:
        return render_template(
            "policies/policies.html",
            policies=policies_by_entry(connection),
            today=clock.today(),
            **_names(connection),
        )


@blueprint.get("/hr/policies/new")
@requires(Action.SET_POLICIES)
def new_policy() -> str | tuple[str, int]:
    """The form; with what was typed, its effect. Nothing changes by looking."""
    with reading(engine()) as connection:
        return _new_page(connection)


@blueprint.post("/hr/policies")
@requires(Action.SET_POLICIES)
def enter() -> AnyResponse | tuple[str, int]:
    with writing(engine()) as connection:
        departments = department_history(connection).on(clock.today())
        typed = read_policy(request.form, departments, modules_on(connection, clock.today()))
        if typed.policy is None or _changed_since(connection):
            page = _new_page(connection, changed=typed.policy is not None)
            return (page, 409) if isinstance(page, str) else page
        enter_policy(connection, typed.policy, at=clock.now(), actor=signed_in().id)
    flash(_("受講方針を決めました。受講状態も新しくなっています。"))
    return redirect(url_for("policies.policies"), 303)


@blueprint.get("/hr/policies/<policy_id>/end")
@requires(Action.SET_POLICIES)
def end(policy_id: str) -> str | tuple[str, int]:
    with reading(engine()) as connection:
        return _end_page(connection, policy_id)


@blueprint.post("/hr/policies/<policy_id>/end")
@requires(Action.SET_POLICIES)
def enter_end(policy_id: str) -> AnyResponse | tuple[str, int]:
    with writing(engine()) as connection:
        last, errors = read_last_day(request.form, _policy(connection, policy_id))
        if last is None or errors or _changed_since(connection):
            page = _end_page(connection, policy_id, changed=not errors)
            return (page, 409) if isinstance(page, str) else page
        end_policy(connection, policy_id, last, at=clock.now(), actor=signed_in().id)
    flash(_("受講方針を終わりにしました。受講状態も新しくなっています。"))
    return redirect(url_for("policies.policies"), 303)


def _new_page(connection: Connection, *, changed: bool = False) -> str | tuple[str, int]:
    given = request.values
    departments = department_history(connection).on(clock.today())
    is_typed = "first" in given
    typed = read_policy(given, departments, modules_on(connection, clock.today())) if is_typed else None
    policy = typed.policy if typed else None
    page = render_template(
        "policies/new.html",
        given=given if is_typed else USUAL | {"first": clock.today().isoformat()},
        chosen_modules=given.getlist("module"),
        chosen_appointments=given.getlist("appointment"),
        errors={field: _(message) for field, message in typed.errors.items()} if typed else {},
        policy=policy,
        effect=effect_of_policy(connection, policy, clock.today()) if policy else None,
        changed=changed,
        seen=newest_of_the_office(connection) or "",
        departments=departments,
        **_names(connection),
    )
    return (page, 422) if typed and typed.errors else page


def _end_page(connection: Connection, policy_id: str, *, changed: bool = False) -> str | tuple[str, int]:
    policy = _policy(connection, policy_id)
    last, errors = read_last_day(request.values, policy) if "last" in request.values else (None, {})
    page = render_template(
        "policies/end.html",
        policy_id=policy_id,
        policy=policy,
        last=last,
        typed=request.values.get("last", ""),
        errors={field: _(message) for field, message in errors.items()},
        effect=effect_of_end(connection, policy_id, last, clock.today()) if last else None,
        changed=changed,
        seen=newest_of_the_office(connection) or "",
        **_names(connection),
    )
    return (page, 422) if errors else page


def _policy(connection: Connection, policy_id: str) -> Policy:
    return policies_by_entry(connection).get(policy_id) or abort(404)


def _changed_since(connection: Connection) -> bool:
    """Whether somebody entered something after the page with the effect was made."""
    return request.form.get("seen", "") != (newest_of_the_office(connection) or "")


def _names(connection: Connection) -> dict[str, Any]:
    """What the pages say a policy in."""
    history = department_history(connection)
    return {
        "modules": modules_on(connection, clock.today()),
        "appointments": APPOINTMENTS,
        "department_path": lambda department: history.path(department, clock.today()),
    }
