"""Who may do what: one table, from which every request is checked and every test is made."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from server.storage import tables
from server.web.sessions import Holder, ServerSession


class Role(StrEnum):
    LEARNER = "learner"
    HR = "hr"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


GRANTED = tuple(role for role in Role if role is not Role.MANAGER)
"""Nobody is made a manager: whoever heads a department, or stands in for its head, is one that day."""

PRIVILEGED = frozenset({Role.HR, Role.ADMINISTRATOR})


class Action(StrEnum):
    """PUBLIC needs nobody signed in; SIGNED_IN any person; the others a role that the table names."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    LEARN = "learn"
    SEE_RECORDS = "see-records"
    SEE_SECTION = "see-section"
    EXPORT_RECORDS = "export-records"
    CLOSE_REPORTS = "close-reports"
    CORRECT_RECORDS = "correct-records"
    IMPORT_ROSTER = "import-roster"
    MANAGE_DEPARTMENTS = "manage-departments"
    SET_POLICIES = "set-policies"
    ISSUE_SLIPS = "issue-slips"
    MANAGE_ACCOUNTS = "manage-accounts"


PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.LEARN: frozenset({Role.LEARNER}),
    Action.SEE_RECORDS: frozenset({Role.HR}),
    Action.SEE_SECTION: frozenset({Role.MANAGER}),
    Action.EXPORT_RECORDS: frozenset({Role.HR}),
    Action.CLOSE_REPORTS: frozenset({Role.HR}),
    Action.CORRECT_RECORDS: frozenset({Role.HR}),
    Action.IMPORT_ROSTER: frozenset({Role.HR}),
    Action.MANAGE_DEPARTMENTS: frozenset({Role.HR}),
    Action.SET_POLICIES: frozenset({Role.HR}),
    Action.ISSUE_SLIPS: frozenset({Role.HR, Role.ADMINISTRATOR}),
    Action.MANAGE_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
}


@dataclass(frozen=True)
class CurrentPerson:
    id: str
    number: str
    name: str
    roles: frozenset[Role]

    def may(self, action: Action) -> bool:
        return action in (Action.PUBLIC, Action.SIGNED_IN) or bool(self.roles & PERMISSIONS[action])


View = TypeVar("View", bound=Callable[..., Any])


def requires(
    action: Action, *, signed_out: Callable[[], None] | None = None, most_bytes: int | None = None
) -> Callable[[View], View]:
    """Name the action that a view is. A view that names none answers nobody.

    `signed_out` is called before somebody who is not signed in is sent to the sign-in page. A form that
    names it is one of a page at its own address. `most_bytes`: of a form that brings a file, instead of the
    limit for all others.
    """

    def name(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        view.signed_out = signed_out  # type: ignore[attr-defined]
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return name


def action_of(endpoint: str) -> Action | None:
    return getattr(current_app.view_functions[endpoint], "action", None)


def current_person() -> CurrentPerson | None:
    """Who is signed in, as the database says at this request."""
    if "person" not in g:
        person_id, holder = server_session().person_id, server_session().holder
        g.person = _person(person_id, holder) if person_id and holder else None
    return cast(CurrentPerson | None, g.person)


def signed_in() -> CurrentPerson:
    person = current_person()
    assert person is not None, "the view requires somebody signed in"
    return person


def server_session() -> ServerSession:
    return cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]


def _person(person_id: str, holder: Holder) -> CurrentPerson:
    roles = {*map(Role, holder.roles), *([Role.MANAGER] if holder.heads else [])}
    return CurrentPerson(person_id, holder.number, holder.name, frozenset(roles))


def load_person(connection: Connection, person_id: str) -> CurrentPerson | None:
    """None when the account is disabled or gone."""
    details, account = tables.person_details, tables.account
    row = connection.execute(
        select(details.c.number, details.c.name)
        .join(account, account.c.person_id == details.c.person_id)
        .where(details.c.person_id == person_id, account.c.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    roles = connection.scalars(
        select(tables.account_role.c.role).where(tables.account_role.c.person_id == person_id)
    )
    return CurrentPerson(person_id, row.number, row.name, frozenset(Role(role) for role in roles))


def check_access() -> Response | None:
    """Before every request. Deny by default."""
    if request.endpoint is None:
        return None
    action = action_of(request.endpoint)
    if action is None:
        abort(403)
    if action is Action.PUBLIC:
        return None
    person = current_person()
    if person is None:
        return ask_to_sign_in()
    if not person.may(action):
        abort(403)
    return None


def ask_to_sign_in() -> Response:
    """A view may see to what was sent first; the sign-in then leads back to its page."""
    prepare = _view_attribute("signed_out")
    if prepare is not None:
        prepare()
    return redirect(url_for("identity.sign_in", next=page_here()), 303)


def page_here() -> str | None:
    """The page at the address that was asked for, if there is one to open."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path if _view_attribute("signed_out") else None


def needs_sign_in() -> bool:
    """Whether the view asks for somebody signed in and there is nobody."""
    action = _view_attribute("action")
    return action not in (None, Action.PUBLIC) and current_person() is None


def _view_attribute(name: str) -> Any:
    return getattr(current_app.view_functions.get(request.endpoint or ""), name, None)


def allow_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form, also whoever checks its token."""
    most = _view_attribute("most_bytes")
    if most is not None:
        request.max_content_length = most


def init_app(app: Flask) -> None:
    app.url_value_preprocessor(allow_files)
    app.before_request(check_access)
    app.jinja_env.globals.update(current_person=current_person, Action=Action)
