"""The language of a page: Japanese, or English when the switch on every page was set to it."""

from functools import cache
from gettext import NullTranslations
from pathlib import Path

from flask import Flask, has_request_context, session

from builder.language import LANGUAGES, Language, translations

LOCALE = Path(__file__).parent.parent / "locale"


@cache
def catalogue(language: Language) -> NullTranslations:
    """The server's messages, and behind them the builder's (question templates)."""
    messages = translations(language, "server", LOCALE)
    if language != "ja":
        messages.add_fallback(translations(language))
    return messages


def current_language() -> Language:
    chosen = session.get("language") if has_request_context() else None
    return chosen if chosen in LANGUAGES else "ja"


def gettext(message: str, **values: object) -> str:
    text = catalogue(current_language()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    return catalogue(current_language()).ngettext(singular, plural, n) % {"num": n, **values}


_ = gettext


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: catalogue(current_language()).gettext(message),
        lambda one, many, n: catalogue(current_language()).ngettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals["current_language"] = current_language
