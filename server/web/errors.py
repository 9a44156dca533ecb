"""Pages for what went wrong. A fault of ours shows an incident number; the log has the rest."""

from pathlib import Path
from secrets import token_hex

import psycopg
from flask import Flask, current_app, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from builder.language import N_
from server.web.access import ask_to_sign_in, needs_sign_in, page_here
from server.web.language import gettext
from server.web.logs import LOG

Answer = tuple[str, int] | tuple[str, int, dict[str, str]]

MESSAGES = {
    400: (N_("送られた内容を読み取れませんでした"), N_("前のページに戻り、もう一度お試しください。")),
    403: (
        N_("このページを開く権限がありません"),
        N_("必要な場合は、人事担当または管理者に相談してください。"),
    ),
    404: (N_("ページが見つかりません"), N_("住所（URL）が変わったか、公開が終わった可能性があります。")),
    405: (N_("この操作はできません"), N_("ホームに戻り、もう一度お試しください。")),
    413: (N_("送られた内容が大きすぎます"), N_("内容を小さくして、もう一度お試しください。")),
}


UNREACHABLE = Path(__file__).parent / "templates" / "web" / "unreachable.html"
"""As it is: whatever a template shows besides comes from the database."""

RETRY_AFTER = 5
"""Seconds."""


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(HTTPException, known_error)
    app.register_error_handler(InternalServerError, fault_before_the_view)
    app.register_error_handler(Exception, fault)


def form_expired(error: CSRFError) -> Response | tuple[str, int]:
    """The token goes with the session: who has none is asked to sign in, as on any page."""
    if needs_sign_in():
        return ask_to_sign_in()
    title = N_("ページの有効期限が切れました")
    advice = N_("送った内容は届いていません。ページを開き直し、もう一度送ってください。")
    return page(title, advice, again=page_here()), 400


def known_error(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    title, advice = MESSAGES.get(code, MESSAGES[400])
    return page(title, advice), code


def fault_before_the_view(error: InternalServerError) -> Answer:
    """While the session was opened, say."""
    return fault(error.original_exception or error)


def fault(error: BaseException) -> Answer:
    if _is_unreachable(error):
        LOG.error("the database cannot be reached", exc_info=error)
        return UNREACHABLE.read_text("utf-8"), 503, {"Retry-After": str(RETRY_AFTER)}
    incident = token_hex(4)
    LOG.error("incident %s, see %s", incident, current_app.extensions["kyozai.log"], exc_info=error)
    title = N_("システムの不具合が起きました")
    advice = N_("時間をおいて、もう一度お試しください。続くときは、次の番号を管理者に伝えてください。")
    try:
        return page(title, advice, incident), InternalServerError.code
    except Exception as again:  # the layout asks the database, which may be what is broken
        LOG.error("incident %s: no page for it", incident, exc_info=again)
        return f"{gettext(title)} ({incident})", InternalServerError.code


def _is_unreachable(error: BaseException) -> bool:
    """Stopped, or gone in the middle. Nothing of the transaction was kept."""
    return isinstance(error, OperationalError) and isinstance(error.orig, psycopg.OperationalError)


def page(title: str, advice: str, incident: str | None = None, again: str | None = None) -> str:
    """`again`: the address of the page that can be opened anew."""
    return render_template("web/error.html", title=title, advice=advice, incident=incident, again=again)
