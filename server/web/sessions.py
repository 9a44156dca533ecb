"""Sessions live in the database; the browser holds a random token and nothing else.

A session that ran idle signs nobody in any more, but its form tokens stay good and it remembers who
it was: an answer posted too late can be held for that person.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Connection, Date, Engine, Row, bindparam, delete, exists, insert, or_, select, update
from werkzeug.datastructures import CallbackDict

from server.settings import Settings
from server.storage import tables
from server.storage.engine import reading, writing
from server.storage.ids import new_token
from server.web import clock
from server.web.session_term import SEEN_EVERY, Term

_SESSION, _ACCOUNT, _DETAILS, _ROLE = (
    tables.web_session,
    tables.account,
    tables.person_details,
    tables.account_role,
)
_IS_IT = _SESSION.c.token_digest == bindparam("digest")
_POSTING, _DEPUTY, _TODAY = tables.posting, tables.deputy, bindparam("today", type_=Date)
_HEADS = (
    exists()
    .where(
        _POSTING.c.person_id == _SESSION.c.person_id,
        _POSTING.c.is_head,
        _POSTING.c.first_day <= _TODAY,
        or_(_POSTING.c.last_day.is_(None), _POSTING.c.last_day >= _TODAY),
    )
    .correlate(_SESSION)
)
_STANDS_IN = (
    exists()
    .where(
        _DEPUTY.c.person_id == _SESSION.c.person_id,
        _DEPUTY.c.first_day <= _TODAY,
        _DEPUTY.c.last_day >= _TODAY,
    )
    .correlate(_SESSION)
)
_OPEN = (
    select(
        _SESSION,
        _DETAILS.c.number,
        _DETAILS.c.name,
        _ROLE.c.role,
        or_(_HEADS, _STANDS_IN).label("heads"),
    )
    .outerjoin(_ACCOUNT, (_ACCOUNT.c.person_id == _SESSION.c.person_id) & _ACCOUNT.c.disabled_at.is_(None))
    .outerjoin(_DETAILS, _DETAILS.c.person_id == _ACCOUNT.c.person_id)
    .outerjoin(_ROLE, _ROLE.c.person_id == _ACCOUNT.c.person_id)
    .where(_IS_IT)
)
"""A row for each role of whoever is signed in; one at least where there is such a session."""
_KEEP = update(_SESSION).where(_IS_IT)


@dataclass(frozen=True)
class Holder:
    """Whose session it is, read anew for each request: a role or account taken away is gone at once.

    `heads`: a department, today, or stands in for whoever does.
    """

    number: str
    name: str
    roles: Sequence[str]
    heads: bool


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """`person_id` is set while somebody is signed in, `expired_person_id` after that ran idle.

    `term` says until when: None before the sign-in. `looked_at` only: the request does not extend it.
    `holder` is None before the sign-in, and when the account is disabled or gone.
    """

    def __init__(
        self,
        token: str | None,
        data: dict[str, Any],
        row: Any = None,
        term: Term | None = None,
        holder: Holder | None = None,
    ) -> None:
        super().__init__(data, lambda session: setattr(session, "modified", True))
        self.token = token
        self.person_id: str | None = row.person_id if row else None
        self.expired_person_id: str | None = row.expired_person_id if row else None
        self.seen_at: datetime | None = row.seen_at if row else None
        self.term = term
        self.holder = holder
        self.looked_at = False
        self.modified = False
        self.replaces: str | None = None
        self.ended = False

    def sign_in(self, person_id: str, *, idle_minutes: int) -> None:
        """Begin under a new id: one that was known before the sign-in must not be good after it.

        The forms that the same person had open before the session ran idle can still be sent.
        """
        kept = {"language", "csrf_token"} if self.expired_person_id == person_id else {"language"}
        data = {name: self[name] for name in kept if name in self}
        self.replaces, self.token = self.token, None
        self.clear()
        self.update({"idle_minutes": idle_minutes, **data})
        self.confirm()
        self.person_id, self.expired_person_id = person_id, None
        self.modified = True

    @property
    def has_second_factor(self) -> bool:
        return bool(self.get("second_factor"))

    def give_second_factor(self) -> None:
        """Go on under a new id: one that was known before must not be good for more than it was."""
        if self.token is not None:
            self.replaces, self.token = self.token, None
        self["second_factor"] = True
        self.confirm()

    def confirm(self) -> None:
        """It is still the same person who is at the keyboard."""
        self["confirmed_at"] = clock.now().isoformat()

    def was_confirmed_within(self, span: timedelta) -> bool:
        confirmed_at = self.get("confirmed_at")
        return confirmed_at is not None and clock.now() - datetime.fromisoformat(confirmed_at) < span

    def sign_out(self) -> None:
        self.ended = True

    def extend(self) -> Term:
        """To as late as it may last when it is seen now."""
        self.modified = True
        return self.term_after(clock.now())

    def term_after(self, at: datetime) -> Term:
        """What the term is when this request is over."""
        assert self.term is not None, "somebody is signed in"
        is_seen = not self.looked_at and (self.modified or self.term.is_stale(at))
        return self.term.seen(at) if is_seen else self.term


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class DatabaseSessions(SessionInterface):
    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.settings = settings
        self.cookie = "__Host-kyozai" if settings.is_https else "kyozai"

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        token = request.cookies.get(self.cookie)
        rows = self._rows(token) if token else []
        if not rows:
            return ServerSession(None, {})
        session = ServerSession(token, dict(rows[0].data), rows[0], self._term(rows[0]), _holder(rows))
        if session.term is not None and clock.now() >= session.term.ends_at:
            self._expire(session)
        return session

    def _rows(self, token: str) -> Sequence[Row[Any]]:
        with reading(self.engine) as connection:
            values = {"digest": digest(token), "today": clock.today()}
            return connection.execute(_OPEN, values).all()

    def _term(self, row: Any) -> Term | None:
        if row.person_id is None:
            return None
        idle = timedelta(minutes=row.data["idle_minutes"])
        return Term(row.created_at, row.seen_at, idle, timedelta(hours=self.settings.session_hours))

    def _expire(self, session: ServerSession) -> None:
        assert session.token is not None
        session.expired_person_id, session.person_id, session.term = session.person_id, None, None
        session.holder = None
        with writing(self.engine, digest(session.token)) as connection:
            connection.execute(
                update(tables.web_session)
                .where(tables.web_session.c.token_digest == digest(session.token))
                .values(person_id=None, expired_person_id=session.expired_person_id)
            )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, ServerSession)
        if session.ended:
            self._end(session, response)
        elif session.token is None and session.modified:
            self._begin(session, response)
        elif _is_to_be_kept(session):
            assert session.token is not None
            with writing(self.engine, digest(session.token)) as connection:
                keep_session(connection, session)

    def _begin(self, session: ServerSession, response: Response) -> None:
        token, now = new_token(), clock.now()
        with writing(self.engine, digest(token)) as connection:
            if session.replaces:
                connection.execute(_row_of(delete(tables.web_session), session.replaces))
            connection.execute(
                insert(tables.web_session).values(
                    token_digest=digest(token),
                    person_id=session.person_id,
                    data=dict(session),
                    created_at=now,
                    seen_at=now,
                )
            )
        response.set_cookie(
            self.cookie, token, httponly=True, samesite="Lax", secure=self.settings.is_https, path="/"
        )

    def _end(self, session: ServerSession, response: Response) -> None:
        if session.token:
            with writing(self.engine, digest(session.token)) as connection:
                connection.execute(_row_of(delete(tables.web_session), session.token))
        response.delete_cookie(
            self.cookie, path="/", secure=self.settings.is_https, httponly=True, samesite="Lax"
        )
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def keep_session(connection: Connection, session: ServerSession) -> None:
    """What it holds and when it was seen, if that is to be kept: whoever writes anyhow brings it along."""
    if not _is_to_be_kept(session):
        return
    assert session.token is not None
    at = clock.now()
    connection.execute(_KEEP, {"digest": digest(session.token), "data": dict(session), "seen_at": at})
    session.modified, session.seen_at = False, at
    session.term = session.term.seen(at) if session.term else None


def _is_to_be_kept(session: ServerSession) -> bool:
    if session.token is None or session.looked_at:
        return False
    if session.modified or session.seen_at is None:
        return session.modified
    at = clock.now()
    return session.term.is_stale(at) if session.term else at - session.seen_at >= SEEN_EVERY


def _holder(rows: Sequence[Row[Any]]) -> Holder | None:
    roles = [row.role for row in rows if row.role]
    return None if rows[0].number is None else Holder(rows[0].number, rows[0].name, roles, rows[0].heads)


def _row_of(statement: Any, token: str) -> Any:
    return statement.where(tables.web_session.c.token_digest == digest(token))


def end_sessions_of(connection: Any, person_id: str) -> None:
    """Sign somebody out everywhere."""
    connection.execute(delete(tables.web_session).where(tables.web_session.c.person_id == person_id))


def forget_old_sessions(connection: Any, before: datetime, nobodys_before: datetime) -> None:
    """Sessions that never had a person in them go sooner."""
    session = tables.web_session
    is_nobodys = session.c.person_id.is_(None) & session.c.expired_person_id.is_(None)
    connection.execute(
        delete(session).where(
            (session.c.seen_at < before) | (is_nobodys & (session.c.seen_at < nobodys_before))
        )
    )
