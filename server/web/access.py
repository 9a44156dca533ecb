"""Every request is checked against the table of permissions, as whoever is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from server.storage import tables
from server.web.permissions import GRANTED, PERMISSIONS, PRIVILEGED, Action, Field, Role
from server.web.sessions import Holder, ServerSession

__all__ = [
    "CONFIRMATION",
    "GRANTED",
    "PERMISSIONS",
    "PRIVILEGED",
    "Action",
    "CurrentPerson",
    "Field",
    "Role",
    "ask_before_file",
    "current_person",
    "give_second_factor",
    "is_fresh",
    "load_person",
    "page_here",
    "requires",
    "server_session",
    "signed_in",
]


CONFIRMATION = "kyozai.confirmation"
"""The extension that asks anew for password or code: a view's answer, or None when it was given."""


@dataclass(frozen=True)
class CurrentPerson:
    id: str
    number: str
    name: str
    roles: frozenset[Role]
    waiting: frozenset[Role] = frozenset()
    """Roles that count once the second factor is given."""

    def may(self, action: Action) -> bool:
        return action in (Action.PUBLIC, Action.SIGNED_IN) or bool(self.roles & PERMISSIONS[action].keys())

    def may_with_second_factor(self, action: Action) -> bool:
        return bool(self.waiting & PERMISSIONS[action].keys())

    def sees(self, action: Action) -> frozenset[Field]:
        """The fields that the pages and files of this action may show."""
        return frozenset().union(*(PERMISSIONS[action].get(role, frozenset()) for role in self.roles))


View = TypeVar("View", bound=Callable[..., Any])


def requires(
    action: Action,
    *,
    signed_out: Callable[[], None] | None = None,
    most_bytes: int | None = None,
    fresh: bool = False,
) -> Callable[[View], View]:
    """Name the action that a view is. A view that names none answers nobody.

    `signed_out` is called before somebody who is not signed in is sent to the sign-in page. A form that
    names it is one of a page at its own address. `most_bytes`: of a form that brings a file, instead of the
    limit for all others. `fresh`: only for who gave password or code within the last minutes. On the page of
    a form it asks before anything is typed; on the form itself it keeps what was typed, but no file.
    """

    def name(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        view.signed_out = signed_out  # type: ignore[attr-defined]
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        view.fresh = fresh  # type: ignore[attr-defined]
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


def give_second_factor() -> None:
    """From now on whoever is signed in has all their rights."""
    server_session().give_second_factor()
    g.pop("person", None)


def server_session() -> ServerSession:
    return cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]


def _person(person_id: str, holder: Holder) -> CurrentPerson:
    roles = frozenset({*map(Role, holder.roles), *([Role.MANAGER] if holder.heads else [])})
    waiting = frozenset() if server_session().has_second_factor else roles & PRIVILEGED
    return CurrentPerson(person_id, holder.number, holder.name, roles - waiting, waiting)


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


def check_access() -> Response | tuple[str, int] | None:
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
        return ask_for_second_factor(person, action)
    if _view_attribute("fresh") and not is_fresh():
        return cast("Response | tuple[str, int] | None", current_app.extensions[CONFIRMATION]())
    return None


def ask_for_second_factor(person: CurrentPerson, action: Action) -> Response:
    if not person.may_with_second_factor(action):
        abort(403)
    return redirect(url_for("identity.second_factor", next=page_here()), 303)


def ask_before_file() -> Response:
    """Where a view finds that its file is one to ask for anew. The page that follows links to the file."""
    return redirect(url_for("identity.confirm", next=page_here(), file=1), 303)


def is_fresh() -> bool:
    """Whether password or code was given within the last minutes."""
    return server_session().was_confirmed_within(
        timedelta(minutes=current_app.config["KYOZAI"].confirm_minutes)
    )


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
