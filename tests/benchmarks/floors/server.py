"""The plain way to serve the same: Flask and SQLAlchemy's ORM, with a class for each table.

What a request needs is loaded and saved as objects, in one unit of work for each request. The same tables,
the same rows written, as durable, and under the same server. Where it does less than ours, it does so to its
own good: its lesson page has no menu, no forms and no language switch, it sets no headers, checks no origin,
and reads the facts of a person by our queries.

`python -m tests.benchmarks.floors.server PORT`
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flask import Flask, abort, redirect, request
from itsdangerous import URLSafeTimedSerializer
from jinja2 import Environment
from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session, registry
from werkzeug.wrappers import Response as AnyResponse

from builder.package import Package, open_package
from server.commands import serve
from server.record import standing
from server.record.entries import canonical, salted_digest
from server.record.facts import facts_of
from server.rules.grading import is_passed, right_objectives
from server.settings import Settings
from server.storage import tables
from server.storage.engine import open_engine
from server.storage.ids import new_id
from server.storage.turns import turn_of_this_machine
from server.web import clock
from server.web.session_term import Term

PAGE = Environment(autoescape=True).from_string(
    '<!doctype html><html lang="ja"><title>{{ title }}</title><header>{{ name }}</header>{{ html | safe }}'
)
LONGEST = timedelta(hours=Settings.model_fields["session_hours"].default)
mapped = registry(metadata=tables.metadata)
packages: dict[str, Package] = {}


def rows_as_objects(table: Table) -> Any:
    cls = type(table.name, (), {})
    mapped.map_imperatively(cls, table)
    return cls


Account, Role = rows_as_objects(tables.account), rows_as_objects(tables.account_role)
Answer, Attempt, Draft = (rows_as_objects(t) for t in (tables.answer, tables.attempt, tables.draft))
Completion, Details = rows_as_objects(tables.completion), rows_as_objects(tables.person_details)
Entry, Payload = rows_as_objects(tables.entry), rows_as_objects(tables.entry_payload)
Posting, Reading = rows_as_objects(tables.posting), rows_as_objects(tables.reading)
Release, WebSession = rows_as_objects(tables.release), rows_as_objects(tables.web_session)
KEPT = {table: rows_as_objects(table) for table in standing.KEPT}


def create_app() -> Flask:
    settings = Settings()
    app = Flask(__name__)
    engine = open_engine(settings.sqlalchemy_url)
    signer = URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt="wtf-csrf-token")

    @app.get("/modules/<module_id>/sections/<section_id>")
    def lesson(module_id: str, section_id: str) -> str:
        with writing(engine) as session:
            person, _ = signed_in(session)
            number = session.scalars(select(Release.number).order_by(Release.published_at.desc())).one()
            package = package_of(session, number)
            key = {"person_id": person.person_id, "module_id": module_id, "section_id": section_id}
            session.merge(Reading(**key, read_at=clock.now()))
            start(session, person.person_id, module_id, package.manifest.module(module_id).version, number)
            html = package.sections(module_id)[section_id]
            return PAGE.render(title=package.manifest.module(module_id).title, name=person.name, html=html)

    @app.post("/attempts/<attempt_id>/<question_id>")
    def answer(attempt_id: str, question_id: str) -> AnyResponse:
        with writing(engine) as session:
            person, data = signed_in(session)
            if signer.loads(request.form["csrf_token"]) != data["csrf_token"]:
                abort(400)
            attempt = session.get(Attempt, attempt_id)
            if attempt is None or attempt.person_id != person.person_id:
                abort(404)
            take(session, attempt, question_id)
        return redirect(f"/attempts/{attempt_id}/{question_id}", 303)

    return app


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    with (
        turn_of_this_machine(engine),
        Session(engine.execution_options(writes=True)) as session,
        session.begin(),
    ):
        yield session


def signed_in(session: Session) -> tuple[Any, dict[str, Any]]:
    """The person, and what their session holds."""
    token = request.cookies["kyozai"]
    row = session.get(WebSession, sha256(token.encode()).hexdigest())
    account = session.get(Account, row.person_id) if row else None
    if row is None or account is None or account.disabled_at is not None:
        abort(403)
    see(row)
    roles = {role.role for role in session.scalars(select(Role).where(Role.person_id == row.person_id))}
    if "learner" not in roles:
        abort(403)
    return session.get(Details, row.person_id), row.data


def see(row: Any) -> None:
    """Who did nothing for too long is signed in no more; when somebody was seen is kept to the minute."""
    at, idle = clock.now(), timedelta(minutes=row.data["idle_minutes"])
    term = Term(row.created_at, row.seen_at, idle, LONGEST)
    if at >= term.ends_at:
        abort(403)
    if term.is_stale(at):
        row.seen_at = at


def take(session: Session, attempt: Any, question_id: str) -> None:
    answers = session.scalars(select(Answer).where(Answer.attempt_id == attempt.id)).all()
    waiting = [
        question for _, question in attempt.questions if question not in {a.question_id for a in answers}
    ]
    quiz = package_of(session, attempt.release).quiz(attempt.module_id)
    if not waiting or waiting[0] != question_id:
        abort(409)
    question = quiz.question(question_id)
    given = question.parse(dict(request.form.lists()))
    key, right = {"attempt_id": attempt.id, "question_id": question_id}, question.is_right(given)
    taken = Answer(**key, given=given, right=right, answered_at=clock.now())
    session.add(taken)
    draft = session.get(Draft, (attempt.id, question_id))
    if draft is not None:
        session.delete(draft)
    start(session, attempt.person_id, attempt.module_id, attempt.module_version, attempt.release)
    if len(waiting) == 1:
        finish(session, attempt, [*answers, taken], quiz)


def start(session: Session, person_id: str, module_id: str, version: str, release: str) -> None:
    started = select(Entry).where(
        Entry.person_id == person_id, Entry.kind == "started", Entry.module_id == module_id
    )
    if not any(entry.body["version"] == version for entry in session.scalars(started)):
        enter(session, "started", person_id, module_id, {"version": version, "release": release})
        refresh(session, person_id)


def finish(session: Session, attempt: Any, answers: list[Any], quiz: Any) -> None:
    marks = {answer.question_id: answer.right for answer in answers}
    attempt.passed = is_passed(quiz, right_objectives(attempt.kept, attempt.questions, marks))
    attempt.finished_at = clock.now()
    body = {"version": attempt.module_version, "release": attempt.release, "attempt": attempt.id}
    given = {answer.question_id: answer.given for answer in answers}
    enter(
        session, "submitted", attempt.person_id, attempt.module_id, body | {"passed": attempt.passed}, given
    )
    if attempt.passed:
        complete(session, attempt, body)


def complete(session: Session, attempt: Any, body: dict[str, Any]) -> None:
    posting = session.scalars(
        select(Posting).where(Posting.person_id == attempt.person_id, Posting.kind == "main")
    ).first()
    completion_id = new_id()
    completion = Completion(
        id=completion_id,
        entry_id=enter(session, "completion", attempt.person_id, attempt.module_id, body),
        person_id=attempt.person_id,
        module_id=attempt.module_id,
        module_version=attempt.module_version,
        release=attempt.release,
        completed_at=clock.now(),
        completed_day=clock.today(),
        certificate=completion_id[-12:].upper(),
        evidence="quiz",
        attempt_id=attempt.id,
        known_department_id=posting.department_id if posting else None,
    )
    session.add(completion)
    refresh(session, attempt.person_id)


def enter(
    session: Session,
    kind: str,
    person_id: str,
    module_id: str,
    body: dict[str, Any],
    payload: dict[str, Any] | None = None,
) -> str:
    entry_id, salt, text, at = new_id(), token_hex(16), canonical(payload), clock.now()
    entry = Entry(
        id=entry_id, kind=kind, person_id=person_id, module_id=module_id, body=body, actor=person_id
    )
    entry.effective_at = entry.recorded_at = at
    entry.payload_digest = salted_digest(salt, text) if payload is not None else None
    session.add(entry)
    session.flush()
    if payload is not None:
        session.add(Payload(entry_id=entry_id, salt=salt, payload=text))
    return entry_id


def refresh(session: Session, person_id: str) -> None:
    """The states of a person, as the rules say them now."""
    session.flush()
    for kept in KEPT.values():
        for old in session.scalars(select(kept).where(kept.person_id == person_id)):
            session.delete(old)
    session.flush()
    facts = facts_of(session.connection(), [person_id])[person_id]
    for table, rows in standing.rows_of(person_id, facts).items():
        session.add_all(KEPT[table](**row) for row in rows)


def package_of(session: Session, number: Any) -> Package:
    if number not in packages:
        packages[number] = open_package(session.get_one(Release, number).package)
    return packages[number]


if __name__ == "__main__":
    serve.APPLICATION = "tests.benchmarks.floors.server:create_app"
    serve.serve("127.0.0.1", int(sys.argv[1]), workers=2)
