"""A quiz as its authors write it: `quizzes/NN-<module>.yaml`. The package keeps the same form."""

from collections.abc import Iterator

from pydantic import ConfigDict, Field

from builder.model.base import Id, Text, Written
from builder.model.questions import Question


class Objective(Written):
    """What a learner should be able to do; asked by one of its parallel questions."""

    model_config = ConfigDict(title="ねらい")

    id: Id
    """ねらいの id。英小文字、数字、ハイフン。公開した後は変えません。"""
    title: Text
    """受講者ができるようになること。「…できる」の形で書きます。"""
    must_pass: bool = False
    """`true` なら、このねらいの正答が合格に必ず要ります。"""
    questions: tuple[Question, ...] = Field(min_length=1)
    """同じことを別の形で聞く設問。二つ以上書きます。受験のたびに、その中の一問だけを聞きます。"""


class Quiz(Written):
    """`pass_number` is the number of right answers needed; every must-pass objective comes on top."""

    model_config = ConfigDict(title="確認テスト")

    module: Id
    """モジュールの id。lesson.md の `id` と同じです。"""
    pass_number: int = Field(ge=1, alias="pass")
    """合格に要る正答の数。ねらいの数までの整数です。"""
    objectives: tuple[Objective, ...] = Field(min_length=1)
    """ねらい。三つか四つ書きます。"""

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
