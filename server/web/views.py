"""The pages and files that belong to no room: language switch, theme, health."""

from pathlib import Path

from flask import Blueprint, abort, redirect, request, session
from werkzeug.wrappers import Response

from builder.language import LANGUAGES
from builder.rendering import questions
from builder.rendering.styles import SCREEN_STYLES, STYLES_DIGEST
from server.storage.engine import reading
from server.web.access import Action, requires
from server.web.database import engine

blueprint = Blueprint("web", __name__, template_folder="templates")

OWN_SCRIPTS = {path.name: path.read_bytes() for path in (Path(__file__).parent / "scripts").glob("*.js")}
# from memory: a file that a browser stops reading halfway would stay open
SCRIPTS = OWN_SCRIPTS | questions.SCRIPTS
ONE_HOUR = 60 * 60
ONE_YEAR = 365 * 24 * ONE_HOUR


@blueprint.post("/language")
@requires(Action.PUBLIC)
def set_language() -> Response:
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    return redirect(safe_path(request.form.get("next")), 303)


@blueprint.get("/theme/<digest>/kyozai.css")
@requires(Action.PUBLIC)
def theme(digest: str) -> Response:
    """Whoever asks for a sheet that is no more, from a page before an upgrade, gets the newest uncached."""
    response = Response(SCREEN_STYLES, mimetype="text/css")
    response.cache_control.max_age = ONE_YEAR if digest == STYLES_DIGEST else 0
    return response


@blueprint.get("/scripts/<name>")
@requires(Action.PUBLIC)
def script(name: str) -> Response:
    """The server's own, and those of the questions."""
    if name not in SCRIPTS:
        abort(404)
    response = Response(SCRIPTS[name], mimetype="text/javascript")
    response.cache_control.max_age = ONE_HOUR
    return response


@blueprint.get("/health")
@requires(Action.PUBLIC)
def health() -> dict[str, str]:
    with reading(engine()) as connection:
        connection.exec_driver_sql("SELECT 1")
    return {"status": "ok"}


def safe_path(path: str | None) -> str:
    """A path on this server, or the home page: never another site."""
    is_local = path is not None and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if path is not None and is_local and "\\" not in path and path.isprintable() else "/"
