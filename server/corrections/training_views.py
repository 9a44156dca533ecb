"""HR's page of a training: a pasted list of who was there, looked at before it is entered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, Row, select
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.corrections.blueprint import blueprint
from server.corrections.changes import Change, ChangeRefused, Move, moves_of
from server.corrections.deciding import needs_second, settle
from server.corrections.kinds import KINDS
from server.corrections.kinds.training import training
from server.record.facts import BATCH
from server.record.standing import COURSE
from server.releases.library import modules_on
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.day_fields import read_day
from server.web.language import gettext as _

NO_MODULE = N_("モジュールを選んでください。")
NO_REASON = N_("研修の名前を入力してください。")
NOT_YET = N_("研修の日は、今日までの日を入力してください。")
NO_LIST = N_("職員番号の一覧を貼り付けてください。")
TOO_MANY = N_("一度に入れられるのは %(most)s人までです。一覧を分けてください。")
UNKNOWN = N_("登録のない職員番号があります。一覧を直してください。")
MOST = 500
HEADINGS = frozenset({"職員番号", "number"})


@dataclass(frozen=True)
class Attendance:
    """A list with its effect. `twice` and `unknown`: numbers as they were typed."""

    people: Sequence[Row[Any]]
    unknown: Sequence[str]
    twice: Sequence[str]
    moves: Sequence[Move] = ()

    @property
    def courses(self) -> dict[tuple[State, State], int]:
        """(State of the course now, then) → people."""
        moved: dict[tuple[State, State], int] = {}
        for move in self.moves:
            if move.module_id == COURSE:
                key = move.before, move.after
                moved[key] = moved.get(key, 0) + 1
        return moved

    @property
    def modules(self) -> int:
        """How many states of modules it moves."""
        return sum(move.module_id != COURSE for move in self.moves)


@blueprint.get("/hr/training")
@requires(Action.CORRECT_RECORDS, fresh=True)
def training_list() -> str:
    with reading(engine()) as connection:
        return _page(connection, {})


@blueprint.post("/hr/training")
@requires(Action.CORRECT_RECORDS, fresh=True)
def look_at_training_list() -> str | tuple[str, int]:
    """What the list would enter. Nothing is entered yet."""
    errors: dict[str, str] = {}
    with writing(engine()) as connection:
        change, attendance = _read(connection, errors)
        if change is None:
            return _page(connection, errors, attendance), 422
        try:
            moves = moves_of(connection, KINDS[change.kind], change, signed_in().id)
        except ChangeRefused as refused:
            return _page(connection, {"day": refused.message}), 422
        return _page(connection, {}, replace(attendance, moves=moves))


@blueprint.post("/hr/training/enter")
@requires(Action.CORRECT_RECORDS, fresh=True)
def enter_training_list() -> AnyResponse | tuple[str, int]:
    errors: dict[str, str] = {}
    with writing(engine()) as connection:
        change, attendance = _read(connection, errors)
        if change is None:
            return _page(connection, errors, attendance), 422
        try:
            done = settle(connection, change)
        except ChangeRefused as refused:
            return _page(connection, {"day": refused.message}), 422
    flash(done)
    return redirect(url_for("corrections.training_list"), 303)


def _read(connection: Connection, errors: dict[str, str]) -> tuple[Change | None, Attendance]:
    """None where something is wrong: then `errors` says what."""
    modules, reason = request.form.getlist("trained"), request.form.get("reason", "").strip()
    day = read_day(request.form, "day", errors)
    if not modules:
        errors["trained"] = _(NO_MODULE)
    if day is None or day > clock.today():
        errors["day"] = _(NOT_YET)
    if not reason:
        errors["reason"] = _(NO_REASON)
    attendance = _attendance(connection, _numbers(request.form.get("list", "")), errors)
    if errors or day is None:
        return None, attendance
    return training([row.person_id for row in attendance.people], modules, day, reason), attendance


def _numbers(text: str) -> list[str]:
    """The first cell of each line: as a spreadsheet copies them, or typed one below the other."""
    cells = [line.replace(",", "\t").split("\t")[0].strip() for line in text.splitlines()]
    return [cell for cell in cells if cell and cell not in HEADINGS]


def _attendance(connection: Connection, numbers: list[str], errors: dict[str, str]) -> Attendance:
    if not numbers:
        errors["list"] = _(NO_LIST)
    if len(numbers) > MOST:
        errors["list"] = _(TOO_MANY, most=MOST)
        return Attendance((), (), ())
    found = _people(connection, numbers)
    unknown = [number for number in dict.fromkeys(numbers) if number not in found]
    if unknown:
        errors["list"] = _(UNKNOWN)
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    return Attendance([found[each] for each in dict.fromkeys(numbers) if each in found], unknown, twice)


def _people(connection: Connection, numbers: list[str]) -> dict[str, Row[Any]]:
    """Number → whoever has it. The record of nobody who was merged into another one."""
    details, merged = tables.person_details, tables.merged_person
    query = (
        select(details)
        .outerjoin(merged, merged.c.person_id == details.c.person_id)
        .where(details.c.number.in_(numbers[:BATCH]), merged.c.person_id.is_(None))
    )
    return {row.number: row for row in connection.execute(query)}


def _page(connection: Connection, errors: dict[str, str], attendance: Attendance | None = None) -> str:
    return render_template(
        "corrections/training.html",
        modules=modules_on(connection, clock.today()),
        attendance=attendance,
        needs_second=needs_second(),
        typed=request.form,
        errors=errors,
    )
