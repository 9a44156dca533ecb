"""What HR's pages share: their blueprint, and the filter as an address carries it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.reporting.fields import only_seen
from server.reporting.filters import Filter
from server.storage.engine import writing
from server.web import clock
from server.web.access import Action, signed_in
from server.web.access_log import log_access
from server.web.csv_file import Cell, encoded
from server.web.database import engine

blueprint = Blueprint("reporting", __name__, template_folder="templates")

FIELDS = ("search", "department", "state", "day")
OF_REPORTS = ("department", "day")
"""What a link from one report to another carries on."""


def given_filter(fields: Sequence[str] = FIELDS, source: Mapping[str, str] | None = None) -> dict[str, str]:
    """The filter as the address (or a form) has it, without empty fields: what links carry on."""
    given = request.args if source is None else source
    texts = {field: given.get(field, "").strip() for field in fields}
    return {field: text for field, text in texts.items() if text}


def show_errors(given: Mapping[str, Any]) -> AnyResponse:
    """The page of people says what is wrong with a filter, whoever was asked."""
    return redirect(url_for("reporting.people", **given))


def csv_answer(report: str, asked: Filter, lines: Iterable[Sequence[Cell]]) -> Response:
    """A report as a file, made whole before it is sent: it has a line for each department at most."""
    with writing(engine(), signed_in().id) as connection:
        log_access(
            connection,
            "report-exported",
            at=clock.now(),
            actor=signed_in().id,
            report=report,
            **asked.described(),
        )
    seen = only_seen(lines, signed_in().sees(Action.EXPORT_RECORDS))
    answer = Response(b"".join(encoded(seen)), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=asked.file_name_of(report))
    return answer
