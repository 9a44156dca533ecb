"""HR's pages: who is complete, one person's record, the export. No scores and no answers, anywhere."""

from collections import Counter
from math import ceil

from flask import Response, abort, current_app, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.record.department_history import department_history
from server.reporting.blueprint import OF_REPORTS, blueprint, given_filter, show_errors
from server.reporting.export import export, is_large, log_export
from server.reporting.filters import NOT_YET, STATE_MEANINGS, Filter, read_filter, state_text, usual_days
from server.reporting.queries import (
    ModuleRow,
    leaves_of,
    module_rows,
    people_asked_for,
    person_on,
    postings_of,
)
from server.rules.rates import Totals, rate_text
from server.rules.state import State
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, ask_before_file, is_fresh, requires, signed_in
from server.web.access_log import looks_at
from server.web.database import engine
from server.web.language import gettext as _

PAGE = 100
"""People on a page of the table."""


@blueprint.get("/hr/people")
@requires(Action.SEE_RECORDS)
def people() -> str | tuple[str, int]:
    given = given_filter()
    with reading(engine()) as connection:
        departments = department_history(connection)
        asked, errors = read_filter(given, departments, clock.today())
        if errors:
            messages = {field: _(message) for field, message in errors.items()}
            return _page(given, asked, departments=departments.on(asked.day), errors=messages), 400
        people = people_asked_for(connection, departments, asked)
        number, pages = _page_number(len(people.listed))
        shown = people.listed[(number - 1) * PAGE : number * PAGE]
        rows = list(module_rows(connection, departments, asked.day, shown))
    return _page(
        given,
        asked,
        departments=departments.on(asked.day),
        totals=Totals.of(person.state for person in people.everybody),
        found=len(people.listed),
        people=shown,
        progress=_progress(rows),
        rate_text=rate_text,
        page=number,
        pages=pages,
    )


def _page(given: dict[str, str], asked: Filter, **values: object) -> str:
    return render_template(
        "reporting/people.html",
        given=given,
        kept={field: given[field] for field in OF_REPORTS if field in given},
        asked=asked,
        now=clock.now(),
        today=clock.today(),
        usual_days=usual_days(clock.today()),
        is_today=asked.day == clock.today(),
        states=list(State),
        state_meanings=STATE_MEANINGS,
        state_choices=_state_choices(asked),
        chosen_state=state_text(*asked.states),
        not_yet=state_text(*NOT_YET),
        **{"errors": {}, **values},
    )


def _state_choices(asked: Filter) -> list[tuple[str, tuple[State, ...]]]:
    """What the form offers: the one combination, each state, and what the address asks for besides."""
    offered = [NOT_YET, *((state,) for state in State), tuple(s for s in State if s in asked.states)]
    return [(value, states) for value, states in {state_text(*s): s for s in offered}.items() if value]


def _page_number(people: int) -> tuple[int, int]:
    """A page that there is, whatever the address says; and how many there are."""
    pages = max(1, ceil(people / PAGE))
    return min(max(1, request.args.get("page", 1, type=int)), pages), pages


def _progress(rows: list[ModuleRow]) -> dict[str, tuple[int, int]]:
    """Person → complete and required modules."""
    required = Counter(
        row.person.id for row in rows if row.stand.state not in (State.NOT_REQUIRED, State.EXEMPT)
    )
    complete = Counter(row.person.id for row in rows if row.stand.state is State.COMPLETE)
    return {person_id: (complete[person_id], number) for person_id, number in required.items()}


@blueprint.get("/hr/people/<person_id>")
@requires(Action.SEE_RECORDS)
def person(person_id: str) -> str | AnyResponse:
    given = given_filter()
    with reading(engine()) as connection:
        departments = department_history(connection)
        asked, errors = read_filter(given, departments, clock.today())
        if errors:
            return show_errors(given)
        seen = person_on(connection, departments, asked.day, person_id)
        if seen is None:
            abort(404)
        rows = list(module_rows(connection, departments, asked.day, [seen]))
        postings = postings_of(connection, departments, person_id)
        leaves = leaves_of(connection, person_id)
    looks_at(day=asked.day.isoformat())
    return render_template(
        "reporting/person.html",
        given=given,
        asked=asked,
        now=clock.now(),
        is_today=asked.day == clock.today(),
        seen=seen,
        rows=rows,
        postings=postings,
        leaves=leaves,
    )


@blueprint.get("/hr/export.csv")
@requires(Action.EXPORT_RECORDS)
def export_csv() -> AnyResponse:
    given = given_filter()
    with writing(engine(), signed_in().id) as connection:
        asked, errors = read_filter(given, department_history(connection), clock.today())
        if errors:
            return show_errors(given)
        if not is_fresh() and is_large(connection, asked, current_app.config["KYOZAI"].large_export_rows):
            return ask_before_file()
        log_export(connection, asked, at=clock.now(), actor=signed_in().id)
    fields = signed_in().sees(Action.EXPORT_RECORDS)
    answer = Response(export(engine(), asked, fields), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=asked.file_name)
    return answer
