"""One small course with a small staff, at one moment and with counted ids: pages are the same each time."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import insert, select, update

from builder.model.questions import Question
from builder.package import open_package
from server.demo.history import form_of
from server.identity.activation import issue
from server.learning import drafts, taking
from server.learning.attempts import load_attempt
from server.learning.reading import begun_by_reading, open_section
from server.releases.library import newest
from server.rules.days import JAPAN
from server.storage import ids, tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, Role, requires
from server.web.layout import SAMPLES, Samples
from tests.builders.course import Files, changed, package, small_course
from tests.builders.site import Site
from tests.builders.staff import ACTOR, Person

NOW = datetime(2026, 6, 10, 10, 42, tzinfo=JAPAN)
MODULE = "plain-words"
OTHER_MODULE = "ask-early"
QUESTIONS = {
    "single": ("short", "short-1"),
    "true-false": ("short", "short-2"),
    "ordering": ("order", "order-1"),
    "multiple": ("order", "order-2"),
    "matching": ("reader", "reader-1"),
}
"""Question type → objective and question of MODULE."""

LONG_NAME = "勅使河原ヴィクトリア＝アレクサンドラ 武者小路左衛門尉之助"
LONG_DEPARTMENT = "港湾臨海副都心まちづくり推進部開発企画調整担当課特定用途地区活用促進係"


class World(Site):
    """`restore()` brings everything back to how it was when the world was made."""

    def __init__(self, folder: Path, url: str) -> None:
        self.package = package(small_course(), folder / "course")
        self.major_package = package(next_release("2.0.0"), folder / "major")
        self.minor_package = package(next_release("1.1.0"), folder / "minor")
        with counted_ids(first=1), clock.fixed(NOW):
            super().__init__(folder, url=url, organisation="見本局", contact="研修係 内線 12345")
            self._populate()
        self.counted = self.staff.counted
        self.kept = folder / "kept.db"
        with closing(sqlite3.connect(self.file)) as live, closing(sqlite3.connect(self.kept)) as kept:
            live.backup(kept)

    @property
    def file(self) -> str:
        database = self.engine.url.database
        assert database
        return database

    def _populate(self) -> None:
        staff = self.staff
        self.publishes(self.package, on="2026-04-01")
        staff.policy()
        for name, above in (("見本局", None), ("総務課", "見本局"), ("港湾課", "見本局")):
            staff.department(name, under=above)
        self.hr_officer = staff.person(
            "人事 花子", reading="ジンジ ハナコ", roles=(Role.HR,), department=None
        )
        self.chief = staff.person(
            "管理 太郎", reading="カンリ タロウ", roles=(Role.ADMINISTRATOR,), department=None
        )
        self.newcomer = staff.person("青海 はる", department="総務課", since="2026-06-01")
        self.overdue = staff.person("飯田 あきら", reading="イイダ アキラ", department="港湾課")
        self.complete = staff.person("神田 なつき", reading="カンダ ナツキ", department="総務課")
        self.invited = staff.person(
            "木場 ふゆこ", reading="キバ フユコ", department="港湾課", since="2026-06-08", active=False
        )
        for module, on in ((MODULE, "2026-04-20"), (OTHER_MODULE, "2026-04-21")):
            staff.completes(self.complete, module, on=on)

    def restore(self) -> None:
        self.staff.counted = self.counted
        with closing(sqlite3.connect(self.kept)) as kept, closing(sqlite3.connect(self.file)) as live:
            kept.backup(live)
        self.app.extensions[SAMPLES] = Samples()

    def session_of(
        self,
        person: Person,
        *,
        language: str = "ja",
        minutes_ago: int = 0,
        second_factor: bool = True,
        confirmed_at: datetime | None = None,
    ) -> str:
        """The token of a session in which this person is signed in, last seen so long ago."""
        token = f"session-of-{person.id}-{language}-{minutes_ago}"
        at = NOW - timedelta(minutes=minutes_ago)
        with writing(self.engine) as connection:
            connection.execute(
                insert(tables.web_session).values(
                    token_digest=sha256(token.encode()).hexdigest(),
                    person_id=person.id,
                    data={
                        "idle_minutes": 30,
                        "language": language,
                        "second_factor": second_factor,
                        "confirmed_at": (confirmed_at or at).isoformat(),
                    },
                    created_at=at,
                    seen_at=at,
                )
            )
        return token

    def invites(self, person: Person) -> str:
        """The address of an activation slip."""
        with writing(self.engine) as connection:
            return f"/activate/{issue(connection, person.id, at=NOW, actor=ACTOR, hours=72)}"

    def reads(self, person: Person, section: str, module: str = MODULE) -> None:
        with writing(self.engine) as connection:
            published = newest(connection)
            assert published is not None
            begins = begun_by_reading(connection, person.id, published, module)
            open_section(connection, person.id, module, section, begins, at=NOW)

    def begins(self, person: Person, *asked: str) -> str:
        """The id of an attempt of MODULE that asks questions of these types, or those in turn."""
        with writing(self.engine) as connection:
            attempt = taking.begin_attempt(connection, person.id, MODULE, at=NOW)
            if asked:
                questions = [list(QUESTIONS[question_type]) for question_type in asked]
                this_one = tables.attempt.c.id == attempt
                connection.execute(update(tables.attempt).where(this_one).values(questions=questions))
        return attempt

    def answers(self, person: Person, attempt: str, *rights: bool) -> None:
        """The next questions, each rightly or wrongly."""
        for right in rights:
            with writing(self.engine) as connection:
                question = load_attempt(connection, person.id, attempt).current
                assert question is not None
                form = form_of(self.question(question), right=right)
                taking.answer(connection, person.id, attempt, question, form, at=NOW)

    def drafts(self, person: Person, attempt: str, form: Mapping[str, Sequence[str]]) -> None:
        with writing(self.engine) as connection:
            question = load_attempt(connection, person.id, attempt).current
            assert question is not None
            drafts.save_draft(connection, person.id, attempt, question, form, at=NOW)

    def long_named(self) -> Person:
        return self.staff.person(LONG_NAME, reading="テシガワラ ヴィクトリア", department=LONG_DEPARTMENT)

    def is_of_samples(self) -> None:
        """Everybody is a sample, as in the demonstration."""
        with writing(self.engine) as connection:
            connection.execute(update(tables.person).values(is_sample=True))

    def runs_idle(self) -> None:
        """No browser has asked for anything for an hour."""
        self.was_last_seen(minutes_ago=60)

    def was_last_seen(self, *, minutes_ago: int) -> None:
        """The newest request of every browser."""
        self._changes_sessions(seen_at=NOW - timedelta(minutes=minutes_ago))

    def signed_in(self, *, minutes_ago: int) -> None:
        """Everybody who is."""
        self._changes_sessions(created_at=NOW - timedelta(minutes=minutes_ago))

    def _changes_sessions(self, **values: datetime) -> None:
        with writing(self.engine) as connection:
            connection.execute(update(tables.web_session).values(values))

    def publishes_major(self) -> None:
        """A release in which MODULE is asked again."""
        self.publishes(self.major_package, on="2026-06-09")

    def publishes_minor(self) -> None:
        """A release in which whoever completed MODULE is asked to read what changed."""
        self.publishes(self.minor_package, on="2026-06-09")

    def unpublishes(self) -> None:
        """As before the first release; by hand, for no operation would."""
        with closing(sqlite3.connect(self.file)) as live, live:
            live.execute("DELETE FROM release")

    @contextmanager
    def by(self, module: ModuleType, name: str, value: object) -> Iterator[None]:
        """With another value for one of the server's constants."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, name, value)
            yield

    @contextmanager
    def demonstrating(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(self.app.config, "KYOZAI", self.settings.model_copy(update={"demo": True}))
            yield

    @contextmanager
    def broken(self, endpoint: str) -> Iterator[None]:
        """With a fault of ours behind this route."""

        @requires(Action.PUBLIC)
        def broken_view() -> str:
            raise RuntimeError("broken by a test")

        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(self.app.view_functions, endpoint, broken_view)
            patch.setattr(self.app, "testing", False)
            yield

    def question(self, question_id: str) -> Question:
        return open_package(self.package).quiz(MODULE).question(question_id)

    def certificate_of(self, person: Person, module: str = OTHER_MODULE) -> str:
        completion = tables.completion
        theirs = (completion.c.person_id == person.id) & (completion.c.module_id == module)
        with reading(self.engine) as connection:
            return str(connection.scalars(select(completion.c.certificate).where(theirs)).one())

    def completion_of(self, person: Person) -> str:
        """The id of the newest."""
        completion = tables.completion
        query = select(completion.c.id).where(completion.c.person_id == person.id)
        with reading(self.engine) as connection:
            return str(connection.scalars(query.order_by(completion.c.completed_at.desc())).first())


def next_release(number: str) -> Files:
    """Of the small course: MODULE in a version of this number, with a section more, less and changed."""
    course = changed(small_course(), "course/course.yaml", "release: 1.0.0", f"release: {number}")
    for old, new in (
        ("version: 1.0.0", f"version: {number}"),
        ("change: 最初の版です。", "change: 例を足し、最初の一歩を相談先に替えました。"),
        ("読む人が困らないように書きます", "初めて読む人も困らないように、例を添えて書きます"),
        ("## 最初の一歩 {#first-action basis=course}", "## 相談先 {#contact basis=course}"),
        ("もし次に案内を書くなら、一文を短くします。", "広報の係に見てもらいます。"),
    ):
        course = changed(course, "modules/01-plain-words/lesson.md", old, new)
    return course | {"course/releases/1.0.0.json": "{}"}


@contextmanager
def counted_ids(first: int) -> Iterator[None]:
    numbers = count(first)
    earlier = ids.use_source(lambda: f"{next(numbers):032x}")
    try:
        yield
    finally:
        ids.use_source(earlier)
