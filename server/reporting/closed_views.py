"""HR's pages of closed reports, and of what moved between two records revisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.record.department_history import department_history
from server.record.revisions import Moved, compare, revisions_there_are
from server.record.seals import seal_now
from server.record.standing import COURSE
from server.reporting.blueprint import blueprint, given_filter, show_errors
from server.reporting.closed import close, closed_report, closed_reports, newest_revision
from server.reporting.export import Export, log_export
from server.reporting.filters import read_filter
from server.reporting.formats import FORMATS
from server.reporting.module_rows import modules_on
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, ask_before_file, is_fresh, requires, signed_in
from server.web.access_log import log_access
from server.web.database import engine, signing_key
from server.web.language import gettext as _

SHOWN = 500
"""Moved states on the page; the command lists all."""

BAD_REVISION = N_("記録の改訂番号は、前のものから後のものへ、ある番号で入力してください。")
BAD_DAY = N_("基準日は 2026-04-01 の形で入力してください。")


@blueprint.get("/hr/closed")
@requires(Action.SEE_RECORDS)
def closed() -> str:
    with reading(engine()) as connection:
        reports = closed_reports(connection)
        names = _names(connection, {each.actor for each in reports})
    return render_template("reporting/closed.html", reports=reports, names=names)


@blueprint.post("/hr/closed")
@requires(Action.CLOSE_REPORTS, fresh=True)
def close_report() -> AnyResponse:
    given = given_filter(source=request.form)
    form = request.form.get("form", "")
    if form not in FORMATS:
        abort(400)
    with writing(engine(), signed_in().id) as connection:
        asked, errors = read_filter(given, department_history(connection), clock.today())
        if errors:
            return show_errors(given)
        log_export(connection, asked, at=clock.now(), actor=signed_in().id, format=form)
    seal = seal_now(engine(), signing_key(), clock.now())
    export = Export(asked, seal, FORMATS[form], signed_in().sees(Action.CLOSE_REPORTS))
    title = request.form.get("title", "").strip()[:200] or export.file_name
    close(engine(), export, title, at=clock.now(), actor=signed_in().id)
    flash(_("締めました。このファイルは、後から記録が変わっても、このまま残ります。"))
    return redirect(url_for("reporting.closed"), 303)


@blueprint.get("/hr/closed/<report_id>")
@requires(Action.EXPORT_RECORDS)
def closed_file(report_id: str) -> AnyResponse:
    if not is_fresh():
        return ask_before_file()
    with writing(engine(), signed_in().id) as connection:
        found = closed_report(connection, report_id)
        if found is None:
            abort(404)
        log_access(
            connection, "closed-report-exported", at=clock.now(), actor=signed_in().id, report=report_id
        )
    report, data = found
    answer = Response(data, mimetype=report.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=report.file_name)
    return answer


@dataclass(frozen=True)
class Asked:
    """What is compared, where it can be."""

    earlier: int
    later: int
    day: date


@blueprint.get("/hr/revisions")
@requires(Action.SEE_RECORDS)
def revisions() -> str | tuple[str, int]:
    """Without a later revision, up to now: then it seals first, as every report does."""
    if request.args.get("from") and not request.args.get("to"):
        seal_now(engine(), signing_key(), clock.now())
    with reading(engine()) as connection:
        asked, errors = _asked(connection)
        if asked is None:
            page = _revisions_page(connection, None, [], errors)
            return (page, 400) if errors else page
        moved = list(islice(compare(connection, asked.earlier, asked.later, asked.day), SHOWN + 1))
        page = _revisions_page(connection, asked, moved, {})
    with writing(engine(), signed_in().id) as connection:
        log_access(
            connection,
            "revisions-compared",
            at=clock.now(),
            actor=signed_in().id,
            earlier=asked.earlier,
            later=asked.later,
            day=asked.day.isoformat(),
        )
    return page


def _asked(connection: Connection) -> tuple[Asked | None, dict[str, str]]:
    """None also where nothing was asked yet."""
    if not request.args.get("from"):
        return None, {}
    errors: dict[str, str] = {}
    earlier = request.args.get("from", type=int) or 0
    later = request.args.get("to", type=int) or newest_revision(connection) or 0
    if earlier > later or not revisions_there_are(connection, earlier, later):
        errors["from"] = _(BAD_REVISION)
    try:
        day = date.fromisoformat(request.args.get("day", "") or clock.today().isoformat())
    except ValueError:
        errors["day"], day = _(BAD_DAY), clock.today()
    return (None if errors else Asked(earlier, later, day)), errors


def _revisions_page(
    connection: Connection, asked: Asked | None, moved: Sequence[Moved], errors: Mapping[str, str]
) -> str:
    people = {each.person_id for each in moved} | {cause.actor for each in moved for cause in each.causes}
    modules = modules_on(connection, asked.day if asked else clock.today())
    return render_template(
        "reporting/revisions.html",
        asked=asked,
        given=request.args,
        newest=newest_revision(connection),
        today=clock.today(),
        moved=moved[:SHOWN],
        is_more=len(moved) > SHOWN,
        titles={COURSE: _("コース")} | {each.id: f"#{each.order} {each.title}" for each in modules},
        names=_names(connection, people),
        errors=errors,
    )


def _names(connection: Connection, people: set[str]) -> dict[str, str]:
    details = tables.person_details
    rows = connection.execute(select(details).where(details.c.person_id.in_(people)))
    return {row.person_id: f"{row.number} {row.name}" for row in rows}
