"""What the learner's pages share: their blueprint, and 404 for what is not there or not one's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort
from sqlalchemy import Connection

from server.learning.attempts import NoSuchAttempt
from server.learning.completions import NoSuchCompletion
from server.releases.library import NotPublished, Published, newest

blueprint = Blueprint("learning", __name__, template_folder="templates")


def missing_is_404(view: Callable[..., Any]) -> Callable[..., Any]:
    """Attempts, completions, modules and releases that are not there, or not one's own."""

    @wraps(view)
    def guarded(**arguments: str) -> Any:
        try:
            return view(**arguments)
        except (NoSuchAttempt, NoSuchCompletion, NotPublished):
            abort(404)

    return guarded


def newest_or_missing(connection: Connection) -> Published:
    """The newest release. Raise NotPublished before the first one."""
    published = newest(connection)
    if published is None:
        raise NotPublished
    return published
