"""Choose one."""

from typing import Literal

from pydantic import ConfigDict

from builder.model.base import Id
from builder.model.questions.base import Form, NotAnAnswer, WithChoices


class Single(WithChoices):
    model_config = ConfigDict(title="一つ選ぶ")

    type: Literal["single"]
    answer: Id
    """正答の選択肢の id（例：`b`）。"""

    def key(self) -> str:
        return self.answer

    def answer_ids(self) -> tuple[str, ...]:
        return (self.answer,)

    def parse(self, form: Form) -> str:
        chosen = form.get("answer", ())
        if not chosen:
            raise NotAnAnswer("nothing")
        return self.known(chosen[0])
