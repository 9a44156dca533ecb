"""The pages of the second factor: enrol an authenticator app, give its code, make new recovery codes."""

from collections.abc import Sequence

from flask import abort, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from server.identity.blueprint import blueprint, settings
from server.identity.keyring import Keyring
from server.identity.one_time_codes import in_groups, new_secret, qr_code
from server.identity.second_factor import (
    check_code,
    enrol,
    is_enrolled,
    recovery_codes_left,
    renew_recovery_codes,
)
from server.identity.sign_in import Refused
from server.identity.words import wait_text
from server.storage.engine import reading
from server.web import access, clock
from server.web.access import PRIVILEGED, Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _
from server.web.views import safe_path

NEW_SECRET = "new_secret"  # noqa: S105
"""In the session: what the page offers until a code of it is given. Encrypted like those that are kept."""


@blueprint.get("/second-factor")
@requires(Action.SIGNED_IN)
def second_factor() -> str:
    if signed_in().waiting:
        return _code_page() if _is_enrolled() else _enrolment_page()
    if not signed_in().roles & PRIVILEGED:
        abort(404)
    return render_template("identity/recovery.html", left=recovery_codes_left(engine(), signed_in().id))


@blueprint.post("/second-factor")
@requires(Action.SIGNED_IN)
def give_second_factor() -> str | Response | tuple[str, int]:
    if not signed_in().waiting:
        return redirect(_next(), 303)
    return _give() if _is_enrolled() else _enrol()


@blueprint.post("/second-factor/recovery-codes")
@requires(Action.SIGNED_IN, fresh=True)
def new_recovery_codes() -> str:
    """The answer to the POST is the codes themselves: they are shown this once and kept nowhere."""
    if not signed_in().roles & PRIVILEGED or not _is_enrolled():
        abort(404)
    return _recovery_codes_page(renew_recovery_codes(engine(), signed_in().id, at=clock.now()))


def _give() -> Response | tuple[str, int]:
    typed, me = request.form.get("code", ""), signed_in().id
    given = check_code(engine(), Keyring(settings()), me, typed, at=clock.now())
    if isinstance(given, Refused):
        message = wait_text(given.wait) if given.wait else _("コードが違うか、もう使ったコードです。")
        return _code_page({"code": message}), 429 if given.wait else 422
    access.give_second_factor()
    if given.left is not None:
        return redirect(url_for("identity.second_factor", next=_next()), 303)
    return redirect(_next(), 303)


def _enrol() -> str | Response | tuple[str, int]:
    typed, me, keyring = request.form.get("code", ""), signed_in().id, Keyring(settings())
    secret = keyring.opened(session.get(NEW_SECRET, ""))
    if secret is None:
        return redirect(url_for("identity.second_factor", next=_next()), 303)
    codes = enrol(engine(), keyring, me, secret, typed, at=clock.now())
    if codes is None:
        message = _("コードが違います。アプリに今出ている6けたの数字を入力してください。")
        return _enrolment_page({"code": message}), 422
    del session[NEW_SECRET]
    access.give_second_factor()
    return _recovery_codes_page(codes)


def _is_enrolled() -> bool:
    with reading(engine()) as connection:
        return is_enrolled(connection, signed_in().id)


def _next() -> str:
    return safe_path(request.values.get("next"))


def _code_page(errors: dict[str, str] | None = None) -> str:
    return render_template(
        "identity/second_factor.html",
        errors=errors or {},
        next=_next(),
        may_learn=signed_in().may(Action.LEARN),
    )


def _enrolment_page(errors: dict[str, str] | None = None) -> str:
    """The same secret each time in a session: an app may have read it before the page was loaded anew."""
    keyring = Keyring(settings())
    secret = keyring.opened(session.get(NEW_SECRET, ""))
    if secret is None:
        secret = new_secret()
        session[NEW_SECRET] = keyring.sealed(secret)
    issuer = settings().organisation or _("教材")
    image = qr_code(secret, signed_in().number, issuer, _("認証アプリで読み取るQRコード"))
    return render_template(
        "identity/enrol.html",
        errors=errors or {},
        next=_next(),
        may_learn=signed_in().may(Action.LEARN),
        qr_code=Markup(image),  # noqa: S704 (made here, of nothing that anybody typed but escaped text)
        secret=in_groups(secret),
    )


def _recovery_codes_page(codes: Sequence[str]) -> str:
    groups = [in_groups(code) for code in codes]
    return render_template("identity/recovery_codes.html", codes=groups, next=_next())
