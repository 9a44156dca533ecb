"""HR's reports: by department, by module, by event, by speed. A page and its file are one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.record.department_history import DepartmentHistory, department_history
from server.reporting import department_report, event_report, module_report, speed_report
from server.reporting.blueprint import OF_REPORTS, blueprint, csv_answer, given_filter, show_errors
from server.reporting.filters import Filter, read_filter, usual_days
from server.rules.rates import rate_text
from server.rules.state import State
from server.rules.suppression import SMALLEST
from server.storage.engine import reading
from server.web import clock
from server.web.access import Action, requires
from server.web.csv_file import Cell
from server.web.database import engine
from server.web.language import gettext as _

BAD_FIRST_DAY = N_("期間の初日は、2026-04-01 の形で、基準日までの日を入力してください。")

Lines = Iterable[Sequence[Cell]]


@dataclass(frozen=True)
class Asked:
    """What a report is asked for: the filter, and the departments by day to read it with."""

    connection: Connection
    history: DepartmentHistory
    filter: Filter

    def starting_below_the_only_top(self) -> "Asked":
        """Where one department stands over all others, its parts say more than itself."""
        top = self.filter.department or self.history.on(self.filter.day).only_top()
        return replace(self, filter=replace(self.filter, department=top))


@blueprint.get("/hr/departments")
@requires(Action.SEE_RECORDS)
def departments() -> str | AnyResponse:
    return _page(
        "reporting/departments.html", _departments, fields=(*OF_REPORTS, "upward"), smallest=SMALLEST
    )


@blueprint.get("/hr/departments.csv")
@requires(Action.EXPORT_RECORDS)
def departments_csv() -> AnyResponse:
    return _file("departments", _departments, department_report.csv_lines)


def _departments(asked: Asked) -> department_report.DepartmentReport:
    asked = asked.starting_below_the_only_top()
    tree, hides_small = asked.history.on(asked.filter.day), "upward" in request.args
    return department_report.department_report(asked.connection, tree, asked.filter, hides_small=hides_small)


@blueprint.get("/hr/modules")
@requires(Action.SEE_RECORDS)
def modules() -> str | AnyResponse:
    return _page("reporting/modules.html", _modules)


@blueprint.get("/hr/modules.csv")
@requires(Action.EXPORT_RECORDS)
def modules_csv() -> AnyResponse:
    return _file("modules", _modules, module_report.csv_lines)


def _modules(asked: Asked) -> module_report.ModuleReport:
    return module_report.module_report(asked.connection, asked.history.on(asked.filter.day), asked.filter)


@blueprint.get("/hr/events")
@requires(Action.SEE_RECORDS)
def events() -> str | AnyResponse:
    first, problem = _first_day()
    errors = {"first": _(problem)} if problem else {}
    return _page("reporting/events.html", _events, fields=(*OF_REPORTS, "first"), first=first, errors=errors)


@blueprint.get("/hr/events.csv")
@requires(Action.EXPORT_RECORDS)
def events_csv() -> AnyResponse:
    return _file("events", _events, event_report.csv_lines)


def _events(asked: Asked) -> event_report.EventReport:
    first = _first_day()[0] or event_report.first_day_of_year(asked.filter.day)
    return event_report.event_report(
        asked.connection, asked.history, asked.filter, min(first, asked.filter.day)
    )


def _first_day() -> tuple[date | None, str | None]:
    """Of the period, and what is wrong with it: then, as without one, the fiscal year's."""
    text = request.args.get("first", "").strip()
    try:
        return (date.fromisoformat(text) if text else None), None
    except ValueError:
        return None, BAD_FIRST_DAY


@blueprint.get("/hr/speed")
@requires(Action.SEE_RECORDS)
def speed() -> str | AnyResponse:
    return _page("reporting/speed.html", _speed)


@blueprint.get("/hr/speed.csv")
@requires(Action.EXPORT_RECORDS)
def speed_csv() -> AnyResponse:
    return _file("speed", _speed, speed_report.csv_lines)


def _speed(asked: Asked) -> speed_report.SpeedReport:
    asked = asked.starting_below_the_only_top()
    return speed_report.speed_report(asked.connection, asked.history.on(asked.filter.day), asked.filter)


def _page(
    template: str,
    make: Callable[[Asked], Any],
    *,
    fields: Sequence[str] = OF_REPORTS,
    errors: dict[str, str] | None = None,
    **values: object,
) -> str | AnyResponse:
    given = given_filter(fields)
    kept = {field: given[field] for field in OF_REPORTS if field in given}
    with reading(engine()) as connection:
        history = department_history(connection)
        asked, wrong = read_filter(given, history, clock.today())
        if wrong:
            return show_errors(kept)
        report = make(Asked(connection, history, asked))
    tree = history.on(asked.day)
    return render_template(
        template,
        given=given,
        kept=kept,
        asked=asked,
        report=report,
        departments=tree,
        line=tree.line_to(asked.department) if asked.department else [],
        now=clock.now(),
        today=clock.today(),
        usual_days=usual_days(clock.today()),
        is_today=asked.day == clock.today(),
        states=list(State),
        in_order=department_report.IN_ORDER,
        rate_text=rate_text,
        errors=errors or {},
        **values,
    )


def _file(name: str, make: Callable[[Asked], Any], lines: Callable[[Any, Filter], Lines]) -> AnyResponse:
    given = given_filter()
    with reading(engine()) as connection:
        history = department_history(connection)
        asked, wrong = read_filter(given, history, clock.today())
        if wrong:
            return show_errors(given)
        report = make(Asked(connection, history, asked))
    return csv_answer(name, asked, lines(report, asked))
