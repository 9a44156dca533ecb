"""HR's pages: who is complete, one person's record, the export. No scores and no answers, anywhere."""

import json
from collections import Counter
from math import ceil

from flask import Response, abort, current_app, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from server.record.department_history import DepartmentHistory, department_history
from server.record.personal import kept_about
from server.record.seals import seal_now
from server.reporting.blueprint import OF_REPORTS, blueprint, given_filter, show_errors
from server.reporting.export import Export, is_large, log_export
from server.reporting.filters import NOT_YET, STATE_MEANINGS, Filter, read_filter, state_text, usual_days
from server.reporting.formats import FORMATS
from server.reporting.module_rows import ModuleRow, module_rows, modules_on
from server.reporting.people import (
    Found,
    leaves_of,
    page_of_people,
    person_on,
    postings_of,
    states_on,
)
from server.rules.rates import Totals, rate_text
from server.rules.state import State
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, ask_before_file, is_fresh, requires, signed_in
from server.web.access_log import log_access, looks_at
from server.web.database import engine, signing_key
from server.web.language import gettext as _
from server.web.reasons import reason_sentences

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
        totals = states_on(connection, departments, asked)
        number, found = _asked_page(connection, departments, asked, totals)
        rows = list(module_rows(connection, departments, asked.day, found.people))
    return _page(
        given,
        asked,
        departments=departments.on(asked.day),
        totals=totals,
        found=found.number,
        people=found.people,
        progress=_progress(rows),
        rate_text=rate_text,
        page=number,
        pages=_pages(found.number),
    )


def _asked_page(
    connection: Connection, departments: DepartmentHistory, asked: Filter, totals: Totals
) -> tuple[int, Found]:
    """A page that there is, whatever the address says."""
    number = max(1, request.args.get("page", 1, type=int))
    found = page_of_people(connection, departments, asked, (number - 1) * PAGE, PAGE, totals)
    if found.people or number == 1:
        return number, found
    last = _pages(found.number)
    return last, page_of_people(connection, departments, asked, (last - 1) * PAGE, PAGE, totals)


def _pages(people: int) -> int:
    return max(1, ceil(people / PAGE))


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
        formats=FORMATS,
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
        reasons = reason_sentences(connection, person_id, modules_on(connection, asked.day), asked.day)
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
        reasons=reasons,
        postings=postings,
        leaves=leaves,
    )


@blueprint.get("/hr/people/<person_id>/data.json")
@requires(Action.EXPORT_RECORDS)
def person_data(person_id: str) -> Response:
    """What is kept about a person, as far as HR may see it."""
    with writing(engine(), signed_in().id) as connection:
        kept = kept_about(connection, person_id, with_private=False)
        if not kept["person_details"]:
            abort(404)
        actor = signed_in().id
        log_access(connection, "person-exported", at=clock.now(), actor=actor, person=person_id)
    headers = {"Content-Disposition": 'attachment; filename="person.json"'}
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/hr/export/<form>")
@requires(Action.EXPORT_RECORDS)
def export(form: str) -> AnyResponse:
    if form not in FORMATS:
        abort(404)
    given = given_filter()
    with writing(engine(), signed_in().id) as connection:
        asked, errors = read_filter(given, department_history(connection), clock.today())
        if errors:
            return show_errors(given)
        if not is_fresh() and is_large(connection, asked, current_app.config["KYOZAI"].large_export_rows):
            return ask_before_file()
        log_export(connection, asked, at=clock.now(), actor=signed_in().id, format=form)
    seal = seal_now(engine(), signing_key(), clock.now())
    made = Export(asked, seal, FORMATS[form], signed_in().sees(Action.EXPORT_RECORDS))
    answer = Response(made.pieces(engine()), mimetype=made.format.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=made.file_name)
    return answer
