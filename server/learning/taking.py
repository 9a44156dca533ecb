"""Taking a quiz: begin an attempt, answer its questions one at a time, come to its result.

An answer counts when it was posted and the response has reached the browser: keeping it is one transaction
with everything that follows from it. What comes before (load, mark) needs none: others wait for their turn.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from builder.model.quiz import Quiz
from server.learning.attempts import Answer, Attempt, failed_before, load_attempt, open_attempt
from server.learning.drafts import forget_draft
from server.record.learning import ModuleVersion, complete_module, start_module, submit_attempt
from server.releases.library import NotPublished, newest
from server.rules.grading import is_passed, objectives_to_ask, question_in_turn
from server.storage import tables
from server.storage.ids import new_id
from server.storage.upsert import insert_if_absent

_FINISH = update(tables.attempt).where(tables.attempt.c.id == bindparam("finished"))


class NotItsTurn(ValueError):
    """The questions of an attempt are answered one at a time, in their order."""


def begin_attempt(connection: Connection, person_id: str, module_id: str, *, at: datetime) -> str:
    """Returns the id of the attempt to go on with: the one under way, or a new one of the newest release."""
    under_way = open_attempt(connection, person_id, module_id)
    if under_way is not None:
        return under_way
    published = newest(connection)
    if published is None:
        raise NotPublished(module_id)
    module = published.module_version(module_id)
    quiz = published.package.quiz(module_id)
    kept = _kept(connection, person_id, module, quiz)
    values = {
        "id": new_id(),
        "person_id": person_id,
        "module_id": module_id,
        "module_version": module.version,
        "release": module.release,
        "questions": _questions(connection, person_id, quiz, module_id, kept),
        "kept": kept,
        "started_at": at,
    }
    # Where another tab began one in between, the database keeps the first.
    insert_if_absent(connection, tables.attempt, values)
    begun = open_attempt(connection, person_id, module_id)
    assert begun is not None
    return begun


def _kept(connection: Connection, person_id: str, module: ModuleVersion, quiz: Quiz) -> list[str]:
    """The objectives that a retry does not ask again: right in the failed attempt before it.

    Where the release since then took the missed ones out of the quiz, all of it is asked.
    """
    failed = failed_before(connection, person_id, module)
    right = failed.right_objectives() if failed else set()
    return sorted(right) if objectives_to_ask(quiz, right) else []


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


def answer(
    connection: Connection,
    person_id: str,
    attempt_id: str,
    question_id: str,
    form: Mapping[str, Sequence[str]],
    *,
    at: datetime,
) -> bool:
    """Mark and keep in one transaction. Whether the answer was taken. Raise as `marked` does."""
    attempt = load_attempt(connection, person_id, attempt_id)
    taken = marked(attempt, question_id, form, at=at)
    return taken is not None and keep_answer(connection, attempt, question_id, taken)


def marked(
    attempt: Attempt, question_id: str, form: Mapping[str, Sequence[str]], *, at: datetime
) -> Answer | None:
    """None where the question has its answer: it keeps that. Raise NotAnAnswer, NotItsTurn, NoSuchAttempt.

    Needs no transaction: what an attempt asks never changes, and a question that is next stays so until
    it has an answer, which `keep_answer` would find.
    """
    question = attempt.question(question_id)
    if question_id in attempt.answers:
        return None
    if question_id != attempt.current:
        raise NotItsTurn(question_id)
    given = question.parse(form)
    return Answer(given, question.is_right(given), at)


def keep_answer(connection: Connection, attempt: Attempt, question_id: str, taken: Answer) -> bool:
    """Whether it is the first answer to the question that comes so far: the first one is final."""
    values = {
        "attempt_id": attempt.id,
        "question_id": question_id,
        "given": taken.given,
        "right": taken.right,
        "answered_at": taken.answered_at,
    }
    if not insert_if_absent(connection, tables.answer, values):
        return False
    forget_draft(connection, attempt.id, question_id)
    if not attempt.answers:  # else an earlier one began the module
        start_module(connection, attempt.person_id, attempt.module, at=taken.answered_at)
    _finish_when_answered(connection, attempt.with_answer(question_id, taken), at=taken.answered_at)
    return True


def _finish_when_answered(connection: Connection, attempt: Attempt, *, at: datetime) -> None:
    if attempt.current is not None:
        return
    passed = is_passed(attempt.quiz, attempt.right_objectives())
    connection.execute(_FINISH, {"finished": attempt.id, "finished_at": at, "passed": passed})
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
