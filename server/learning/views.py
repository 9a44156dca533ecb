"""The learner's pages: home, introduction, lessons, quizzes, completions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from builder.model.questions import NotAnAnswer
from builder.rendering.links import INTRODUCTION, cited, relink
from server.learning import attempts
from server.learning.attempts import NoSuchAttempt
from server.learning.completions import NoSuchCompletion, completion_of, completions_of
from server.learning.home import home_of
from server.learning.reading import last_place, open_section, sections_read
from server.record.standing import states_of
from server.releases.library import NotPublished, Published, newest, release
from server.storage.engine import reading, writing
from server.web import clock, held_answers
from server.web.access import Action, requires, server_session, signed_in
from server.web.database import engine
from server.web.language import gettext as _
from server.web.sessions import digest
from server.web.words import time_text

blueprint = Blueprint("learning", __name__, template_folder="templates")

ANSWER_REASONS = {
    "nothing": N_("まだ選んでいません。選んでから「回答する」を押してください。"),
    "incomplete": N_("まだ選んでいない項目があります。すべて選んでください。"),
    "repeated": N_("同じ順番が二つあります。順番は一つずつ選んでください。"),
    "unknown": N_("選択肢にない回答です。もう一度選んでください。"),
}
MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf"}


def missing_is_404(view: Callable[..., Any]) -> Callable[..., Any]:
    """Attempts, completions, modules and releases that are not there, or not one's own."""

    @wraps(view)
    def guarded(**arguments: str) -> Any:
        try:
            return view(**arguments)
        except (NoSuchAttempt, NoSuchCompletion, NotPublished):
            abort(404)

    return guarded


@blueprint.get("/")
@requires(Action.SIGNED_IN)
def home() -> str | AnyResponse:
    person = signed_in()
    if not person.may(Action.LEARN):
        elsewhere = "reporting.people" if person.may(Action.SEE_RECORDS) else "identity.accounts"
        return redirect(url_for(elsewhere))
    with reading(engine()) as connection:
        published = newest(connection)
        if published is None:
            return render_template("learning/nothing_published.html")
        overview = home_of(connection, person.id, published, clock.today())
        introduction_read = bool(sections_read(connection, person.id, INTRODUCTION))
    return render_template(
        "learning/home.html",
        home=overview,
        manifest=published.manifest,
        introduction_read=introduction_read,
        today=clock.today(),
    )


@blueprint.get("/introduction")
@requires(Action.LEARN)
@missing_is_404
def introduction() -> str:
    with reading(engine()) as connection:
        published = _newest(connection)
        read = sections_read(connection, signed_in().id, INTRODUCTION)
    return render_template("learning/introduction.html", manifest=published.manifest, read=read)


@blueprint.get("/introduction/<section_id>")
@requires(Action.LEARN)
@missing_is_404
def introduction_section(section_id: str) -> str:
    with writing(engine()) as connection:
        published = _newest(connection)
        html = published.introduction(section_id)
        open_section(connection, signed_in().id, published, INTRODUCTION, section_id, at=clock.now())
    return _section_page(published, INTRODUCTION, section_id, html)


@blueprint.get("/modules/<module_id>")
@requires(Action.LEARN)
@missing_is_404
def module(module_id: str) -> str:
    person = signed_in()
    with reading(engine()) as connection:
        published = _newest(connection)
        states = states_of(connection, person.id, clock.today())
        return render_template(
            "learning/module.html",
            module=published.module(module_id),
            manifest=published.manifest,
            standing=states.get(module_id),
            read=sections_read(connection, person.id, module_id),
            place=last_place(connection, person.id, module_id),
            completions=[c for c in completions_of(connection, person.id) if c.module_id == module_id],
            under_way=attempts.open_attempt(connection, person.id, module_id),
        )


@blueprint.get("/modules/<module_id>/sections/<section_id>")
@requires(Action.LEARN)
@missing_is_404
def section(module_id: str, section_id: str) -> str:
    with writing(engine()) as connection:
        published = _newest(connection)
        html = published.section(module_id, section_id)
        open_section(connection, signed_in().id, published, module_id, section_id, at=clock.now())
    return _section_page(published, module_id, section_id, html)


