"""The confirmation quiz: one question at a time, explained at once."""

from flask import redirect, render_template, request, session, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from builder.model.questions import NotAnAnswer
from server.learning import attempts, drafts, taking
from server.learning.attempts import NoSuchAttempt
from server.learning.blueprint import blueprint, missing_is_404, newest_or_missing
from server.learning.completions import completions_of
from server.learning.home import home_of
from server.learning.taking import NotItsTurn
from server.releases.library import Published, newest
from server.storage.engine import reading, writing
from server.storage.ids import new_token
from server.web import clock, held_answers
from server.web.access import Action, requires, server_session, signed_in
from server.web.database import engine
from server.web.language import gettext as _
from server.web.sessions import digest, keep_session
from server.web.words import time_text

ANSWER_REASONS = {
    "nothing": N_("まだ選んでいません。選んでから「回答する」を押してください。"),
    "incomplete": N_("まだ選んでいない項目があります。すべて選んでください。"),
    "repeated": N_("同じ順番が二つあります。順番は一つずつ選んでください。"),
    "unknown": N_("選択肢にない回答です。もう一度選んでください。"),
}


@blueprint.get("/modules/<module_id>/quiz")
@requires(Action.LEARN)
@missing_is_404
def quiz(module_id: str) -> str:
    person = signed_in()
    with reading(engine()) as connection:
        published = newest_or_missing(connection)
        return render_template(
            "learning/quiz.html",
            module=published.module(module_id),
            manifest=published.manifest,
            under_way=attempts.open_attempt(connection, person.id, module_id),
            retry=attempts.missed_before(connection, person.id, published.module_version(module_id)),
        )


@blueprint.post("/modules/<module_id>/attempts")
@requires(Action.LEARN)
@missing_is_404
def begin(module_id: str) -> AnyResponse:
    with writing(engine(), signed_in().id) as connection:
        attempt_id = taking.begin_attempt(connection, signed_in().id, module_id, at=clock.now())
    return redirect(url_for("learning.attempt", attempt_id=attempt_id), 303)


@blueprint.get("/attempts/<attempt_id>")
@requires(Action.LEARN)
@missing_is_404
def attempt(attempt_id: str) -> AnyResponse:
    """The question to be answered next, or the result."""
    with reading(engine()) as connection:
        current = attempts.load_attempt(connection, signed_in().id, attempt_id).current
    if current is None:
        return redirect(url_for("learning.result", attempt_id=attempt_id))
    return redirect(url_for("learning.question", attempt_id=attempt_id, question_id=current))


@blueprint.get("/attempts/<attempt_id>/result")
@requires(Action.LEARN)
@missing_is_404
def result(attempt_id: str) -> str | AnyResponse:
    person = signed_in()
    with reading(engine()) as connection:
        loaded = attempts.load_attempt(connection, person.id, attempt_id)
        if loaded.current is not None:
            return redirect(url_for("learning.attempt", attempt_id=attempt_id))
        published = newest(connection) or loaded.published
        completion = next(
            (
                each
                for each in completions_of(connection, person.id)
                if each.attempt_id == attempt_id and not each.is_void
            ),
            None,
        )
        home = home_of(connection, person.id, published, clock.today())
    return render_template(
        "learning/result.html",
        attempt=loaded,
        module=loaded.published.module(loaded.module.module_id),
        completion=completion,
        home=home,
        superseded=loaded.is_superseded_by(published),
        sections=_sections_to_read(loaded, published),
    )


@blueprint.get("/attempts/<attempt_id>/<question_id>")
@requires(Action.LEARN)
@missing_is_404
def question(attempt_id: str, question_id: str) -> str | AnyResponse:
    with reading(engine()) as connection:
        loaded = attempts.load_attempt(connection, signed_in().id, attempt_id)
        loaded.question(question_id)
        draft = drafts.draft_of(connection, attempt_id, question_id)
        published = newest(connection) or loaded.published
    if question_id in loaded.answers:
        return _explanation_page(loaded, question_id, published)
    if question_id != loaded.current:
        return redirect(url_for("learning.attempt", attempt_id=attempt_id))
    restored = session.pop("restored", None) == [attempt_id, question_id]
    return _question_page(loaded, question_id, draft, restored=restored)


def hold_answer() -> None:
    """An answer of somebody who is signed in no more waits for that person in the same browser."""
    arguments = request.view_args or {}
    attempt_id, question_id = arguments["attempt_id"], arguments["question_id"]
    with writing(engine(), attempt_id) as connection:
        person_id = _sender(connection, attempt_id)
        if person_id is None or not _is_an_answer(connection, person_id, attempt_id, question_id):
            session["not_held"] = True
            return
        held = session.setdefault("held", new_token())
        values = form_values()
        held_answers.hold(connection, digest(held), person_id, attempt_id, question_id, values, clock.now())


