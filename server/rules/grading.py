"""What an attempt asks, and when it is passed."""

import hashlib
import random
from collections.abc import Collection, Mapping, Sequence

from builder.model.questions import Choice
from builder.model.quiz import Quiz


def objectives_to_ask(quiz: Quiz, kept: Collection[str]) -> list[str]:
    """Every objective that was not right in the attempt before, in the quiz's order."""
    return [objective.id for objective in quiz.objectives if objective.id not in kept]


def question_in_turn(quiz: Quiz, objective_id: str, asked_before: int, person_id: str) -> str:
    """The parallel question whose turn it is. Where the turns begin differs from person to person."""
    objective = next(objective for objective in quiz.objectives if objective.id == objective_id)
    start = _number(f"{person_id} {objective_id}")
    return objective.questions[(start + asked_before) % len(objective.questions)].id


def is_passed(quiz: Quiz, right_objectives: Collection[str]) -> bool:
    """At least the number of right answers that the quiz says, and every must-pass objective right."""
    right = {objective.id for objective in quiz.objectives if objective.id in right_objectives}
    must = {objective.id for objective in quiz.objectives if objective.must_pass}
    return len(right) >= quiz.pass_number and must <= right


def right_objectives(
    kept: Collection[str], asked: Sequence[tuple[str, str]], marks: Mapping[str, bool]
) -> set[str]:
    """`asked`: (objective, question) pairs; `marks`: question → right or wrong, of those answered."""
    return {*kept, *(objective for objective, question in asked if marks.get(question, False))}


def shuffled(choices: Sequence[Choice], seed: str) -> list[str]:
    """The ids in an order that is always the same for the same seed; pinned choices keep their place."""
    free = [choice.id for choice in choices if not choice.pinned]
    random.Random(_number(seed)).shuffle(free)  # noqa: S311 — variety, not secrecy
    rest = iter(free)
    return [choice.id if choice.pinned else next(rest) for choice in choices]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
