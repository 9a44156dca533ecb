"""What an attempt asks, and when it is passed."""

from hypothesis import given
from hypothesis import strategies as st

from builder.model.questions import Choice
from builder.model.quiz import Quiz
from server.rules.grading import (
    is_passed,
    objectives_to_ask,
    question_in_turn,
    right_objectives,
    shuffled,
)

OBJECTIVES = ("ask-users", "find-stops", "test-early", "do-not")


def quiz(*, pass_number: int = 3, questions: int = 2) -> Quiz:
    """Four objectives, the last one must-pass, each with so many parallel questions."""
    asked = {"type": "true-false", "text": "…", "article": "jukkajo-1@1.0.0", "answer": True}
    return Quiz.model_validate(
        {
            "module": "customer-view",
            "pass": pass_number,
            "objectives": tuple(
                {
                    "id": objective,
                    "title": objective,
                    "must_pass": objective == "do-not",
                    "questions": tuple(
                        {"id": f"{objective}-{number}", **asked} for number in range(1, questions + 1)
                    ),
                }
                for objective in OBJECTIVES
            ),
        }
    )


def test_enough_right_answers_with_every_must_pass_objective_pass() -> None:
    assert is_passed(quiz(), {"ask-users", "find-stops", "do-not"})


def test_too_few_right_answers_do_not_pass() -> None:
    assert not is_passed(quiz(), {"ask-users", "do-not"})


def test_a_missed_must_pass_objective_does_not_pass() -> None:
    assert not is_passed(quiz(), {"ask-users", "find-stops", "test-early"})


def test_an_objective_that_the_quiz_does_not_have_counts_for_nothing() -> None:
    assert not is_passed(quiz(), {"ask-users", "do-not", "of-another-quiz"})


def test_a_first_attempt_asks_every_objective() -> None:
    assert objectives_to_ask(quiz(), kept=()) == list(OBJECTIVES)


def test_a_retry_asks_only_what_was_missed() -> None:
    assert objectives_to_ask(quiz(), kept=("ask-users", "do-not")) == ["find-stops", "test-early"]


def test_what_was_right_before_stays_right() -> None:
    asked = [("find-stops", "find-stops-1"), ("test-early", "test-early-2")]
    marks = {"find-stops-1": True, "test-early-2": False}
    assert right_objectives(["ask-users"], asked, marks) == {"ask-users", "find-stops"}


@given(st.text(min_size=1), st.integers(1, 5), st.integers(0, 20))
def test_every_parallel_question_comes_before_any_comes_again(person: str, pool: int, times: int) -> None:
    turns = [
        question_in_turn(quiz(questions=pool), "ask-users", asked, person)
        for asked in range(times, times + pool)
    ]
    assert len(set(turns)) == pool


choices = st.lists(st.booleans(), min_size=2, max_size=6).map(
    lambda pinned: [Choice(id=f"c{i}", text="…", pinned=is_pinned) for i, is_pinned in enumerate(pinned)]
)


@given(choices, st.text())
def test_shuffling_loses_no_choice_and_leaves_pinned_ones_in_place(shown: list[Choice], seed: str) -> None:
    order = shuffled(shown, seed)
    assert sorted(order) == sorted(choice.id for choice in shown)
    assert all(order[place] == choice.id for place, choice in enumerate(shown) if choice.pinned)


@given(choices, st.text())
def test_the_same_attempt_always_shows_the_same_order(shown: list[Choice], seed: str) -> None:
    assert shuffled(shown, seed) == shuffled(shown, seed)
