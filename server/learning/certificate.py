"""A certificate on paper: one page, with what the page on screen says."""

from importlib.resources import files
from threading import Lock

from flask import render_template

from server.learning.completions import OwnCompletion

STYLE = "certificate.css"
ONE_AT_A_TIME = Lock()
"""The libraries under the press share their fonts between threads."""


def certificate_pdf(completion: OwnCompletion, name: str) -> bytes:
    """The same completion gives the same bytes."""
    from builder.press.pdf import press  # half a second: only when a certificate is asked for
    from builder.press.phrases import typeset

    page = typeset(render_template("learning/certificate_paper.html", completion=completion, name=name))
    style = (files("server.learning") / "theme" / STYLE).read_bytes()
    with ONE_AT_A_TIME:
        return press(page, {f"theme/{STYLE}": style}).pdf