def _newest(connection: Connection) -> Published:
    published = newest(connection)
    if published is None:
        raise NotPublished
    return published


def _section_page(published: Published, module_id: str, section_id: str, html: str) -> str:
    manifest = published.manifest
    module = None if module_id == INTRODUCTION else published.module(module_id)
    sections = (module or manifest.introduction).sections
    index = [section.id for section in sections].index(section_id)
    return render_template(
        "learning/section.html",
        manifest=manifest,
        module=module,
        lesson_id=module_id,
        section=sections[index],
        number=index + 1,
        total=len(sections),
        before=sections[index - 1] if index > 0 else None,
        after=sections[index + 1] if index + 1 < len(sections) else None,
        html=Markup(linked(html, published, module_id)),  # noqa: S704 — sanitised when it was packaged
        sources=cited([html], manifest.sources),
        section_url=section_url,
    )


def linked(html: str, published: Published, lesson_id: str) -> str:
    """Point the links inside a lesson at this server's pages, on which every section has its own."""

    def asset_url(module_id: str, name: str) -> str:
        return url_for("learning.asset", number=published.number, path=f"assets/{module_id}/{name}")

    return relink(
        html,
        module_url=section_url,
        introduction_url=lambda section_id: section_url(INTRODUCTION, section_id),
        asset_url=asset_url,
        anchor_url=lambda section_id: section_url(lesson_id, section_id),
    )


def section_url(lesson_id: str, section_id: str | None = None) -> str:
    """The page of a section, or that of its lesson."""
    if lesson_id == INTRODUCTION:
        if section_id is None:
            return url_for("learning.introduction")
        return url_for("learning.introduction_section", section_id=section_id)
    if section_id is None:
        return url_for("learning.module", module_id=lesson_id)
    return url_for("learning.section", module_id=lesson_id, section_id=section_id)


@blueprint.get("/releases/<number>/<path:path>")
@requires(Action.LEARN)
@missing_is_404
def asset(number: str, path: str) -> Response:
    """A figure or PDF of a release."""
    with reading(engine()) as connection:
        data = release(connection, number).file(path)
    suffix = path[path.rindex(".") :]
    return Response(data, mimetype=MEDIA_TYPES.get(suffix, "application/octet-stream"))


@blueprint.get("/glossary")
@requires(Action.LEARN)
@missing_is_404
def glossary() -> str:
    with reading(engine()) as connection:
        return render_template("learning/glossary.html", manifest=_newest(connection).manifest)


@blueprint.get("/modules/<module_id>/quiz")
@requires(Action.LEARN)
@missing_is_404
def quiz(module_id: str) -> str:
    person = signed_in()
    with reading(engine()) as connection:
        published = _newest(connection)
        return render_template(
            "learning/quiz.html",
            module=published.module(module_id),
            under_way=attempts.open_attempt(connection, person.id, module_id),
            retry=attempts.missed_before(connection, person.id, published.module_version(module_id)),
        )


@blueprint.post("/modules/<module_id>/attempts")
@requires(Action.LEARN)
@missing_is_404
def begin(module_id: str) -> AnyResponse:
    with writing(engine()) as connection:
        attempt_id = attempts.begin_attempt(connection, signed_in().id, module_id, at=clock.now())
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
            (c for c in completions_of(connection, person.id) if c.attempt_id == attempt_id), None
        )
        home = home_of(connection, person.id, published, clock.today())
    return render_template(
        "learning/result.html",
        attempt=loaded,
        module=loaded.published.module(loaded.module.module_id),
        completion=completion,
        home=home,
    )


