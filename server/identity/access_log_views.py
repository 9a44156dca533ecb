"""The page of the access log, for administrators and auditors. To look at it is logged as well."""

import re
from datetime import date

from flask import render_template, request
from sqlalchemy import Connection, select

from server.identity.access_log_queries import PAGE, LogPage, log_page
from server.identity.access_log_words import access_details, access_word
from server.identity.blueprint import blueprint
from server.identity.passwords import normalised
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.access_log import log_access
from server.web.database import engine
from server.web.language import gettext as _

blueprint.add_app_template_filter(access_word)
blueprint.add_app_template_filter(access_details)


@blueprint.get("/access-log")
@requires(Action.SEE_ACCESS_LOG)
def access_log() -> str | tuple[str, int]:
    given = {name: request.args.get(name, "").strip() for name in ("person", "day")}
    before, errors = _before(), {}
    with reading(engine()) as connection:
        person_id = _person(connection, given["person"])
        day = _day(given["day"])
        if given["person"] and person_id is None:
            errors["person"] = _("この職員番号の職員はいません。")
        if given["day"] and day is None:
            errors["day"] = _("日は 2026-04-01 の形で入力してください。")
        if errors:
            return _page(given, LogPage((), None, {}), errors), 400
        found = log_page(connection, person_id, day, before)
    _log(person_id, day)
    return _page(given, found, before=before)


def _person(connection: Connection, number: str) -> str | None:
    details = tables.person_details
    return connection.scalar(select(details.c.person_id).where(details.c.number == normalised(number)))


def _before() -> str | None:
    """The id of the last entry on the page before."""
    text = request.args.get("before", "")
    return text if re.fullmatch("[0-9a-f]{32}", text) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _log(person_id: str | None, day: date | None) -> None:
    asked = {"day": day.isoformat()} if day else {}
    me = signed_in().id
    with writing(engine(), me) as connection:
        log_access(connection, "access-log-seen", at=clock.now(), actor=me, person=person_id, **asked)


def _page(
    given: dict[str, str],
    found: LogPage,
    errors: dict[str, str] | None = None,
    before: str | None = None,
) -> str:
    return render_template(
        "identity/access_log.html",
        given=given,
        accesses=found.entries,
        older=found.older,
        people=found.people,
        before=before,
        most=PAGE,
        errors=errors or {},
    )
