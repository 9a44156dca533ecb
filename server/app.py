"""The web application."""

from importlib.metadata import version

import jinja2
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from builder.rendering import questions
from server.corrections.views import blueprint as corrections
from server.identity import confirmation
from server.identity.pages import blueprint as identity
from server.learning.views import blueprint as learning
from server.people.views import blueprint as people
from server.policies.views import blueprint as policies
from server.reporting.views import blueprint as reporting
from server.settings import Settings
from server.web import access, access_log, database, errors, headers, language, layout, logs, origin, words
from server.web.session_views import blueprint as web
from server.web.sessions import DatabaseSessions

MAX_FORM_BYTES = 256 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Raises DatabaseNotReady unless the database has the newest schema."""
    settings = settings or Settings()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        DEBUG=False,
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        KYOZAI=settings,
    )
    if settings.proxies:  # else anybody could choose the address that is throttled
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    database.init_app(app, settings.sqlalchemy_url)
    app.session_interface = DatabaseSessions(app.extensions[database.EXTENSION], settings)
    init_templates(app)
    language.init_app(app)
    logs.init_app(app, settings.data)
    layout.init_app(app, settings)
    errors.init_app(app)
    origin.init_app(app, settings)
    CSRFProtect(app)
    access.init_app(app)
    access_log.init_app(app)
    confirmation.init_app(app)
    headers.init_app(app, is_https=settings.is_https)
    for blueprint in (web, identity, learning, people, policies, corrections, reporting):
        app.register_blueprint(blueprint)
    return app


def init_templates(app: Flask) -> None:
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = jinja2.ChoiceLoader([questions.loader()])
    app.jinja_env.filters.update(
        day=words.day_text,
        time=words.time_text,
        moment=words.moment_text,
        completion_time=words.completion_text,
        appointment_word=words.appointment_word,
        kind_word=words.kind_word,
        state_word=words.state_word,
        evidence_word=words.evidence_word,
    )
    app.jinja_env.globals["question_scripts"] = questions.SCRIPTS
    app.jinja_env.globals["kyozai_version"] = version("kyozai")