@blueprint.get("/attempts/<attempt_id>/<question_id>")
@requires(Action.LEARN)
@missing_is_404
def question(attempt_id: str, question_id: str) -> str | AnyResponse:
    with reading(engine()) as connection:
        loaded = attempts.load_attempt(connection, signed_in().id, attempt_id)
        loaded.question(question_id)
        draft = attempts.draft_of(connection, attempt_id, question_id)
    if question_id in loaded.answers:
        return _explanation_page(loaded, question_id)
    if question_id != loaded.current:
        return redirect(url_for("learning.attempt", attempt_id=attempt_id))
    restored = session.pop("restored", None) == [attempt_id, question_id]
    return _question_page(loaded, question_id, draft, restored=restored)


def hold_answer() -> None:
    """An answer that came after the session ran idle waits for the same person in the same browser."""
    expired = server_session()
    arguments = request.view_args or {}
    if expired.expired_person_id is None or expired.token is None:
        return
    with writing(engine()) as connection:
        try:
            loaded = attempts.load_attempt(connection, expired.expired_person_id, arguments["attempt_id"])
            loaded.question(arguments["question_id"])
        except NoSuchAttempt:
            return
        held_answers.hold(
            connection,
            digest(expired.token),
            expired.expired_person_id,
            loaded.id,
            arguments["question_id"],
            form_values(),
            clock.now(),
        )
    session["held"] = True


@blueprint.post("/attempts/<attempt_id>/<question_id>")
@requires(Action.LEARN, signed_out=hold_answer)
@missing_is_404
def answer(attempt_id: str, question_id: str) -> AnyResponse | tuple[str, int]:
    person = signed_in()
    try:
        with writing(engine()) as connection:
            taken = attempts.answer(
                connection, person.id, attempt_id, question_id, form_values(), at=clock.now()
            )
    except NotAnAnswer as incomplete:
        return _ask_again(attempt_id, question_id, incomplete)
    following = url_for("learning.question", attempt_id=attempt_id, question_id=question_id)
    return redirect(following if taken else f"{following}?kept=first", 303)


def _ask_again(attempt_id: str, question_id: str, incomplete: NotAnAnswer) -> tuple[str, int]:
    with reading(engine()) as connection:
        loaded = attempts.load_attempt(connection, signed_in().id, attempt_id)
    draft = attempts.Draft(form_values(), clock.now())
    problem = _(ANSWER_REASONS[incomplete.reason])
    return _question_page(loaded, question_id, draft, problem=problem), 422


@blueprint.post("/attempts/<attempt_id>/<question_id>/draft")
@requires(Action.LEARN)
@missing_is_404
def draft(attempt_id: str, question_id: str) -> dict[str, str] | tuple[dict[str, str], int]:
    at = clock.now()
    with writing(engine()) as connection:
        kept = attempts.save_draft(connection, signed_in().id, attempt_id, question_id, form_values(), at=at)
    if not kept:
        return {"message": _("この設問は、もう回答してあります。")}, 409
    return {"message": _("下書きを保存しました %(time)s（まだ回答していません）", time=time_text(at))}


def form_values() -> dict[str, list[str]]:
    """The posted answer fields, without the token."""
    return {name: values for name, values in request.form.lists() if name.startswith("answer")}


def _question_page(
    loaded: attempts.Attempt,
    question_id: str,
    draft: attempts.Draft | None,
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


def _explanation_page(loaded: attempts.Attempt, question_id: str) -> str:
    return render_template(
        "learning/explanation.html",
        attempt=loaded,
        module=loaded.published.module(loaded.module.module_id),
        question=loaded.question(question_id),
        order=loaded.order(question_id),
        answer=loaded.answers[question_id],
        number=loaded.position(question_id),
        kept_first=request.args.get("kept") == "first",
    )


@blueprint.get("/completions")
@requires(Action.LEARN)
def completions() -> str:
    with reading(engine()) as connection:
        return render_template(
            "learning/completions.html", completions=completions_of(connection, signed_in().id)
        )


@blueprint.get("/completions/<completion_id>")
@requires(Action.LEARN)
@missing_is_404
def certificate(completion_id: str) -> str:
    person = signed_in()
    with reading(engine()) as connection:
        own = completion_of(connection, person.id, completion_id)
    return render_template("learning/certificate.html", completion=own, person=person)
