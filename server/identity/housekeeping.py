"""Forget what nobody will come back for."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.identity import throttle
from server.web.held_answers import forget_old_answers
from server.web.sessions import forget_old_sessions

HOUSEKEEPING = "housekeeping"
"""What such a transaction is about: two at once would wait for each other's rows."""

KEPT = timedelta(days=7)
"""A session signs nobody in after hours, but the answer it held may be fetched after a week-end."""


NOBODYS_KEPT = timedelta(hours=1)
"""A page that was looked at without signing in."""


def forget_old(connection: Connection, at: datetime) -> None:
    forget_old_answers(connection, at - KEPT)
    forget_old_sessions(connection, at - KEPT, at - NOBODYS_KEPT)
    throttle.forget_old(connection, at)
