"""Attempts: begin one, answer its questions one at a time, come to its result.

An answer counts when it was posted and the response has reached the browser: `answer` is one
transaction with everything that follows from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from builder.model.questions import Asked, Given, Question
from builder.model.quiz import Objective, Quiz
from server.record.learning import ModuleVersion, complete_module, start_module, submit_attempt
from server.releases.library import Published, newest, release
from server.rules.grading import is_passed, objectives_to_ask, question_in_turn, right_objectives, shuffled
from server.storage import tables
from server.storage.ids import new_id
from server.storage.upsert import insert_if_absent, upsert


class NoSuchAttempt(LookupError):
    """There is no such attempt or question, or it is somebody else's."""


@dataclass(frozen=True)
class Answer:
    given: Given
    right: bool
    answered_at: datetime


@dataclass(frozen=True)
class Draft:
    form: Mapping[str, Sequence[str]]
    saved_at: datetime


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
        return next((question for _, question in self.asked if question not in self.answers), None)

    def position(self, question_id: str) -> int:
        """Counted from 1."""
        return [question for _, question in self.asked].index(question_id) + 1

    def right_objectives(self) -> set[str]:
        marks = {question: answer.right for question, answer in self.answers.items()}
        return right_objectives(self.kept, self.asked, marks)

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


def begin_attempt(connection: Connection, person_id: str, module_id: str, *, at: datetime) -> str:
    """Returns the id of the attempt to go on with: the one under way, or a new one of the newest release."""
    under_way = open_attempt(connection, person_id, module_id)
    if under_way is not None:
        return under_way
    published = newest(connection)
    if published is None:
        raise NoSuchAttempt(module_id)
    module = published.module_version(module_id)
    quiz = published.package.quiz(module_id)
    kept = _kept(connection, person_id, module)
    attempt_id = new_id()
    connection.execute(
        insert(tables.attempt).values(
            id=attempt_id,
            person_id=person_id,
            module_id=module_id,
            module_version=module.version,
            release=module.release,
            questions=_questions(connection, person_id, quiz, module_id, kept),
            kept=kept,
            started_at=at,
        )
    )
    return attempt_id


def open_attempt(connection: Connection, person_id: str, module_id: str) -> str | None:
    """The attempt of a module that is under way."""
    return connection.scalar(
        select(tables.attempt.c.id).where(
            tables.attempt.c.person_id == person_id,
            tables.attempt.c.module_id == module_id,
            tables.attempt.c.finished_at.is_(None),
        )
    )


def _kept(connection: Connection, person_id: str, module: ModuleVersion) -> list[str]:
    """The objectives that a retry does not ask again: right in the failed attempt before it."""
    failed = _failed_before(connection, person_id, module)
    return sorted(failed.right_objectives()) if failed else []


def missed_before(connection: Connection, person_id: str, module: ModuleVersion) -> list[Objective]:
    """What a retry would ask again; empty where the next attempt is none."""
    failed = _failed_before(connection, person_id, module)
    return failed.missed() if failed else []


def _failed_before(connection: Connection, person_id: str, module: ModuleVersion) -> Attempt | None:
    """The newest attempt, if it was of this module version and was not passed."""
    attempt_id = connection.scalar(
        select(tables.attempt.c.id)
        .where(tables.attempt.c.person_id == person_id, tables.attempt.c.module_id == module.module_id)
        .order_by(tables.attempt.c.started_at.desc(), tables.attempt.c.id.desc())
        .limit(1)
    )
    if attempt_id is None:
        return None
    newest_attempt = load_attempt(connection, person_id, attempt_id)
    is_retry = newest_attempt.passed is False and newest_attempt.module.version == module.version
    return newest_attempt if is_retry else None


def _questions(
    connection: Connection, person_id: str, quiz: Quiz, module_id: str, kept: Sequence[str]
) -> list[list[str]]:
    times = _times_asked(connection, person_id, module_id)
    return [
        [objective, question_in_turn(quiz, objective, times.get(objective, 0), person_id)]
        for objective in objectives_to_ask(quiz, kept)
    ]


def _times_asked(connection: Connection, person_id: str, module_id: str) -> dict[str, int]:
    rows = connection.scalars(
        select(tables.attempt.c.questions).where(
            tables.attempt.c.person_id == person_id, tables.attempt.c.module_id == module_id
        )
    )
    times: dict[str, int] = {}
    for questions in rows:
        for objective, _ in questions:
            times[objective] = times.get(objective, 0) + 1
    return times


