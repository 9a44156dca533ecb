"""A server's database with many learners: all signed in, all with an attempt of four questions under way."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection, insert, select

from server.learning.taking import begin_attempt
from server.storage import tables
from server.storage.engine import writing
from server.web import clock
from tests.benchmarks.courses import write_course
from tests.benchmarks.load import get, post
from tests.builders.package import package_of
from tests.builders.site import Site

MODULES = 10
MODULE, SECTION = "module-1", "background"
FORM_TOKEN = "f" * 40


@dataclass(frozen=True)
class SignedIn:
    """`questions`: what the attempt asks, in order."""

    token: str
    attempt_id: str
    questions: tuple[str, ...]

    def answers(self, port: int, secret: str) -> list[bytes]:
        """One request for every question, all of them right."""
        signed = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(FORM_TOKEN)
        form = {"csrf_token": str(signed), "answer": "a"}
        return [
            post(f"/attempts/{self.attempt_id}/{question}", port, self.token, form)
            for question in self.questions
        ]

    def lesson(self, port: int) -> bytes:
        return get(f"/modules/{MODULE}/sections/{SECTION}", port, self.token)


def prepare(folder: Path, learners: int) -> list[SignedIn]:
    """Fills `folder / "kyozai.db"`."""
    site = Site(folder)
    site.publishes(package_of(write_course(folder / "course", MODULES)))
    site.staff.policy()
    people = [site.staff.person(f"受講 {number}").id for number in range(learners)]
    with writing(site.engine) as connection:
        signed_in = [sign_in(connection, person_id, clock.now()) for person_id in people]
    site.close()
    return signed_in


def sign_in(connection: Connection, person_id: str, at: datetime) -> SignedIn:
    token = f"token-{person_id}"
    connection.execute(
        insert(tables.web_session).values(
            token_digest=sha256(token.encode()).hexdigest(),
            person_id=person_id,
            data={"idle_minutes": 60, "csrf_token": FORM_TOKEN},
            created_at=at,
            seen_at=at,
        )
    )
    attempt_id = begin_attempt(connection, person_id, MODULE, at=at)
    asked = connection.execute(
        select(tables.attempt.c.questions).where(tables.attempt.c.id == attempt_id)
    ).scalar_one()
    return SignedIn(token, attempt_id, tuple(question for _, question in asked))


def copy_database(folder: Path, to: Path) -> Path:
    """Returns the folder: every turn begins with the same rows."""
    to.mkdir()
    with sqlite3.connect(folder / "kyozai.db") as source, sqlite3.connect(to / "kyozai.db") as copy:
        source.backup(copy)
    return to


def answers_kept(folder: Path) -> int:
    with sqlite3.connect(folder / "kyozai.db") as database:
        return int(database.execute("SELECT count(*) FROM answer").fetchone()[0])
