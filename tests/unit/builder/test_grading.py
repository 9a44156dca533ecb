"""What an answer is, and when it is right: one table of cases for everything that marks answers.

`tests/cases/grading.json` holds questions and cases. A case is a form as it is posted (every value of every
field), and either the answer in it and whether it is right, or the reason why there is none.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from builder.model.questions import Given, NotAnAnswer, Question
from builder.model.questions.base import Form, field_of

TABLE = json.loads((Path(__file__).parents[2] / "cases" / "grading.json").read_text("utf-8"))
READER: TypeAdapter[Question] = TypeAdapter(Question)
QUESTIONS = {name: READER.validate_json(json.dumps(written)) for name, written in TABLE["questions"].items()}
CASES = [pytest.param(case, id=f"{case['question']}: {case['title']}") for case in TABLE["cases"]]


@pytest.mark.parametrize("case", CASES)
def test_grading(case: dict[str, Any]) -> None:
    question = QUESTIONS[case["question"]]
    if "reason" in case:
        with pytest.raises(NotAnAnswer) as refused:
            question.parse(case["form"])
        assert refused.value.reason == case["reason"]
    else:
        answer = question.parse(case["form"])
        assert answer == case["given"]
        assert question.is_right(answer) == case["right"]


def test_every_type_has_cases_of_every_outcome() -> None:
    outcomes = {(case["question"], case.get("right", case.get("reason"))) for case in TABLE["cases"]}

    assert {question for question, _ in outcomes} == set(QUESTIONS)
    for name in QUESTIONS:
        assert {(name, True), (name, False), (name, "nothing"), (name, "unknown")} <= outcomes


def form_of(answer: Given) -> Form:
    """The form in which a browser posts an answer."""
    if isinstance(answer, dict):
        return {field_of(choice): [target] for choice, target in answer.items()}
    return {"answer": [answer] if isinstance(answer, str) else answer}


def positions(order: list[str]) -> Form:
    return {field_of(choice): [str(position)] for position, choice in enumerate(order, start=1)}


def ids(name: str) -> list[str]:
    return [choice.id for choice in QUESTIONS[name].all_choices()]


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_key_is_an_answer_and_right(name: str) -> None:
    question = QUESTIONS[name]
    key = question.key()
    form = positions(list(key)) if name == "ordering" else form_of(key)

    assert question.parse(form) == key
    assert question.is_right(question.parse(form))


@given(st.sampled_from(ids("single")))
def test_a_choice_comes_back_from_its_form(choice: str) -> None:
    assert QUESTIONS["single"].parse(form_of(choice)) == choice


@given(st.sets(st.sampled_from(ids("multiple")), min_size=1), st.randoms())
def test_choices_come_back_from_their_form_in_whatever_order(chosen: set[str], random: Any) -> None:
    posted = sorted(chosen)
    random.shuffle(posted)

    assert QUESTIONS["multiple"].parse(form_of(posted)) == sorted(chosen)


@given(st.permutations(ids("ordering")))
def test_an_order_comes_back_from_its_form(order: list[str]) -> None:
    assert QUESTIONS["ordering"].parse(positions(order)) == order


@given(
    st.fixed_dictionaries(
        {choice: st.sampled_from(["parent", "owner", "staff"]) for choice in ids("matching")}
    )
)
def test_pairs_come_back_from_their_form(pairs: dict[str, str]) -> None:
    assert QUESTIONS["matching"].parse(form_of(pairs)) == pairs


@given(st.sampled_from(sorted(QUESTIONS)), st.data())
def test_the_order_in_which_choices_are_shown_changes_no_mark(name: str, data: st.DataObject) -> None:
    question = QUESTIONS[name]
    order = data.draw(st.permutations(ids(name)))
    case = data.draw(st.sampled_from([case for case in TABLE["cases"] if case["question"] == name]))

    asked = question.asked(order)
    by_id = {choice.id: choice for choice in question.all_choices()}
    shuffled = (
        question.model_copy(update={"choices": tuple(by_id[choice.id] for choice in asked.choices)})
        if name != "true-false"
        else question
    )

    assert mark(shuffled, case["form"]) == mark(question, case["form"])


def mark(question: Question, form: Form) -> bool | str:
    try:
        return question.is_right(question.parse(form))
    except NotAnAnswer as refused:
        return refused.reason


@given(
    st.sampled_from(sorted(QUESTIONS)),
    st.dictionaries(
        st.sampled_from(["answer", "answer-draft", "answer-reader", "answer-test", "answer-school", "other"]),
        st.lists(st.text() | st.sampled_from(["a", "1", "2", "3", "true", "parent"]), max_size=3),
    ),
)
def test_whatever_is_posted_is_an_answer_or_none(name: str, form: Form) -> None:
    assert mark(QUESTIONS[name], form) in (True, False, "nothing", "incomplete", "repeated", "unknown")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_as_asked_has_neither_key_nor_explanations(name: str) -> None:
    asked = QUESTIONS[name].asked().model_dump_json()

    assert "解説" not in asked
    assert set(json.loads(asked)) == {"id", "type", "text", "choices", "targets"}


def test_targets_are_asked_in_an_order_that_tells_nothing() -> None:
    question = QUESTIONS["matching"]

    assert [target.id for target in question.asked().targets] == ["owner", "parent", "staff"]
