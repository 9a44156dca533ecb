"""Until when somebody stays signed in, for the script that warns of the end and extends it."""

from datetime import timedelta
from math import floor

from server.web import clock
from server.web.access import Action, requires, server_session
from server.web.language import gettext as _
from server.web.session_term import Term
from server.web.views import blueprint
from server.web.words import time_text

__all__ = ["blueprint", "extend", "time_left"]

TimeLeft = dict[str, int | bool | str]


@blueprint.get("/session")
@requires(Action.SIGNED_IN)
def time_left() -> TimeLeft:
    """To ask does not extend it: a page that lies open is nobody at work."""
    session = server_session()
    session.looked_at = True
    term = session.term_after(clock.now())
    return _answer(term, _warning(term))


@blueprint.post("/session")
@requires(Action.SIGNED_IN)
def extend() -> TimeLeft:
    term = server_session().extend()
    return _answer(term, _extended(term))


def _answer(term: Term, message: str) -> TimeLeft:
    """Durations in seconds, for the clock of the reader's machine may be wrong; times are in the message."""
    at = clock.now()
    return {
        "left": floor(term.left(at).total_seconds()),
        "until_warning": floor(term.until_warning(at).total_seconds()),
        "is_extendable": term.is_extendable,
        "message": message,
    }


def _warning(term: Term) -> str:
    time = time_text(term.ends_at)
    if term.is_extendable:
        return _("%(time)s に自動でログアウトします。続けるときは「続ける」を押してください。", time=time)
    return _(
        "%(time)s に自動でログアウトします。ログインから%(hours)s時間で終わるため、延ばせません。",
        time=time,
        hours=_hours(term),
    )


def _extended(term: Term) -> str:
    time = time_text(term.ends_at)
    if term.is_extendable:
        return _("延ばしました。何もしないと %(time)s に自動でログアウトします。", time=time)
    return _(
        "延ばしました。%(time)s に自動でログアウトします。ログインから%(hours)s時間で終わるため、"
        "それより後には延ばせません。",
        time=time,
        hours=_hours(term),
    )


def _hours(term: Term) -> int:
    return term.longest // timedelta(hours=1)
