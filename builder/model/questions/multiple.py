"""Choose all that apply."""

from typing import Literal

from pydantic import ConfigDict, Field

from builder.model.base import Id
from builder.model.questions.base import Form, NotAnAnswer, WithChoices


class Multiple(WithChoices):
    model_config = ConfigDict(title="当てはまるものをすべて選ぶ")

    type: Literal["multiple"]
    answer: tuple[Id, ...] = Field(min_length=1)
    """正答の選択肢の id を並べます（例：`[a, c]`）。"""

    def key(self) -> list[str]:
        return sorted(self.answer)

    def answer_ids(self) -> tuple[str, ...]:
        return self.answer

    def parse(self, form: Form) -> list[str]:
        chosen = sorted({self.known(choice_id) for choice_id in form.get("answer", ())})
        if not chosen:
            raise NotAnAnswer("nothing")
        return chosen
