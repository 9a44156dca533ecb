"""What the layout shows on every page: the menu, the organisation, whether the data are samples."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from flask import Flask, session
from sqlalchemy import exists, select

from builder.rendering.styles import STYLES_DIGEST
from server.settings import Settings
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Action, server_session, signed_in
from server.web.database import engine
from server.web.language import gettext as _

SAMPLES = "kyozai.samples"
LOOK_EVERY = timedelta(minutes=1)
_HAS_SAMPLES = select(exists().where(tables.person.c.is_sample))


def menu() -> list[tuple[str, str]]:
    """Endpoint and words of what whoever is signed in may open."""
    first = [("identity.second_factor", _("確認コード"))] if signed_in().waiting else []
    entries = [
        ("learning.home", _("学習"), Action.LEARN),
        ("reporting.section", _("私の所属"), Action.SEE_SECTION),
        ("reporting.people", _("受講状況"), Action.SEE_RECORDS),
        ("people.roster", _("名簿"), Action.SEE_IMPORTS),
        ("policies.policies", _("受講方針"), Action.SEE_POLICIES),
        ("identity.accounts", _("アカウント"), Action.ISSUE_SLIPS),
        ("identity.access_log", _("アクセス記録"), Action.SEE_ACCESS_LOG),
    ]
    return first + [(endpoint, text) for endpoint, text, action in entries if signed_in().may(action)]


@dataclass
class Samples:
    """Whether the database holds people that the demo made: every page then says so.

    Once it does, it always will. That it does not takes a look at everybody, so it is believed for a while.
    """

    found: bool = False
    looked_at: datetime | None = None

    def are_there(self, at: datetime) -> bool:
        if not self.found and (self.looked_at is None or abs(at - self.looked_at) >= LOOK_EVERY):
            with reading(engine()) as connection:
                self.found, self.looked_at = bool(connection.scalar(_HAS_SAMPLES)), at
        return self.found


def idle_minutes() -> int:
    """After how many of them without a request whoever is signed in is so no more."""
    return int(session["idle_minutes"])


def until_warning() -> int:
    """Seconds until it has to be said that the session ends."""
    at = clock.now()
    return floor(server_session().term_after(at).until_warning(at).total_seconds())


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions[SAMPLES] = Samples()
    app.jinja_env.globals.update(
        menu=menu,
        has_samples=lambda: app.extensions[SAMPLES].are_there(clock.now()),
        idle_minutes=idle_minutes,
        until_warning=until_warning,
        styles_digest=STYLES_DIGEST,
        organisation=lambda: settings.organisation,
        contact=lambda: settings.contact,
    )
