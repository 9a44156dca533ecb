"""A quiz as its authors write it: `quizzes/NN-<module>.yaml`. The package keeps the same form."""

from collections.abc import Iterator

from pydantic import Field

from builder.model.base import Id, Model, Text
from builder.model.questions import Question


class Objective(Model):
    """What a learner should be able to do; asked by one of its parallel questions."""

    id: Id
    title: Text
    must_pass: bool = False
    questions: tuple[Question, ...] = Field(min_length=1)


class Quiz(Model):
    """`pass_number` is the number of right answers needed; every must-pass objective comes on top."""

    module: Id
    pass_number: int = Field(ge=1, alias="pass")
    objectives: tuple[Objective, ...] = Field(min_length=1)

    def questions(self) -> Iterator[tuple[Objective, Question]]:
        for objective in self.objectives:
            for question in objective.questions:
                yield objective, question

    def question(self, question_id: str) -> Question:
        """Raise KeyError when the quiz has no such question."""
        for _, question in self.questions():
            if question.id == question_id:
                return question
        raise KeyError(question_id)
