"""Asking anew who is at the keyboard, before what would do most harm in somebody else's hands.

A page is asked for before it opens. A form that is sent when the confirmation has run out is answered with
the question, which carries along what was typed: giving the answer sends it all again. Files are not carried.
"""

from collections.abc import Mapping, Sequence

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.identity import demo_entry
from server.identity.blueprint import blueprint, settings
from server.identity.keyring import Keyring
from server.identity.one_time_codes import as_digits, is_code
from server.identity.second_factor import Given, check_code
from server.identity.sign_in import Refused, check_password
from server.identity.words import wait_text
from server.storage.engine import reading
from server.web import clock
from server.web.access import CONFIRMATION, Action, page_here, requires, server_session, signed_in
from server.web.database import engine
from server.web.language import gettext as _
from server.web.views import safe_path

FIELD = "confirmation"
NOT_CARRIED = (FIELD, "csrf_token")


def init_app(app: Flask) -> None:
    app.extensions[CONFIRMATION] = ask_for_confirmation


def ask_for_confirmation() -> Response | tuple[str, int] | None:
    """None when it was given with the form: the view goes on with what was typed."""
    if request.method == "GET":
        return redirect(url_for("identity.confirm", next=page_here()), 303)
    errors: dict[str, str] = {}
    if FIELD in request.form:
        errors = _errors(request.form[FIELD])
        if not errors:
            server_session().confirm()
            return None
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    return _page(request.full_path.rstrip("?"), carried, errors), 403


@blueprint.get("/confirm")
@requires(Action.SIGNED_IN)
def confirm() -> str:
    return _page_before(request.args)


@blueprint.post("/confirm")
@requires(Action.SIGNED_IN)
def check_confirmation() -> str | Response | tuple[str, int]:
    errors = _errors(request.form.get(FIELD, ""))
    if errors:
        return _page_before(request.form, errors), 422
    server_session().confirm()
    wanted = safe_path(request.form.get("next"))
    if "file" in request.form:  # the browser would stay on the question while it saves the file
        return render_template("identity/file_ready.html", file=wanted)
    return redirect(wanted, 303)


def _page_before(given: Mapping[str, str], errors: dict[str, str] | None = None) -> str:
    carried = [(name, given[name]) for name in ("next", "file") if name in given]
    return _page(url_for("identity.confirm"), carried, errors or {})


def _page(action: str, carried: Sequence[tuple[str, str]], errors: dict[str, str]) -> str:
    return render_template(
        "identity/confirm.html",
        action=action,
        is_form=action != url_for("identity.confirm"),
        carried=carried,
        errors=errors,
        minutes=settings().confirm_minutes,
        is_demo=_is_demo(),
    )


def _errors(typed: str) -> dict[str, str]:
    if _is_demo():
        return {}
    if not typed:
        return {FIELD: _("パスワードか、認証アプリのコードを入力してください。")}
    answer = _check(typed)
    if not isinstance(answer, Refused):
        return {}
    return {FIELD: wait_text(answer.wait) if answer.wait else _("パスワードかコードが違います。")}


def _check(typed: str) -> str | Given | Refused:
    """No password is as short as a code."""
    me, at = signed_in(), clock.now()
    if is_code(as_digits(typed)):
        return check_code(engine(), Keyring(settings()), me.id, typed, at=at)
    address = request.remote_addr or ""
    return check_password(engine(), me.number, typed, address, at=at, action="identity-confirmed")


def _is_demo() -> bool:
    """Sample people have no password to give, and nothing to lose."""
    with reading(engine()) as connection:
        return demo_entry.is_open(settings(), request, connection)