def _sender(connection: Connection, attempt_id: str) -> str | None:
    """Whose session ran idle; without a session whose attempt it is, if one of our pages sent the form.

    Then no token tells that it did, but `Origin`, which has been checked. What is held comes back to
    nobody but that person, and only as a draft.
    """
    expired = server_session().expired_person_id
    if expired is not None or "Origin" not in request.headers:
        return expired
    return attempts.owner_of(connection, attempt_id)


def _is_an_answer(connection: Connection, person_id: str, attempt_id: str, question_id: str) -> bool:
    try:
        loaded = attempts.load_attempt(connection, person_id, attempt_id)
        loaded.question(question_id).parse(form_values())
    except (NoSuchAttempt, NotAnAnswer):
        return False
    return True


@blueprint.post("/attempts/<attempt_id>/<question_id>")
@requires(Action.LEARN, signed_out=hold_answer)
@missing_is_404
def answer(attempt_id: str, question_id: str) -> AnyResponse | tuple[str, int]:
    person = signed_in()
    try:
        taken = _take(person.id, attempt_id, question_id)
    except NotAnAnswer as incomplete:
        return _ask_again(attempt_id, question_id, incomplete)
    except NotItsTurn:
        return redirect(url_for("learning.attempt", attempt_id=attempt_id), 303)
    following = url_for("learning.question", attempt_id=attempt_id, question_id=question_id)
    return redirect(following if taken else f"{following}?kept=first", 303)


def _take(person_id: str, attempt_id: str, question_id: str) -> bool:
    """Whether the answer was taken. Only keeping it takes a turn to write."""
    with reading(engine()) as connection:
        loaded = attempts.load_attempt(connection, person_id, attempt_id)
    taken = taking.marked(loaded, question_id, form_values(), at=clock.now())
    if taken is None:
        return False
    with writing(engine(), person_id) as connection:
        keep_session(connection, server_session())
        return taking.keep_answer(connection, loaded, question_id, taken)


def _ask_again(attempt_id: str, question_id: str, incomplete: NotAnAnswer) -> tuple[str, int]:
    with reading(engine()) as connection:
        loaded = attempts.load_attempt(connection, signed_in().id, attempt_id)
    draft = drafts.Draft(form_values(), clock.now())
    problem = _(ANSWER_REASONS[incomplete.reason])
    return _question_page(loaded, question_id, draft, problem=problem), 422


@blueprint.post("/attempts/<attempt_id>/<question_id>/draft")
@requires(Action.LEARN)
@missing_is_404
def draft(attempt_id: str, question_id: str) -> dict[str, str] | tuple[dict[str, str], int]:
    at = clock.now()
    with writing(engine(), signed_in().id) as connection:
        kept = drafts.save_draft(connection, signed_in().id, attempt_id, question_id, form_values(), at=at)
    if not kept:
        return {"message": _("この設問は、もう回答してあります。")}, 409
    return {"message": _("下書きを保存しました %(time)s（まだ回答していません）", time=time_text(at))}


def form_values() -> dict[str, list[str]]:
    """The posted answer fields, without the token."""
    return {name: values for name, values in request.form.lists() if name.startswith("answer")}


def _question_page(
    loaded: attempts.Attempt,
    question_id: str,
    draft: drafts.Draft | None,
    *,
    problem: str | None = None,
    restored: bool = False,
) -> str:
    return render_template(
        "learning/question.html",
        attempt=loaded,
        module=loaded.published.module(loaded.module.module_id),
        asked=loaded.asked_question(question_id),
        number=loaded.position(question_id),
        draft=draft,
        problem=problem,
        restored=restored,
    )


def _sections_to_read(loaded: attempts.Attempt, published: Published) -> dict[str, str]:
    """Of each objective that was asked, the section of its question, if the lesson still has it."""
    still_there = _sections_of(loaded, published)
    asked = {objective: loaded.question(question).section for objective, question in loaded.asked}
    return {objective: section for objective, section in asked.items() if section and section in still_there}


def _sections_of(loaded: attempts.Attempt, published: Published) -> list[str]:
    return [
        section.id
        for module in published.manifest.modules
        if module.id == loaded.module.module_id
        for section in module.sections
    ]


def _explanation_page(loaded: attempts.Attempt, question_id: str, published: Published) -> str:
    question = loaded.question(question_id)
    still_there = _sections_of(loaded, published)
    return render_template(
        "learning/explanation.html",
        attempt=loaded,
        module=loaded.published.module(loaded.module.module_id),
        question=question,
        section_id=question.section if question.section in still_there else None,
        order=loaded.order(question_id),
        answer=loaded.answers[question_id],
        number=loaded.position(question_id),
        kept_first=request.args.get("kept") == "first",
    )
