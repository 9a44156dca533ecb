"""An attempt: one sitting of one quiz, pinned to the release in which it began."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from builder.model.base import major
from builder.model.questions import Asked, Given, Question
from builder.model.quiz import Objective, Quiz
from server.record.learning import ModuleVersion
from server.releases.library import Published, opened
from server.rules.grading import right_objectives, shuffled
from server.storage import tables

_ATTEMPT = (
    select(tables.attempt, tables.release.c.published_at, tables.release.c.sha256)
    .join(tables.release, tables.release.c.number == tables.attempt.c.release)
    .where(
        tables.attempt.c.id == bindparam("attempt_id"), tables.attempt.c.person_id == bindparam("person_id")
    )
)
_ANSWERS = select(tables.answer).where(tables.answer.c.attempt_id == bindparam("attempt_id"))


class NoSuchAttempt(LookupError):
    """There is no such attempt or question, or it is somebody else's."""


@dataclass(frozen=True)
class Answer:
    given: Given
    right: bool
    answered_at: datetime


@dataclass(frozen=True)
class Attempt:
    """One sitting. `asked`: (objective, question) in the order in which they are asked."""

    id: str
    person_id: str
    module: ModuleVersion
    published: Published
    asked: tuple[tuple[str, str], ...]
    kept: tuple[str, ...]
    answers: Mapping[str, Answer]
    started_at: datetime
    finished_at: datetime | None
    passed: bool | None

    @property
    def quiz(self) -> Quiz:
        return self.published.package.quiz(self.module.module_id)

    @property
    def current(self) -> str | None:
        """The question to be answered next."""
        if self.finished_at is not None:
            return None
        return next((question for _, question in self.asked if question not in self.answers), None)

    @property
    def is_forgotten(self) -> bool:
        """Whether its answers were kept as long as they had to be, and are gone."""
        return self.finished_at is not None and not self.answers

    def with_answer(self, question_id: str, answer: Answer) -> "Attempt":
        return replace(self, answers={**self.answers, question_id: answer})

    def position(self, question_id: str) -> int:
        """Counted from 1."""
        return [question for _, question in self.asked].index(question_id) + 1

    def right_objectives(self) -> set[str]:
        marks = {question: answer.right for question, answer in self.answers.items()}
        known = {objective.id for objective in self.quiz.objectives}
        return right_objectives(self.kept, self.asked, marks) & known

    def is_superseded_by(self, newest: Published) -> bool:
        """Whether a major change since it began asks again for its module."""
        versions = [
            module.version for module in newest.manifest.modules if module.id == self.module.module_id
        ]
        return any(major(version) > major(self.module.version) for version in versions)

    def missed(self) -> list[Objective]:
        right = self.right_objectives()
        return [objective for objective in self.quiz.objectives if objective.id not in right]

    def question(self, question_id: str) -> Question:
        """Raise NoSuchAttempt when the attempt does not ask it."""
        if question_id not in {question for _, question in self.asked}:
            raise NoSuchAttempt(question_id)
        return self.quiz.question(question_id)

    def order(self, question_id: str) -> list[str]:
        """The choices in the order in which this attempt shows them."""
        return shuffled(self.quiz.question(question_id).all_choices(), f"{self.id} {question_id}")

    def asked_question(self, question_id: str) -> Asked:
        return self.question(question_id).asked(self.order(question_id))


def open_attempt(connection: Connection, person_id: str, module_id: str) -> str | None:
    """The attempt of a module that is under way."""
    return connection.scalar(
        select(tables.attempt.c.id).where(
            tables.attempt.c.person_id == person_id,
            tables.attempt.c.module_id == module_id,
            tables.attempt.c.finished_at.is_(None),
        )
    )


def missed_before(connection: Connection, person_id: str, module: ModuleVersion) -> list[Objective]:
    """What a retry would ask again; empty where the next attempt is none."""
    failed = failed_before(connection, person_id, module)
    return failed.missed() if failed else []


def failed_before(connection: Connection, person_id: str, module: ModuleVersion) -> Attempt | None:
    """The newest attempt, if it was of the same major version and was not passed."""
    attempt_id = connection.scalar(
        select(tables.attempt.c.id)
        .where(tables.attempt.c.person_id == person_id, tables.attempt.c.module_id == module.module_id)
        .order_by(tables.attempt.c.started_at.desc(), tables.attempt.c.id.desc())
        .limit(1)
    )
    if attempt_id is None:
        return None
    newest_attempt = load_attempt(connection, person_id, attempt_id)
    same_major = major(newest_attempt.module.version) == major(module.version)
    is_retry = newest_attempt.passed is False and same_major
    return newest_attempt if is_retry else None


def load_attempt(connection: Connection, person_id: str, attempt_id: str) -> Attempt:
    """Raise NoSuchAttempt when there is none, or when it is not this person's."""
    row = connection.execute(_ATTEMPT, {"attempt_id": attempt_id, "person_id": person_id}).one_or_none()
    if row is None:
        raise NoSuchAttempt(attempt_id)
    answers = connection.execute(_ANSWERS, {"attempt_id": attempt_id})
    return _attempt(connection, row, {answer.question_id: answer for answer in answers})


def _attempt(connection: Connection, row: Row[Any], answers: Mapping[str, Row[Any]]) -> Attempt:
    return Attempt(
        id=row.id,
        person_id=row.person_id,
        module=ModuleVersion(row.module_id, row.module_version, row.release),
        published=opened(connection, row.release, row.published_at, row.sha256),
        asked=tuple((objective, question) for objective, question in row.questions),
        kept=tuple(row.kept),
        answers={
            question: Answer(answer.given, answer.right, answer.answered_at)
            for question, answer in answers.items()
        },
        started_at=row.started_at,
        finished_at=row.finished_at,
        passed=row.passed,
    )


def failed_last(connection: Connection, person_id: str, published: Published) -> Attempt | None:
    """The newest attempt of all, if a retry of what it missed is what comes next."""
    attempt = tables.attempt
    module_id = connection.scalar(
        select(attempt.c.module_id)
        .where(attempt.c.person_id == person_id)
        .order_by(attempt.c.started_at.desc(), attempt.c.id.desc())
        .limit(1)
    )
    if module_id not in {module.id for module in published.manifest.modules}:
        return None
    return failed_before(connection, person_id, published.module_version(module_id))


def owner_of(connection: Connection, attempt_id: str) -> str | None:
    """Whose attempt it is, for an answer that came with nobody signed in."""
    return connection.scalar(select(tables.attempt.c.person_id).where(tables.attempt.c.id == attempt_id))


def attempt_under_way(connection: Connection, person_id: str) -> tuple[str, str] | None:
    """The newest attempt that has been left in the middle, with its module."""
    row = connection.execute(
        select(tables.attempt.c.id, tables.attempt.c.module_id)
        .where(tables.attempt.c.person_id == person_id, tables.attempt.c.finished_at.is_(None))
        .order_by(tables.attempt.c.started_at.desc())
        .limit(1)
    ).one_or_none()
    return (row.id, row.module_id) if row else None
