"""A form sent from another site is refused, whatever token it carries."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

from server.settings import Settings

READING = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask, settings: Settings) -> None:
    own = urlsplit(settings.url).netloc

    def check_origin() -> None:
        origin = request.headers.get("Origin")
        if request.method in READING or origin is None:
            return
        if urlsplit(origin).netloc not in (own, request.host):
            abort(403)

    app.before_request(check_origin)
