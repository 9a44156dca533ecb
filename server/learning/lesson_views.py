"""Home, introduction, lessons, and what a release holds beside them."""

from flask import Response, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from builder.rendering.links import INTRODUCTION, cited, relink
from server.learning import attempts
from server.learning.blueprint import blueprint, missing_is_404, newest_or_missing
from server.learning.completions import completions_of
from server.learning.home import home_of
from server.learning.reading import begun_by_reading, last_place, open_section, sections_read
from server.record.learning import ModuleVersion
from server.record.standing import states_of
from server.releases.library import Published, newest, release
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, server_session, signed_in
from server.web.database import engine
from server.web.layout import menu
from server.web.reasons import reason_sentences
from server.web.sessions import keep_session

MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf"}


@blueprint.get("/")
@requires(Action.SIGNED_IN)
def home() -> str | AnyResponse:
    person = signed_in()
    if not person.may(Action.LEARN):
        return redirect(url_for(next(endpoint for endpoint, _ in menu())))
    with reading(engine()) as connection:
        published = newest(connection)
        if published is None:
            return render_template("learning/nothing_published.html")
        overview = home_of(connection, person.id, published, clock.today())
        reasons = reason_sentences(connection, person.id, published.manifest.modules, clock.today())
        introduction_read = bool(sections_read(connection, person.id, INTRODUCTION))
    return render_template(
        "learning/home.html",
        home=overview,
        manifest=published.manifest,
        reasons=reasons,
        introduction_read=introduction_read,
        today=clock.today(),
    )


@blueprint.get("/introduction")
@requires(Action.LEARN)
@missing_is_404
def introduction() -> str:
    with reading(engine()) as connection:
        published = newest_or_missing(connection)
        read = sections_read(connection, signed_in().id, INTRODUCTION)
    return render_template("learning/introduction.html", manifest=published.manifest, read=read)


@blueprint.get("/introduction/<section_id>")
@requires(Action.LEARN)
@missing_is_404
def introduction_section(section_id: str) -> str:
    with reading(engine()) as connection:
        published = newest_or_missing(connection)
    html = published.introduction(section_id)
    keep_place(INTRODUCTION, section_id, None)
    return _section_page(published, INTRODUCTION, section_id, html)


@blueprint.get("/modules/<module_id>")
@requires(Action.LEARN)
@missing_is_404
def module(module_id: str) -> str:
    person = signed_in()
    with reading(engine()) as connection:
        published = newest_or_missing(connection)
        states = states_of(connection, person.id, clock.today())
        overview = home_of(connection, person.id, published, clock.today())
        return render_template(
            "learning/module.html",
            module=published.module(module_id),
            manifest=published.manifest,
            standing=states.get(module_id),
            read=sections_read(connection, person.id, module_id),
            place=last_place(connection, person.id, published.module(module_id)),
            completions=[
                each
                for each in completions_of(connection, person.id)
                if each.module_id == module_id and not each.is_void
            ],
            under_way=attempts.open_attempt(connection, person.id, module_id),
            retry=attempts.missed_before(connection, person.id, published.module_version(module_id)),
            next_step=overview.next_step,
            reasons=reason_sentences(connection, person.id, [published.module(module_id)], clock.today()),
            has_unread_changes=module_id in {line.module.id for line in overview.changed_lines},
        )


@blueprint.get("/modules/<module_id>/sections/<section_id>")
@requires(Action.LEARN)
@missing_is_404
def section(module_id: str, section_id: str) -> str:
    with reading(engine()) as connection:
        published = newest_or_missing(connection)
        html = published.section(module_id, section_id)
        begins = begun_by_reading(connection, signed_in().id, published, module_id)
        attempt = quiz_to_return_to(connection, module_id)
    keep_place(module_id, section_id, begins)
    return _section_page(published, module_id, section_id, html, attempt)


def quiz_to_return_to(connection: Connection, module_id: str) -> attempts.Attempt | None:
    """The attempt that the section was opened from, or else the one that is under way."""
    person_id = signed_in().id
    attempt_id = request.args.get("attempt") or attempts.open_attempt(connection, person_id, module_id)
    return attempts.load_attempt(connection, person_id, attempt_id) if attempt_id else None


def keep_place(lesson_id: str, section_id: str, begins: ModuleVersion | None) -> None:
    """The one thing that a GET changes. A HEAD reads nothing, and changes nothing."""
    if request.method == "GET":
        with writing(engine(), signed_in().id) as connection:
            open_section(connection, signed_in().id, lesson_id, section_id, begins, at=clock.now())
            keep_session(connection, server_session())


def _section_page(
    published: Published,
    module_id: str,
    section_id: str,
    html: str,
    attempt: attempts.Attempt | None = None,
) -> str:
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
        sections=sections,
        before=sections[index - 1] if index > 0 else None,
        after=sections[index + 1] if index + 1 < len(sections) else None,
        html=Markup(linked(html, published, module_id)),  # noqa: S704 — sanitised when it was packaged
        sources=cited([html], manifest.sources),
        section_url=section_url,
        attempt=attempt,
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
        glossary_url=url_for("learning.glossary"),
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
        return render_template("learning/glossary.html", manifest=newest_or_missing(connection).manifest)
