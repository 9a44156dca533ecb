"""HR's pages of the staff list: bring it, see what it would do, take it in, take it back."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response as AnyResponse

from server.people.blueprint import blueprint
from server.people.consequences import consequences
from server.people.roster_file import COLUMNS, IGNORED
from server.people.roster_imports import (
    UndoRefused,
    last_import,
    recent_imports,
    take_in,
    told,
    undo_last,
)
from server.people.roster_table import LARGEST
from server.people.roster_uploads import (
    Checked,
    NoSuchUpload,
    check_again,
    checked,
    put_on_the_desk,
    remember,
    throw_away,
)
from server.people.words import ALARM_WORDS
from server.releases.library import newest
from server.storage import tables
from server.storage.engine import reading, writing
from server.storage.locks import OFFICE, Held, alone
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import catalogue, current_language
from server.web.language import gettext as _
from server.web.reasons import numbers_text
from server.web.words import KIND_WORDS, time_text

RECENT = 10
SHOWN = 50
"""Lines of each kind of change on the page; the counts are of all."""


@blueprint.get("/hr/roster")
@requires(Action.SEE_IMPORTS)
def roster() -> str:
    return _start_page()


@blueprint.post("/hr/roster")
@requires(Action.IMPORT_ROSTER, most_bytes=LARGEST + 1_000_000)
def bring() -> AnyResponse | tuple[str, int]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _start_page({"file": _("名簿のファイルを選んでください。")}), 422
    data = file.read()
    with writing(engine(), signed_in().id) as connection:
        upload_id = put_on_the_desk(connection, data, file.filename, at=clock.now(), actor=signed_in().id)
    return redirect(url_for("people.check", upload_id=upload_id), 303)


@blueprint.get("/hr/roster/<upload_id>")
@requires(Action.IMPORT_ROSTER)
def check(upload_id: str) -> str:
    with reading(engine()) as connection:
        return _check_page(connection, _checked(connection, upload_id))


@blueprint.post("/hr/roster/<upload_id>/headings")
@requires(Action.IMPORT_ROSTER)
def tell_headings(upload_id: str) -> AnyResponse:
    """What each unknown heading means. Nothing chosen means that it stays unknown."""
    with writing(engine()) as connection:
        unknown = _checked(connection, upload_id).file.unknown
        chosen = {word: request.form.get(f"heading-{place}", "") for place, word in enumerate(unknown)}
        meanings = {word: IGNORED if meaning == "ignore" else meaning for word, meaning in chosen.items()}
        remember(connection, {word: meaning for word, meaning in meanings.items() if chosen[word]})
    return redirect(url_for("people.check", upload_id=upload_id), 303)


@blueprint.post("/hr/roster/<upload_id>/again")
@requires(Action.IMPORT_ROSTER)
def look_again(upload_id: str) -> AnyResponse:
    with writing(engine(), signed_in().id) as connection:
        _checked(connection, upload_id)
        check_again(connection, upload_id)
    return redirect(url_for("people.check", upload_id=upload_id), 303)


@blueprint.post("/hr/roster/<upload_id>/import")
@requires(Action.IMPORT_ROSTER, fresh=True)
def take(upload_id: str) -> AnyResponse | tuple[str, int]:
    try:
        with (
            alone(engine(), OFFICE, holder=signed_in().id, at=clock.now()),
            writing(engine()) as connection,
        ):
            seen = _checked(connection, upload_id)
            errors = _errors(seen)
            if errors or not seen.may_be_applied:
                return _check_page(connection, seen, errors), 422
            assert seen.plan is not None
            take_in(
                connection,
                seen.plan,
                seen.file_name,
                len(seen.file.rows),
                at=clock.now(),
                actor=signed_in().id,
            )
            throw_away(connection, upload_id)
    except Held as held:
        return _start_page({"file": _held(held)}), 409
    flash(_("取り込みました。受講状態も新しくなっています。"))
    return redirect(url_for("people.roster"), 303)


@blueprint.post("/hr/roster/undo")
@requires(Action.IMPORT_ROSTER, fresh=True)
def undo() -> AnyResponse | tuple[str, int]:
    try:
        with (
            alone(engine(), OFFICE, holder=signed_in().id, at=clock.now()),
            writing(engine()) as connection,
        ):
            newest = last_import(connection)
            if newest is None or newest.id != request.form.get("import"):
                return _start_page({"undo": _("この取り込みは、もう最後の取り込みではありません。")}), 409
            undo_last(connection, at=clock.now(), actor=signed_in().id)
    except Held as held:
        return _start_page({"undo": _held(held)}), 409
    except UndoRefused as refused:
        later = _("、").join(
            _("%(kind)s %(count)s件", kind=_(KIND_WORDS[kind]), count=count)
            for kind, count in told(refused.dependents)
        )
        message = _("後からの記録（%(later)s）が、この取り込みの上にあるので取り消せません。", later=later)
        return _start_page({"undo": message}), 409
    flash(_("取り消しました。所属と受講状態は、取り込む前に戻りました。"))
    return redirect(url_for("people.roster"), 303)


def _checked(connection: Connection, upload_id: str) -> Checked:
    """With the numbers that have a new holder, as the form or the address says."""
    reused = frozenset(request.values.getlist("reused"))
    try:
        return checked(connection, upload_id, signed_in().id, clock.today(), reused)
    except NoSuchUpload:
        abort(404)


def _errors(seen: Checked) -> dict[str, str]:
    """Why a list that could be taken in is not taken in yet."""
    if seen.changed_since:
        return {"again": _("確認した後に、ほかの記録が変わりました。もう一度確認してください。")}
    if seen.alarms and request.form.get("unusual") != _count(seen):
        return {"unusual": _("いつもと違うところがあります。そのつもりなら、印を付けてください。")}
    return {}


def _count(seen: Checked) -> str:
    """What somebody confirms: another number of people is another list."""
    return "-".join(f"{alarm.reason}:{alarm.count}" for alarm in seen.alarms)


def _held(held: Held) -> str:
    with reading(engine()) as connection:
        details = tables.person_details
        name = connection.scalar(select(details.c.name).where(details.c.person_id == held.holder))
    return _(
        "%(holder)s さんが %(time)s から作業中です。終わるのを待って、もう一度行ってください。",
        holder=name or held.holder,
        time=time_text(held.since),
    )


def _start_page(errors: dict[str, str] | None = None) -> str:
    with reading(engine()) as connection:
        imports = recent_imports(connection, RECENT)
        newest = last_import(connection)
        names = _names(connection, {each.actor for each in imports})
    return render_template(
        "people/roster.html",
        imports=imports,
        newest=newest.id if newest else None,
        names=names,
        columns=COLUMNS,
        errors=errors or {},
    )


def _names(connection: Connection, people: set[str]) -> dict[str, str]:
    details = tables.person_details
    rows = connection.execute(select(details).where(details.c.person_id.in_(people)))
    return {row.person_id: row.name for row in rows}


def _check_page(connection: Connection, seen: Checked, errors: dict[str, str] | None = None) -> str:
    language = current_language()
    names = _names(connection, {doing.actor for doing in seen.changed_since})
    values: dict[str, Any] = {
        "seen": seen,
        "follows": consequences(connection, seen.plan) if seen.plan else None,
        "errors": errors or {},
        "names": names,
        "columns": COLUMNS,
        "problems": [
            (problem, problem.cause(language, catalogue), problem.hint(language, catalogue))
            for problem in (*seen.file.problems, *(seen.plan.problems if seen.plan else ()))
        ],
        "reused": request.values.getlist("reused"),
        "alarm_words": ALARM_WORDS,
        "kind_words": KIND_WORDS,
        "count": _count(seen),
        "shown": SHOWN,
        "module_numbers": _module_numbers(connection),
    }
    return render_template("people/check.html", **values)


def _module_numbers(connection: Connection) -> Callable[[Sequence[str]], str]:
    """Ids of modules → #1〜#3, as the newest release numbers them."""
    published = newest(connection)
    orders = {module.id: module.order for module in published.manifest.modules} if published else {}
    return lambda modules: numbers_text([orders[module] for module in modules])