def load_attempt(connection: Connection, person_id: str, attempt_id: str) -> Attempt:
    """Raise NoSuchAttempt when there is none, or when it is not this person's."""
    row = connection.execute(
        select(tables.attempt).where(
            tables.attempt.c.id == attempt_id, tables.attempt.c.person_id == person_id
        )
    ).one_or_none()
    if row is None:
        raise NoSuchAttempt(attempt_id)
    answers = connection.execute(select(tables.answer).where(tables.answer.c.attempt_id == attempt_id))
    return _attempt(connection, row, {answer.question_id: answer for answer in answers})


def _attempt(connection: Connection, row: Row[Any], answers: Mapping[str, Row[Any]]) -> Attempt:
    return Attempt(
        id=row.id,
        person_id=row.person_id,
        module=ModuleVersion(row.module_id, row.module_version, row.release),
        published=release(connection, row.release),
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


def answer(
    connection: Connection,
    person_id: str,
    attempt_id: str,
    question_id: str,
    form: Mapping[str, Sequence[str]],
    *,
    at: datetime,
) -> bool:
    """Whether the answer was taken: a question that has one keeps it. Raise NotAnAnswer, NoSuchAttempt."""
    attempt = load_attempt(connection, person_id, attempt_id)
    question = attempt.question(question_id)
    if question_id in attempt.answers:
        return False
    given = question.parse(form)
    taken = insert_if_absent(
        connection,
        tables.answer,
        {
            "attempt_id": attempt_id,
            "question_id": question_id,
            "given": given,
            "right": question.is_right(given),
            "answered_at": at,
        },
    )
    if taken:
        forget_draft(connection, attempt_id, question_id)
        start_module(connection, person_id, attempt.module, at=at)
        _finish_when_answered(connection, load_attempt(connection, person_id, attempt_id), at=at)
    return taken


def _finish_when_answered(connection: Connection, attempt: Attempt, *, at: datetime) -> None:
    if attempt.current is not None:
        return
    passed = is_passed(attempt.quiz, attempt.right_objectives())
    connection.execute(
        update(tables.attempt).where(tables.attempt.c.id == attempt.id).values(finished_at=at, passed=passed)
    )
    given = {question: answer.given for question, answer in attempt.answers.items()}
    submit_attempt(
        connection, attempt.person_id, attempt.module, attempt.id, passed=passed, given=given, at=at
    )
    if passed:
        complete_module(
            connection,
            attempt.person_id,
            attempt.module,
            evidence="quiz",
            at=at,
            actor=attempt.person_id,
            attempt_id=attempt.id,
        )


def save_draft(
    connection: Connection,
    person_id: str,
    attempt_id: str,
    question_id: str,
    form: Mapping[str, Sequence[str]],
    *,
    at: datetime,
) -> bool:
    """Keep a choice that is not confirmed yet. Whether it was kept: an answered question has no draft."""
    attempt = load_attempt(connection, person_id, attempt_id)
    attempt.question(question_id)
    if question_id in attempt.answers:
        return False
    values = {"attempt_id": attempt_id, "question_id": question_id, "form": dict(form), "saved_at": at}
    upsert(connection, tables.draft, values)
    return True


def draft_of(connection: Connection, attempt_id: str, question_id: str) -> Draft | None:
    row = connection.execute(
        select(tables.draft).where(
            tables.draft.c.attempt_id == attempt_id, tables.draft.c.question_id == question_id
        )
    ).one_or_none()
    return Draft(row.form, row.saved_at) if row else None


def forget_draft(connection: Connection, attempt_id: str, question_id: str) -> None:
    connection.execute(
        tables.draft.delete().where(
            tables.draft.c.attempt_id == attempt_id, tables.draft.c.question_id == question_id
        )
    )


def attempt_under_way(connection: Connection, person_id: str) -> tuple[str, str] | None:
    """The newest attempt that has been left in the middle, with its module."""
    row = connection.execute(
        select(tables.attempt.c.id, tables.attempt.c.module_id)
        .where(tables.attempt.c.person_id == person_id, tables.attempt.c.finished_at.is_(None))
        .order_by(tables.attempt.c.started_at.desc())
        .limit(1)
    ).one_or_none()
    return (row.id, row.module_id) if row else None
